# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Saving a listing brings its suggestions, once, from both sides, and never more than may be shown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from brobygger.knowledge import load
from brobygger.knowledge.factors import factor_for
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.services.matching import refresh_all, refresh_listing, store
from brobygger.market.services.matching.candidates import serving
from brobygger.market.services.matching.value import MOST_TONNES
from brobygger.register.models import Permit
from tests.factories import ListingFactory, MatchFactory, OperatorFactory, OrganisationFactory
from tests.market.at_once import at_once

State = Suggestion.State


def have(operator, x=687000.0, **fields):
    organisation = fields.pop("organisation", None) or OrganisationFactory(operator=operator, x=x)
    fields = {"resource_type": "spent_grain", "text": "4 tons mask om ugen", **fields}
    return ListingFactory(organisation=organisation, side="have", **fields)


def need(operator, x=690000.0, **fields):
    organisation = fields.pop("organisation", None) or OrganisationFactory(
        operator=operator, x=x, industry="014200"
    )
    fields = {"resource_type": "cattle_feed", "text": "foder til kvæg", "quantity": Decimal(10), **fields}
    return ListingFactory(organisation=organisation, side="need", **fields)


def pairs(**which):
    return Suggestion.objects.filter(kind="pair", **which)


def snapshot():
    return sorted(
        pairs().values_list("operator_id", "have_id", "need_id", "score", "state", "have_rank", "need_rank")
    )


def test_a_brewery_with_spent_grain_meets_the_cattle_farm_with_reason_and_parts(operator):
    grain = have(operator)
    feed = need(operator)
    assert refresh_listing(grain) == 1
    found = pairs().get()
    assert (found.have, found.need, found.state) == (grain, feed, State.NEW)
    assert (found.have_rank, found.need_rank) == (1, 1)
    assert 0 < found.score <= 1
    assert found.parts["type"] > 0.8
    assert found.parts["time"] is None
    assert found.via == "conversion"
    assert "kvægfoder" in found.reason.lower()
    assert found.distance_m == pytest.approx(3000)
    assert found.tonnes_year == Decimal("208")
    assert any("Herslev" in precedent["text"] for precedent in found.precedents)
    assert all(precedent["source"] for precedent in found.precedents)


def test_refreshing_again_changes_nothing(operator):
    grain = have(operator)
    for step in range(12):
        need(operator, x=690000.0 + 1000 * step)
    refresh_listing(grain)
    before = snapshot()
    refresh_listing(grain)
    assert snapshot() == before


def test_both_sides_give_the_same_pairs_with_the_same_scores_whoever_is_refreshed_first(operator):
    haves = [have(operator, x=680000.0 + 700 * n) for n in range(3)]
    needs = [need(operator, x=684000.0 + 900 * n) for n in range(4)]
    for listing in haves:
        refresh_listing(listing)
    from_haves = set(pairs().values_list("have_id", "need_id", "score"))
    Suggestion.objects.all().delete()
    for listing in needs:
        refresh_listing(listing)
    assert set(pairs().values_list("have_id", "need_id", "score")) == from_haves
    assert len(from_haves) == 12


def test_only_the_ten_best_of_each_side_live(operator):
    grain = have(operator)
    needs = [need(operator, x=690000.0 + 500 * n) for n in range(14)]
    refresh_listing(grain)
    by_have = pairs(state="new", have_rank__isnull=False)
    assert sorted(by_have.values_list("have_rank", flat=True)) == list(range(1, 11))
    assert pairs(state="new").count() == 14, "the last four have no better have than this"
    assert pairs(need=needs[-1]).get().have_rank is None


def test_a_better_have_pushes_the_tenth_out_of_a_needs_list(operator):
    feed = need(operator, x=690000.0)
    others = [need(operator, x=690100.0 + n) for n in range(10)]
    far = [have(operator, x=740000.0 + 1000 * n) for n in range(10)]
    for listing in far:
        refresh_listing(listing)
    last = pairs(need=feed).order_by("score").first()
    near = have(operator, x=690500.0)
    refresh_listing(near)
    assert pairs(need=feed, have=near).get().need_rank == 1
    last.refresh_from_db()
    assert last.need_rank is None
    assert len(others) == 10


