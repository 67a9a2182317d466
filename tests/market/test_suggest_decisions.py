# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was declined stays away until what the reason is about has changed; only the office chooses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.base.errors import UserError
from brobygger.market.models import Match, Suggestion
from brobygger.market.services import matches, matching
from brobygger.market.services.matching.decisions import (
    AlreadyDecided,
    BadDecision,
    NoLongerThere,
    NotForYou,
    OnlyTheOffice,
)
from brobygger.register.models import Permit
from tests.factories import ListingFactory, OperatorFactory, OrganisationFactory, firm_user, user_as

State = Suggestion.State
REPOSTED = (
    "kind", "resource_type", "text", "quantity", "unit", "period", "lot", "starts_on", "ends_on", "x", "y", "reach_km",
    "quality", "food_grade", "hazardous", "waste_code", "price_kind", "price", "approvals", "side", "organisation",
)  # fmt: skip


@pytest.fixture
def grain(operator):
    return ListingFactory(
        organisation=OrganisationFactory(operator=operator),
        resource_type="spent_grain",
        starts_on=date(2030, 1, 1),
        ends_on=date(2031, 1, 1),
        reach_km=100,
    )


@pytest.fixture
def feed(operator):
    return ListingFactory(
        organisation=OrganisationFactory(operator=operator, x=692000.0, industry="014200"),
        side="need",
        resource_type="cattle_feed",
        text="foder til kvæg",
        price_kind="fixed",
        price=Decimal(10),
    )


@pytest.fixture
def pair(grain, feed):
    matching.refresh_listing(grain)
    return Suggestion.objects.get(kind="pair")


def proposed():
    return Suggestion.objects.filter(kind="pair", state=State.NEW)


def change(listing, **values):
    for name, value in values.items():
        setattr(listing, name, value)
    listing.save()
    matching.refresh_listing(listing)


def post_again(listing, **changes):
    listing.status = "withdrawn"
    listing.save()
    matching.refresh_listing(listing)
    values = {name: getattr(listing, name) for name in REPOSTED} | changes
    again = ListingFactory(**values)
    matching.refresh_listing(again)
    return again


WEARS_OFF = [
    ("too_far", {"x": 689000.0}),
    ("too_far", {"reach_km": 50}),
    ("quality", {"quality": "Tørret"}),
    ("quantity", {"quantity": Decimal(40)}),
    ("quantity", {"period": "month"}),
    ("timing", {"ends_on": date(2032, 1, 1)}),
    ("price", {"price_kind": "free"}),
    ("rules", {"waste_code": "020304"}),
    ("rules", {"approvals": "Foderregistreret"}),
    ("wrong_thing", {"resource_type": "hay"}),
]
STAYS = [
    ("wrong_thing", {"quantity": Decimal(40), "x": 689000.0}),
    ("too_far", {"quantity": Decimal(40), "text": "Mask hver uge"}),
    ("quality", {"x": 689000.0}),
    ("quantity", {"price_kind": "free"}),
    ("timing", {"quantity": Decimal(40)}),
    ("price", {"ends_on": date(2032, 1, 1)}),
    ("rules", {"price_kind": "free"}),
    ("known", {"quantity": Decimal(40), "x": 689000.0, "price_kind": "free"}),
    ("unwanted", {"quantity": Decimal(40), "x": 689000.0, "resource_type": "hay"}),
    ("other", {"quantity": Decimal(40), "x": 689000.0}),
]


@pytest.mark.parametrize("reason", Suggestion.Decline.values)
def test_a_declined_pair_is_not_proposed_again(pair, grain, feed, consultant, reason):
    matching.decline(pair, consultant, reason)
    matching.refresh_listing(grain)
    matching.refresh_listing(feed)
    matching.refresh_all(pair.operator)
    assert not proposed().exists()


@pytest.mark.parametrize(("reason", "changes"), WEARS_OFF)
def test_it_comes_back_when_what_the_reason_is_about_has_changed(pair, grain, consultant, reason, changes):
    matching.decline(pair, consultant, reason)
    change(grain, **changes)
    assert proposed().get() == pair


