# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts of cases, each with the cases behind it. The plan knows only the registry."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.queries import figures

_SORT: Mapping[str, str] = {
    "subtype": "Kun én sagstype: simple, house, industry, commercial eller apartments",
    "days": "Et fast mål i dage for alle typer, i stedet for hver types eget",
    "firms_only": "ja: kun sager, hvor ansøgeren er en virksomhed i registret",
}


@indicator(
    "cases.building_share_within_goal",
    label="Andel fyldestgørende byggesager, der er afgjort inden for servicemålet",
    unit="%",
    parameters=_SORT,
)
def building_share_within_goal(
    period: Period, operator: Any, subtype: str = "", days: Any = None, firms_only: Any = "", **_ignored: Any
) -> Reading:
    """Decided within their goal ÷ decided, as percent; every decided case is behind it, 1 where it kept the goal."""
    only = str(firms_only).lower() in {"ja", "true", "1"}
    rows = figures.decided_building_cases(
        operator, period.start, period.end, subtype=subtype, firms_only=only
    )
    records = [
        _kept(case, int(days) if days else case.goal_days or 0) for case in rows.order_by("decided_on", "pk")
    ]
    within = sum((record.amount for record in records), Decimal(0))
    value = (100 * within / len(records)).quantize(Decimal("0.1")) if records else None
    return Reading(value, records)


def _kept(case: Case, goal: int) -> Record:
    kept = (case.days_used or 0) <= goal
    label = f"{case.number}: {case.days_used} dage, mål {goal}"
    assert case.decided_on is not None
    return Record(label, case.decided_on, Decimal(kept), case.get_absolute_url())


@indicator(
    "cases.building_days",
    label="Byggesagers sagsbehandlingstid fra fuldt oplyst, gennemsnit",
    unit="dage",
    parameters={"subtype": _SORT["subtype"]},
)
def building_days(period: Period, operator: Any, subtype: str = "", **_ignored: Any) -> Reading:
    """The average of days used by the cases decided in the period."""
    rows = figures.decided_building_cases(operator, period.start, period.end, subtype=subtype)
    records = [
        Record(case.number, case.decided_on, Decimal(case.days_used or 0), case.get_absolute_url())
        for case in rows.order_by("decided_on", "pk")
        if case.decided_on
    ]
    total = sum((record.amount for record in records), Decimal(0))
    return Reading((total / len(records)).quantize(Decimal("0.1")) if records else None, records)


@indicator("cases.firms_with_support", label="Virksomheder, der har opnået støtte", unit="virksomheder",
           parameters={"scheme": "Kun én ordning, ved dens titel"})  # fmt: skip
def firms_with_support(period: Period, operator: Any, scheme: str = "", **_ignored: Any) -> Reading:
    """Firms with at least one application granted in the period, each counted once."""
    rows = figures.granted(operator, period.start, period.end).filter(organisation__isnull=False)
    if scheme:
        rows = rows.filter(topic=scheme)
    records, seen = [], set()
    for case in rows.order_by("decided_on", "pk"):
        if case.organisation_id not in seen and case.decided_on:
            seen.add(case.organisation_id)
            records.append(
                Record(str(case.organisation), case.decided_on, Decimal(1), case.get_absolute_url())
            )
    return Reading(Decimal(len(records)), records)


@indicator("cases.support_granted", label="Bevilget støtte til kommunens virksomheder", unit="kr.",
           parameters={"scheme": "Kun én ordning, ved dens titel"})  # fmt: skip
def support_granted(period: Period, operator: Any, scheme: str = "", **_ignored: Any) -> Reading:
    """The amounts of the applications granted in the period."""
    rows = figures.granted(operator, period.start, period.end).filter(amount__isnull=False)
    if scheme:
        rows = rows.filter(topic=scheme)
    records = [
        Record(
            f"{case.number} {case.organisation or ''}".strip(),
            case.decided_on,
            case.amount,
            case.get_absolute_url(),
        )
        for case in rows.order_by("decided_on", "pk")
        if case.decided_on and case.amount is not None
    ]
    return Reading(sum((record.amount for record in records), Decimal(0)), records)


@indicator("cases.support_paid", label="Støtte udbetalt til kommunens virksomheder", unit="kr.")
def support_paid(period: Period, operator: Any, **_ignored: Any) -> Reading:
    """What was paid in the period in grant applications."""
    records = [
        Record(
            f"{row.case.number} {row.case.organisation or ''}".strip(),
            row.on,
            row.amount,
            row.case.get_absolute_url(),
        )
        for row in figures.payments(operator, period.start, period.end).order_by("on", "pk")
    ]
    return Reading(sum((record.amount for record in records), Decimal(0)), records)


@indicator("cases.symbiosis_plans", label="Handlingsplaner for symbioser", unit="planer")
def symbiosis_plans(period: Period, operator: Any, **_ignored: Any) -> Reading:
    """Symbioses for which a plan was begun in the period (11 of 70 visits in Kalundborg in 2013: 004, case 18)."""
    rows = CaseEvent.objects.filter(
        kind="moved", name="plan", case__operator=operator, case__type_key="symbiosis_plan",
        at__date__range=(period.start, period.end),
    ).exclude(referred_by__kind="voided").select_related("case")  # fmt: skip
    records = [
        Record(str(row.case), row.on, Decimal(1), row.case.get_absolute_url())
        for row in rows.order_by("at", "pk")
    ]
    return Reading(Decimal(len(records)), records)
