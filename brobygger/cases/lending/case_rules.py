# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the concept loan's gates ask for beside the rules that all types share, and what follows when it is paid out."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import Field as Bound

from brobygger.accounts.models import User
from brobygger.base.danish import kroner
from brobygger.blueprints.kinds import Part
from brobygger.cases.event_words import calls
from brobygger.cases.hooks import after
from brobygger.cases.lending.case_words import RUNNING, TYPE
from brobygger.cases.lending.models import NO_DEBT, Loan
from brobygger.cases.loan.days import months_after
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.rules.registry import Asked, rule
from brobygger.cases.services.contents import set_duty

calls({
    "loan_agreed": _lazy("Lånet er aftalt"),
    "loan_rate": _lazy("Ny rentesats"),
    "loan_repayment": _lazy("Ekstraordinært afdrag"),
    "loan_report": _lazy("Rapport om udviklingen"),
})  # fmt: skip


class Following(Part):
    """How the loan is followed: a report every so many months, and the jobs that must be there after some years."""

    report_months: int = Bound(default=6, ge=1, le=24)
    jobs: int = Bound(default=10, ge=1, le=1000)
    within_years: int = Bound(default=3, ge=1, le=10)


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
    loan = Loan.objects.get(case=case)
    wanted = following(case)
    number, due = 1, months_after(loan.paid_out_on, wanted.report_months)
    while due <= loan.terms.ends_on:
        title = _("Rapport %(number)s om udviklingen") % {"number": number}
        set_duty(case, f"report_{number}", title=title, due_on=due)
        number, due = number + 1, months_after(loan.paid_out_on, wanted.report_months * (number + 1))
    title = _("Opgør, om der er skabt %(jobs)s arbejdspladser") % {"jobs": wanted.jobs}
    set_duty(case, "jobs", title=title, due_on=loan.criterion_on(wanted.within_years), of_applicant=False)
