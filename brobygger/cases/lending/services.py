# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Agreeing on a loan, new rates, extraordinary repayments, reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import kroner, number
from brobygger.base.forms import clean_text
from brobygger.cases import rights
from brobygger.cases.errors import BadValues, NotYours
from brobygger.cases.lending.case_words import GRANTED, RUNNING, TYPE
from brobygger.cases.lending.errors import (
    AgreedAlready,
    BadLoan,
    MoreThanGranted,
    NotGranted,
    NotPaidOut,
    RateTaken,
)
from brobygger.cases.lending.models import Loan, LoanRate, LoanRepayment, LoanReport
from brobygger.cases.loan import BadTerms
from brobygger.cases.models import Case, CaseDuty, CaseEvent
from brobygger.cases.services.contents import do_duty
from brobygger.cases.services.derive import locked, record, require_officer, require_open


@transaction.atomic
def agree(
    case: Case, *, principal: Decimal, paid_out_on: dt.date, percent: Decimal, per_year: int, day_count: str,
    user: User | None,
) -> Loan:  # fmt: skip
    """Note the loan that bank and borrower agreed on: at most what was granted. Raises NotYours, Conflicted, NotGranted,
    AgreedAlready, MoreThanGranted, BadLoan."""
    stored = locked(case)
    require_officer(user, stored)
    if stored.type_key != TYPE or stored.stage != GRANTED:
        raise NotGranted
    if Loan.objects.filter(case=stored).exists():
        raise AgreedAlready
    granted = stored.granted
    if granted is None:
        raise NotGranted
    if principal > granted.amount:
        raise MoreThanGranted(granted.amount)
    loan = Loan.objects.create(
        case=stored, principal=principal, paid_out_on=paid_out_on, per_year=per_year, day_count=day_count,
        agreed_by=user,
    )  # fmt: skip
    LoanRate.objects.create(loan=loan, from_on=paid_out_on, percent=percent, by=user)
    _must_compute(loan)
    told = _("Lån på %(amount)s, %(percent)s %% i rente") % {
        "amount": kroner(principal),
        "percent": number(percent),
    }
    record(stored, CaseEvent.Kind.OTHER, user=user, name="loan_agreed", text=told, for_applicant=True)
    return loan


@transaction.atomic
def new_rate(loan: Loan, *, from_on: dt.date, percent: Decimal, user: User) -> LoanRate:
    """The variable rate changes on a day. Raises NotYours, Conflicted, CaseIsOver, RateTaken, BadLoan."""
    stored = _running(loan, user)
    try:
        with transaction.atomic():
            rate = LoanRate.objects.create(loan=loan, from_on=from_on, percent=percent, by=user)
    except IntegrityError:
        raise RateTaken from None
    _must_compute(loan)
    told = _("Renten er %(percent)s %% fra den %(day)s") % {
        "percent": number(percent),
        "day": f"{from_on:%d.%m.%Y}",
    }
    record(stored, CaseEvent.Kind.OTHER, user=user, name="loan_rate", text=told, for_applicant=True)
    return rate


@transaction.atomic
def repay(loan: Loan, *, on: dt.date, amount: Decimal, user: User) -> LoanRepayment:
    """An extraordinary repayment. Raises NotYours, Conflicted, CaseIsOver, BadValues, BadLoan."""
    stored = _running(loan, user)
    if on > timezone.localdate():
        raise BadValues({"on": _("Datoen er ikke kommet endnu.")})
    repaid = LoanRepayment.objects.create(loan=loan, on=on, amount=amount, by=user)
    _must_compute(loan)
    told = _("Ekstraordinært afdrag på %(amount)s den %(day)s") % {
        "amount": kroner(amount),
        "day": f"{on:%d.%m.%Y}",
    }
    record(stored, CaseEvent.Kind.OTHER, user=user, name="loan_repayment", text=told, for_applicant=True)
    return repaid


@transaction.atomic
def report(
    loan: Loan, *, new_jobs: Decimal, text: str, user: User, duty: CaseDuty | None = None
) -> LoanReport:
    """The borrower, or the office for it, reports; the duty it answers is done. Raises NotYours, Conflicted, NotPaidOut, BadValues."""
    stored = locked(loan.case)
    if not rights.is_applicant(user, stored) and not rights.is_officer(user, stored):
        raise NotYours
    if stored.stage != RUNNING:
        raise NotPaidOut
    if not clean_text(text):
        raise BadValues({"text": _("Skriv, hvordan det går.")})
    open_duty = stored.duties.filter(done_on=None, of_applicant=True)
    answered = (open_duty.filter(pk=duty.pk) if duty else open_duty).order_by("due_on").first()
    made = LoanReport.objects.create(
        loan=loan, duty=answered, on=timezone.localdate(), new_jobs=new_jobs, text=clean_text(text), by=user
    )
    told = _("%(jobs)s nye arbejdspladser. %(text)s") % {"jobs": number(new_jobs), "text": made.text}
    if answered:
        do_duty(stored, answered, text=told, user=user)
    else:
        record(stored, CaseEvent.Kind.OTHER, user=user, name="loan_report", text=told, for_applicant=True)
    return made


def _running(loan: Loan, user: User) -> Case:
    stored = locked(loan.case)
    require_officer(user, stored)
    require_open(stored)
    return stored


def _must_compute(loan: Loan) -> None:
    """Raises BadLoan, which undoes what was just written."""
    fresh: Any = Loan.objects.get(pk=loan.pk)
    try:
        fresh.plan  # noqa: B018
    except BadTerms as error:
        raise BadLoan(error) from None
