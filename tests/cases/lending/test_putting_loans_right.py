# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Terms, rates, repayments and reports are put right with a reason, and the plan follows to the øre; the borrower's page
leads to the report with jobs; the loan's shape is the definition's."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.base import indicators
from brobygger.base.indicators import Period
from brobygger.base.models import Letter
from brobygger.base.versions import EditedMeanwhile
from brobygger.blueprints import services as blueprints
from brobygger.blueprints.errors import BadDefinition
from brobygger.blueprints.queries import shipped_text
from brobygger.cases import tasks
from brobygger.cases.errors import AnsweredElsewhere, NeedsReason, NotYours
from brobygger.cases.lending import correcting, queries, services
from brobygger.cases.lending.case_rules import next_report
from brobygger.cases.lending.errors import (
    BadLoan,
    HasEntries,
    MoreThanGranted,
    PaidOut,
    PutRightSince,
    RateTaken,
)
from brobygger.cases.lending.models import Loan, LoanRate, LoanRepayment, LoanReport
from brobygger.cases.models import CaseDuty, CaseEvent
from brobygger.cases.services import contents
from brobygger.cases.services.correcting import take_back
from tests.cases.lending import made
from tests.cases.made import day

WHY = "Skrevet på det forkerte lån"


@pytest.fixture
def story_and_loan(operator, consultant):
    return made.running(operator, consultant, on=day(-200))


@pytest.fixture
def story(story_and_loan):
    return story_and_loan[0]


@pytest.fixture
def loan(story_and_loan):
    return story_and_loan[1]


def now(loan: Loan) -> Loan:
    return Loan.objects.get(pk=loan.pk)


def lines(loan: Loan) -> list[tuple]:
    return [(line.on, line.interest, line.principal, line.balance) for line in now(loan).plan.lines]


def put(act, row, story, **more):
    wanted = {"reason": WHY, "user": story.officer, "expected": story.fresh().version, **more}
    return act(row, **wanted)


def terms(**changes):
    first = {
        "principal": Decimal("300000.00"), "paid_out_on": day(-200), "percent": Decimal("2.75"), "per_year": 4,
        "day_count": "actual/365",
    }  # fmt: skip
    return {**first, **changes}


def jobs_told(operator) -> Decimal | None:
    return indicators.read("cases.loan_jobs", Period(day(-400), day()), operator, {}).value


def test_a_repayment_on_the_wrong_loan_is_removed_and_the_plan_is_as_before(story, loan):
    before = lines(loan)
    repaid = services.repay(loan, on=day(-5), amount=Decimal("50000.55"), user=story.officer)
    assert now(loan).owed == Decimal("249999.45")
    put(correcting.remove_repayment, repaid, story)
    assert lines(loan) == before
    told = CaseEvent.objects.get(name="loan_repayment_removed")
    assert (told.reason, told.data["before"]["amount"]) == (WHY, "50000.55")
    assert "50.000,55 kr." in told.text


def test_a_corrected_repayment_gives_the_plan_of_the_right_one(story, loan, operator, consultant):
    wrong = services.repay(loan, on=day(-5), amount=Decimal("5000"), user=story.officer)
    put(correcting.correct_repayment, wrong, story, on=day(-7), amount=Decimal("50000.55"))
    corrected = lines(loan)
    put(correcting.remove_repayment, wrong, story)
    services.repay(loan, on=day(-7), amount=Decimal("50000.55"), user=story.officer)
    assert lines(loan) == corrected


def test_a_correction_that_cannot_be_computed_changes_nothing(story, loan):
    repaid = services.repay(loan, on=day(-5), amount=Decimal(5000), user=story.officer)
    with pytest.raises(BadLoan):
        put(correcting.correct_repayment, repaid, story, on=day(-5), amount=Decimal("300000.01"))
    with pytest.raises(BadLoan):
        put(correcting.correct_repayment, repaid, story, on=day(-201), amount=Decimal(5))
    assert LoanRepayment.objects.get().amount == 5000
    assert not CaseEvent.objects.filter(name="loan_repayment_corrected").exists()


