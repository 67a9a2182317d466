# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The concept loan's plan: catalogue of good practice, case 5 (seven years, three without instalments, then 1.5 percentage points more)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brobygger.cases.loan import BadTerms, DayCount, Fault, Kind, Rate, Repayment, Terms, plan
from brobygger.cases.loan.days import days_between, months_after

START = dt.date(2026, 1, 15)
ORE = Decimal("0.01")


def loan(**changes):
    first = {
        "principal": Decimal("500000.00"),
        "paid_out_on": START,
        "rates": [Rate(START, Decimal("2.75"))],
    }
    return Terms(**{**first, **changes})


def test_seven_years_the_first_three_without_instalments():
    lines = plan(loan()).lines
    assert len(lines) == 28
    assert [line.kind for line in lines] == [Kind.INTEREST_ONLY] * 12 + [Kind.INSTALMENT] * 16
    assert lines[11].on == dt.date(2029, 1, 15)
    assert lines[-1].on == dt.date(2033, 1, 15)
    assert {line.balance for line in lines[:12]} == {Decimal("500000.00")}
    assert lines[12].principal == Decimal("31250.00")
    assert lines[-1].balance == 0


def test_the_first_terms_interest_by_hand():
    """500,000 kr. at 2.75 % for the 90 days from 15 January to 15 April: 500000 x 0.0275 x 90 / 365 = 3390.41."""
    first = plan(loan()).lines[0]
    assert (first.on, first.days, first.interest) == (dt.date(2026, 4, 15), 90, Decimal("3390.41"))
    thirty = plan(loan(day_count=DayCount.THIRTY_360)).lines[0]
    assert (thirty.days, thirty.interest) == (90, Decimal("3437.50"))  # a quarter of 13,750


def test_the_rate_goes_up_by_one_and_a_half_points_after_three_years():
    lines = plan(loan(day_count=DayCount.THIRTY_360)).lines
    assert {line.percent for line in lines[:12]} == {Decimal("2.75")}
    assert {line.percent for line in lines[12:]} == {Decimal("4.25")}
    assert lines[12].interest == Decimal("5312.50")  # a quarter of 4.25 % of 500,000


def test_a_change_of_rate_within_a_term_counts_from_its_day():
    """45 days at 2 %, 45 at 4 % on 360,000 kr. is a quarter at 3 %."""
    rates = [Rate(START, Decimal(2)), Rate(dt.date(2026, 3, 1), Decimal(4))]
    lines = plan(loan(principal=Decimal(365000), rates=rates)).lines
    assert lines[0].interest == Decimal(45 * 20 + 45 * 40)
    assert lines[0].percent == Decimal(4)
    assert lines[1].interest == Decimal(91 * 40)


def test_monthly_terms():
    lines = plan(loan(per_year=12)).lines
    assert len(lines) == 84
    assert lines[35].kind == Kind.INTEREST_ONLY
    assert lines[36].principal == Decimal("10416.67")
    assert lines[-1].principal == Decimal("500000") - 47 * Decimal("10416.67")


def test_an_extraordinary_repayment_makes_the_rest_smaller():
    terms = loan(repayments=[Repayment(dt.date(2029, 3, 1), Decimal("100000.00"))])
    lines = plan(terms).lines
    extra = lines[12]
    assert (extra.kind, extra.principal, extra.interest) == (Kind.EXTRAORDINARY, Decimal(100000), 0)
    assert lines[13].principal == Decimal("25000.00")
    assert lines[-1].on == terms.ends_on
    at_rate = Decimal("0.0425")
    expected = (500000 * 45 + 400000 * 45) * at_rate / 365  # 15 January to 1 March, 1 March to 15 April
    assert lines[13].interest == expected.quantize(ORE, ROUND_HALF_UP)


def test_repaying_everything_settles_the_interest_and_ends_the_plan():
    found = plan(loan(repayments=[Repayment(dt.date(2026, 2, 14), Decimal("500000.00"))]))
    (last,) = found.lines
    assert (last.kind, last.balance, last.days) == (Kind.SETTLEMENT, 0, 30)
    assert last.interest == (Decimal(500000) * Decimal("0.0275") * 30 / 365).quantize(ORE, ROUND_HALF_UP)
    assert found.repaid_on == dt.date(2026, 2, 14)


