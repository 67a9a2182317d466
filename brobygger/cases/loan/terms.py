# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a loan was agreed on, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from brobygger.cases.loan.days import DayCount, months_after

ORE = Decimal("0.01")
PER_YEAR = (4, 12)


class Fault(StrEnum):
    """What can be wrong with terms."""

    PRINCIPAL = "principal"
    """Not a positive amount of whole øre."""
    YEARS = "years"
    """The interest-only years must be fewer than the years, and none negative."""
    PER_YEAR = "per_year"
    """Neither quarterly (4) nor monthly (12)."""
    RATES = "rates"
    """No rate holds on the day of payment, or two hold from the same day, or one is negative."""
    REPAYMENT = "repayment"
    """Not a positive amount of whole øre, or outside the loan's time."""
    REPAID_TOO_MUCH = "repaid_too_much"
    """More than what is owed on that day."""


class BadTerms(ValueError):
    """The loan cannot be computed."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True)
class Rate:
    """The variable rate from a day on: percent a year, before the addition after the interest-only years."""

    from_on: dt.date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Repayment:
    """An extraordinary repayment."""

    on: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """The loan: kroner, the day it was paid out, its rates, and (catalogue of good practice, case 5) seven years, three without instalments, then +1.5.

    Raises BadTerms.
    """

    principal: Decimal
    paid_out_on: dt.date
    rates: Sequence[Rate]
    years: int = 7
    interest_only_years: int = 3
    addition: Decimal = Decimal("1.5")
    """Percentage points on top of the variable rate after the interest-only years."""
    per_year: int = 4
    day_count: DayCount = DayCount.ACTUAL_365
    repayments: Sequence[Repayment] = ()

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise BadTerms(fault)

    @property
    def adds_from(self) -> dt.date:
        """The day from which the addition counts, and after which instalments are paid."""
        return months_after(self.paid_out_on, 12 * self.interest_only_years)

    @property
    def ends_on(self) -> dt.date:
        """The last term."""
        return months_after(self.paid_out_on, 12 * self.years)

    def dates(self) -> list[dt.date]:
        """Every term, first to last."""
        step = 12 // self.per_year
        return [
            months_after(self.paid_out_on, step * number)
            for number in range(1, self.years * self.per_year + 1)
        ]

    def percent_on(self, day: dt.date) -> Decimal:
        """The rate that holds on a day, the addition with it."""
        base = max((rate for rate in self.rates if rate.from_on <= day), key=lambda rate: rate.from_on)
        return base.percent + (self.addition if day >= self.adds_from else 0)

    def _faults(self) -> list[Fault]:
        found = []
        if not _is_amount(self.principal):
            found.append(Fault.PRINCIPAL)
        if not 0 <= self.interest_only_years < self.years:
            found.append(Fault.YEARS)
        if self.per_year not in PER_YEAR:
            found.append(Fault.PER_YEAR)
        if not self._rates_hold():
            found.append(Fault.RATES)
        if not found and any(
            not _is_amount(one.amount) or not self.paid_out_on <= one.on < self.ends_on
            for one in self.repayments
        ):
            found.append(Fault.REPAYMENT)
        return found

    def _rates_hold(self) -> bool:
        days = sorted(rate.from_on for rate in self.rates)
        if not days or days[0] > self.paid_out_on or any(a == b for a, b in pairwise(days)):
            return False
        return all(rate.percent >= 0 for rate in self.rates)


def _is_amount(amount: Decimal) -> bool:
    return amount > 0 and amount == amount.quantize(ORE)
