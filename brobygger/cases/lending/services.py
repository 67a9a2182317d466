# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Agreeing on a loan, new rates, extraordinary repayments, reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.forms import clean_text
from brobygger.cases import rights
from brobygger.cases.errors import BadValues, NotYours
from brobygger.cases.lending.case_rules import following, next_report, opens_on
from brobygger.cases.lending.case_words import GRANTED, RUNNING, TYPE
from brobygger.cases.lending.errors import (
    AgreedAlready,
    BadLoan,
    MoreThanGranted,
    NotGranted,
    NotPaidOut,
    PutRightSince,
    RateTaken,
)
from brobygger.cases.lending.models import Loan, LoanRate, LoanRepayment, LoanReport
from brobygger.cases.lending.telling import (
    loan_words,
    rate_words,
    repayment_words,
    report_words,
    terms_of,
)
from brobygger.cases.loan import BadTerms, plan
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services.contents import done
from brobygger.cases.services.derive import locked, record, require_officer, require_open, written_on


@transaction.atomic
def agree(
    case: Case, *, principal: Decimal, paid_out_on: dt.date, percent: Decimal, per_year: int, day_count: str,
    user: User | None, entry_key: UUID | None = None,
) -> Loan:  # fmt: skip
    """Note the loan that bank and borrower agreed on: at most what was granted, over the years that the case's definition
    says. Raises NotYours, Conflicted, NotGranted, AgreedAlready, MoreThanGranted, BadLoan, PutRightSince."""
    stored = locked(case)
    require_officer(user, stored)
    if stored.type_key != TYPE:
        raise NotGranted
    if first := written_on(stored, entry_key):
        return _still(Loan, first, "loan")
    if stored.stage != GRANTED:
        raise NotGranted
    if Loan.objects.filter(case=stored).exists():
        raise AgreedAlready
    must_be_granted(stored, principal)
    shape = following(stored)
    loan = Loan.objects.create(
        case=stored, principal=principal, paid_out_on=paid_out_on, per_year=per_year, day_count=day_count,
        years=shape.years, interest_only_years=shape.interest_only_years, addition=shape.addition, agreed_by=user,
    )  # fmt: skip
    LoanRate.objects.create(loan=loan, from_on=paid_out_on, percent=percent, by=user)
    must_compute(loan)
    told = loan_words(principal, percent)
    record(
        stored, CaseEvent.Kind.OTHER, user=user, name="loan_agreed", text=told, for_applicant=True,
        data={"loan": loan.pk, **terms_of(loan, percent)}, entry_key=entry_key,
    )  # fmt: skip
    return loan


def must_be_granted(case: Case, principal: Decimal) -> None:
    """Raises NotGranted, MoreThanGranted."""
    granted = case.granted
    if granted is None:
        raise NotGranted
    if principal > granted.amount:
        raise MoreThanGranted(granted.amount)


@transaction.atomic
def new_rate(
    loan: Loan, *, from_on: dt.date, percent: Decimal, user: User, entry_key: UUID | None = None
) -> LoanRate:
    """The variable rate changes on a day. Raises NotYours, Conflicted, CaseIsOver, RateTaken, BadLoan, PutRightSince."""
    stored = running(loan, user)
    if first := written_on(stored, entry_key):
        return _still(LoanRate, first, "rate")
    try:
        with transaction.atomic():
            rate = LoanRate.objects.create(loan=loan, from_on=from_on, percent=percent, by=user)
    except IntegrityError:
        raise RateTaken from None
    must_compute(loan)
    record(
        stored, CaseEvent.Kind.OTHER, user=user, name="loan_rate", text=rate_words(rate), for_applicant=True,
        data={"rate": rate.pk}, entry_key=entry_key,
    )  # fmt: skip
    return rate


@transaction.atomic
def repay(
    loan: Loan, *, on: dt.date, amount: Decimal, user: User, entry_key: UUID | None = None
) -> LoanRepayment:
    """An extraordinary repayment. Raises NotYours, Conflicted, CaseIsOver, BadValues, BadLoan, PutRightSince."""
    stored = running(loan, user)
    if first := written_on(stored, entry_key):
        return _still(LoanRepayment, first, "repayment")
    must_have_been(on)
    repaid = LoanRepayment.objects.create(loan=loan, on=on, amount=amount, by=user)
    must_compute(loan)
    record(
        stored, CaseEvent.Kind.OTHER, user=user, name="loan_repayment", text=repayment_words(repaid), for_applicant=True,
        data={"repayment": repaid.pk}, entry_key=entry_key,
    )  # fmt: skip
    return repaid


def must_have_been(on: dt.date) -> None:
    """Raises BadValues."""
    if on > timezone.localdate():
        raise BadValues({"on": _("Datoen er ikke kommet endnu.")})


@transaction.atomic
def report(
    loan: Loan, *, new_jobs: Decimal, text: str, user: User, entry_key: UUID | None = None
) -> LoanReport:
    """The borrower, or the office for it, reports. It answers the report that is due next, once that one's period has
    begun; before that it is one more. Raises NotYours, Conflicted, NotPaidOut, BadValues, PutRightSince."""
    stored = locked(loan.case)
    if not rights.is_applicant(user, stored) and not rights.is_officer(user, stored):
        raise NotYours
    if first := written_on(stored, entry_key):
        return _still(LoanReport, first, "report")
    if stored.stage != RUNNING:
        raise NotPaidOut
    said = report_text(text)
    now = Loan.objects.select_related("case").get(pk=loan.pk)
    due = next_report(now)
    answered = due if due and opens_on(now, due) <= timezone.localdate() else None
    made = LoanReport.objects.create(
        loan=loan, duty=answered, on=timezone.localdate(), new_jobs=new_jobs, text=said, by=user
    )
    more: dict[str, Any] = {"data": {"report": made.pk}, "entry_key": entry_key}
    if answered:
        done(stored, answered, text=report_words(made), user=user, **more)
    else:
        record(
            stored, CaseEvent.Kind.OTHER, user=user, name="loan_report", text=report_words(made), for_applicant=True, **more
        )  # fmt: skip
    return made


def report_text(text: str) -> str:
    """Raises BadValues."""
    said = clean_text(text)
    if not said:
        raise BadValues({"text": _("Skriv, hvordan det går.")})
    return said


Row = TypeVar("Row", Loan, LoanRate, LoanRepayment, LoanReport)


def _still(model: type[Row], event: CaseEvent, key: str) -> Row:
    """What the same form wrote the first time. Raises PutRightSince where it was removed meanwhile."""
    found = model._default_manager.filter(pk=event.data.get(key)).first()
    if found is None:
        raise PutRightSince
    return found


def running(loan: Loan, user: User, expected: int | None = None) -> Case:
    """The loan's case, locked, where the person may write in it. Raises NotYours, Conflicted, CaseIsOver, EditedMeanwhile."""
    stored = locked(loan.case, expected)
    require_officer(user, stored)
    require_open(stored)
    return stored


def must_compute(loan: Loan) -> Loan:
    """The loan as it now stands. Raises BadLoan, which undoes what was just written."""
    fresh = Loan.objects.get(pk=loan.pk)
    try:
        plan(fresh.terms)
    except BadTerms as error:
        raise BadLoan(error) from None
    return fresh
