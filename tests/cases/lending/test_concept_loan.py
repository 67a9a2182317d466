# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The concept loan from the first call until it is paid back (catalogue of good practice, case 5), and attempts to get round its gates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base.models import Letter
from brobygger.cases.errors import (
    BadValues,
    CaseIsOver,
    Conflicted,
    MustBeDecided,
    NoSuchWay,
    NotReady,
    NotYours,
    VotedAlready,
)
from brobygger.cases.lending import queries, services
from brobygger.cases.lending.errors import (
    AgreedAlready,
    BadLoan,
    MoreThanGranted,
    NotGranted,
    NotPaidOut,
    RateTaken,
)
from brobygger.cases.lending.models import Loan
from brobygger.cases.models import Case, CaseDuty
from brobygger.cases.services import contents
from brobygger.register.models import Affiliation
from tests.cases.lending import made
from tests.factories import PersonFactory, user_as


def text_of(answer):
    return answer.content.decode()


def test_from_the_first_call_until_it_is_paid_back(operator, consultant):
    story, loan = made.running(operator, consultant, on=timezone.localdate() - dt.timedelta(days=200))
    stages = [event.data["to"] for event in story.fresh().timeline if event.kind == "moved"]
    assert stages == ["at_bank", "first_round", "sparring", "second_round", "granted", "running"]
    to_the_firm = Letter.objects.filter(to=[story.borrower.email]).order_by("created_at")
    assert [letter.subject.partition(": ")[2] for letter in to_the_firm] == [
        "vi har fået jeres henvendelse om et konceptlån", "I skal møde styregruppen", "ja til jeres konceptlån",
    ]  # fmt: skip
    reports = CaseDuty.objects.filter(case=story.case, of_applicant=True).order_by("due_on")
    assert reports.count() == 14  # each half year for seven years
    services.report(loan, new_jobs=Decimal(11), text="To nye ordrer.", user=story.borrower)
    assert reports.first().done_on == timezone.localdate()
    jobs = queries.jobs_of(loan)
    assert jobs.reached
    with pytest.raises(NotReady) as told:
        story.go("repaid")
    assert told.value.missing == ["Der skyldes stadig 300.000 kr."]
    services.repay(loan, on=timezone.localdate(), amount=Decimal(300_000), user=consultant)
    story.go("repaid")
    assert not story.fresh().is_open


def test_the_bank_pays_the_loan_so_the_office_notes_no_payment(operator, consultant, sign_in):
    story, _loan = made.running(operator, consultant, on=timezone.localdate() - dt.timedelta(days=20))
    with pytest.raises(BadValues):
        contents.pay(story.fresh(), Decimal(1000), on=timezone.localdate(), text="", user=consultant)
    assert "Udbetalinger" not in text_of(sign_in(consultant).get(story.case.get_absolute_url()))


def test_the_steps_come_in_their_order(operator, consultant):
    story = made.started(operator, consultant)
    for way in ("recommend", "met", "ready", "decide", "pay_out", "repaid"):
        with pytest.raises(NoSuchWay):
            story.go(way)
    with pytest.raises(NotReady) as told:
        story.go("choose_bank")
    assert told.value.missing == ["Der er ikke valgt nogen som »Driftsbank«."]


def test_the_first_meeting_is_twenty_minutes_three_times(operator, consultant):
    story = made.started(operator, consultant)
    contents.add_party(story.case, "bank", user=consultant, organisation=story.bank)
    story.go("choose_bank")
    story.go("recommend", story.banker)
    contents.add_party(story.case, "group", user=consultant, party_user=story.group[0])
    story.fill(first_meeting=timezone.localdate())
    story.tick("told", "talked")
    with pytest.raises(NotReady) as told:
        story.go("met")
    assert told.value.missing == ["»20 minutters sparring og rådgivning« er ikke markeret."]


def test_neither_bank_nor_steering_group_decides_alone(operator, consultant, head):
    story = made.at_decision(operator, consultant)
    for person in (consultant, head, story.banker, *story.group):
        with pytest.raises(MustBeDecided):
            story.go("decide", person)
    story.vote(story.banker)
    assert story.fresh().stage == "second_round"
    with pytest.raises(VotedAlready):
        story.vote(story.banker)
    for member in story.group[:2]:
        story.vote(member)
        assert story.fresh().stage == "second_round"
    story.vote(story.group[2])
    assert story.fresh().stage == "granted"


def test_the_group_alone_does_not_grant_it(operator, consultant):
    story = made.at_decision(operator, consultant)
    for member in story.group:
        story.vote(member)
    assert story.fresh().stage == "second_round"
    story.vote(story.banker, "no", reason="For usikkert")
    assert (story.fresh().stage, story.fresh().outcome) == ("refused", "refused")


