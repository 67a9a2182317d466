# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts of the barrier programme. Records carry the case's number: who deals with whom is the firms' own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.cases.barriers.case_words import TYPE
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.models import Case
from brobygger.cases.rights import PARTIAL


@dataclass(frozen=True, slots=True)
class Programme:
    """The cases of the span, and all connections until its end, the oldest first."""

    cases: list[Case]
    connections: list[PotentialCustomer]


def _programme(span: Period, operator: Any) -> list[Programme]:
    cases = Case.objects.filter(
        operator=operator, type_key=TYPE, organisation__isnull=False, opened_on__range=(span.start, span.end)
    )
    connections = PotentialCustomer.objects.listed().filter(
        case__operator=operator, case__type_key=TYPE, case__organisation__isnull=False,
        state=PotentialCustomer.State.CONNECTED, state_on__lte=span.end,
    )  # fmt: skip
    return [
        Programme(
            list(cases.order_by("opened_on", "pk")),
            list(connections.select_related("case").order_by("state_on", "pk")),
        )
    ]


def _entered(programme: Programme, period: Period) -> dict[int, Case]:
    """Firm → its first case of the period."""
    found: dict[int, Case] = {}
    for case in programme.cases:
        if case.organisation_id and period.start <= case.opened_on <= period.end:
            found.setdefault(case.organisation_id, case)
    return found


def _connected(programme: Programme, until: dt.date) -> dict[int, PotentialCustomer]:
    """Firm → its first commercial connection, until a day."""
    found: dict[int, PotentialCustomer] = {}
    for row in programme.connections:
        if row.case.organisation_id and row.state_on and row.state_on <= until:
            found.setdefault(row.case.organisation_id, row)
    return found


def _record(case: Case, on: dt.date | None, amount: int = 1) -> Record:
    return Record(case.number, on or case.opened_on, Decimal(amount), case.get_absolute_url(), case.pk)


@indicator("cases.barrier_firms", label="Virksomheder optaget i barriereprogrammet", unit="virksomheder",
           of=_programme, withholds=PARTIAL)  # fmt: skip
def barrier_firms(rows: Sequence[Programme], period: Period, **_: Any) -> Reading:
    """Firms that entered in the period, each counted once."""
    records = [_record(case, case.opened_on) for case in _entered(rows[0], period).values()]
    return Reading(Decimal(len(records)), records)


@indicator("cases.barrier_connected", label="Virksomheder i barriereprogrammet, der har fået mindst én kunde",
           unit="virksomheder", of=_programme, withholds=PARTIAL)  # fmt: skip
def barrier_connected(rows: Sequence[Programme], period: Period, **_: Any) -> Reading:
    """Firms whose first commercial connection is noted in the period, each counted once."""
    first = [
        row
        for row in _connected(rows[0], period.end).values()
        if row.state_on and row.state_on >= period.start
    ]
    records = [_record(row.case, row.state_on) for row in first]
    return Reading(Decimal(len(records)), records)


@indicator(
    "cases.barrier_share",
    label="Andel af barriereprogrammets virksomheder, der har fået mindst én kunde",
    unit="%",
    of=_programme,
    withholds=PARTIAL,
)
def barrier_share(rows: Sequence[Programme], period: Period, **_: Any) -> Reading:
    """Of the firms that entered in the period, those with a connection by its end; each firm is behind it, 1 where it has."""
    connected = _connected(rows[0], period.end)
    records = [
        _record(case, case.opened_on, int(firm in connected))
        for firm, case in _entered(rows[0], period).items()
    ]
    won = sum((record.amount for record in records), Decimal(0))
    return Reading((100 * won / len(records)).quantize(Decimal("0.1")) if records else None, records)
