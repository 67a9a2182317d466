# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The newest plan for the whole network on a listing's page and on the worklist, for the office and nobody else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brobygger.accounts.models import Role
from brobygger.market.models import NetworkFlow
from brobygger.market.queries.planned import plan_of
from brobygger.market.queries.worklist import worklist
from brobygger.market.services import matching
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as
from tests.market.test_network_plan import agreed, have, need, plan, proposed

HEADING = "I den bedste plan for hele netværket"
TODAY = reverse("market:today")


@pytest.fixture
def brewery(operator):
    return OrganisationFactory(operator=operator, name="Bryggeriet")


def amounts(found):
    return [(one.name, one.amount, one.today) for one in found.deliveries]


def planned(consultant, operator):
    return [flow.suggestion for flow in worklist(consultant, operator, mine=True).planned]


def test_both_sides_tell_what_the_plan_moves_in_their_own_period(operator, consultant, brewery):
    one = have(operator, 10, organisation=brewery)
    one.period = "week"
    one.save()
    other = need(operator, 1040, organisation=OrganisationFactory(operator=operator, name="Gården"))
    proposed(one, other)
    plan(operator, consultant)
    assert amounts(plan_of(consultant, operator, one)) == [("Gården", "10 tons om ugen", "0")]
    assert amounts(plan_of(consultant, operator, other)) == [("Bryggeriet", "520 tons om året", "0")]


def test_what_is_little_is_told_in_kilos(operator, consultant, brewery):
    one = have(operator, Decimal("1.3"), organisation=brewery)
    one.period = "week"
    one.save()
    other = need(operator, Decimal("1.3"), organisation=OrganisationFactory(operator=operator, name="Gården"))
    proposed(one, other)
    plan(operator, consultant)
    assert amounts(plan_of(consultant, operator, one)) == [("Gården", "25 kg om ugen", "0")]


def test_the_page_links_to_the_suggestion_and_the_plan_and_names_the_loop(
    as_consultant, operator, consultant, brewery
):
    farm = OrganisationFactory(operator=operator, name="Gården")
    one, other = have(operator, 12, organisation=brewery), need(operator, 12, organisation=farm)
    suggestion = proposed(one, other)
    proposed(have(operator, 3, organisation=farm), need(operator, 3, organisation=brewery))
    run = plan(operator, consultant)
    body = as_consultant.get(one.get_absolute_url()).content.decode()
    assert HEADING in body
    assert f'12 tons om året til <a href="{suggestion.get_absolute_url()}">Gården</a> (i dag 0)' in body
    assert f"{run.get_absolute_url()}?vis=k1#billede" in body
    assert "Med i kredsløb:" in body
    assert "siden planen blev lagt" not in body
    assert f'12 tons om året fra <a href="{suggestion.get_absolute_url()}">Bryggeriet</a>' in (
        as_consultant.get(other.get_absolute_url()).content.decode()
    )


def test_what_is_agreed_today_stands_beside_and_leads_to_the_match(operator, consultant, brewery):
    one = have(operator, 100, organisation=brewery)
    match = agreed(proposed(one, need(operator, 100)), quantity=Decimal(30))
    plan(operator, consultant)
    (found,) = plan_of(consultant, operator, one).deliveries
    assert (found.amount, found.today, found.url) == ("100 tons om året", "30 tons", match.get_absolute_url())


def test_what_was_agreed_after_the_plan_is_not_called_nothing(as_consultant, operator, consultant):
    one = have(operator, 100)
    suggestion = proposed(one, need(operator, 100))
    plan(operator, consultant)
    agreed(suggestion, quantity=Decimal(30))
    body = as_consultant.get(one.get_absolute_url()).content.decode()
    assert "(aftalt, siden planen blev lagt)" in body
    assert "(i dag" not in body


def test_only_the_newest_plan_that_is_done_speaks(operator, consultant):
    one = have(operator, 100)
    suggestion = proposed(one, need(operator, 100))
    plan(operator, consultant)
    assert plan_of(consultant, operator, one)
    suggestion.state = "declined"
    suggestion.decline_reason = "other"
    suggestion.save()
    assert plan_of(consultant, operator, one) is None
    newest = plan(operator, consultant)
    NetworkFlow.objects.filter(run=newest).delete()
    suggestion.state = "new"
    suggestion.save()
    assert plan_of(consultant, operator, one) is None