@pytest.mark.parametrize("amount", ["500000.01", "900000"])
def test_more_than_is_owed_cannot_be_repaid(amount):
    with pytest.raises(BadTerms) as told:
        plan(loan(repayments=[Repayment(dt.date(2026, 2, 14), Decimal(amount))]))
    assert told.value.fault == Fault.REPAID_TOO_MUCH


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"principal": Decimal(0)}, Fault.PRINCIPAL),
        ({"principal": Decimal("10.005")}, Fault.PRINCIPAL),
        ({"interest_only_years": 7}, Fault.YEARS),
        ({"interest_only_years": -1}, Fault.YEARS),
        ({"per_year": 2}, Fault.PER_YEAR),
        ({"rates": []}, Fault.RATES),
        ({"rates": [Rate(START + dt.timedelta(1), Decimal(2))]}, Fault.RATES),
        ({"rates": [Rate(START, Decimal(2)), Rate(START, Decimal(3))]}, Fault.RATES),
        ({"rates": [Rate(START, Decimal("-0.1"))]}, Fault.RATES),
        ({"repayments": [Repayment(START - dt.timedelta(1), Decimal(1))]}, Fault.REPAYMENT),
        ({"repayments": [Repayment(dt.date(2033, 1, 15), Decimal(1))]}, Fault.REPAYMENT),
        ({"repayments": [Repayment(START, Decimal(-1))]}, Fault.REPAYMENT),
    ],
)
def test_terms_that_make_no_sense_are_refused(changes, fault):
    with pytest.raises(BadTerms) as told:
        loan(**changes)
    assert told.value.fault == fault


def test_a_loan_paid_out_on_the_leap_day_keeps_to_the_end_of_february():
    terms = loan(paid_out_on=dt.date(2024, 2, 29), rates=[Rate(dt.date(2024, 1, 1), Decimal(3))])
    dates = terms.dates()
    assert dates[3] == dt.date(2025, 2, 28)
    assert dates[4] == dt.date(2025, 5, 29)
    assert dates[15] == dt.date(2028, 2, 29)
    assert terms.ends_on == dt.date(2031, 2, 28)


def test_a_leap_year_has_a_days_more_interest_by_actual_days():
    rates = [Rate(dt.date(2023, 1, 1), Decimal(3))]
    common = plan(loan(principal=Decimal(365000), paid_out_on=dt.date(2023, 1, 1), rates=rates)).lines[:4]
    leap = plan(loan(principal=Decimal(365000), paid_out_on=dt.date(2024, 1, 1), rates=rates)).lines[:4]
    assert sum(line.interest for line in common) == 365 * 30
    assert sum(line.interest for line in leap) == 366 * 30


def test_what_is_owed_on_a_day():
    found = plan(loan())
    assert found.owed_on(START - dt.timedelta(1)) == 0
    assert found.owed_on(START) == 500000
    assert found.owed_on(dt.date(2029, 4, 15)) == 468750
    assert found.owed_on(dt.date(2040, 1, 1)) == 0


DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
KRONER = st.decimals(Decimal("0.01"), Decimal("1000000"), places=2)
PERCENT = st.decimals(Decimal(0), Decimal(15), places=2)


@st.composite
def loans(draw):
    start = draw(DAYS)
    principal = draw(KRONER)
    later = st.integers(1, 7 * 366).map(lambda days: start + dt.timedelta(days))
    changed = draw(st.lists(st.tuples(later, PERCENT), max_size=4, unique_by=lambda pair: pair[0]))
    rates = [Rate(start - dt.timedelta(draw(st.integers(0, 400))), draw(PERCENT))]
    rates += [Rate(day, percent) for day, percent in changed]
    years = draw(st.integers(1, 9))
    terms = Terms(
        principal=principal,
        paid_out_on=start,
        rates=rates,
        years=years,
        interest_only_years=draw(st.integers(0, years - 1)),
        addition=draw(PERCENT),
        per_year=draw(st.sampled_from([4, 12])),
        day_count=draw(st.sampled_from(DayCount)),
    )
    return with_repayments(draw, terms)


