# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room can count, for the plan: new firms welcomed, talks, satisfaction, and mailings (Lejre's plan for 2026,
entrepreneurs initiative 5 and business service initiative 7).

How satisfied somebody was is never shown with who it was: the answers behind the share carry no name, no address to open
and only their month, and none are shown while fewer than three have answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.outreach.models import Feedback, Mailing, Recipient, Talk, Welcome
from brobygger.outreach.queries.feedback import FEWEST, SATISFIED

ONE = Decimal(1)
MAILINGS = {"purpose": gettext_noop("Kun udsendelser med dette formål, fx Nyhedsbrev")}


def _moments(period: Period) -> tuple[datetime, datetime]:
    """From the first midnight to the midnight after the last day, Danish time."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(period.start, time.min, tzinfo=zone)
    return first, datetime.combine(period.end + timedelta(days=1), time.min, tzinfo=zone)


def _talks(period: Period, operator: Any) -> list[Talk]:
    """Talks that were booked in the span or lie in it."""
    first, after = _moments(period)
    rows = Talk.objects.filter(operator=operator, created_at__lt=after, ends_at__gte=first)
    return list(rows.select_related("organisation").order_by("starts_at", "pk"))


def _within(moment: datetime, period: Period) -> bool:
    return period.start <= timezone.localdate(moment) <= period.end


def _of_talk(talk: Talk, moment: datetime) -> Record:
    who = talk.organisation.name if talk.organisation else _("Uden kendt virksomhed")
    return Record(who, timezone.localdate(moment), ONE, talk.get_absolute_url())


def _welcomes(span: Period, operator: Any) -> list[Welcome]:
    first, after = _moments(span)
    rows = Welcome.objects.filter(operator=operator, skipped=False, at__gte=first, at__lt=after)
    return list(rows.select_related("organisation").order_by("at", "pk"))


def _answers(span: Period, operator: Any) -> list[Feedback]:
    return list(Feedback.objects.filter(operator=operator, on__range=(span.start, span.end)))


def _mailings(span: Period, operator: Any) -> list[Mailing]:
    """Mailings sent, with how many letters each was (`letters`)."""
    first, after = _moments(span)
    inside = Q(recipients__outcome=Recipient.Outcome.IN, recipients__written_at__isnull=False)
    rows = Mailing.objects.filter(operator=operator, sent_at__gte=first, sent_at__lt=after)
    counted = rows.annotate(letters=Count("recipients", filter=inside)).select_related("purpose")
    return list(counted.order_by("sent_at", "pk"))


@indicator(
    "outreach.welcomed",
    label=gettext_noop("Nye virksomheder, der har fået velkomstbrev"),
    unit="virksomheder",
    of=_welcomes,
)
def welcomed(rows: Sequence[Welcome], period: Period, **parameters: Any) -> Reading:
    """Firms whose letter was made in the period."""
    records = [
        Record(row.organisation.name, timezone.localdate(row.at), ONE, row.organisation.get_absolute_url())
        for row in rows
        if _within(row.at, period)
    ]
    return Reading(Decimal(len(records)), records)


@indicator(
    "outreach.talks_booked",
    label=gettext_noop("Samtaler, virksomheder selv har booket"),
    unit="samtaler",
    of=_talks,
)
def talks_booked(rows: Sequence[Talk], period: Period, **parameters: Any) -> Reading:
    """Booked in the period, also those that were cancelled since."""
    records = [_of_talk(row, row.created_at) for row in rows if _within(row.created_at, period)]
    return Reading(Decimal(len(records)), records)


@indicator(
    "outreach.talks_held", label=gettext_noop("Bookede samtaler, der er holdt"), unit="samtaler", of=_talks
)
def talks_held(rows: Sequence[Talk], period: Period, **parameters: Any) -> Reading:
    """Held in the period."""
    held = [row for row in rows if row.state == Talk.State.HELD and _within(row.starts_at, period)]
    return Reading(Decimal(len(held)), [_of_talk(row, row.starts_at) for row in held])


@indicator(
    "outreach.satisfied",
    label=gettext_noop("Andel, der er tilfredse eller meget tilfredse efter en samtale"),
    unit="%",
    of=_answers,
)
def satisfied(answers: Sequence[Feedback], period: Period, **parameters: Any) -> Reading:
    """Answers of 4 and 5 ÷ answers, as percent; every answer is behind it without who gave it, 1 where satisfied."""
    rows = [row for row in answers if period.start <= row.on <= period.end]
    if len(rows) < FEWEST:
        missing = (
            _("Færre end %(fewest)s har svaret, så tallet vises ikke.") % {"fewest": FEWEST} if rows else ""
        )
        return Reading(None, [], missing)
    rows.sort(key=lambda row: (row.on.replace(day=1), -row.score))  # not the order in which they came
    records = [Record(_("Svar"), row.on.replace(day=1), Decimal(row.score in SATISFIED)) for row in rows]
    share = 100 * sum(record.amount for record in records) / len(records)
    return Reading(Decimal(share).quantize(Decimal("0.1")), records)


@indicator(
    "outreach.recipients",
    label=gettext_noop("Modtagere af udsendelser"),
    unit="modtagere",
    parameters=MAILINGS,
    of=_mailings,
)
def recipients(rows: Sequence[Any], period: Period, purpose: str = "", **parameters: Any) -> Reading:
    """Letters of mailings that were sent in the period; a firm that got two counts twice. A record for each mailing."""
    records = [
        Record(row.subject, timezone.localdate(row.sent_at), Decimal(row.letters), row.get_absolute_url())
        for row in rows
        if _within(row.sent_at, period) and (not purpose or row.purpose.name.casefold() == purpose.casefold())
    ]
    return Reading(sum((record.amount for record in records), Decimal(0)), records)
