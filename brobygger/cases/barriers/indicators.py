# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts of the barrier programme. Records carry the case's number: who deals with whom is the firms' own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.cases.barriers.case_words import TYPE
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.models import Case


def _entered(period: Period, operator: Any) -> dict[int, Case]:
    """Firm → its first case of the period."""
    rows = Case.objects.filter(
        operator=operator,
        type_key=TYPE,
        organisation__isnull=False,
        opened_on__range=(period.start, period.end),
    )
    found: dict[int, Case] = {}
    for case in rows.order_by("opened_on", "pk"):
        assert case.organisation_id is not None
        found.setdefault(case.organisation_id, case)
    return found


def _connected(operator: Any, until: dt.date) -> dict[int, PotentialCustomer]:
    """Firm → its first commercial connection, until a day."""
    rows = PotentialCustomer.objects.listed().filter(
        case__operator=operator, case__type_key=TYPE, case__organisation__isnull=False,
        state=PotentialCustomer.State.CONNECTED, state_on__lte=until,
    )  # fmt: skip
    found: dict[int, PotentialCustomer] = {}
    for row in rows.select_related("case").order_by("state_on", "pk"):
        assert row.case.organisation_id is not None
        found.setdefault(row.case.organisation_id, row)
    return found


def _record(case: Case, on: dt.date | None, amount: int = 1) -> Record:
    return Record(case.number, on or case.opened_on, Decimal(amount), case.get_absolute_url())


@indicator("cases.barrier_firms", label="Virksomheder optaget i barriereprogrammet", unit="virksomheder")
def barrier_firms(period: Period, operator: Any, **_ignored: Any) -> Reading:
    """Firms that entered in the period, each counted once."""
    records = [_record(case, case.opened_on) for case in _entered(period, operator).values()]
    return Reading(Decimal(len(records)), records)


@indicator("cases.barrier_connected", label="Virksomheder i barriereprogrammet, der har fået mindst én kunde",
           unit="virksomheder")  # fmt: skip
def barrier_connected(period: Period, operator: Any, **_ignored: Any) -> Reading:
    """Firms whose first commercial connection is noted in the period, each counted once."""
    rows = [
        row
        for row in _connected(operator, period.end).values()
        if row.state_on and row.state_on >= period.start
    ]
    records = [_record(row.case, row.state_on) for row in rows]
    return Reading(Decimal(len(records)), records)


@indicator(
    "cases.barrier_share",
    label="Andel af barriereprogrammets virksomheder, der har fået mindst én kunde",
    unit="%",
)
def barrier_share(period: Period, operator: Any, **_ignored: Any) -> Reading:
    """Of the firms that entered in the period, those with a connection by its end; each firm is behind it, 1 where it has."""
    connected = _connected(operator, period.end)
    records = [
        _record(case, case.opened_on, int(firm in connected))
        for firm, case in _entered(period, operator).items()
    ]
    won = sum((record.amount for record in records), Decimal(0))
    return Reading((100 * won / len(records)).quantize(Decimal("0.1")) if records else None, records)