def test_a_change_since_is_told_and_what_is_closed_is_left_out(as_consultant, operator, consultant):
    one, other, third = have(operator, 100), need(operator, 40), need(operator, 60)
    proposed(one, other)
    proposed(one, third)
    plan(operator, consultant)
    other.quantity = Decimal(10)
    other.save()
    third.status = "fulfilled"
    third.save()
    (delivery,) = plan_of(consultant, operator, one).deliveries
    assert (delivery.name, delivery.changed) == (other.organisation.name, True)
    assert not plan_of(consultant, operator, one).changed
    body = as_consultant.get(one.get_absolute_url()).content.decode()
    assert "den anden part har ændret siden" in body
    assert "Der er rettet i det her" in as_consultant.get(other.get_absolute_url()).content.decode()


def test_a_loop_with_something_closed_is_left_out(operator, consultant, brewery):
    farm = OrganisationFactory(operator=operator, name="Gården")
    one = have(operator, 12, organisation=brewery)
    proposed(one, need(operator, 12, organisation=farm))
    back = have(operator, 3, organisation=farm)
    proposed(back, need(operator, 3, organisation=brewery))
    plan(operator, consultant)
    assert len(plan_of(consultant, operator, one).rings) == 1
    back.status = "paused"
    back.save()
    assert plan_of(consultant, operator, one).rings == []


def test_nobody_but_the_office_is_told(operator, consultant, brewery, sign_in):
    one = have(operator, 100, organisation=brewery)
    proposed(one, need(operator, 100))
    plan(operator, consultant)
    neighbour = user_as(Role.CONSULTANT, OperatorFactory())
    others = [firm_user(brewery), user_as(Role.PARTNER, operator), user_as(Role.ADMIN, operator), neighbour]
    for person in others:
        answer = sign_in(person).get(one.get_absolute_url())
        assert HEADING not in answer.content.decode()
        assert plan_of(person, operator, one) is None
    for role in (Role.CONSULTANT, Role.HEAD):
        body = sign_in(user_as(role, operator)).get(one.get_absolute_url()).content.decode()
        assert HEADING in body


def test_a_neighbours_listing_that_became_confidential_is_not_named(operator, consultant):
    neighbour = OperatorFactory()
    one, secret = have(operator, 100), need(neighbour, 100)
    proposed(one, secret, operator=operator)
    plan(operator, consultant)
    assert plan_of(consultant, operator, one).deliveries
    secret.visibility = "broker"
    type(secret).objects.filter(pk=secret.pk).update(visibility="broker")
    assert plan_of(consultant, operator, one) is None
    assert planned(consultant, operator) == []


def test_the_worklist_brings_up_the_three_most_valuable_that_are_not_above(operator, consultant):
    pairs = [proposed(have(operator, tonnes), need(operator, tonnes), score=0.4) for tonnes in range(10, 16)]
    best = [proposed(have(operator, 1), need(operator, 1), score=0.9) for _ in range(8)]
    plan(operator, consultant)
    work = worklist(consultant, operator, mine=True)
    assert {one.pk for one in work.best} == {one.pk for one in best}
    assert all(one.in_plan for one in work.best)
    assert [flow.suggestion for flow in work.planned] == pairs[:2:-1]
    matching.accept(pairs[5], consultant)
    assert planned(consultant, operator) == [pairs[4], pairs[3], pairs[2]]
    changed = pairs[4].need
    changed.text = "Kun hver anden uge"
    changed.save()
    assert planned(consultant, operator) == [pairs[3], pairs[2], pairs[1]]


def test_the_worklist_says_what_it_is_worth_and_marks_what_stands_above(as_consultant, operator, consultant):
    best = [proposed(have(operator, 1), need(operator, 1), score=0.9) for _ in range(8)]
    more = proposed(have(operator, 100), need(operator, 100), score=0.4)
    assert "også i den bedste plan" not in as_consultant.get(TODAY).content.decode()
    run = plan(operator, consultant)
    body = as_consultant.get(TODAY).content.decode()
    assert body.count("også i den bedste plan") == len(best)
    shown = body.split('id="netvaerk"')[1]
    assert more.get_absolute_url() in shown
    assert "100 tons om året" in shown
    assert "kr." in shown
    assert run.get_absolute_url() in shown


def test_the_worklist_asks_one_question_of_the_plan(operator, consultant, as_consultant):
    for tonnes in range(1, 13):
        proposed(have(operator, tonnes), need(operator, tonnes))
    plan(operator, consultant)
    as_consultant.get(TODAY)
    with CaptureQueriesContext(connection) as asked:
        as_consultant.get(TODAY)
    of_plan = [one["sql"] for one in asked if "market_networkflow" in one["sql"]]
    assert len(of_plan) == 2, (
        "one about the plan, and the mark in the one about suggestions that was asked before"
    )
    assert sum('FROM "market_suggestion"' in sql for sql in of_plan) == 1
