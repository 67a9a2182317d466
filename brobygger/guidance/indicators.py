# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What guidance can count, for the plan: referrals, firms told of schemes, and aid obtained (Lejre's plan for 2026,
climate initiative 1 and business service initiative 1).

A figure may be narrowed to a purpose ("climate") or to a provider ("Erhvervshus Sjælland"). What cannot be counted is
left out and told in `Reading.missing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from brobygger.base.danish import number
from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.blueprints.models import Definition
from brobygger.guidance.models import Aid, Offer, Referral
from brobygger.guidance.origins import AID

SCHEME = {
    "purpose": gettext_noop(
        "Kun ordninger med dette formål: climate, digital, growth, start, export, skills, capital eller innovation"
    ),
    "provider": gettext_noop("Kun ordninger, hvis udbyder indeholder disse ord, fx Erhvervshus Sjælland"),
}
PARTNER = {
    "partner_kind": gettext_noop(
        "Kun denne slags partner: hub, office, adviser, mentor, bank, knowledge, public, association eller other"
    )
}
GRANTOR = SCHEME | {"grantor": gettext_noop("Kun støttegivere, hvis navn indeholder disse ord")}


def _referrals(period: Period, operator: Any) -> list[Referral]:
    rows = Referral.objects.filter(
        operator=operator, direction=Referral.Direction.OUT, sent_on__lte=period.end
    )
    rows = rows.exclude(state=Referral.State.WITHDRAWN).select_related("partner", "scheme", "organisation")
    return list(rows.order_by("sent_on", "pk"))


def _offers(period: Period, operator: Any) -> list[Offer]:
    rows = Offer.objects.filter(operator=operator, first_on__range=(period.start, period.end))
    return list(rows.select_related("organisation", "scheme").order_by("first_on", "pk"))


def _aid(period: Period, operator: Any) -> list[Aid]:
    rows = Aid.objects.filter(operator=operator, granted_on__range=(period.start, period.end))
    return list(rows.select_related("organisation", "scheme").order_by("granted_on", "pk"))


def _within(day: Any, period: Period) -> bool:
    return day is not None and period.start <= day <= period.end


def _is_wanted(scheme: Definition | None, parameters: dict[str, Any]) -> bool:
    """Whether a scheme has the purpose and the provider that the figure asks for."""
    purpose, provider = str(parameters.get("purpose") or ""), str(parameters.get("provider") or "").casefold()
    if not (purpose or provider):
        return True
    if scheme is None:
        return False
    content = scheme.content
    return (not purpose or purpose in content.purposes) and provider in content.provider.casefold()


def _of_kind(row: Referral, parameters: dict[str, Any]) -> bool:
    kind = str(parameters.get("partner_kind") or "")
    return not kind or (row.partner is not None and row.partner.kind == kind)


def _named(row: Referral) -> str:
    """The firm and where it went; an entrepreneur is not named: more people read a plan than the office's consultants."""
    who = row.organisation.name if row.organisation else _("En iværksætter")
    return f"{who} → {row.target}"


@indicator(
    "guidance.referrals", label=gettext_noop("Henvisninger til partnere og ordninger"), unit="henvisninger",
    parameters=PARTNER, of=_referrals,
)  # fmt: skip
def referrals(rows: Sequence[Referral], period: Period, **parameters: Any) -> Reading:
    """Sent in the period, by the day they were sent. Those taken back are not counted."""
    records = [
        Record(_named(row), row.sent_on, Decimal(1), row.get_absolute_url())
        for row in rows
        if _within(row.sent_on, period) and _of_kind(row, parameters)
    ]
    return Reading(Decimal(len(records)), records)


@indicator(
    "guidance.referrals_with_result", label=gettext_noop("Henvisninger, der kom noget ud af"), unit="henvisninger",
    parameters=PARTNER, of=_referrals,
)  # fmt: skip
def referrals_with_result(rows: Sequence[Referral], period: Period, **parameters: Any) -> Reading:
    """Those whose answer was given in the period and that came to something."""
    records = [
        Record(f"{_named(row)}: {row.result[:120]}", row.answered_on, Decimal(1), row.get_absolute_url())
        for row in rows
        if row.state == Referral.State.RESULT
        and row.answered_on is not None
        and _within(row.answered_on, period)
        and _of_kind(row, parameters)
    ]
    return Reading(Decimal(len(records)), records)


@indicator(
    "guidance.firms_guided", label=gettext_noop("Virksomheder vejledt om ordninger"), unit="virksomheder",
    parameters=SCHEME, of=_offers,
)  # fmt: skip
def firms_guided(rows: Sequence[Offer], period: Period, **parameters: Any) -> Reading:
    """Distinct firms first told of a scheme in the period, whatever they answered."""
    found: dict[int, Record] = {}
    for row in rows:
        if _within(row.first_on, period) and _is_wanted(row.scheme, parameters):
            label = f"{row.organisation.name}: {row.scheme.title}"
            url = reverse("guidance:firm_schemes", args=[row.organisation_id])
            found.setdefault(row.organisation_id, Record(label, row.first_on, Decimal(1), url))
    return Reading(Decimal(len(found)), list(found.values()))


def _granted(rows: Sequence[Aid], period: Period, parameters: dict[str, Any]) -> list[Aid]:
    grantor = str(parameters.get("grantor") or "").casefold()
    return [
        row
        for row in rows
        if _within(row.granted_on, period)
        and grantor in row.grantor.casefold()
        and _is_wanted(row.scheme, parameters)
    ]


def _account(row: Aid) -> str:
    return reverse("guidance:account", args=[row.organisation_id])


@indicator(
    "guidance.aid_dkk",
    label=gettext_noop("Støtte til virksomhederne i kroner"),
    unit="kr.",
    parameters=GRANTOR,
    of=_aid,
    withholds=AID,
)
def aid_dkk(rows: Sequence[Aid], period: Period, **parameters: Any) -> Reading:
    """Kroner granted in the period, de minimis and other. What is known in euro alone cannot be counted."""
    granted = _granted(rows, period, parameters)
    records = [
        Record(
            f"{row.organisation.name}: {row.grantor}",
            row.granted_on,
            row.amount_dkk,
            _account(row),
            row.origin,
        )
        for row in granted
        if row.amount_dkk is not None
    ]
    left_out = len(granted) - len(records)
    missing = ""
    if left_out:
        told = ngettext("%(n)s tildeling er ikke med", "%(n)s tildelinger er ikke med", left_out)
        missing = _("%(told)s, fordi beløbet kun er kendt i euro.") % {"told": told % {"n": number(left_out)}}
    return Reading(sum((record.amount for record in records), Decimal(0)), records, missing)


@indicator(
    "guidance.firms_with_aid", label=gettext_noop("Virksomheder, der har fået støtte"), unit="virksomheder",
    parameters=GRANTOR, of=_aid, withholds=AID,
)  # fmt: skip
def firms_with_aid(rows: Sequence[Aid], period: Period, **parameters: Any) -> Reading:
    """Distinct firms with a grant in the period."""
    found: dict[int, Record] = {}
    for row in _granted(rows, period, parameters):
        label = f"{row.organisation.name}: {row.grantor}"
        found.setdefault(
            row.organisation_id, Record(label, row.granted_on, Decimal(1), _account(row), row.origin)
        )
    return Reading(Decimal(len(found)), list(found.values()))
