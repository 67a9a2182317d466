# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Loops that can run side by side without using the same tonnes, and those that had to give way and why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from brobygger.market.queries.rings import rings_of
from brobygger.market.services import network
from brobygger.market.services.network import rings as rings_module
from brobygger.market.templatetags.market import listed
from tests.factories import OperatorFactory, OrganisationFactory
from tests.market.test_network_plan import agreed, have, need, plan, proposed

PAGE = reverse("market:network")


@pytest.fixture
def firm(operator):
    return lambda name, office=operator: OrganisationFactory(operator=office, name=name)


def link(giver, taker, tonnes, *, one=None, other=None, **fields):
    """Something that could go from one firm to another."""
    one = one or have(giver.operator, tonnes, organisation=giver, **fields)
    other = other or need(taker.operator, tonnes, organisation=taker)
    return proposed(one, other, operator=giver.operator)


def told(rings):
    return [(set(ring.stops), round(ring.share, 2)) for ring in rings]


def test_a_loop_is_found_with_its_tonnes_and_what_of_it_the_plan_uses(operator, consultant, firm):
    hens, kitchen = firm("Hønseri"), firm("Køkken")
    link(hens, kitchen, 3)
    link(kitchen, hens, 2)
    rings = rings_of(consultant, plan(operator, consultant))
    (ring,) = rings.together
    assert (ring.number, ring.share, ring.planned, ring.obstacles) == (1, 1.0, 2, ())
    assert sorted(link.tonnes for link in ring.links) == [Decimal(2), Decimal(3)]
    assert (rings.count, rings.proven, rings.gave_way) == (1, True, [])


def test_two_loops_that_share_a_link_do_not_both_get_its_tonnes(operator, consultant, firm):
    a, b, c = firm("A"), firm("B"), firm("C")
    link(a, b, 10)
    link(b, a, 50)
    link(b, c, 5)
    link(c, a, 5)
    rings = rings_of(consultant, plan(operator, consultant))
    assert told(rings.together) == [({"A", "B"}, 1.0)]
    (gave_way,) = rings.gave_way
    assert set(gave_way.stops) == {"A", "B", "C"}
    (obstacle,) = gave_way.obstacles
    (number,) = obstacle.links
    assert (gave_way.links[number - 1].giver_name, gave_way.links[number - 1].taker_name) == ("A", "B")
    assert obstacle.loops == (1,)


def test_two_loops_that_draw_on_one_listing_share_it(operator, consultant, firm):
    a, b, c = firm("A"), firm("B"), firm("C")
    one = have(operator, 15, organisation=a)
    link(a, b, 10, one=one)
    link(a, c, 10, one=one)
    link(b, a, 40)
    link(c, a, 20)
    rings = rings_of(consultant, plan(operator, consultant))
    assert told(rings.together) == [({"A", "B"}, 1.0), ({"A", "C"}, 0.5)]
    half = rings.together[1]
    (obstacle,) = half.obstacles
    assert [half.links[number - 1].giver_name for number in obstacle.links] == ["A"]
    assert obstacle.loops == (1,)
    assert {(link.giver_name, link.tonnes) for link in half.links} == {("A", Decimal(5)), ("C", Decimal(10))}


def test_what_is_agreed_and_pinned_is_taken_from_what_loops_can_use_and_what_is_forbidden_is_in_none(
    operator, consultant, firm
):
    a, b, c = firm("A"), firm("B"), firm("C")
    one = have(operator, 10, organisation=a)
    agreed(link(a, firm("Andre"), 10, one=one), quantity=Decimal(10))
    link(a, b, 10, one=one)
    link(b, a, 10)
    assert rings_of(consultant, plan(operator, consultant)).together == []
    pinned, home = link(b, c, 4), link(c, b, 6)
    network.pin(pinned, consultant)
    rings = rings_of(consultant, plan(operator, consultant))
    assert told(rings.together) == [({"B", "C"}, 1.0)]
    network.forbid(home, consultant, "quality", "")
    assert rings_of(consultant, plan(operator, consultant)).together == []


def test_an_agreement_is_a_link_like_any_other(operator, consultant, firm):
    a, b = firm("A"), firm("B")
    match = agreed(link(a, b, 10), quantity=Decimal(6))
    link(b, a, 10)
    (ring,) = rings_of(consultant, plan(operator, consultant)).together
    chosen = next(link for link in ring.links if link.chosen)
    assert (chosen.tonnes, chosen.match, chosen.url) == (Decimal(6), match.pk, match.get_absolute_url())


