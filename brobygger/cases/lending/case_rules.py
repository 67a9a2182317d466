# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the concept loan's gates ask for beside the rules that all types share, and what follows when it is paid out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Self

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field as Bound
from pydantic import model_validator

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import kroner
from brobygger.blueprints.kinds import Part
from brobygger.cases.duties import answered_at
from brobygger.cases.event_words import calls
from brobygger.cases.hooks import after
from brobygger.cases.lending.case_words import RUNNING, TYPE
from brobygger.cases.lending.models import NO_DEBT, Loan
from brobygger.cases.loan.days import months_after
from brobygger.cases.models import Case, CaseDuty, CaseEvent
from brobygger.cases.rules.registry import Asked, rule
from brobygger.cases.services.contents import set_duty
from brobygger.cases.sources import Party, party, source
from brobygger.guidance.models import Partner

calls({
    "loan_agreed": _lazy("Lånet er aftalt"),
    "loan_rate": _lazy("Ny rentesats"),
    "loan_repayment": _lazy("Ekstraordinært afdrag"),
    "loan_report": _lazy("Rapport om udviklingen"),
    "loan_corrected": _lazy("Lånets vilkår er rettet"),
    "loan_removed": _lazy("Lånets vilkår er fjernet"),
    "loan_rate_corrected": _lazy("Rentesats rettet"),
    "loan_rate_removed": _lazy("Rentesats fjernet"),
    "loan_repayment_corrected": _lazy("Ekstraordinært afdrag rettet"),
    "loan_repayment_removed": _lazy("Ekstraordinært afdrag fjernet"),
    "loan_report_corrected": _lazy("Rapport rettet"),
    "loan_report_removed": _lazy("Rapport fjernet"),
})  # fmt: skip
REPORT, JOBS = "report_", "jobs"
"""Keys of duties: the reports by number, and the day when the jobs are counted."""


class Following(Part):
    """The loan's shape (004, case 5: seven years, three without instalments, then 1.5 percentage points more), and how it is
    followed: a report every so many months, and the jobs that must be there after some years."""

    years: int = Bound(default=7, ge=1, le=30)
    interest_only_years: int = Bound(default=3, ge=0, le=29)
    addition: Decimal = Bound(default=Decimal("1.5"), ge=0, le=20, decimal_places=2)
    report_months: int = Bound(default=6, ge=1, le=24)
    jobs: int = Bound(default=10, ge=1, le=1000)
    within_years: int = Bound(default=3, ge=1, le=10)

    @model_validator(mode="after")
    def _instalments_fit(self) -> Self:
        if self.interest_only_years >= self.years:
            raise ValueError(_("»interest_only_years« skal være mindre end »years«."))
        return self


@source("bank")
def banks(operator: Operator) -> Mapping[str, str]:
    """The office's partners that are banks, by name: a name that was written stays readable when the partner is gone."""
    rows = Partner.objects.filter(operator=operator, kind=Partner.Kind.BANK, is_current=True)
    return {name: name for name in rows.values_list("name", flat=True)}


@party("bank")
def bank_behind(operator: Operator, key: str) -> Party | None:
    """The partner's organisation, else its name."""
    rows = Partner.objects.filter(operator=operator, kind=Partner.Kind.BANK, is_current=True, name=key)
    found = rows.select_related("organisation").first()
    return Party(found.name, found.organisation) if found else None


@rule("loan_agreed", Following)
def loan_agreed(asked: Asked, _following: Following) -> str | None:
    """The loan runs when its terms are written down."""
    return None if Loan.objects.filter(case=asked.case).exists() else _("Lånets vilkår er ikke skrevet ind.")


@rule("loan_repaid")
def loan_repaid(asked: Asked, _none: Part) -> str | None:
    """Nothing is owed any more by the plan."""
    loan = Loan.objects.filter(case=asked.case).first()
    if loan and loan.owed != NO_DEBT:
        return _("Der skyldes stadig %(amount)s") % {"amount": kroner(loan.owed)}
    return None


def following(case: Case) -> Following:
    """The parameters of the rule `loan_agreed` in the case's own version of the definition."""
    uses = (use for stage in case.type.stages for move in stage.moves for use in move.rules)
    found = next((use for use in uses if use.rule == "loan_agreed"), None)
    return Following.model_validate(dict(found.parameters) if found else {})


@after("moved", case_type=TYPE, to=RUNNING)
def follow(case: Case, event: CaseEvent, user: User | None) -> None:
    """Reports with reminders through the loan's time, and the day when the jobs are counted."""
    set_duties(Loan.objects.get(case=case))


@after("voided", case_type=TYPE)
def not_paid_out(case: Case, event: CaseEvent, user: User | None) -> None:
    """A pay-out that was taken back leaves nothing to report on, and nobody is reminded."""
    if case.stage != RUNNING:
        _undone(case).delete()


def set_duties(loan: Loan) -> None:
    """The duties by the loan's terms as they stand; what is done stays done."""
    case, wanted = loan.case, following(loan.case)
    number, due, kept = 1, months_after(loan.paid_out_on, wanted.report_months), {JOBS}
    while due <= loan.terms.ends_on:
        title = _("Rapport %(number)s om udviklingen") % {"number": number}
        kept.add(set_duty(case, f"{REPORT}{number}", title=title, due_on=due).key)
        number, due = number + 1, months_after(loan.paid_out_on, wanted.report_months * (number + 1))
    title = _("Opgør, om der er skabt %(jobs)s arbejdspladser") % {"jobs": wanted.jobs}
    set_duty(case, JOBS, title=title, due_on=loan.criterion_on(wanted.within_years), of_applicant=False)
    _undone(case).exclude(key__in=kept).delete()


def _undone(case: Case) -> QuerySet[CaseDuty]:
    return case.duties.filter(Q(key__startswith=REPORT) | Q(key=JOBS), done_on=None)


def next_report(loan: Loan) -> CaseDuty | None:
    """The report that is due next."""
    return loan.case.duties.filter(key__startswith=REPORT, done_on=None).order_by("due_on", "pk").first()


def opens_on(loan: Loan, duty: CaseDuty) -> dt.date:
    """The first day on which a report answers the duty: the period that it tells of has begun."""
    before = (
        loan.case.duties.filter(key__startswith=REPORT, due_on__lt=duty.due_on).order_by("-due_on").first()
    )
    return before.due_on if before else loan.paid_out_on


@answered_at(TYPE, REPORT)
def report_page(case: Case, duty: CaseDuty) -> str | None:
    """A report has figures: it is written on the loan's page, the next one only."""
    loan = Loan.objects.filter(case=case).select_related("case").first()
    if loan is None or case.stage != RUNNING or next_report(loan) != duty:
        return None
    return reverse("lending:report", args=[case.pk]) if opens_on(loan, duty) <= timezone.localdate() else None
