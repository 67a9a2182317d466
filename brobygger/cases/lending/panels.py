# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What loans put on the case's pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel
from brobygger.cases.lending.case_words import GRANTED, TYPE
from brobygger.cases.lending.models import Loan
from brobygger.cases.models import Case


@panel("cases.case", order=20)
def on_case(request: HttpRequest, case: Case) -> str:
    """The loan and its plan, or the way to write its terms down."""
    return _shown(request, case, office=True)


@panel("cases.own_case", order=20)
def on_own_case(request: HttpRequest, case: Case) -> str:
    """The borrower's plan."""
    return _shown(request, case, office=False)


def _shown(request: HttpRequest, case: Case, *, office: bool) -> str:
    if case.type_key != TYPE:
        return ""
    loan = Loan.objects.filter(case=case).prefetch_related("rates", "repayments").first()
    may_agree = office and loan is None and case.stage == GRANTED
    if loan is None and not may_agree:
        return ""
    return render_to_string(
        "lending/_panel.html", {"case": case, "loan": loan, "may_agree": may_agree}, request
    )
