# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A loan in its case's archive: terms, rates, repayments, reports, and the payment plan to the øre."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import number
from brobygger.base.danish import rate as exact
from brobygger.base.moments import day_in_figures
from brobygger.cases import archive
from brobygger.cases.archive import Page
from brobygger.cases.lending import queries
from brobygger.cases.lending.models import Loan, LoanRate, LoanRepayment, LoanReport
from brobygger.cases.models import Case


def plan(case: Case, _user: User | None) -> Iterator[Page]:
    """The plan as it stands, with what it is computed by."""
    loan = Loan.objects.filter(case=case).first()
    if loan is None:
        return
    facts = "\n\n".join(f"{label}: {value}" for label, value in queries.facts(loan))
    yield Page(
        _("Betalingsplan"),
        "\n\n".join([facts, *queries.assumptions(loan)]),
        tuple(queries.headings()),
        tuple(queries.printed(loan.plan)),
        (0, 3, 4, 5, 6, 7, 8),
    )
    rates = tuple((day_in_figures(rate.from_on), exact(rate.percent)) for rate in loan.rates.all())
    yield Page(_("Rentesatser"), "", (_("Fra"), _("Procent om året")), rates, (1,))
    reports = tuple(
        (day_in_figures(row.on), number(row.new_jobs), row.text) for row in loan.reports.order_by("on", "pk")
    )
    if reports:
        yield Page(_("Rapporter"), "", (_("Dato"), _("Nye årsværk"), _("Hvordan det går")), reports, (1,))


archive.holds(Loan, "loan", of="case", pages=plan)
archive.holds(LoanRate, "loan_rates", of="loan__case")
archive.holds(LoanRepayment, "loan_repayments", of="loan__case")
archive.holds(LoanReport, "loan_reports", of="loan__case")