@pytest.mark.parametrize(("reason", "changes"), STAYS)
def test_it_stays_away_when_something_else_has_changed(pair, grain, consultant, reason, changes):
    matching.decline(pair, consultant, reason)
    change(grain, **changes)
    matching.refresh_all(pair.operator)
    assert not proposed().exists()


@pytest.mark.parametrize("reason", Suggestion.Decline.values)
def test_posting_the_same_again_does_not_get_round_it(pair, grain, consultant, reason):
    matching.decline(pair, consultant, reason)
    post_again(grain)
    assert not proposed().exists()


def test_posting_again_with_what_was_wrong_put_right_does(pair, grain, feed, consultant):
    matching.decline(pair, consultant, "quantity")
    again = post_again(grain, quantity=Decimal(40))
    assert proposed().get().have == again


def test_a_need_posted_again_is_remembered_too(pair, feed, consultant):
    matching.decline(pair, consultant, "price")
    again = post_again(feed)
    assert not proposed().exists()
    change(again, price=Decimal(500))
    assert proposed().count() == 1


def test_a_permit_got_since_lifts_what_rules_stood_in_the_way_of(pair, grain, feed, consultant):
    matching.decline(pair, consultant, "rules")
    Permit.objects.create(organisation=feed.organisation, kind=Permit.Kind.FEED, number="1234")
    matching.refresh_listing(grain)
    assert proposed().count() == 1


def test_two_who_do_not_want_each_other_are_not_proposed_the_other_way_round_either(
    pair, grain, feed, consultant
):
    matching.decline(pair, consultant, "unwanted")
    manure = ListingFactory(organisation=feed.organisation, resource_type="cattle_manure", text="kvægmøg")
    ListingFactory(
        organisation=grain.organisation, side="need", resource_type="cattle_manure", text="søger kvægmøg"
    )
    matching.refresh_listing(manure)
    assert not proposed().exists()


def test_a_declined_taker_is_not_proposed_again_even_when_the_have_is_posted_again(
    grain, operator, consultant
):
    cattle = OrganisationFactory(operator=operator, industry="014200", x=690000.0)
    matching.refresh_listing(grain)
    taker = Suggestion.objects.get(kind="taker", organisation=cattle)
    matching.decline(taker, consultant, "wrong_thing", "De bruger kun græs")
    matching.refresh_listing(grain)
    post_again(grain)
    assert not Suggestion.objects.filter(kind="taker", organisation=cattle, state=State.NEW).exists()


def test_a_match_that_fell_through_is_remembered_like_a_declined_suggestion(pair, grain, consultant):
    match = matching.accept(pair, consultant)
    matches.fall_through(match, "too_far", "Vejen er lukket", consultant, match.version)
    matching.refresh_listing(grain)
    assert not proposed().exists()
    change(grain, x=691000.0)
    assert proposed().count() == 1


def test_the_neighbouring_office_makes_its_own_decisions(grain, consultant):
    neighbour = OperatorFactory()
    ListingFactory(
        organisation=OrganisationFactory(operator=neighbour), side="need", resource_type="cattle_feed"
    )
    matching.refresh_listing(grain)
    matching.decline(Suggestion.objects.get(operator=grain.operator, kind="pair"), consultant, "other")
    assert Suggestion.objects.get(operator=neighbour, kind="pair").state == State.NEW


def test_a_firm_that_says_no_says_it_to_every_office(grain, feed):
    neighbour = OperatorFactory()
    theirs = ListingFactory(
        organisation=OrganisationFactory(operator=neighbour), side="need", resource_type="cattle_feed"
    )
    matching.refresh_listing(grain)
    firm = firm_user(grain.organisation)
    mine = Suggestion.objects.get(operator=grain.operator, need=theirs)
    matching.decline(mine, firm, "too_far", "For lang køretur")
    states = Suggestion.objects.filter(need=theirs).values_list("state", "decline_reason")
    assert set(states) == {(State.DECLINED, "too_far")}
    assert proposed().filter(need=feed).count() == 1


def test_the_office_chooses_and_a_match_is_made(pair, consultant):
    match = matching.accept(pair, consultant)
    assert match.giver == pair.have.organisation
    pair.refresh_from_db()
    assert pair.state == State.ACCEPTED


