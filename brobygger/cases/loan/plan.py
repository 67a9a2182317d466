# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every payment of a loan, to the øre."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from brobygger.cases.loan.days import days_between, share_of_year
from brobygger.cases.loan.terms import ORE, BadTerms, Fault, Terms


class Kind(StrEnum):
    """What a line of the plan is."""

    INTEREST_ONLY = "interest_only"
    INSTALMENT = "instalment"
    EXTRAORDINARY = "extraordinary"
    """A repayment between two terms; its interest is paid with the next term."""
    SETTLEMENT = "settlement"
    """All that was owed, with the interest until that day, before its time."""


@dataclass(frozen=True, slots=True)
class Line:
    """One payment. Amounts are kroner with whole øre."""

    number: int
    kind: Kind
    on: dt.date
    days: int
    """Days of interest since the last term, by the loan's own way of counting."""
    percent: Decimal
    """The rate that held on the day before the payment, percent a year."""
    interest: Decimal
    principal: Decimal
    balance: Decimal
    """What is owed after the payment."""

    @property
    def payment(self) -> Decimal:
        """Interest and principal together."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True)
class Plan:
    """All payments in order."""

    terms: Terms
    lines: tuple[Line, ...]

    @property
    def interest(self) -> Decimal:
        """Interest over the whole time, kroner."""
        return sum((line.interest for line in self.lines), Decimal("0.00"))

    @property
    def payments(self) -> Decimal:
        """Everything that is paid, kroner."""
        return sum((line.payment for line in self.lines), Decimal("0.00"))

    @property
    def repaid_on(self) -> dt.date:
        """The day when nothing is owed any more."""
        return self.lines[-1].on

    def owed_on(self, day: dt.date) -> Decimal:
        """The debt at the end of a day, without the interest since the last term; 0 before the loan was paid out."""
        if day < self.terms.paid_out_on:
            return Decimal("0.00")
        paid = [line.balance for line in self.lines if line.on <= day]
        return paid[-1] if paid else self.terms.principal


def plan(terms: Terms) -> Plan:
    """The payment plan of a loan. Raises BadTerms when more is repaid than owed."""
    return Plan(terms, tuple(_Run(terms).lines()))


class _Run:
    """Walks from term to term with what is owed."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.balance = terms.principal
        self.instalment: Decimal | None = None
        """The equal instalments' amount; None until the first, and anew after an extraordinary repayment."""
        self.extra: dict[dt.date, Decimal] = defaultdict(Decimal)
        for repayment in terms.repayments:
            self.extra[repayment.on] += repayment.amount

    def lines(self) -> Iterable[Line]:
        number = 0
        dates = self.terms.dates()
        for index, (first, last) in enumerate(pairwise([self.terms.paid_out_on, *dates])):
            for line in self._period(first, last, left=len(dates) - index):
                number += 1
                yield replace(line, number=number)
            if not self.balance:
                return

    def _period(self, first: dt.date, last: dt.date, left: int) -> Iterable[Line]:
        """The repayments between two terms and the term itself. `left`: terms from here to the end."""
        owed = Fraction(0)
        since = first
        for day in sorted(day for day in self.extra if first <= day < last):
            owed += self._accrued(since, day)
            since = day
            if line := self._repay(first, day, owed):
                yield line
            if not self.balance:
                return
        owed += self._accrued(since, last)
        yield self._term(first, last, _rounded(owed), left)

    def _repay(self, first: dt.date, day: dt.date, owed: Fraction) -> Line:
        amount = self.extra[day]
        if amount > self.balance:
            raise BadTerms(Fault.REPAID_TOO_MUCH)
        self.balance -= amount
        self.instalment = None
        if self.balance:
            return self._line(Kind.EXTRAORDINARY, first, day, Decimal("0.00"), amount)
        return self._line(Kind.SETTLEMENT, first, day, _rounded(owed), amount)

    def _term(self, first: dt.date, last: dt.date, interest: Decimal, left: int) -> Line:
        if last <= self.terms.adds_from:
            return self._line(Kind.INTEREST_ONLY, first, last, interest, Decimal("0.00"))
        if self.instalment is None:
            self.instalment = _rounded(Fraction(self.balance) / left)
        principal = self.balance if left == 1 else min(self.instalment, self.balance)
        self.balance -= principal
        return self._line(Kind.INSTALMENT, first, last, interest, principal)

    def _accrued(self, first: dt.date, last: dt.date) -> Fraction:
        """Interest on what is owed now, exactly: each rate for the days on which it holds."""
        changes = {rate.from_on for rate in self.terms.rates} | {self.terms.adds_from}
        days = [first, *sorted(day for day in changes if first < day < last), last]
        total = Fraction(0)
        for start, end in pairwise(days):
            percent = Fraction(self.terms.percent_on(start))
            total += Fraction(self.balance) * percent / 100 * share_of_year(start, end, self.terms.day_count)
        return total

    def _line(self, kind: Kind, first: dt.date, on: dt.date, interest: Decimal, principal: Decimal) -> Line:
        before = max(first, on - dt.timedelta(days=1))
        return Line(
            number=0,
            kind=kind,
            on=on,
            days=days_between(first, on, self.terms.day_count),
            percent=self.terms.percent_on(before),
            interest=interest,
            principal=principal,
            balance=self.balance,
        )


def _rounded(amount: Fraction) -> Decimal:
    """To whole øre, half an øre up (what `decimal` calls ROUND_HALF_UP, of an exact fraction)."""
    ore = amount * 100
    whole = (2 * ore.numerator + ore.denominator) // (2 * ore.denominator)
    return Decimal(whole) * ORE
