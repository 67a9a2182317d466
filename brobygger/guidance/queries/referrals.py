# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Referrals as lists, and what each partner made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.prepared import prepared
from brobygger.dialogue.models import Interaction
from brobygger.guidance.models import Partner, PartnerAgreement, Referral
from brobygger.guidance.models.referral import ANSWER_WITHIN, UNANSWERED
from brobygger.register.models import Organisation

MOST_EXPORTED = 20_000
MOST_NOTES = 10
ENDS_SOON = timedelta(days=90)
IN, OUT = Referral.Direction.IN, Referral.Direction.OUT
HEADINGS = (
    _("Retning"), _("Sendt den"), _("Hvem"), _("Partner eller ordning"), _("Hvor langt"), _("Besvaret den"),
    _("Hvad kom der ud af det"), _("Beløb i kroner"), _("Arbejdspladser"), _("Hvorfor ikke"), _("Samtykke den"),
    _("Konsulent"), _("Opdigtet"),
)  # fmt: skip
PARTNER_HEADINGS = (
    _("Partner"), _("Art"), _("Aftale nu"), _("Sendt"), _("Besvaret"), _("Kom noget ud af"), _("Dage til svar, i snit"),
    _("Modtaget herfra"), _("Modtaget, kom noget ud af"), _("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list of referrals is narrowed."""

    direction: str = OUT
    state: str = ""
    words: str = ""
    partner: int | None = None
    organisation: int | None = None
    waiting: bool = False
    """Only those nobody has answered in time."""
    mine: int | None = None


def of_office(operator: Operator, wanted: Wanted) -> QuerySet[Referral]:
    """The office's own records, newest first. The caller has made sure that the person is one of its staff."""
    rows = Referral.objects.filter(operator=operator, direction=wanted.direction)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.words:
        rows = rows.filter(
            Q(who__icontains=wanted.words)
            | Q(about__icontains=wanted.words)
            | Q(partner__name__icontains=wanted.words)
        )
    if wanted.partner:
        rows = rows.filter(partner_id=wanted.partner)
    if wanted.organisation:
        rows = rows.filter(organisation_id=wanted.organisation)
    if wanted.mine:
        rows = rows.filter(consultant_id=wanted.mine)
    if wanted.waiting:
        rows = rows.filter(unanswered())
    return rows.select_related("partner", "scheme", "consultant", "organisation").order_by("-sent_on", "-pk")


def unanswered(on: date | None = None) -> Q:
    """Sent or received, and not answered within the two weeks that somebody waits before asking."""
    return _sent_before((on or timezone.localdate()) - ANSWER_WITHIN)


def _sent_before(day: Any) -> Q:
    return Q(state__in=UNANSWERED, sent_on__lte=day)


def waiting(
    operator: Operator, *, mine: int | None, most: int, reminded: bool = True
) -> tuple[list[Referral], list[Referral]]:
    """Referrals to the office that nobody has answered, and its own that have waited too long, the oldest first.

    `mine`: only that person's and those that nobody has taken. `reminded` False: without those that have a follow-up of
    their own. Two queries.
    """
    given = operator.pk, mine or 0
    since = timezone.localdate() - ANSWER_WITHIN
    return (
        _incoming(*given, mine=bool(mine), most=most),
        _overdue(*given, since, mine=bool(mine), most=most, reminded=reminded),
    )


@prepared
def _incoming(operator: Any, who: Any, *, mine: bool, most: int) -> QuerySet[Referral]:
    return _oldest(operator, who, mine=mine).filter(direction=IN, state__in=UNANSWERED)[:most]


@prepared
def _overdue(
    operator: Any, who: Any, since: Any, *, mine: bool, most: int, reminded: bool
) -> QuerySet[Referral]:
    rows = _oldest(operator, who, mine=mine).filter(_sent_before(since), direction=OUT)
    if not reminded:
        rows = rows.exclude(follow_up__isnull=False, follow_up__done_at=None)
    return rows[:most]


def _oldest(operator: Any, who: Any, *, mine: bool) -> QuerySet[Referral]:
    whose = Q(consultant_id=who) | Q(consultant=None) if mine else Q()
    rows = Referral.objects.filter(whose, operator=operator)
    return rows.select_related("partner", "scheme").order_by("sent_on", "pk")


def with_organisation(organisation: Organisation, most: int) -> list[Referral]:
    """The firm's newest referrals, out and in, for its own office."""
    return _newest_with(organisation.pk, organisation.operator_id, most=most)


@prepared
def _newest_with(organisation: Any, operator: Any, *, most: int) -> QuerySet[Referral]:
    rows = Referral.objects.filter(organisation=organisation, operator_id=operator)
    return rows.select_related("partner", "scheme").order_by("-sent_on", "-pk")[:most]


def notes_to_share(organisation: Organisation) -> QuerySet[Interaction]:
    """The newest talks with this firm alone that it may read itself."""
    links: Any = Interaction.organisations.through.objects
    mine = links.filter(organisation_id=organisation.pk).values("interaction_id")
    with_others = links.filter(interaction_id__in=mine).exclude(organisation_id=organisation.pk)
    rows = Interaction.objects.filter(pk__in=mine, private=False, operator_id=organisation.operator_id)
    return rows.exclude(pk__in=with_others.values("interaction_id")).order_by("-on", "-pk")


def partners(
    operator: Operator, *, words: str = "", kind: str = "", current: bool = True
) -> QuerySet[Partner]:
    """The office's partners by name, with their figures. One query a page."""
    rows = Partner.objects.filter(operator=operator)
    if current:
        rows = rows.filter(is_current=True)
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(offers__icontains=words))
    return with_figures(rows)


def with_figures(rows: QuerySet[Partner]) -> QuerySet[Partner]:
    """Sent, answered, came to something, mean time to answer; and the same of what came from the partner."""
    out = Q(referrals__direction=OUT) & ~Q(referrals__state=Referral.State.WITHDRAWN)
    into = Q(referrals__direction=IN) & ~Q(referrals__state=Referral.State.WITHDRAWN)
    answered = out & Q(referrals__answered_on__isnull=False)
    waited = ExpressionWrapper(
        F("referrals__answered_on") - F("referrals__sent_on"), output_field=DurationField()
    )
    return rows.annotate(
        sent=Count("referrals", filter=out),
        answered=Count("referrals", filter=answered),
        results=Count("referrals", filter=out & Q(referrals__state=Referral.State.RESULT)),
        waited=Avg(waited, filter=answered),
        received=Count("referrals", filter=into),
        received_results=Count("referrals", filter=into & Q(referrals__state=Referral.State.RESULT)),
    ).order_by("sort_name", "pk")


def running_agreements(operator: Operator, on: date | None = None) -> set[int]:
    """Partners with an agreement that holds on the day. One query."""
    day = on or timezone.localdate()
    rows = PartnerAgreement.objects.filter(operator=operator, starts_on__lte=day)
    return set(rows.filter(Q(ends_on=None) | Q(ends_on__gte=day)).values_list("partner_id", flat=True))


def ending_soon(operator: Operator, on: date | None = None) -> list[PartnerAgreement]:
    """Agreements that end within ninety days, the first to end first."""
    day = on or timezone.localdate()
    rows = PartnerAgreement.objects.filter(operator=operator, ends_on__range=(day, day + ENDS_SOON))
    return list(rows.select_related("partner").order_by("ends_on")[:20])


def export_rows(rows: QuerySet[Referral]) -> Iterator[list[Any]]:
    """One row a referral, in the order of `HEADINGS`. Without people's addresses and what was said: a file leaves the house."""
    for row in rows[:MOST_EXPORTED]:
        yield [
            str(row.get_direction_display()), row.sent_on, row.organisation.name if row.organisation else _PERSON,
            row.target, str(row.get_state_display()), row.answered_on, row.result, row.result_dkk, row.result_jobs,
            row.why, row.consent_on, str(row.consultant or ""), "ja" if row.invented else "",
        ]  # fmt: skip


_PERSON = "(uden for registret)"


def export_partners(operator: Operator, rows: QuerySet[Partner]) -> Iterator[list[Any]]:
    """One row a partner, in the order of `PARTNER_HEADINGS`."""
    agreed = running_agreements(operator)
    for row in rows[:MOST_EXPORTED]:
        figures: Any = row
        yield [
            row.name, str(row.get_kind_display()), "ja" if row.pk in agreed else "", figures.sent, figures.answered,
            figures.results, days(figures.waited), figures.received, figures.received_results,
            "ja" if row.invented else "",
        ]  # fmt: skip


def days(waited: timedelta | None) -> float | None:
    """Days with one decimal; None where nothing was answered."""
    return None if waited is None else round(waited.total_seconds() / 86_400, 1)