def test_a_changed_listing_updates_its_suggestions_and_what_vanished_is_stale(operator):
    grain = have(operator)
    feed = need(operator)
    refresh_listing(grain)
    feed.resource_type, feed.text = "bricks_whole_unheard_of", "mursten"
    feed.save()
    refresh_listing(feed)
    assert pairs().get().state == State.STALE
    feed.resource_type, feed.text = "cattle_feed", "foder til kvæg"
    feed.save()
    refresh_listing(feed)
    assert pairs().get().state == State.NEW


def test_a_moved_have_gets_another_distance_and_score(operator):
    grain = have(operator)
    need(operator)
    refresh_listing(grain)
    before = pairs().get().score
    grain.x = 720000.0
    grain.save()
    refresh_listing(grain)
    after = pairs().get()
    assert after.distance_m == pytest.approx(30000)
    assert after.score < before


@pytest.mark.parametrize("status", ["paused", "fulfilled", "withdrawn"])
def test_a_listing_that_is_not_current_loses_its_new_suggestions(operator, status):
    grain = have(operator)
    need(operator)
    refresh_listing(grain)
    grain.status = status
    grain.save()
    assert refresh_listing(grain) == 0
    assert pairs().get().state == State.STALE


def test_a_listing_past_its_last_day_is_not_matched(operator):
    grain = have(operator, ends_on=timezone.localdate() - timedelta(days=1))
    need(operator)
    refresh_listing(grain)
    assert not pairs().exists()


def test_nobody_outside_the_reach_of_either_is_proposed(operator):
    grain = have(operator, reach_km=2)
    need(operator)
    refresh_listing(grain)
    assert not pairs().exists()
    grain.reach_km = 5
    grain.save()
    refresh_listing(grain)
    assert pairs().count() == 1


def test_an_organisation_never_meets_itself(operator):
    both = OrganisationFactory(operator=operator)
    grain = have(operator, organisation=both)
    need(operator, organisation=both)
    refresh_listing(grain)
    assert not pairs().exists()


def test_a_neighbours_open_listing_is_proposed_at_both_offices(operator):
    neighbour = OperatorFactory()
    grain = have(operator)
    feed = need(neighbour)
    refresh_listing(grain)
    rows = {row.operator_id: row for row in pairs()}
    assert set(rows) == {operator.pk, neighbour.pk}
    assert (rows[operator.pk].have_rank, rows[operator.pk].need_rank) == (1, None)
    assert (rows[neighbour.pk].have_rank, rows[neighbour.pk].need_rank) == (None, 1)
    before = snapshot()
    refresh_listing(feed)
    assert snapshot() == before


@pytest.mark.parametrize("visibility", ["members", "broker"])
def test_a_neighbour_never_hears_of_a_listing_that_is_not_open(operator, visibility):
    neighbour = OperatorFactory()
    grain = have(operator, visibility=visibility)
    feed = need(neighbour)
    refresh_listing(grain)
    refresh_listing(feed)
    refresh_all(neighbour)
    assert list(pairs().values_list("operator_id", flat=True)) == [operator.pk]


def test_an_open_listing_that_becomes_confidential_disappears_at_the_neighbours(operator):
    neighbour = OperatorFactory()
    grain = have(operator)
    need(neighbour)
    refresh_listing(grain)
    grain.visibility = "broker"
    grain.save()
    refresh_listing(grain)
    assert pairs(operator=neighbour).get().state == State.STALE
    assert pairs(operator=operator).get().state == State.NEW


