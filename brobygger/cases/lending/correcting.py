# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Putting a loan right: its terms, a rate, a repayment, a report; corrected or removed, always with a reason. What stood
before is kept in the case's history, in words and in the event's data; the plan is computed anew by itself.

Each takes the case's version that the person had on the screen: of two who correct at once, one is told.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.cases import rights
from brobygger.cases.errors import NeedsReason, NotYours
from brobygger.cases.lending.case_rules import set_duties
from brobygger.cases.lending.case_words import GRANTED, RUNNING
from brobygger.cases.lending.errors import HasEntries, PaidOut, PutRightSince, RateTaken
from brobygger.cases.lending.models import Loan, LoanRate, LoanRepayment, LoanReport
from brobygger.cases.lending.services import (
    must_be_granted,
    must_compute,
    must_have_been,
    report_text,
    running,
)
from brobygger.cases.lending.telling import (
    rate_words,
    repayment_words,
    report_words,
    terms_of,
    terms_words,
)
from brobygger.cases.models import Case, CaseDuty, CaseEvent
from brobygger.cases.services.derive import locked, record, require_officer


@transaction.atomic
def correct_terms(
    loan: Loan, *, principal: Decimal, paid_out_on: dt.date, percent: Decimal, per_year: int, day_count: str, reason: str,
    user: User, expected: int,
) -> Loan:  # fmt: skip
    """Other terms than were written. `percent` is the rate on the day of the pay-out, which moves with that day; so do the
    reports and the day of the jobs. Raises NotYours, Conflicted, CaseIsOver, NeedsReason, MoreThanGranted, RateTaken,
    BadLoan, EditedMeanwhile."""
    case = running(loan, user, expected)
    must_explain(reason)
    must_be_granted(case, principal)
    row = Loan.objects.select_for_update().get(pk=loan.pk)
    rate = row.first_rate
    old = rate.percent if rate else percent
    before, told = terms_of(row, old), terms_words(row, old)
    row.principal, row.paid_out_on, row.per_year, row.day_count = principal, paid_out_on, per_year, day_count
    row.version += 1
    row.save()
    if rate:
        _save_rate(rate, paid_out_on, percent)
    fresh = must_compute(row)
    if case.stage == RUNNING:
        set_duties(fresh)
    _record(case, "loan_corrected", told, terms_words(fresh, percent), reason, user,
            before=before, after=terms_of(fresh, percent))  # fmt: skip
    return fresh


@transaction.atomic
def remove_terms(loan: Loan, *, reason: str, user: User, expected: int) -> None:
    """The loan was written in the wrong case, or came to nothing. Not while it is paid out, nor with repayments or reports:
    those are put right first. Raises NotYours, Conflicted, CaseIsOver, NeedsReason, PaidOut, HasEntries, EditedMeanwhile."""
    case = running(loan, user, expected)
    must_explain(reason)
    if case.stage != GRANTED:
        raise PaidOut
    row = Loan.objects.select_for_update().get(pk=loan.pk)
    if row.repayments.exists() or row.reports.exists():
        raise HasEntries
    percent = row.first_rate.percent if row.first_rate else Decimal(0)
    rates = [{"from_on": rate.from_on.isoformat(), "percent": str(rate.percent)} for rate in row.rates.all()]
    before, told = {**terms_of(row, percent), "rates": rates}, terms_words(row, percent)
    row.delete()
    _record(case, "loan_removed", told, "", reason, user, before=before)


@transaction.atomic
def correct_rate(
    rate: LoanRate, *, from_on: dt.date, percent: Decimal, reason: str, user: User, expected: int
) -> LoanRate:
    """Raises NotYours, Conflicted, CaseIsOver, NeedsReason, RateTaken, BadLoan, PutRightSince, EditedMeanwhile."""
    case = running(rate.loan, user, expected)
    must_explain(reason)
    row = _again(LoanRate, rate)
    before, told = _rate(row), rate_words(row)
    _save_rate(row, from_on, percent)
    must_compute(row.loan)
    _record(case, "loan_rate_corrected", told, rate_words(row), reason, user, before=before, after=_rate(row))
    return row


@transaction.atomic
def remove_rate(rate: LoanRate, *, reason: str, user: User, expected: int) -> None:
    """Raises NotYours, Conflicted, CaseIsOver, NeedsReason, BadLoan (no rate is left on the day of the pay-out),
    PutRightSince, EditedMeanwhile."""
    case = running(rate.loan, user, expected)
    must_explain(reason)
    row = _again(LoanRate, rate)
    before, told, loan = _rate(row), rate_words(row), row.loan
    row.delete()
    must_compute(loan)
    _record(case, "loan_rate_removed", told, "", reason, user, before=before)


