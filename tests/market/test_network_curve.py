# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The curve between kroner and CO2e: its points, what a tonne of CO2e is worth at each, and choosing one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from brobygger.accounts.models import Role
from brobygger.knowledge.factors import Worth
from brobygger.market.models import NetworkRun
from brobygger.market.queries import network as queries
from brobygger.market.services.network import problem
from brobygger.market.services.network.curve import Point, price_within
from brobygger.market.wording import goal_text, price_range
from tests.factories import OperatorFactory, user_as
from tests.market.test_network_plan import have, need, plan, proposed

FIGURES = {"a": Worth(10.0, 900.0, None, None), "b": Worth(500.0, 50.0, None, None), "c": Worth(200.0, 600.0, None, None)}  # fmt: skip
PLAN = reverse("market:network_plan")


@pytest.fixture
def choice(operator, monkeypatch):
    """30 tonnes each of something dear, something green and something between; room for 65 tonnes."""
    monkeypatch.setattr(problem, "factors", lambda type_id, *use: FIGURES[type_id])
    others = [need(operator, 40), need(operator, 25)]
    for type_id in FIGURES:
        one = have(operator, 30, type_id=type_id)
        for other in others:
            proposed(one, other)


def worth(run, user):
    best = queries.totals(queries.flows_of(user, run))[1]
    return float(best.dkk), float(best.co2e_kg)


def test_at_the_price_of_a_point_the_plan_is_the_points(operator, consultant, choice):
    curve = plan(operator, consultant).figures["curve"]
    assert len(curve) >= 2
    for point in curve:
        price = price_within(Point(**point))
        run = plan(operator, consultant, "price", co2e_price=price)
        assert worth(run, consultant) == (pytest.approx(point["dkk"]), pytest.approx(point["co2e_kg"]))
        assert run.figures["proven"]


def test_the_prices_of_the_points_follow_each_other(operator, consultant, choice):
    curve = plan(operator, consultant).figures["curve"]
    assert (curve[0]["to_price"], curve[-1]["from_price"]) == (None, 0.0)
    for greener, dearer in zip(curve, curve[1:], strict=False):
        assert greener["from_price"] == dearer["to_price"]
        assert greener["co2e_kg"] > dearer["co2e_kg"]


def test_a_point_is_chosen_on_the_page_and_the_plan_is_laid_again(
    as_consultant, operator, consultant, choice
):
    run = plan(operator, consultant)
    page = as_consultant.get(run.get_absolute_url())
    body = page.content.decode()
    assert [point["here"] for point in page.context["points"]].count(True) == 1
    assert page.context["points"][-1]["here"]
    assert page.context["curve"]["series"][0]["data"][0] == [
        run.figures["curve"][0]["co2e_kg"] / 1000,
        run.figures["curve"][0]["dkk"],
    ]
    assert 'id="punkt-0"' in body
    answer = as_consultant.post(reverse("market:network_choose", args=[run.pk]), {"punkt": "0"}, follow=True)
    made = NetworkRun.objects.exclude(pk=run.pk).get()
    assert (made.goal, made.least, made.by) == ("price", run.least, consultant)
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert answer.context["points"][0]["here"]
    assert "når et ton CO2e er" in answer.content.decode()
    assert answer.context["form"]["maal"].value() == "price"


@pytest.mark.parametrize("asked", ["", "99", "-1", "x", "9" * 5000])
def test_a_point_that_is_not_there_is_refused_in_words(as_consultant, operator, consultant, choice, asked):
    run = plan(operator, consultant)
    answer = as_consultant.post(
        reverse("market:network_choose", args=[run.pk]), {"punkt": asked}, follow=True
    )
    assert "Vælg et punkt på kurven" in answer.content.decode()
    assert NetworkRun.objects.count() == 1


def test_a_price_of_co2e_is_typed_as_people_write_it_and_kept_in_the_form(as_consultant, operator, choice):
    answer = as_consultant.post(PLAN, {"maal": "price", "pris": "1.250,50", "mindst": "0.3"}, follow=True)
    run = NetworkRun.objects.get()
    assert run.co2e_price == 1250.5
    assert 'value="1.250,5"' in answer.content.decode()
    assert goal_text(run) == "flest kroner, når et ton CO2e er 1.250 kr. værd"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Skriv, hvad et ton CO2e skal tælle"), ("-5", "0"), ("mange", "tal"), ("1e9", "1000000")],
)
def test_a_price_that_makes_no_sense_is_told_at_the_field_and_kept(as_consultant, choice, typed, said):
    answer = as_consultant.post(PLAN, {"maal": "price", "pris": typed, "mindst": "0.3"})
    assert answer.status_code == 422
    errors = str(answer.context["form"].errors["pris"])
    assert said in errors
    assert answer.context["form"]["pris"].value() == typed
    assert not NetworkRun.objects.exists()


def test_a_price_goal_without_a_price_is_refused_by_the_database(operator, consultant):
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkRun.objects.create(operator=operator, goal="price", by=consultant)


def test_prices_are_said_in_words():
    assert price_range(0, None) == "alle priser"
    assert price_range(0, 412.3) == "under 412 kr."
    assert price_range(412.3, 1250) == "412 til 1.250 kr."
    assert price_range(87.6, 88.4) == "omkring 88 kr."
    assert price_range(1250, None) == "over 1.250 kr."


def test_only_the_office_chooses_a_point_and_a_neighbour_finds_none(sign_in, operator, consultant, choice):
    run = plan(operator, consultant)
    address = reverse("market:network_choose", args=[run.pk])
    for role in (Role.FIRM, Role.PARTNER, Role.ADMIN):
        assert sign_in(user_as(role, operator)).post(address, {"punkt": "0"}).status_code == 403
    stranger = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    assert stranger.post(address, {"punkt": "0"}).status_code == 404
    assert stranger.get(address).status_code == 405
    assert Decimal(NetworkRun.objects.count()) == 1