def test_a_loop_without_room_for_a_whole_load_does_not_run(operator, consultant, firm):
    a, b, c = firm("A"), firm("B"), firm("C")
    one = have(operator, 20, organisation=a, lot=Decimal(8))
    link(a, b, 16, one=one)
    link(a, c, 16, one=one)
    link(b, a, 40)
    link(c, a, 20)
    rings = rings_of(consultant, plan(operator, consultant))
    assert told(rings.together) == [({"A", "B"}, 1.0)]
    (gave_way,) = rings.gave_way
    assert set(gave_way.stops) == {"A", "C"}


def test_the_page_shows_both_draws_one_and_says_why(as_consultant, operator, consultant, firm):
    a, b, c = firm("Andelsmejeri"), firm("Bageri"), firm("Cidermost")
    link(a, b, 10)
    link(b, a, 50)
    link(b, c, 5)
    link(c, a, 5)
    run = plan(operator, consultant)
    page = as_consultant.get(PAGE)
    body = page.content.decode()
    assert "Kredsløb, der måtte vige" in body
    assert "tonsene bruges i kredsløb 1." in body
    assert "2 af 2 led" in body
    drawn = page.context["ring_picture"]["series"][0]["data"]
    assert {node["name"] for node in drawn} == {"Andelsmejeri", "Bageri"}
    other = as_consultant.get(PAGE, {"vis": "v1"}).context["ring_picture"]["series"][0]["data"]
    assert {node["name"] for node in other} == {"Andelsmejeri", "Bageri", "Cidermost"}
    for asked in ("k9", "v", "v" + "9" * 3000, "\0"):
        assert as_consultant.get(run.get_absolute_url(), {"vis": asked}).status_code == 200


def test_loops_that_are_not_shown_are_told_as_others(operator, consultant, as_consultant, firm, monkeypatch):
    monkeypatch.setattr(rings_module, "MOST_SHOWN", 1)
    a, b, c, d, e = (firm(name) for name in "ABCDE")
    link(a, b, 90)
    link(b, a, 90)
    one = have(operator, 10, organisation=c)
    link(c, d, 10, one=one)
    link(c, e, 10, one=one)
    link(d, c, 40)
    link(e, c, 5)
    rings = rings_of(consultant, plan(operator, consultant))
    assert (told(rings.together), rings.count) == ([({"A", "B"}, 1.0)], 2)
    (gave_way,) = rings.gave_way
    assert [obstacle.users for obstacle in gave_way.obstacles] == [["andre"]]
    assert "tonsene bruges i andre kredsløb." in as_consultant.get(PAGE).content.decode()


def test_numbers_are_listed_as_people_say_them():
    assert [listed(numbers) for numbers in ((), (1,), (1, 2), (1, 2, 4))] == ["", "1", "1 og 2", "1, 2 og 4"]


def test_a_loop_with_a_listing_that_became_confidential_is_gone(as_consultant, operator, consultant, firm):
    neighbour = OperatorFactory()
    a, theirs = firm("Andelsmejeri"), firm("Hemmelig fabrik", neighbour)
    secret = need(neighbour, 10, organisation=theirs)
    link(a, theirs, 10, other=secret)
    proposed(have(neighbour, 10, organisation=theirs), need(operator, 10, organisation=a), operator=operator)
    run = plan(operator, consultant)
    assert len(rings_of(consultant, run).together) == 1
    secret.visibility = "broker"
    secret.save()
    assert rings_of(consultant, run).together == []
    assert as_consultant.get(f"{run.get_absolute_url()}?vis=k1").context["ring_picture"] is None


def test_a_run_from_before_loops_were_kept_is_still_shown(as_consultant, operator, consultant, firm):
    link(firm("A"), firm("B"), 3)
    run = plan(operator, consultant)
    for name in ("loops", "broken", "too_large_lots"):
        del run.figures[name]
    run.figures["curve"] = [
        {"tonnes": 1.0, "dkk": 2.0, "co2e_kg": 3.0},
        {"tonnes": 1.0, "dkk": 3.0, "co2e_kg": 1.0},
    ]
    run.save()
    assert as_consultant.get(run.get_absolute_url()).status_code == 200


def test_a_set_from_before_whole_loads_were_weighed_is_not_called_the_best(operator, consultant, firm):
    hens, kitchen = firm("Hønseri"), firm("Køkken")
    link(hens, kitchen, 3)
    link(kitchen, hens, 2)
    run = plan(operator, consultant)
    run.figures["loops"]["proven"] = True
    del run.figures["loops"]["best"]
    assert not rings_of(consultant, run).proven
