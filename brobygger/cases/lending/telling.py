# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a loan's events say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base.danish import kroner, number
from brobygger.base.danish import rate as rate_of_interest
from brobygger.cases.lending.models import Loan, LoanRate, LoanRepayment, LoanReport


def loan_words(principal: Decimal, percent: Decimal) -> str:
    return _("Lån på %(amount)s, %(percent)s i rente") % {
        "amount": kroner(principal),
        "percent": rate_of_interest(percent),
    }


def terms_words(loan: Loan, percent: Decimal) -> str:
    """The terms in full."""
    return _("%(loan)s, udbetalt %(day)s, %(terms)s, %(count)s") % {
        "loan": loan_words(loan.principal, percent),
        "day": _day(loan.paid_out_on),
        "terms": loan.get_per_year_display().lower(),
        "count": loan.get_day_count_display().lower(),
    }


def terms_of(loan: Loan, percent: Decimal) -> dict[str, Any]:
    """The terms as an event keeps them."""
    return {
        "principal": str(loan.principal), "paid_out_on": loan.paid_out_on.isoformat(), "percent": str(percent),
        "per_year": loan.per_year, "day_count": loan.day_count, "years": loan.years,
        "interest_only_years": loan.interest_only_years, "addition": str(loan.addition),
    }  # fmt: skip


def rate_words(rate: LoanRate) -> str:
    return _("Renten er %(percent)s fra den %(day)s") % {
        "percent": rate_of_interest(rate.percent),
        "day": _day(rate.from_on),
    }


def repayment_words(repaid: LoanRepayment) -> str:
    return _("Ekstraordinært afdrag på %(amount)s den %(day)s") % {
        "amount": kroner(repaid.amount),
        "day": _day(repaid.on),
    }


def report_words(report: LoanReport) -> str:
    return _("%(jobs)s nye arbejdspladser. %(text)s") % {"jobs": number(report.new_jobs), "text": report.text}


def _day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"
