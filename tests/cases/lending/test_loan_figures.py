# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What loans put on the plan: how many, how much, how many jobs, and never whose."""

from __future__ import annotations

from decimal import Decimal

from brobygger.base import indicators
from brobygger.base.indicators import Period, Reading
from brobygger.cases.lending import services
from brobygger.cases.services.correcting import redate
from tests.cases.lending import made
from tests.cases.made import day
from tests.factories import OperatorFactory


def read(key: str, operator, since: int = -10) -> Reading:
    return indicators.read(key, Period(day(since), day()), operator, {})


def test_loans_are_counted_with_the_money_that_was_paid_out(operator, consultant):
    made.running(operator, consultant)
    assert read("cases.loans_granted", operator).value == 1
    assert read("cases.loans_dkk", operator).value == Decimal(300_000)
    assert read("cases.loans_granted", OperatorFactory()).value == 0


def test_a_loan_paid_out_before_the_period_is_not_in_it(operator, consultant):
    made.running(operator, consultant, on=day(-30))
    assert read("cases.loans_dkk", operator).value == 0
    assert read("cases.loans_dkk", operator, since=-40).value == Decimal(300_000)


def test_a_loan_whose_date_was_put_right_counts_on_the_right_day(operator, consultant):
    story = made.granted(operator, consultant)
    for event in story.case.events.filter(kind__in=("opened", "moved")).order_by("pk"):
        redate(story.case, event, day(-40), reason="Skrevet for sent", user=consultant, expected=story.fresh().version)  # fmt: skip
    assert read("cases.loans_granted", operator).value == 0
    (record,) = read("cases.loans_granted", operator, since=-50).records
    assert record.when == day(-40)


def test_jobs_are_those_of_the_latest_report_and_not_the_sum_of_reports(operator, consultant):
    story, loan = made.running(operator, consultant, on=day(-300))
    for jobs in (2, 5):
        services.report(loan, new_jobs=Decimal(jobs), text="Det går", user=story.borrower)
    found = read("cases.loan_jobs", operator)
    assert found.value == 5
    assert len(found.records) == 1


def test_records_lead_to_the_case_and_do_not_name_the_firm(operator, consultant):
    story, loan = made.running(operator, consultant)
    services.report(loan, new_jobs=Decimal(1), text="Det går", user=story.borrower)
    for key in ("loans_granted", "loans_dkk", "loan_jobs"):
        (record,) = read(f"cases.{key}", operator).records
        assert record.label == story.case.number
        assert record.url == story.case.get_absolute_url()
        assert record.key == story.case.pk