def test_every_correction_says_why(story, loan):
    repaid = services.repay(loan, on=day(-5), amount=Decimal(5000), user=story.officer)
    rate = loan.rates.get()
    report = services.report(loan, new_jobs=Decimal(2), text="Godt", user=story.borrower)
    acts = [
        (correcting.correct_terms, loan, terms()), (correcting.remove_terms, loan, {}),
        (correcting.correct_rate, rate, {"from_on": day(-200), "percent": Decimal(3)}), (correcting.remove_rate, rate, {}),
        (correcting.correct_repayment, repaid, {"on": day(-5), "amount": Decimal(1)}), (correcting.remove_repayment, repaid, {}),
        (correcting.correct_report, report, {"new_jobs": Decimal(1), "text": "x"}), (correcting.remove_report, report, {}),
    ]  # fmt: skip
    for act, row, more in acts:
        with pytest.raises(NeedsReason):
            put(act, row, story, reason="  ", **more)
        with pytest.raises(EditedMeanwhile):
            put(act, row, story, expected=story.fresh().version - 1, **more)
        with pytest.raises(NotYours):
            put(act, row, story, user=story.banker, **more)


def test_a_rate_is_corrected_and_removed_but_never_the_last_one(story, loan):
    first = lines(loan)
    rate = services.new_rate(loan, from_on=day(-100), percent=Decimal("3.125"), user=story.officer)
    second = lines(loan)
    put(correcting.correct_rate, rate, story, from_on=day(-90), percent=Decimal("4.5"))
    assert lines(loan) not in (first, second)
    with pytest.raises(RateTaken):
        put(correcting.correct_rate, rate, story, from_on=day(-200), percent=Decimal(1))
    put(correcting.remove_rate, rate, story)
    assert lines(loan) == first
    with pytest.raises(BadLoan):
        put(correcting.remove_rate, now(loan).rates.get(), story)
    told = CaseEvent.objects.get(name="loan_rate_corrected")
    assert told.text.splitlines() == [
        f"Før: Renten er 3,125 % fra den {day(-100):%d.%m.%Y}", f"Nu: Renten er 4,5 % fra den {day(-90):%d.%m.%Y}",
    ]  # fmt: skip


def test_terms_are_corrected_and_the_plan_is_that_of_the_right_terms(story, loan, consultant):
    put(
        correcting.correct_terms,
        loan,
        story,
        **terms(principal=Decimal("250000.50"), paid_out_on=day(-190), percent=Decimal("3.25")),
    )
    fresh = now(loan)
    assert (fresh.principal, fresh.first_rate.percent, fresh.first_rate.from_on) == (
        Decimal("250000.50"),
        Decimal("3.250"),
        day(-190),
    )
    assert fresh.plan.lines[-1].balance == 0
    assert sum(line.principal for line in fresh.plan.lines) == Decimal("250000.50")
    assert fresh.history.count() == 2
    event = CaseEvent.objects.get(name="loan_corrected")
    assert event.data["before"]["principal"] == "300000.00"
    assert "Nu: Lån på 250.000,50 kr., 3,25 % i rente" in event.text
    reports = CaseDuty.objects.filter(case=story.case, key__startswith="report_").order_by("due_on")
    assert reports.first().due_on > day(-190)
    assert reports.count() == 14
    with pytest.raises(MoreThanGranted):
        put(correcting.correct_terms, loan, story, **terms(principal=Decimal("300000.01")))


def test_a_pay_out_that_was_taken_back_leaves_nothing_to_report(story, loan):
    paid = [event for event in story.fresh().timeline if event.kind == "moved"][-1]
    take_back(story.fresh(), paid, reason="Forkert", user=story.officer, expected=story.fresh().version)
    assert story.fresh().stage == "granted"
    assert not CaseDuty.objects.filter(case=story.case).exists()
    put(correcting.remove_terms, loan, story)
    assert not Loan.objects.exists()
    told = CaseEvent.objects.get(name="loan_removed")
    assert told.data["before"]["rates"] == [{"from_on": day(-200).isoformat(), "percent": "2.750"}]
    made.agreed(story, day(-150), percent=Decimal(3))
    story.go("pay_out")
    assert CaseDuty.objects.filter(case=story.case).count() == 15


@pytest.mark.parametrize("agreed_anew", [False, True])
def test_the_form_of_a_loan_that_was_removed_writes_no_other(operator, consultant, agreed_anew):
    story, key = made.granted(operator, consultant), uuid.uuid4()
    loan = made.agreed(story, entry_key=key)
    put(correcting.remove_terms, loan, story)
    if agreed_anew:
        made.agreed(story, percent=Decimal(3), entry_key=uuid.uuid4())
    with pytest.raises(PutRightSince):
        made.agreed(story, entry_key=key)
    assert Loan.objects.count() == agreed_anew