def test_hazardous_waste_goes_only_to_one_whose_permit_covers_it(operator):
    oil = have(operator, resource_type="spent_grain", hazardous=True, waste_code="130205")
    feed = need(operator)
    refresh_listing(oil)
    assert not pairs().exists()
    permit = Permit.objects.create(
        organisation=feed.organisation, kind=Permit.Kind.HAZARDOUS_WASTE, waste_codes="080111"
    )
    refresh_listing(oil)
    assert not pairs().exists()
    permit.waste_codes = "080111 130205"
    permit.save()
    refresh_listing(oil)
    assert pairs().count() == 1
    permit.valid_until = timezone.localdate() - timedelta(days=1)
    permit.save()
    refresh_listing(oil)
    assert pairs().get().state == State.STALE


def test_food_that_must_be_fit_for_eating_never_comes_from_something_that_is_not(operator):
    grain = have(operator)
    need(operator, food_grade=True)
    refresh_listing(grain)
    assert not pairs().exists()


def test_a_chosen_suggestion_is_left_as_it_was_chosen(operator):
    grain = have(operator)
    need(operator)
    refresh_listing(grain)
    pairs().update(state=State.ACCEPTED, score=0.111)
    grain.quantity = Decimal(1)
    grain.save()
    refresh_listing(grain)
    assert (pairs().get().state, pairs().get().score) == (State.ACCEPTED, 0.111)


def test_what_is_put_off_stays_put_off(operator):
    grain = have(operator)
    need(operator)
    refresh_listing(grain)
    pairs().update(state=State.PUT_OFF, put_off_until=date(2099, 1, 1))
    refresh_listing(grain)
    assert pairs().get().state == State.PUT_OFF


def test_two_who_are_in_a_match_already_are_not_proposed(operator):
    grain = have(operator)
    feed = need(operator)
    MatchFactory(have=grain, need=feed, taker=feed.organisation)
    refresh_listing(grain)
    assert not pairs().exists()
    Match.objects.update(stage="ended")
    refresh_listing(grain)
    assert pairs().count() == 1


def test_a_listing_without_a_type_is_read_from_its_words(operator):
    grain = have(operator, resource_type="", text="Vi har 4 tons mask om ugen fra ølbrygning")
    need(operator)
    refresh_listing(grain)
    assert pairs().get().confidence == "usikker" or pairs().get().parts["type"] > 0


def test_a_unit_that_nobody_knows_makes_the_quantity_unknown_and_stops_nothing(operator):
    grain = have(operator, unit="spande")
    need(operator)
    refresh_listing(grain)
    found = pairs().get()
    assert found.parts["quantity"] is None
    assert found.tonnes_year == Decimal("520"), "the need's own quantity is known"


def test_the_nightly_run_finds_what_one_at_a_time_finds(operator):
    neighbour = OperatorFactory()
    haves = [have(operator, x=680000.0 + 700 * n) for n in range(5)]
    needs = [need(operator, x=684000.0 + 900 * n) for n in range(14)] + [need(neighbour)]
    for listing in [*haves, *needs, *haves]:
        refresh_listing(listing)
    one_by_one = snapshot()
    Suggestion.objects.all().delete()
    told = []
    assert refresh_all(operator, lambda done, total: told.append((done, total))) == 19
    refresh_all(neighbour)
    assert {row[1:4] for row in snapshot()} == {row[1:4] for row in one_by_one}
    assert told[-1] == (19, 19)
    before = snapshot()
    refresh_all(operator)
    assert snapshot() == before


def test_the_number_of_queries_does_not_grow_with_the_candidates(operator, django_assert_max_num_queries):
    grain = have(operator)
    for _ in range(3):
        need(operator)
    refresh_listing(grain)
    Suggestion.objects.all().delete()
    with django_assert_max_num_queries(45) as few:
        refresh_listing(grain)
    Suggestion.objects.all().delete()
    for _ in range(12):
        need(operator)
    with django_assert_max_num_queries(len(few) + 2):
        refresh_listing(grain)