def test_a_firm_cannot_choose_or_put_off(pair):
    firm = firm_user(pair.have.organisation)
    with pytest.raises(OnlyTheOffice):
        matching.accept(pair, firm)
    with pytest.raises(OnlyTheOffice):
        matching.put_off(pair, firm, timezone.localdate() + timedelta(days=3))
    with pytest.raises(OnlyTheOffice):
        matching.reopen(pair, firm)
    assert not Match.objects.exists()


def test_a_firm_says_that_it_is_interested_and_the_suggestion_is_still_open(pair):
    matching.be_interested(pair, firm_user(pair.need.organisation))
    pair.refresh_from_db()
    assert pair.taker_interested_at is not None
    assert pair.giver_interested_at is None
    assert pair.state == State.NEW


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER, Role.ADMIN])
def test_somebody_whose_suggestion_it_is_not_decides_nothing(pair, role):
    stranger = user_as(role, pair.operator)
    for deed in (
        lambda: matching.decline(pair, stranger, "other"),
        lambda: matching.be_interested(pair, stranger),
    ):
        with pytest.raises(NotForYou):
            deed()


def test_a_firm_cannot_answer_what_it_may_not_see(grain, feed):
    feed.visibility = "broker"
    feed.save()
    matching.refresh_listing(grain)
    pair = Suggestion.objects.get(kind="pair")
    with pytest.raises(NotForYou):
        matching.decline(pair, firm_user(grain.organisation), "other")


def test_a_decision_needs_a_reason_and_a_note_of_reasonable_length(pair, consultant):
    for reason, note in (("", ""), ("fordi", ""), ("other", "x" * 501)):
        with pytest.raises(BadDecision):
            matching.decline(pair, consultant, reason, note)
    pair.refresh_from_db()
    assert pair.state == State.NEW


def test_the_second_to_decide_is_told(pair, consultant, head):
    matching.decline(pair, consultant, "other")
    with pytest.raises(AlreadyDecided):
        matching.decline(pair, head, "too_far")
    with pytest.raises(UserError):
        matching.accept(pair, head)


def test_put_off_comes_back_on_its_day(pair, consultant):
    until = timezone.localdate() + timedelta(days=7)
    matching.put_off(pair, consultant, until)
    assert matching.wake() == 0
    Suggestion.objects.update(put_off_until=timezone.localdate())
    assert matching.wake() == 1
    pair.refresh_from_db()
    assert (pair.state, pair.put_off_until) == (State.NEW, None)


def test_put_off_does_not_come_back_when_one_side_is_gone(pair, consultant):
    matching.put_off(pair, consultant, timezone.localdate() + timedelta(days=7))
    pair.need.status = "fulfilled"
    pair.need.save()
    Suggestion.objects.update(put_off_until=timezone.localdate())
    assert matching.wake() == 0
    pair.refresh_from_db()
    assert pair.state == State.STALE


@pytest.mark.parametrize("days", [None, 0, -1, 5000])
def test_it_can_only_be_put_off_to_a_day_to_come(pair, consultant, days):
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    with pytest.raises(BadDecision):
        matching.put_off(pair, consultant, until)


def test_a_declined_suggestion_can_be_taken_up_again_by_hand(pair, grain, consultant):
    matching.decline(pair, consultant, "unwanted")
    matching.reopen(pair, consultant)
    matching.refresh_listing(grain)
    assert proposed().count() == 1


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ({"status": "withdrawn"}, "trukket tilbage"),
        ({"status": "paused"}, "på pause"),
        ({"starts_on": None, "ends_on": date(2020, 1, 1)}, "tiden er gået"),
    ],
)
def test_what_is_gone_is_neither_chosen_nor_taken_up_again(pair, consultant, gone, told):
    matching.put_off(pair, consultant, timezone.localdate() + timedelta(days=3))
    type(pair.have).objects.filter(pk=pair.have_id).update(**gone)
    for act in (matching.accept, matching.reopen):
        with pytest.raises(NoLongerThere, match=told):
            act(pair, consultant)
    pair.refresh_from_db()
    assert pair.state == State.PUT_OFF
    assert not Match.objects.exists()
