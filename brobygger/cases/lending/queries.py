# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A loan as pages and files show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base import pdf
from brobygger.base.danish import kroner, number, rate
from brobygger.cases.lending.case_rules import following
from brobygger.cases.lending.models import Loan, LoanReport
from brobygger.cases.loan import DayCount, Kind, Plan

TEMPLATE = Path(__file__).parent / "plan.typ"
RATE = 4
"""The column of the rate."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """How it goes with the job criterion."""

    wanted: int
    by: dt.date
    latest: LoanReport | None

    @property
    def reached(self) -> bool:
        return self.latest is not None and self.latest.new_jobs >= self.wanted

    @property
    def words(self) -> str:
        if self.reached:
            return _("Opfyldt")
        return _("Ikke opfyldt til tiden") if self.by < timezone.localdate() else _("Ikke nået endnu")


def jobs_of(loan: Loan) -> Jobs:
    """The criterion by the latest report until its day."""
    wanted = following(loan.case)
    by = loan.criterion_on(wanted.within_years)
    return Jobs(wanted.jobs, by, loan.reports.filter(on__lte=by).first())


def kind_words() -> dict[Kind, str]:
    return {
        Kind.INTEREST_ONLY: _("Rente"),
        Kind.INSTALMENT: _("Rente og afdrag"),
        Kind.EXTRAORDINARY: _("Ekstraordinært afdrag"),
        Kind.SETTLEMENT: _("Indfrielse"),
    }


def headings() -> list[str]:
    return [
        _("Nr."), _("Dato"), _("Hvad"), _("Rentedage"), _("Rente, % om året"), _("Rente, kr."), _("Afdrag, kr."),
        _("Ydelse, kr."), _("Restgæld, kr."),
    ]  # fmt: skip


def rows(plan: Plan) -> Iterator[list[Any]]:
    """The plan's lines as a spreadsheet holds them."""
    words = kind_words()
    for line in plan.lines:
        yield [
            line.number, line.on, words[line.kind], line.days, line.percent, line.interest, line.principal,
            line.payment, line.balance,
        ]  # fmt: skip


def shape_words(shape: Any) -> str:
    """`7 år, de første 3 uden afdrag …`, of a loan or of the definition's parameters."""
    return _(
        "%(years)s år, de første %(free)s uden afdrag. Derefter stiger renten %(more)s procentpoint."
    ) % {
        "years": shape.years,
        "free": shape.interest_only_years,
        "more": number(shape.addition),
    }


def assumptions(loan: Loan) -> list[str]:
    """What the plan is computed by, in words."""
    terms = loan.terms
    days = (
        _("Renten regnes af faktiske dage over 365.")
        if terms.day_count is DayCount.ACTUAL_365
        else _("Renten regnes af måneder på 30 dage over 360.")
    )
    return [
        shape_words(loan),
        days,
        _("Hver termin afrundes til hele øre, en halv øre opad. Det sidste afdrag tager resten."),
        _("Renten er variabel. Planen er regnet med de satser, der er kendt i dag."),
        _("Et ekstraordinært afdrag gør de næste afdrag mindre. Løbetiden er den samme."),
    ]


def facts(loan: Loan) -> list[list[str]]:
    """What is printed above the plan."""
    case = loan.case
    return [
        [_("Låntager"), str(case.organisation or case.title)],
        [_("Lånebeløb"), kroner(loan.principal)],
        [_("Udbetalt"), _day(loan.paid_out_on)],
        [_("Regnet ud"), _day(timezone.localdate())],
        [_("Rente i alt"), kroner(loan.plan.interest)],
    ]


def printed(plan: Plan) -> list[tuple[str, ...]]:
    """The plan's lines as paper holds them; a rate with every decimal that it has."""
    return [
        (*map(_written, row[:RATE]), rate(row[RATE]).removesuffix(" %"), *map(_written, row[RATE + 1 :]))
        for row in rows(plan)
    ]


def as_pdf(loan: Loan) -> bytes:
    """The plan for the bank and the borrower."""
    case = loan.case
    heading = _("Betalingsplan for %(number)s") % {"number": case.number}
    values = {
        "title": heading,
        "facts": facts(loan),
        "assumptions": assumptions(loan),
        "headings": headings(),
        "rows": printed(loan.plan),
    }
    return pdf.write(TEMPLATE, values, title=heading, author=case.operator.name)


def _written(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return number(value, 2) if isinstance(value, Decimal) else str(value)


def _day(day: dt.date) -> str:
    return str(formats.date_format(day, "DATE_FORMAT"))