def test_the_index_reads_the_same_from_both_sides():
    assert "spent_grain" in serving("cattle_feed", Listing.Side.NEED)
    assert serving("cattle_feed", "need")["spent_grain"] == serving("spent_grain", "have")["cattle_feed"]


@pytest.mark.django_db(transaction=True)
def test_two_refreshes_at_once_make_nothing_twice(tmp_path):
    operator = OperatorFactory()
    grain = have(operator)
    needs = [need(operator, x=690000.0 + n) for n in range(6)]

    def again_and_again(listing):
        for _ in range(3):
            refresh_listing(listing)

    work = [partial(again_and_again, listing) for listing in (grain, grain, *needs)]
    faults, rows = at_once(tmp_path, work, lambda: list(pairs().values_list("need_id", "state")))
    assert faults == []
    assert sorted(rows) == sorted((listing.pk, "new") for listing in needs)


def test_a_factor_that_gives_both_figures_is_named_once(operator):
    bricks = {"resource_type": "bricks_used", "text": "Gamle mursten", "quantity": Decimal(37), "unit": "t"}
    have(operator, period="once", **bricks)
    refresh_listing(need(operator, period="once", **bricks))
    found = pairs().get()
    assert (found.dkk_year, found.co2e_kg_year) == (Decimal("1850.00"), Decimal("8946.230"))
    assert found.factor_source.count("REFA") == found.factor_source.count("DESNZ") == 1
    assert "CO2: primær produktion" in found.factor_source
    assert "Kroner: sparet behandling" in found.factor_source


@pytest.mark.parametrize(
    ("offered", "sought", "tonnes", "per"),
    [
        ({}, {}, "208", "om året"),
        ({"starts_on": 0, "ends_on": 72}, {}, "41.6", "i alt"),
        ({}, {"starts_on": 0, "ends_on": 72}, "41.6", "i alt"),
        ({"starts_on": 0, "ends_on": 72}, {"starts_on": 36, "ends_on": 400}, "21.085", "i alt"),
        ({"starts_on": 0}, {"ends_on": 72}, "41.6", "i alt"),
        ({"starts_on": 0, "ends_on": 800}, {}, "208", "om året"),
    ],
)
def test_what_comes_for_some_weeks_only_is_not_counted_for_a_whole_year(
    operator, offered, sought, tonnes, per
):
    days = [
        {name: timezone.localdate() + timedelta(days=number) for name, number in side.items()}
        for side in (offered, sought)
    ]
    weekly = {"quantity": Decimal(4), "unit": "t", "period": "week"}
    have(operator, **weekly, **days[0])
    refresh_listing(need(operator, **weekly, **days[1]))
    found = pairs().get()
    assert (found.tonnes_year, found.per) == (Decimal(tonnes), per)
    assert found.dkk_year == pytest.approx(found.tonnes_year * 300, abs=1)


def test_an_absurd_quantity_counts_as_unknown_and_stops_no_ones_refresh(operator):
    for kind in load().types:
        worth = factor_for(load(), kind)
        assert MOST_TONNES * Decimal(str(worth.dkk or 0)) < Decimal(10) ** 12
        assert MOST_TONNES * Decimal(str(worth.kg_co2e or 0)) < Decimal(10) ** 13
    absurd = have(
        operator, resource_type="garden_waste", quantity=Decimal(9) * 10**9, unit="t", period="once"
    )
    need(operator, resource_type="garden_waste", quantity=None)
    refresh_listing(absurd)
    assert pairs().get().tonnes_year is None
    assert refresh_all(operator) == 2


def test_a_listing_that_cannot_be_refreshed_is_passed_over_and_the_others_are_not(operator, monkeypatch):
    bad, good = have(operator), have(operator, x=688000.0)
    need(operator)
    describe = store._describe

    def stumble(suggestion, meeting):
        if meeting.have == bad:
            raise ArithmeticError
        describe(suggestion, meeting)

    monkeypatch.setattr(store, "_describe", stumble)
    refresh_all(operator)
    assert pairs().get().have == good