def with_repayments(draw, terms):
    """A tenth of the loan on up to three days of the interest-only years."""
    tenth = (terms.principal / 10).quantize(ORE)
    length = (terms.adds_from - terms.paid_out_on).days
    days = draw(st.lists(st.integers(0, max(0, length - 1)), max_size=3, unique=True))
    if tenth < ORE or not terms.interest_only_years:
        return terms
    return replace(
        terms, repayments=[Repayment(terms.paid_out_on + dt.timedelta(day), tenth) for day in days]
    )


@given(loans())
def test_the_instalments_add_up_to_the_loan_to_the_ore(terms):
    found = plan(terms)
    assert sum(line.principal for line in found.lines) == terms.principal
    assert found.lines[-1].balance == 0
    assert all(line.balance >= 0 and line.principal >= 0 and line.interest >= 0 for line in found.lines)
    assert found.payments == terms.principal + found.interest
    for amount in (value for line in found.lines for value in (line.principal, line.interest, line.balance)):
        assert amount == amount.quantize(ORE)


@given(loans())
def test_the_balance_falls_by_what_is_repaid_and_days_never_go_back(terms):
    owed, last = terms.principal, terms.paid_out_on
    for line in plan(terms).lines:
        owed -= line.principal
        assert line.balance == owed
        assert line.on >= last
        last = line.on


@given(loans())
def test_no_instalment_before_the_interest_only_years_are_over_and_equal_ones_after(terms):
    lines = plan(terms).lines
    assert all(
        line.principal == 0
        for line in lines
        if line.on <= terms.adds_from and line.kind != Kind.EXTRAORDINARY
    )
    regular = [line.principal for line in lines if line.kind == Kind.INSTALMENT]
    assert len(set(regular[:-1])) <= 1


@given(loans())
def test_the_interest_is_that_of_counting_day_by_day(terms):
    """Another way: one day after the other, what is owed that evening times that day's rate."""
    found = plan(terms)
    falls = {}
    for line in found.lines:
        falls[line.on] = falls.get(line.on, Decimal(0)) + line.principal
    rates = sorted((rate.from_on, rate.percent) for rate in terms.rates)
    dues = {line.on: line.interest for line in found.lines if line.kind != Kind.EXTRAORDINARY}
    owed, day, accrued = Fraction(terms.principal), terms.paid_out_on, Fraction(0)
    owed -= Fraction(falls.pop(day, Decimal(0)))
    while day < found.repaid_on:
        percent = [percent for start, percent in rates if start <= day][-1]
        if day >= terms.adds_from:
            percent += terms.addition
        counted, basis = 1, 365
        following = day + dt.timedelta(1)
        if terms.day_count is DayCount.THIRTY_360:
            counted, basis = of_thirty(day, following), 360
        accrued += owed * Fraction(percent) * counted / (100 * basis)
        day = following
        if day in dues:
            assert abs(Fraction(dues[day]) - accrued) <= Fraction(1, 200)
            accrued = Fraction(0)
        owed -= Fraction(falls.get(day, Decimal(0)))
    assert owed == 0


def of_thirty(day, following):
    """A day's share of a month of 30: none on the 30th of a month with 31, and what is missing at February's end."""
    if following.month == day.month:
        return 0 if following.day == 31 else 1
    return 31 - min(day.day, 30)


@given(DAYS, st.integers(0, 200), st.integers(0, 200), st.sampled_from(DayCount))
def test_days_of_parts_add_up(start, first, second, count):
    middle, end = start + dt.timedelta(first), start + dt.timedelta(first + second)
    whole = days_between(start, end, count)
    assert whole == days_between(start, middle, count) + days_between(middle, end, count)


@given(DAYS, st.integers(0, 120))
def test_a_month_later_is_the_same_day_or_the_months_last(start, months):
    found = months_after(start, months)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day == start.day or (found + dt.timedelta(1)).day == 1