def test_neither_office_nor_borrower_votes(operator, consultant):
    story = made.at_decision(operator, consultant)
    for person in (consultant, story.borrower):
        with pytest.raises((NotYours, Conflicted)):
            story.vote(person)


@pytest.mark.parametrize(
    ("amount", "newcomer", "allowed"),
    [(500_000, False, True), (500_001, False, False), (500_001, True, True), (1_000_001, True, False)],
)
def test_the_cap_holds_and_is_higher_for_a_firm_that_moves_in(
    operator, consultant, amount, newcomer, allowed
):
    story = made.at_decision(operator, consultant, amount=amount, newcomer=newcomer)
    if allowed:
        story.vote(story.banker)
    else:
        with pytest.raises(NotReady):
            story.vote(story.banker)


def test_fewer_than_ten_jobs_is_no_go(operator, consultant):
    story = made.at_decision(operator, consultant, jobs=9)
    with pytest.raises(NotReady) as told:
        story.vote(story.banker)
    assert "mindst 10" in told.value.missing[0]


def test_a_member_who_has_a_stake_in_the_firm_neither_sees_nor_votes(operator, consultant, sign_in):
    story = made.at_decision(operator, consultant)
    partial = story.group[1]
    assert Case.objects.visible_to(partial).filter(pk=story.case.pk).exists()
    person = PersonFactory(operator=operator, user=partial)
    Affiliation.objects.create(person=person, organisation=story.firm, may_act=False)
    assert not Case.objects.visible_to(partial).filter(pk=story.case.pk).exists()
    with pytest.raises(Conflicted):
        story.vote(partial)
    assert sign_in(partial).get(reverse("lending:loan", args=[story.case.pk])).status_code == 404
    for voter in (story.banker, story.group[0], story.group[2]):
        story.vote(voter)
    assert story.fresh().stage == "second_round"  # the quorum of three is not there without the third


def test_a_consultant_with_a_stake_does_not_handle_it(operator, consultant, sign_in):
    story = made.granted(operator, consultant)
    other = user_as(Role.CONSULTANT, operator)
    contents.add_party(story.case, "partial", user=consultant, party_user=other)
    with pytest.raises(Conflicted):
        services.agree(
            story.case, principal=Decimal(1), paid_out_on=timezone.localdate(), percent=Decimal(1), per_year=4,
            day_count="30/360", user=other,
        )  # fmt: skip
    assert sign_in(other).get(reverse("lending:agree", args=[story.case.pk])).status_code == 404


def test_no_loan_before_both_have_said_yes(operator, consultant, as_consultant):
    story = made.at_decision(operator, consultant)
    with pytest.raises(NotGranted):
        made.agreed(story)
    assert as_consultant.post(reverse("lending:agree", args=[story.case.pk]), {}).status_code == 404


def test_the_loan_is_at_most_what_was_decided_even_when_the_case_says_more_by_now(operator, consultant):
    story = made.granted(operator, consultant)
    with pytest.raises(BadValues, match="Beløbet er afgjort"):
        story.fill(amount=900_000)
    Case.objects.filter(pk=story.case.pk).update(values=story.fresh().values | {"amount": "900000.00"})
    assert story.fresh().granted.amount == 300_000
    with pytest.raises(MoreThanGranted):
        made.agreed(story, principal=Decimal("300000.01"))
    made.agreed(story)
    with pytest.raises(AgreedAlready):
        made.agreed(story)


def test_it_is_not_paid_out_without_terms_and_a_lasting_sparring_partner(operator, consultant):
    story = made.granted(operator, consultant)
    with pytest.raises(NotReady) as told:
        story.go("pay_out")
    assert told.value.missing == [
        "Der er ikke valgt nogen som »Fast sparringspartner«.",
        "Lånets vilkår er ikke skrevet ind.",
    ]


def test_terms_are_written_on_the_page_and_the_plan_is_shown_and_exported(
    operator, consultant, as_consultant
):
    story = made.granted(operator, consultant)
    typed = {
        "principal": "300.000,00", "paid_out_on": "2026-01-15", "percent": "2,75", "per_year": "4",
        "day_count": "30/360",
    }  # fmt: skip
    page = as_consultant.post(reverse("lending:agree", args=[story.case.pk]), typed, follow=True)
    assert "2.062,50" in text_of(page)  # a quarter of 2.75 % of 300,000
    assert "18.750,00" in text_of(page)  # a sixteenth
    for name, start in (("export", b"PK"), ("pdf", b"%PDF")):
        answer = as_consultant.get(reverse(f"lending:{name}", args=[story.case.pk]))
        assert answer.content.startswith(start)
    assert AuditEntry.objects.filter(action="export", operator=operator, about=str(story.case)).count() == 2


