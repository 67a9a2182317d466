# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts of loans. A loan is confidential: its records carry the case's number, never the firm's name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from brobygger.base.indicators import Period, Reading, Record, indicator
from brobygger.cases.lending.case_words import GRANTED, TYPE
from brobygger.cases.lending.models import Loan, LoanReport
from brobygger.cases.models import CaseEvent
from brobygger.cases.queries import figures
from brobygger.cases.rights import PARTIAL


def _granted(span: Period, operator: Any) -> list[CaseEvent]:
    return figures.moves(operator, TYPE, span.start, span.end, data__to=GRANTED)


def _loans(span: Period, operator: Any) -> list[Loan]:
    rows = Loan.objects.filter(case__operator=operator, paid_out_on__range=(span.start, span.end))
    return list(rows.select_related("case").order_by("paid_out_on", "pk"))


def _reports(span: Period, operator: Any) -> list[LoanReport]:
    rows = LoanReport.objects.filter(loan__case__operator=operator, on__range=(span.start, span.end))
    return list(rows.select_related("loan__case").order_by("on", "pk"))


def _summed(records: list[Record]) -> Reading:
    return Reading(sum((record.amount for record in records), Decimal(0)), records)


@indicator(
    "cases.loans_granted",
    label="Konceptlån, der har fået ja fra bank og styregruppe",
    unit="lån",
    of=_granted,
    withholds=PARTIAL,
)
def loans_granted(rows: Sequence[CaseEvent], period: Period, **_: Any) -> Reading:
    """Cases that went to »Go« in the period."""
    inside = [row for row in rows if period.start <= row.on <= period.end]
    return _summed(
        [
            Record(row.case.number, row.on, Decimal(1), row.case.get_absolute_url(), row.case_id)
            for row in inside
        ]
    )


@indicator("cases.loans_dkk", label="Konceptlån udbetalt", unit="kr.", of=_loans, withholds=PARTIAL)
def loans_dkk(rows: Sequence[Loan], period: Period, **_: Any) -> Reading:
    """The loans whose day of payment lies in the period."""
    inside = [row for row in rows if period.start <= row.paid_out_on <= period.end]
    return _summed(
        [
            Record(row.case.number, row.paid_out_on, row.principal, row.case.get_absolute_url(), row.case_id)
            for row in inside
        ]
    )


@indicator(
    "cases.loan_jobs",
    label="Nye arbejdspladser, som låntagerne har meldt siden lånet",
    unit="årsværk",
    of=_reports,
    withholds=PARTIAL,
)
def loan_jobs(rows: Sequence[LoanReport], period: Period, **_: Any) -> Reading:
    """Each loan's latest report of the period: a report tells the jobs since the loan, so reports are never added up."""
    latest = {row.loan_id: row for row in rows if period.start <= row.on <= period.end}
    return _summed(
        [
            Record(
                row.loan.case.number, row.on, row.new_jobs, row.loan.case.get_absolute_url(), row.loan.case_id
            )
            for row in latest.values()
        ]
    )
