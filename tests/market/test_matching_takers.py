# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that posted nothing and could take what is offered."""

from __future__ import annotations

from brobygger.market.models import Suggestion
from brobygger.market.services.matching import refresh_listing
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory
from tests.market.test_matching_refresh import State, have, need, pairs


def test_takers_that_posted_nothing_come_from_the_industry_and_are_marked(operator):
    cattle = OrganisationFactory(operator=operator, industry="014200", x=690000.0)
    OrganisationFactory(operator=operator, industry="620100", x=687001.0)
    grain = have(operator)
    refresh_listing(grain)
    takers = Suggestion.objects.filter(kind="taker", state="new")
    assert cattle.pk in takers.values_list("organisation_id", flat=True)
    row = takers.get(organisation=cattle)
    assert row.parts["industry"] > 0
    assert row.need is None


def test_food_that_is_for_sale_is_not_proposed_to_cattle_that_nobody_asked_for(operator):
    for industry in ("014100", "014620", "353000"):
        OrganisationFactory(operator=operator, industry=industry, x=690000.0)
    kitchen = OrganisationFactory(operator=operator, industry="108500", x=690000.0)
    refresh_listing(
        have(operator, resource_type="carrots", text="Vi har økologiske gulerødder, 100 kg om ugen")
    )
    takers = Suggestion.objects.filter(kind="taker", state="new").values_list(
        "organisation__industry", flat=True
    )
    assert set(takers) <= {kitchen.industry}
    refresh_listing(have(operator, resource_type="sorted_out_carrots", text="Vi har frasorterede gulerødder"))
    assert "014100" in takers.all()


def test_a_firm_that_asks_for_it_itself_is_a_pair_and_no_longer_a_taker(operator):
    cattle = OrganisationFactory(operator=operator, industry="014200", x=690000.0)
    grain = have(operator)
    refresh_listing(grain)
    refresh_listing(need(operator, organisation=cattle))
    assert Suggestion.objects.get(kind="taker", organisation=cattle).state == State.STALE
    assert pairs(state="new").count() == 1


def test_at_most_ten_takers_the_nearest_of_the_likeliest(operator):
    for step in range(15):
        OrganisationFactory(operator=operator, industry="014200", x=690000.0 + 1000 * step)
    grain = have(operator)
    refresh_listing(grain)
    takers = Suggestion.objects.filter(kind="taker", state="new").order_by("have_rank")
    assert takers.count() == 10
    metres = list(takers.values_list("distance_m", flat=True))
    assert metres == sorted(metres)


def test_dissolved_firms_and_other_offices_firms_take_nothing(operator):
    OrganisationFactory(operator=operator, industry="014200", status=Organisation.Status.DISSOLVED)
    OrganisationFactory(industry="014200")
    refresh_listing(have(operator))
    assert not Suggestion.objects.filter(kind="taker").exists()