@transaction.atomic
def correct_repayment(
    repaid: LoanRepayment, *, on: dt.date, amount: Decimal, reason: str, user: User, expected: int
) -> LoanRepayment:
    """Raises NotYours, Conflicted, CaseIsOver, NeedsReason, BadValues, BadLoan, PutRightSince, EditedMeanwhile."""
    case = running(repaid.loan, user, expected)
    must_explain(reason)
    must_have_been(on)
    row = _again(LoanRepayment, repaid)
    before, told = _repayment(row), repayment_words(row)
    row.on, row.amount = on, amount
    row.save()
    must_compute(row.loan)
    _record(case, "loan_repayment_corrected", told, repayment_words(row), reason, user,
            before=before, after=_repayment(row))  # fmt: skip
    return row


@transaction.atomic
def remove_repayment(repaid: LoanRepayment, *, reason: str, user: User, expected: int) -> None:
    """It belongs to another loan, or was never paid. Raises as above."""
    case = running(repaid.loan, user, expected)
    must_explain(reason)
    row = _again(LoanRepayment, repaid)
    before, told, loan = _repayment(row), repayment_words(row), row.loan
    row.delete()
    must_compute(loan)
    _record(case, "loan_repayment_removed", told, "", reason, user, before=before)


@transaction.atomic
def correct_report(
    report: LoanReport, *, new_jobs: Decimal, text: str, reason: str, user: User, expected: int
) -> LoanReport:
    """By the borrower, or by the office for it; also when the loan is over. Raises NotYours, NeedsReason, BadValues,
    PutRightSince, EditedMeanwhile."""
    case = locked(report.loan.case, expected)
    if not rights.is_applicant(user, case) and not rights.is_officer(user, case):
        raise NotYours
    must_explain(reason)
    row = _again(LoanReport, report)
    before, told = _report(row), report_words(row)
    row.new_jobs, row.text = new_jobs, report_text(text)
    row.save()
    if row.duty_id:
        CaseDuty.objects.filter(pk=row.duty_id).update(text=report_words(row))
    _record(case, "loan_report_corrected", told, report_words(row), reason, user,
            before=before, after=_report(row))  # fmt: skip
    return row


@transaction.atomic
def remove_report(report: LoanReport, *, reason: str, user: User, expected: int) -> None:
    """By the office: the report was another firm's. What it answered is to be answered again. Raises NotYours, Conflicted,
    NeedsReason, PutRightSince, EditedMeanwhile."""
    case = locked(report.loan.case, expected)
    require_officer(user, case)
    must_explain(reason)
    row = _again(LoanReport, report)
    before, told, duty = _report(row), report_words(row), row.duty_id
    row.delete()
    if duty:
        CaseDuty.objects.filter(pk=duty).update(done_on=None, done_by=None, text="", reminded_on=None)
    _record(case, "loan_report_removed", told, "", reason, user, before=before)


def must_explain(reason: str) -> None:
    """Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason


Row = TypeVar("Row", LoanRate, LoanRepayment, LoanReport)


def _again(model: type[Row], held: Row) -> Row:
    """The row as it stands. Raises PutRightSince."""
    found = model._default_manager.select_related("loan").filter(pk=held.pk).first()
    if found is None:
        raise PutRightSince
    return found


def _save_rate(rate: LoanRate, from_on: dt.date, percent: Decimal) -> None:
    rate.from_on, rate.percent = from_on, percent
    try:
        with transaction.atomic():
            rate.save()
    except IntegrityError:
        raise RateTaken from None


def _record(case: Case, name: str, was: str, now: str, reason: str, user: User, **data: Any) -> None:
    """What stood, and what stands now, in words that the borrower reads too."""
    text = _("Før: %(before)s") % {"before": was}
    if now:
        text = f"{text}\n{_('Nu: %(now)s') % {'now': now}}"
    record(
        case, CaseEvent.Kind.OTHER, user=user, name=name, text=text, reason=reason.strip()[:1000], for_applicant=True, data=data
    )  # fmt: skip


def _rate(row: LoanRate) -> dict[str, Any]:
    return {"from_on": row.from_on.isoformat(), "percent": str(row.percent)}


def _repayment(row: LoanRepayment) -> dict[str, Any]:
    return {"on": row.on.isoformat(), "amount": str(row.amount)}


def _report(row: LoanReport) -> dict[str, Any]:
    return {"on": row.on.isoformat(), "new_jobs": str(row.new_jobs), "text": row.text}
