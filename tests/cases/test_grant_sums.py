# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What applications brought, by scheme, firm and year: each kroner in the year in which it was granted or paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from brobygger.accounts.models import Operator, User
from brobygger.base import indicators
from brobygger.base.indicators import Period
from brobygger.cases.models import Case
from brobygger.cases.queries.figures import Sum_, grants_by
from brobygger.cases.services import contents
from brobygger.cases.services.correcting import redate
from brobygger.cases.services.moving import move
from brobygger.register.models import Organisation
from tests.cases.made import fresh
from tests.cases.test_delivered_types import grant, sent

WHY = "Brevets dato"


@pytest.fixture
def case(operator: Operator, firm: Organisation, consultant: User) -> Case:
    """Applied for in 2023, granted in January 2024, half of it paid in 2025."""
    case = sent(grant(operator, firm), consultant)
    typed = {"granted_amount": 400_000, "grantor": "Prøvepuljen", "aid_rules": "none"}
    contents.fill_in(case, typed, user=consultant, expected=None)
    for event, on in zip(
        case.events.filter(kind__in=("opened", "moved")).order_by("pk"), (10, 20), strict=True
    ):
        redate(
            fresh(case), event, date(2023, 12, on), reason=WHY, user=consultant, expected=fresh(case).version
        )
    move(fresh(case), "grant", user=consultant, expected=fresh(case).version, on=date(2024, 1, 8), reason=WHY)
    contents.pay(fresh(case), Decimal(200_000), on=date(2025, 3, 1), text="Første rate", user=consultant)
    return fresh(case)


def told(rows: list[Sum_]) -> list[tuple[str, int, int, Decimal, Decimal]]:
    return [(row.name, row.applications, row.granted, row.amount, row.paid) for row in rows]


def test_money_stands_in_the_year_it_was_granted_and_in_the_year_it_was_paid(case, consultant) -> None:
    assert told(grants_by(consultant, case.operator, "year")) == [
        ("2025", 0, 0, Decimal(0), Decimal(200_000)),
        ("2024", 1, 1, Decimal(400_000), Decimal(0)),
    ]


@pytest.mark.parametrize("by", ["topic", "organisation"])
def test_a_years_sums_hold_what_was_paid_on_an_earlier_years_grant(case, consultant, by) -> None:
    name = "Herslev Prøvebryg" if by == "organisation" else case.topic
    in_year = {year: told(grants_by(consultant, case.operator, by, year=year)) for year in (2023, 2024, 2025)}
    assert in_year == {
        2023: [],
        2024: [(name, 1, 1, Decimal(400_000), Decimal(0))],
        2025: [(name, 0, 0, Decimal(0), Decimal(200_000))],
    }
    assert told(grants_by(consultant, case.operator, by)) == [
        (name, 1, 1, Decimal(400_000), Decimal(200_000))
    ]


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_page_says_the_same_as_the_plans_goals(case, consultant, as_consultant, year) -> None:
    whole = Period(date(year, 1, 1), date(year, 12, 31))
    goal = {
        name: indicators.read(f"cases.support_{name}", whole, case.operator, {}).value
        for name in ("granted", "paid")
    }
    rows = {row.key: row for row in grants_by(consultant, case.operator, "year")}
    summed = (rows[year].amount, rows[year].paid) if year in rows else (0, 0)
    assert summed == (goal["granted"], goal["paid"])
    page = as_consultant.get(f"/sager/stoette/?aar={year}").content.decode()
    assert (
        "Herslev" in as_consultant.get(f"/sager/stoette/?efter=virksomhed&aar={year}").content.decode()
    ) is (year > 2023)
    assert ("200.000 kr. udbetalt" in page) is (year == 2025)
