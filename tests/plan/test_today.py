# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the plan says on "I dag"."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.base import indicators
from brobygger.base.indicators import Reading
from brobygger.plan import services
from brobygger.plan.panels import MOST
from tests.factories import OperatorFactory, user_as

pytestmark = pytest.mark.django_db
HEADING = "Mål, der er bagud"


@pytest.fixture
def figures(monkeypatch):
    """Figures that are what the test says: {key: value}."""
    values = {}

    def publish(key, value):
        values[key] = Decimal(value)
        figure = indicators.Indicator(
            key, key, "besøg", lambda period, operator: Reading(values[key], []), {}
        )
        monkeypatch.setitem(indicators._registry, key, figure)
        return key

    return publish


def running(operator, responsible, figure, *, target=10, name="", starts=100, ends=0):
    """A goal whose period began `starts` days ago and ends in `ends` days (0: nearly over)."""
    plan = services.create_plan(operator, name="Handlingsplan", year_from=2026, year_to=2026)
    initiative = services.add_initiative(
        services.add_track(plan, name="Klima"), name="Vejledning", responsible=responsible
    )
    today = timezone.localdate()
    return services.add_goal(
        initiative, name=name or figure, indicator=figure, unit="besøg", target=Decimal(target),
        starts_on=today - timedelta(days=starts), ends_on=today + timedelta(days=ends),
    )  # fmt: skip


def shown(client, **question):
    return client.get(reverse("market:today"), question).content.decode()


def test_the_one_responsible_sees_what_is_behind_and_how_far(operator, head, as_head, figures):
    running(operator, head, figures("bagud", 4))
    running(operator, head, figures("nået", 10))
    page = shown(as_head)
    assert HEADING in page
    assert "4 af 10 besøg" in page
    assert "100 % af tiden er gået" in page
    assert "1 af 2 løbende mål er bagud." in page
    assert ">nået<" not in page


def test_what_is_furthest_behind_comes_first_and_the_rest_is_counted(operator, head, as_head, figures):
    for value in range(MOST + 2):
        running(operator, head, figures(f"mål-{value}", value))
    page = shown(as_head)
    places = [page.find(f">mål-{value}<") for value in range(MOST + 2)]
    assert places[:MOST] == sorted(places[:MOST])
    assert places[0] > 0
    assert set(places[MOST:]) == {-1}
    assert "7 af 7 løbende mål er bagud." in page


def test_a_colleague_s_goals_are_among_the_whole_office_s_only(operator, head, as_consultant, figures):
    running(operator, head, figures("chefens", 1))
    assert HEADING not in shown(as_consultant)
    assert ">chefens<" in shown(as_consultant, vis="alle")


def test_goals_that_are_over_or_not_begun_and_another_office_s_are_not_there(
    operator, head, as_head, figures
):
    running(operator, head, figures("forbi", 1), starts=100, ends=-1)
    running(operator, head, figures("kommer", 1), starts=-1, ends=30)
    elsewhere = OperatorFactory()
    running(elsewhere, user_as(Role.HEAD, elsewhere), figures("naboens", 1))
    assert HEADING not in shown(as_head, vis="alle")
