# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts of cases, each with the cases behind it. The plan knows only the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.cases.models import Case, CaseEvent, CasePayment
from brobygger.cases.queries import figures
from brobygger.cases.rights import PARTIAL

_SORT: Mapping[str, str] = {
    "subtype": "Kun én sagstype: simple, house, industry, commercial eller apartments",
    "days": "Et fast mål i dage for alle typer, i stedet for hver types eget",
    "firms_only": "ja: kun sager, hvor ansøgeren er en virksomhed i registret",
}


def _buildings(span: Period, operator: Any) -> list[Case]:
    rows = figures.decided_building_cases(operator, span.start, span.end)
    return list(rows.order_by("decided_on", "pk"))


def _grants(span: Period, operator: Any) -> list[Case]:
    return list(figures.granted(operator, span.start, span.end).order_by("decided_on", "pk"))


def _payments(span: Period, operator: Any) -> list[CasePayment]:
    return list(figures.payments(operator, span.start, span.end).order_by("on", "pk"))


def _plans(span: Period, operator: Any) -> list[CaseEvent]:
    return figures.moves(operator, "symbiosis_plan", span.start, span.end, name="plan")


def _decided(rows: Sequence[Case], period: Period, **same: str) -> list[Case]:
    """Those decided in the period where each named field is as given; an empty one narrows nothing."""
    return [
        case
        for case in rows
        if case.decided_on
        and period.start <= case.decided_on <= period.end
        and all(getattr(case, name) == value for name, value in same.items() if value)
    ]


@indicator(
    "cases.building_share_within_goal",
    label="Andel fyldestgørende byggesager, der er afgjort inden for servicemålet",
    unit="%",
    parameters=_SORT,
    of=_buildings,
    withholds=PARTIAL,
)
def building_share_within_goal(
    rows: Sequence[Case], period: Period, subtype: str = "", days: Any = None, firms_only: Any = "", **_: Any
) -> Reading:
    """Decided within their goal ÷ decided, as percent; every decided case is behind it, 1 where it kept the goal."""
    only = str(firms_only).lower() in {"ja", "true", "1"}
    records = [
        _kept(case, int(days) if days else case.goal_days or 0)
        for case in _decided(rows, period, subtype=subtype)
        if case.organisation_id or not only
    ]
    within = sum((record.amount for record in records), Decimal(0))
    value = (100 * within / len(records)).quantize(Decimal("0.1")) if records else None
    return Reading(value, records)


def _kept(case: Case, goal: int) -> Record:
    kept = (case.days_used or 0) <= goal
    label = f"{case.number}: {case.days_used} dage, mål {goal}"
    assert case.decided_on is not None
    return Record(label, case.decided_on, Decimal(kept), case.get_absolute_url(), case.pk)


@indicator(
    "cases.building_days",
    label="Byggesagers sagsbehandlingstid fra fuldt oplyst, gennemsnit",
    unit="dage",
    parameters={"subtype": _SORT["subtype"]},
    of=_buildings,
    withholds=PARTIAL,
)
def building_days(rows: Sequence[Case], period: Period, subtype: str = "", **_: Any) -> Reading:
    """The average of days used by the cases decided in the period."""
    records = [
        Record(case.number, case.decided_on, Decimal(case.days_used or 0), case.get_absolute_url(), case.pk)
        for case in _decided(rows, period, subtype=subtype)
        if case.decided_on
    ]
    total = sum((record.amount for record in records), Decimal(0))
    return Reading((total / len(records)).quantize(Decimal("0.1")) if records else None, records)


@indicator("cases.firms_with_support", label="Virksomheder, der har opnået støtte", unit="virksomheder",
           parameters={"scheme": "Kun én ordning, ved dens titel"}, of=_grants, withholds=PARTIAL)  # fmt: skip
def firms_with_support(rows: Sequence[Case], period: Period, scheme: str = "", **_: Any) -> Reading:
    """Firms with at least one application granted in the period, each counted once."""
    records, seen = [], set()
    for case in _decided(rows, period, topic=scheme):
        if case.organisation_id and case.organisation_id not in seen and case.decided_on:
            seen.add(case.organisation_id)
            records.append(
                Record(str(case.organisation), case.decided_on, Decimal(1), case.get_absolute_url(), case.pk)
            )
    return Reading(Decimal(len(records)), records)


@indicator("cases.support_granted", label="Bevilget støtte til kommunens virksomheder", unit="kr.",
           parameters={"scheme": "Kun én ordning, ved dens titel"}, of=_grants, withholds=PARTIAL)  # fmt: skip
def support_granted(rows: Sequence[Case], period: Period, scheme: str = "", **_: Any) -> Reading:
    """The amounts of the applications granted in the period."""
    records = [
        Record(
            f"{case.number} {case.organisation or ''}".strip(),
            case.decided_on,
            case.amount,
            case.get_absolute_url(),
            case.pk,
        )
        for case in _decided(rows, period, topic=scheme)
        if case.decided_on and case.amount is not None
    ]
    return Reading(sum((record.amount for record in records), Decimal(0)), records)


@indicator(
    "cases.support_paid",
    label="Støtte udbetalt til kommunens virksomheder",
    unit="kr.",
    of=_payments,
    withholds=PARTIAL,
)
def support_paid(rows: Sequence[CasePayment], period: Period, **_: Any) -> Reading:
    """What was paid in the period in grant applications."""
    records = [
        Record(
            f"{row.case.number} {row.case.organisation or ''}".strip(),
            row.on,
            row.amount,
            row.case.get_absolute_url(),
            row.case_id,
        )
        for row in rows
        if period.start <= row.on <= period.end
    ]
    return Reading(sum((record.amount for record in records), Decimal(0)), records)


@indicator(
    "cases.symbiosis_plans",
    label="Handlingsplaner for symbioser",
    unit="planer",
    of=_plans,
    withholds=PARTIAL,
)
def symbiosis_plans(rows: Sequence[CaseEvent], period: Period, **_: Any) -> Reading:
    """Symbioses for which a plan was begun in the period (11 of 70 visits in Kalundborg in 2013: catalogue of good practice, case 18)."""
    records = [
        Record(str(row.case), row.on, Decimal(1), row.case.get_absolute_url(), row.case_id)
        for row in rows
        if period.start <= row.on <= period.end
    ]
    return Reading(Decimal(len(records)), records)