def test_a_new_rate_and_a_repayment_change_what_is_to_come(operator, consultant, as_consultant):
    story, loan = made.running(operator, consultant, on=dt.date(2026, 1, 15))
    before = loan.plan.interest
    as_consultant.post(
        reverse("lending:rate", args=[story.case.pk]), {"from_on": "2026-07-15", "percent": "4,25"}
    )
    dearer = Loan.objects.get(pk=loan.pk).plan.interest
    assert dearer > before
    as_consultant.post(
        reverse("lending:repay", args=[story.case.pk]), {"on": "2026-08-01", "amount": "100.000"}
    )
    assert Loan.objects.get(pk=loan.pk).plan.interest < dearer
    assert Loan.objects.get(pk=loan.pk).plan.owed_on(dt.date(2026, 8, 2)) == 200_000
    with pytest.raises(RateTaken):
        services.new_rate(loan, from_on=dt.date(2026, 7, 15), percent=Decimal(1), user=consultant)
    with pytest.raises(BadLoan):
        services.repay(loan, on=dt.date(2026, 8, 2), amount=Decimal(200_001), user=consultant)
    assert Loan.objects.get(pk=loan.pk).repayments.count() == 1


def test_everybody_who_reads_the_loan_comes_back_to_the_case(operator, consultant, as_consultant, sign_in):
    story, _loan = made.running(operator, consultant)
    for browser in (as_consultant, sign_in(story.borrower), sign_in(story.group[0])):
        (_title, back), _here = browser.get(reverse("lending:loan", args=[story.case.pk])).context["crumbs"]
        assert browser.get(back).status_code == 200


def test_the_borrower_reads_the_plan_and_reports_but_changes_nothing(operator, consultant, sign_in):
    story, loan = made.running(operator, consultant)
    browser = sign_in(story.borrower)
    assert "Betalingsplan" in text_of(browser.get(reverse("lending:loan", args=[story.case.pk])))
    posted = browser.post(
        reverse("lending:report", args=[story.case.pk]),
        {"new_jobs": "2,5", "text": "Det går godt"},
        follow=True,
    )
    assert "2,5 nye arbejdspladser" in text_of(posted)
    for name in ("rate", "repay", "agree"):
        assert browser.post(reverse(f"lending:{name}", args=[story.case.pk]), {}).status_code == 403
    with pytest.raises(NotYours):
        services.new_rate(loan, from_on=timezone.localdate(), percent=Decimal(0), user=story.borrower)


def test_others_do_not_see_the_loan(operator, consultant, sign_in):
    story, _loan = made.running(operator, consultant)
    for person in (user_as(Role.PARTNER, operator), user_as(Role.CONSULTANT)):
        for name in ("loan", "export", "pdf", "report"):
            assert sign_in(person).get(reverse(f"lending:{name}", args=[story.case.pk])).status_code == 404


def test_the_bank_and_the_group_read_the_plan_but_do_not_report_for_the_borrower(
    operator, consultant, sign_in
):
    story, loan = made.running(operator, consultant)
    for person in (story.banker, story.group[0]):
        assert sign_in(person).get(reverse("lending:loan", args=[story.case.pk])).status_code == 200
        with pytest.raises(NotYours):
            services.report(loan, new_jobs=Decimal(50), text="Alt er godt", user=person)


def test_no_reports_of_a_loan_that_is_not_paid_out(operator, consultant):
    story = made.granted(operator, consultant)
    loan = made.agreed(story)
    with pytest.raises(NotPaidOut):
        services.report(loan, new_jobs=Decimal(1), text="x", user=story.borrower)


def test_the_jobs_are_counted_by_their_day(operator, consultant):
    story, loan = made.running(operator, consultant, on=timezone.localdate() - dt.timedelta(days=1200))
    services.report(loan, new_jobs=Decimal(15), text="For sent", user=story.borrower)
    jobs = queries.jobs_of(loan)
    assert not jobs.reached
    assert jobs.words == "Ikke opfyldt til tiden"


def test_nothing_changes_in_a_loan_that_is_over(operator, consultant):
    story, loan = made.running(operator, consultant)
    story.go("lost", reason="Konkurs")
    with pytest.raises(CaseIsOver):
        services.new_rate(loan, from_on=timezone.localdate(), percent=Decimal(9), user=consultant)
    with pytest.raises(NotPaidOut):
        services.report(loan, new_jobs=Decimal(1), text="x", user=story.borrower)
