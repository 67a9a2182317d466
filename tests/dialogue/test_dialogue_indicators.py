# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the plan counts of the dialogue: talks, visits, the mayor's, firms, and how much of the portfolio was reached."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base import indicators
from brobygger.base.indicators import Period, Reading
from brobygger.register.models import Organisation
from tests.dialogue.made import talk
from tests.dialogue.outreach import member
from tests.factories import OrganisationFactory, user_as

YEAR = timezone.localdate().year - 1
PERIOD = Period(date(YEAR, 1, 1), date(YEAR, 12, 31))


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, founded_on=date(2001, 5, 1))


def read(key: str, operator: Operator, **parameters: Any) -> Reading:
    return indicators.read(f"dialogue.{key}", PERIOD, operator, parameters)


def on(month: int, year: int = YEAR) -> date:
    return date(year, month, 10)


def test_each_kind_of_talk_counts_where_it_belongs(
    operator: Operator, consultant: User, firm: Organisation
) -> None:
    for kind in ("call", "meeting", "visit", "mayor_visit", "letter", "mail", "note"):
        talk(firm, consultant, kind=kind, on=on(3))
    values = {key: read(key, operator).value for key in ("talks", "visits", "mayor_visits", "firms")}
    assert values == {"talks": 4, "visits": 2, "mayor_visits": 1, "firms": 1}
    assert read("talks", operator, kind="call").value == 1


def test_only_the_period_counts_both_days_included(
    operator: Operator, consultant: User, firm: Organisation
) -> None:
    for day in (date(YEAR - 1, 12, 31), PERIOD.start, PERIOD.end, date(YEAR + 1, 1, 1)):
        talk(firm, consultant, kind="visit", on=day)
    reading = read("visits", operator)
    assert reading.value == 2
    assert [record.when for record in reading.records] == [PERIOD.start, PERIOD.end]


def test_a_talk_with_two_firms_is_one_talk_and_two_firms(
    operator: Operator, consultant: User, firm: Organisation
) -> None:
    other = OrganisationFactory(operator=operator)
    talk(firm, consultant, organisations=[firm, other], on=on(2))
    talk(firm, consultant, on=on(4))
    assert read("talks", operator).value == 2
    assert read("firms", operator).value == 2


def test_the_result_contract_counts_each_municipality_and_entrepreneurs_apart(
    operator: Operator, consultant: User, firm: Organisation
) -> None:
    there = OrganisationFactory(operator=operator, municipality_code="0756", founded_on=date(YEAR - 1, 1, 1))
    unknown = OrganisationFactory(operator=operator, municipality_code="0756")
    for one in (firm, there, unknown):
        talk(one, consultant, on=on(5))
    assert read("visits", operator, municipality="0756").value == 2
    assert read("firms", operator, group="start").value == 1
    assert read("firms", operator, group="established").value == 2
    assert read("firms", operator, group="start", municipality="0350").value == 0


def test_a_firm_is_an_entrepreneurs_for_three_years(operator: Operator, consultant: User) -> None:
    day = on(6)
    for founded, young in ((day.replace(year=YEAR - 3), False), (day.replace(year=YEAR - 3, day=11), True)):
        firm = OrganisationFactory(operator=operator, founded_on=founded)
        talk(firm, consultant, on=day)
        assert read("firms", operator, group="start").value == int(young)


def test_a_record_leads_to_the_talk_and_names_nobody(
    operator: Operator, consultant: User, firm: Organisation
) -> None:
    made = talk(firm, consultant, kind="mayor_visit", on=on(3), text="Hemmelig opsigelse")
    (record,) = read("mayor_visits", operator).records
    assert (record.label, record.url) == ("Borgmesterbesøg, Lejre", made.get_absolute_url())
    assert firm.name not in record.label


def test_other_offices_talks_do_not_count(operator: Operator) -> None:
    theirs = OrganisationFactory()
    talk(theirs, user_as("consultant", theirs.operator), on=on(3))
    assert read("talks", operator).value == 0


def test_the_share_of_the_portfolio_that_was_talked_with_in_three_years(
    operator: Operator, consultant: User, firm: Organisation
) -> None:
    assert read("portfolio_reached", operator).value is None
    reached, late, never = (member(operator, consultant).organisation for _ in range(3))
    talk(reached, consultant, on=on(1, YEAR - 2))
    talk(late, consultant, on=date(YEAR - 3, 12, 1))
    talk(firm, consultant, on=on(3))
    reading = read("portfolio_reached", operator)
    assert reading.value == Decimal("33.3")
    assert len(reading.records) == 1
    assert reading.missing.startswith("2 virksomheder i porteføljen")
    assert read("portfolio_reached", operator, months=48).value == Decimal("66.7")
    assert never.name not in str(reading)