def test_a_loan_that_is_paid_out_or_has_entries_is_not_removed(story, loan):
    services.repay(loan, on=day(-5), amount=Decimal(5000), user=story.officer)
    with pytest.raises(PaidOut):
        put(correcting.remove_terms, loan, story)
    paid = [event for event in story.fresh().timeline if event.kind == "moved"][-1]
    take_back(story.fresh(), paid, reason="Forkert", user=story.officer, expected=story.fresh().version)
    with pytest.raises(HasEntries):
        put(correcting.remove_terms, loan, story)


def test_a_removed_report_is_to_be_written_again(story, loan, operator):
    report = services.report(loan, new_jobs=Decimal(9), text="En andens", user=story.borrower)
    assert jobs_told(operator) == 9
    duty = report.duty
    put(correcting.remove_report, report, story)
    assert jobs_told(operator) in (None, 0)
    assert CaseDuty.objects.get(pk=duty.pk).done_on is None
    assert next_report(now(loan)) == duty
    with pytest.raises(PutRightSince):
        put(correcting.remove_report, report, story)


def test_the_borrower_corrects_the_own_report_and_the_figures_follow(story, loan, operator, sign_in):
    report = services.report(loan, new_jobs=Decimal(12), text="Godt", user=story.borrower)
    assert queries.jobs_of(now(loan)).reached
    address = reverse("lending:correct_report", args=[story.case.pk, report.pk])
    typed = {
        "new_jobs": "1,5",
        "text": "Godt",
        "reason": "Tastefejl",
        "opened_version": story.fresh().version,
    }
    sign_in(story.borrower).post(address, typed)
    assert jobs_told(operator) == Decimal("1.5")
    assert not queries.jobs_of(now(loan)).reached
    assert CaseDuty.objects.get(pk=report.duty_id).text.startswith("1,5 nye")
    assert CaseEvent.objects.get(name="loan_report_corrected").data["before"]["new_jobs"] == "12.0"
    with pytest.raises(NotYours):
        put(correcting.remove_report, report, story, user=story.borrower)


def test_forms_posted_twice_are_written_once(story, loan, as_consultant, sign_in):
    def twice(browser, name, **typed):
        for _press in range(2):
            key = str(uuid.UUID(int=hash(name) % 2**64))
            answer = browser.post(
                reverse(f"lending:{name}", args=[story.case.pk]), {**typed, "entry_key": key}
            )
            assert answer.status_code == 302, name

    twice(as_consultant, "repay", on=day(-5).isoformat(), amount="1.000,25")
    twice(as_consultant, "rate", from_on=day(-50).isoformat(), percent="3,5")
    twice(sign_in(story.borrower), "report", new_jobs="2", text="Godt")
    assert LoanRepayment.objects.get().amount == Decimal("1000.25")
    assert LoanRate.objects.count() == 2
    assert LoanReport.objects.count() == 1


def test_terms_written_twice_on_one_form_are_one_loan(operator, consultant):
    story = made.granted(operator, consultant)
    key = uuid.uuid4()
    assert made.agreed(story, entry_key=key) == made.agreed(story, entry_key=key)
    assert CaseEvent.objects.filter(name="loan_agreed").count() == 1


def test_the_borrowers_page_leads_to_the_report_with_jobs(story, loan, operator, sign_in):
    browser = sign_in(story.borrower)
    page = browser.get(reverse("cases:own_case", args=[story.case.pk])).content.decode()
    form = reverse("lending:report", args=[story.case.pk])
    assert page.count(f'<a class="button button-secondary" href="{form}">') == 1
    duties = CaseDuty.objects.filter(case=story.case, of_applicant=True).order_by("due_on")
    assert browser.get(reverse("cases:own_duty", args=[story.case.pk, duties[0].pk])).url == form
    later = browser.get(reverse("cases:own_duty", args=[story.case.pk, duties[3].pk]), follow=True)
    assert "ikke åben endnu" in later.content.decode()
    browser.post(form, {"new_jobs": "4", "text": "Det går"})
    assert jobs_told(operator) == 4
    assert duties[0].done_on == day()


def test_a_bare_text_is_no_report(story, loan):
    duty = next_report(now(loan))
    for user in (story.borrower, story.officer):
        with pytest.raises(AnsweredElsewhere):
            contents.do_duty(story.fresh(), duty, text="Godt", user=user)
    assert CaseDuty.objects.get(pk=duty.pk).done_on is None


def test_two_reports_in_a_row_do_not_answer_for_next_year(story, loan):
    for jobs in (1, 2, 3):
        services.report(loan, new_jobs=Decimal(jobs), text="Godt", user=story.borrower)
    done = CaseDuty.objects.filter(case=story.case, key__startswith="report_").exclude(done_on=None)
    assert done.count() == 2  # the first is late, and the second's half year has begun
    assert LoanReport.objects.filter(duty=None).count() == 1


def test_the_reminder_leads_to_the_report(story, loan, settings):
    CaseDuty.objects.filter(case=story.case).exclude(key="report_1").update(reminded_on=timezone.localdate())
    tasks.remind(timezone.localdate())
    letter = Letter.objects.filter(subject__contains="husk").get()
    assert reverse("lending:report", args=[story.case.pk]) in letter.body


def test_the_years_without_instalments_are_fewer_than_the_years(operator):
    text = shipped_text("case_type", "concept_loan").replace(
        "years: 7, interest_only_years: 3, addition: 1.5", "years: 5, interest_only_years: 1, addition: 2.25"
    )
    blueprints.adopt(operator, "case_type", text, user=None)
    with pytest.raises(BadDefinition):
        blueprints.adopt(
            operator, "case_type", text.replace("interest_only_years: 1", "interest_only_years: 5"), user=None
        )


def test_a_five_year_loan_is_computed_over_five_years(operator, consultant, monkeypatch):
    text = shipped_text("case_type", "concept_loan").replace(
        "years: 7, interest_only_years: 3, addition: 1.5", "years: 5, interest_only_years: 1, addition: 2.25"
    )
    monkeypatch.setattr(
        made.blueprints,
        "adopt_shipped",
        lambda *a, **k: blueprints.adopt(operator, "case_type", text, user=None),
    )
    story, loan = made.running(operator, consultant, on=dt.date(2026, 1, 31))
    assert (loan.years, loan.interest_only_years, loan.addition) == (5, 1, Decimal("2.25"))
    assert len(loan.plan.lines) == 20
    assert loan.plan.lines[-1].percent == Decimal("5.000")
    assert CaseDuty.objects.filter(case=story.case, key__startswith="report_").count() == 10
    assert "5 år, de første 1 uden afdrag. Derefter stiger renten 2,25 procentpoint." in queries.assumptions(
        loan
    )


def test_a_rate_is_printed_with_every_decimal(story, loan):
    services.new_rate(loan, from_on=day(1), percent=Decimal("3.125"), user=story.officer)
    assert {row[queries.RATE] for row in queries.printed(now(loan).plan)} == {"2,75", "3,125", "4,625"}


def test_the_pages_of_corrections(story, loan, as_consultant):
    services.repay(loan, on=day(-5), amount=Decimal("1000.25"), user=story.officer)
    services.new_rate(loan, from_on=day(-50), percent=Decimal("3.5"), user=story.officer)
    services.report(loan, new_jobs=Decimal(2), text="Godt", user=story.borrower)
    page = as_consultant.get(reverse("lending:loan", args=[story.case.pk])).content.decode()
    rate, repaid, report = LoanRate.objects.last(), LoanRepayment.objects.get(), LoanReport.objects.get()
    assert "298.999,75 kr." in page  # what is owed, to the øre
    for name, row in (("rate", rate), ("repayment", repaid), ("report", report)):
        for verb in ("correct", "remove"):
            address = reverse(f"lending:{verb}_{name}", args=[story.case.pk, row.pk])
            assert address in page
            assert as_consultant.get(address).status_code == 200
    address = reverse("lending:correct_terms", args=[story.case.pk])
    assert 'value="300.000,00"' in as_consultant.get(address).content.decode() or address in page
    typed = {"reason": WHY, "opened_version": story.fresh().version}
    as_consultant.post(reverse("lending:remove_repayment", args=[story.case.pk, repaid.pk]), typed)
    assert not LoanRepayment.objects.exists()
