# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan for the whole network: as good as any, with what was agreed, pinned and forbidden, and kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.knowledge import load
from brobygger.knowledge.factors import factor_for
from brobygger.market.models import Match, NetworkFlow, NetworkWish
from brobygger.market.queries import network as queries
from brobygger.market.services import network
from brobygger.market.services.network.wishes import AlreadyLifted, NeedsReason, NotAPair, OnlyTheOffice
from tests.factories import (
    AgreementFactory,
    ListingFactory,
    OperatorFactory,
    OrganisationFactory,
    SuggestionFactory,
    user_as,
)

GRAIN = factor_for(load(), "spent_grain", "cattle_feed")


def listing(operator, side, tonnes, *, type_id="spent_grain", **fields):
    return ListingFactory(
        organisation=fields.pop("organisation", None) or OrganisationFactory(operator=operator),
        side=side,
        resource_type=type_id,
        quantity=tonnes,
        unit="t",
        period="year",
        **fields,
    )


def have(operator, tonnes, **fields):
    return listing(operator, "have", tonnes, **fields)


def need(operator, tonnes, **fields):
    return listing(operator, "need", tonnes, **{"type_id": "cattle_feed"} | fields)


def proposed(one, other, score=0.8, **fields):
    return SuggestionFactory(
        **{"have": one, "need": other, "operator": one.operator, "score": score} | fields
    )


def plan(operator, user, goal="dkk", least=0.3, **asked):
    return network.carry_out(network.ask_for_run(operator, user, goal=goal, least=least, **asked))


def moved(run):
    return {(flow.have_id, flow.need_id): flow.tonnes for flow in run.flows.all()}


def agreed(suggestion, stage="running", **terms):
    match = Match.objects.create(
        operator=suggestion.operator, suggestion=suggestion, have=suggestion.have, need=suggestion.need,
        giver=suggestion.have.organisation, taker=suggestion.need.organisation, stage=stage,
        have_shown=True, need_shown=True,
    )  # fmt: skip
    suggestion.state = "accepted"
    suggestion.save()
    day = timezone.localdate() - timedelta(days=30)
    AgreementFactory(
        match=match, agreed_on=day, starts_on=day, **{"quantity": Decimal(30), "period": "year"} | terms
    )
    return match


@pytest.fixture
def crossroads(operator):
    """Two that have and two that need; whoever lets the first two meet leaves tonnes over."""
    one, two = have(operator, 100), have(operator, 40)
    wants, other = need(operator, 100), need(operator, 40)
    return {
        (one, wants): proposed(one, wants),
        (one, other): proposed(one, other, 0.9),
        (two, other): proposed(two, other),
    }


def test_the_plan_moves_as_much_as_any_plan_could(operator, consultant, crossroads):
    run = plan(operator, consultant)
    ends = list(crossroads)
    assert moved(run) == {
        (ends[0][0].pk, ends[0][1].pk): Decimal(100),
        (ends[2][0].pk, ends[2][1].pk): Decimal(40),
    }
    assert run.figures["proven"]
    assert run.done_at
    assert run.by == consultant


def test_it_beats_every_order_in_which_pairs_could_be_served_one_by_one(operator, consultant):
    amounts = [(70, 30), (50, 90), (20, 40)]
    haves = [have(operator, given) for given, _taken in amounts]
    needs = [need(operator, taken) for _given, taken in amounts]
    pairs = [(h, n) for i, h in enumerate(haves) for j, n in enumerate(needs) if i != j]
    for one, other in pairs:
        proposed(one, other)
    best = 0.0
    for order in permutations(range(len(pairs))):
        left = {row.pk: float(row.quantity) for row in [*haves, *needs]}
        total = 0.0
        for number in order:
            one, other = pairs[number]
            flow = min(left[one.pk], left[other.pk])
            left[one.pk] -= flow
            left[other.pk] -= flow
            total += flow
        best = max(best, total)
    run = plan(operator, consultant)
    assert float(sum(flow.tonnes for flow in run.flows.all())) == pytest.approx(best)


def test_among_equal_plans_the_more_obvious_pair_is_taken(operator, consultant):
    one = have(operator, 10)
    weak, strong = need(operator, 10), need(operator, 10)
    proposed(one, weak, 0.4)
    proposed(one, strong, 0.9)
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, strong.pk): Decimal(10)}
    assert run.figures["proven"]


def test_tonnes_are_worth_what_the_sources_say_and_unknown_stays_unknown(operator, consultant):
    one, other = have(operator, 100), need(operator, 100)
    proposed(one, other)
    nobody_knows, wanted = have(operator, 5, type_id=""), need(operator, 5, type_id="")
    proposed(nobody_knows, wanted)
    rows = {flow.have_id: flow for flow in plan(operator, consultant).flows.all()}
    worth = {"dkk": GRAIN.dkk, "co2e_kg": GRAIN.kg_co2e}
    for name, per_tonne in worth.items():
        shown = getattr(rows[one.pk], name)
        assert shown == (None if per_tonne is None else Decimal(str(per_tonne)) * 100)


def test_what_is_agreed_stays_also_where_another_plan_would_be_worth_more(operator, consultant, crossroads):
    (one, other), pair = list(crossroads.items())[1]
    agreed(pair, quantity=Decimal(30))
    run = plan(operator, consultant)
    flows = moved(run)
    assert flows[one.pk, other.pk] >= 30
    kept = run.flows.get(have=one, need=other)
    assert (kept.why, kept.agreed_tonnes, kept.match.stage) == ("agreed", Decimal(30), "running")
    today, best = queries.totals(queries.flows_of(consultant, run))
    assert (today.tonnes, today.deliveries) == (Decimal(30), 1)
    assert best.tonnes == sum(flows.values())


def test_an_agreement_of_more_than_the_listing_says_is_still_kept(operator, consultant):
    one, other = have(operator, 10), need(operator, 10)
    agreed(proposed(one, other), quantity=Decimal(25))
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, other.pk): Decimal(25)}


def test_an_agreement_without_an_amount_is_reckoned_with_what_both_can_and_that_is_said(operator, consultant):
    one, other = have(operator, 10), need(operator, 8)
    agreed(proposed(one, other), quantity=None, unit="")
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, other.pk): Decimal(8)}
    assert run.figures["agreed_without_amount"] == 1


def test_an_agreement_that_has_ended_binds_nobody(operator, consultant, crossroads):
    pair = list(crossroads.values())[1]
    agreed(pair, quantity=Decimal(30), ends_on=timezone.localdate() - timedelta(days=1))
    run = plan(operator, consultant)
    assert all(flow.why == "best" for flow in run.flows.all())


def test_a_taker_that_posted_nothing_keeps_what_it_has_agreed(operator, consultant):
    one, other = have(operator, 10), need(operator, 10)
    proposed(one, other)
    firm = OrganisationFactory(operator=operator)
    match = Match.objects.create(
        operator=operator, have=one, giver=one.organisation, taker=firm, stage="agreed", have_shown=True
    )
    day = timezone.localdate()
    AgreementFactory(match=match, agreed_on=day, starts_on=day, quantity=Decimal(4), period="year")
    run = plan(operator, consultant)
    assert {(flow.taker_id, flow.tonnes) for flow in run.flows.all()} == {
        (firm.pk, Decimal(4)),
        (other.organisation_id, Decimal(6)),
    }


def test_a_pinned_pair_gets_all_both_can_and_a_forbidden_one_nothing(operator, consultant, crossroads):
    (first, second, third) = crossroads.items()
    network.pin(second[1], consultant)
    run = plan(operator, consultant)
    assert moved(run)[second[0][0].pk, second[0][1].pk] == Decimal(40)
    assert run.flows.get(have=second[0][0], need=second[0][1]).why == "pinned"
    network.forbid(first[1], consultant, "quality", "Lugter")
    run = plan(operator, consultant)
    assert (first[0][0].pk, first[0][1].pk) not in moved(run)
    assert run.figures["wishes"] == {"pin": 1, "forbid": 1}


def test_pins_that_compete_are_served_in_the_order_they_were_made_and_the_rest_is_told(operator, consultant):
    one = have(operator, 10)
    pairs = [proposed(one, need(operator, 10)) for _ in range(2)]
    first, second = (network.pin(pair, consultant) for pair in pairs)
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, first.need_id): Decimal(10)}
    assert run.figures["unmet"] == [str(second.pk)]


def test_a_pinned_pair_is_in_also_where_it_is_weaker_than_asked_for(operator, consultant):
    one, other = have(operator, 10), need(operator, 10)
    pair = proposed(one, other, 0.15)
    assert moved(plan(operator, consultant)) == {}
    network.pin(pair, consultant)
    assert moved(plan(operator, consultant)) == {(one.pk, other.pk): Decimal(10)}


def test_a_wish_is_recorded_replaced_and_lifted_and_what_was_stays_written(operator, consultant, crossroads):
    pair = list(crossroads.values())[0]
    pinned = network.pin(pair, consultant)
    assert network.pin(pair, consultant) == pinned
    forbidden = network.forbid(pair, consultant, "price")
    pinned.refresh_from_db()
    assert pinned.lifted_by == consultant
    assert NetworkWish.objects.filter(lifted_at=None).get() == forbidden
    head = user_as(Role.HEAD, operator)
    network.lift(forbidden, head)
    forbidden.refresh_from_db()
    assert (forbidden.by, forbidden.lifted_by) == (consultant, head)
    with pytest.raises(AlreadyLifted):
        network.lift(forbidden, head)
    assert (pair.have_id, pair.need_id) in moved(plan(operator, consultant))


def test_wishes_need_a_reason_a_pair_and_a_person_of_the_office(operator, consultant, crossroads):
    pair = list(crossroads.values())[0]
    with pytest.raises(NeedsReason):
        network.forbid(pair, consultant, "")
    taker = SuggestionFactory(
        have=pair.have, need=None, organisation=OrganisationFactory(operator=operator), kind="taker"
    )
    with pytest.raises(NotAPair):
        network.pin(taker, consultant)
    for role, office in ((Role.HEAD, OperatorFactory()), (Role.ADMIN, operator), (Role.PARTNER, operator)):
        outsider = user_as(role, office)
        with pytest.raises(OnlyTheOffice):
            network.pin(pair, outsider)
        with pytest.raises(OnlyTheOffice):
            network.ask_for_run(operator, outsider, goal="dkk", least=0.3)


def test_listings_without_an_amount_are_left_out_and_named(operator, consultant):
    silent = have(operator, None)
    proposed(silent, need(operator, 10))
    run = plan(operator, consultant)
    assert moved(run) == {}
    assert queries.without_amount(consultant, run) == [silent]


def test_between_kroner_and_co2e_there_is_a_curve_and_the_goal_chooses_its_end(
    operator, consultant, monkeypatch
):
    from brobygger.knowledge.factors import Worth
    from brobygger.market.services.network import problem

    figures = {"a": Worth(10.0, 900.0, None, None), "b": Worth(500.0, 50.0, None, None), "c": Worth(200.0, 600.0, None, None)}  # fmt: skip
    monkeypatch.setattr(problem, "factors", lambda type_id, *use: figures[type_id])
    others = [need(operator, 40), need(operator, 25)]
    for type_id in figures:
        one = have(operator, 30, type_id=type_id)
        for other in others:
            proposed(one, other)
    runs = {goal: plan(operator, consultant, goal) for goal in ("dkk", "co2e", "both")}
    totals = {goal: queries.totals(queries.flows_of(consultant, run))[1] for goal, run in runs.items()}
    curve = runs["dkk"].figures["curve"]
    assert len(curve) >= 2
    assert curve == runs["co2e"].figures["curve"]
    assert curve[-1]["dkk"] == float(totals["dkk"].dkk) == max(point["dkk"] for point in curve)
    assert curve[0]["co2e_kg"] == float(totals["co2e"].co2e_kg) == max(point["co2e_kg"] for point in curve)
    assert totals["dkk"].dkk >= totals["both"].dkk >= totals["co2e"].dkk
    assert [point["dkk"] for point in curve] == sorted(point["dkk"] for point in curve)
    assert all(run.figures["proven"] for run in runs.values())


@pytest.mark.parametrize("goal", ["dkk", "co2e", "both"])
def test_among_plans_of_equal_worth_the_one_is_taken_that_gives_more_of_the_other(
    operator, consultant, monkeypatch, goal
):
    from brobygger.knowledge.factors import Worth
    from brobygger.market.services.network import problem

    kg_co2e, dkk = (700.0, 20.0) if goal == "dkk" else (300.0, 420.0)
    figures = {"a": Worth(300.0, 20.0, None, None), "b": Worth(kg_co2e, dkk, None, None)}
    monkeypatch.setattr(problem, "factors", lambda type_id, *use: figures[type_id])
    wanted = need(operator, 30)
    better, obvious = have(operator, 30, type_id="b"), have(operator, 30, type_id="a")
    proposed(better, wanted, 0.5)
    proposed(obvious, wanted, 0.9)
    run = plan(operator, consultant, goal)
    assert moved(run) == {(better.pk, wanted.pk): Decimal(30)}
    assert run.figures["proven"]


def test_a_run_that_is_done_is_left_alone(operator, consultant, crossroads):
    run = plan(operator, consultant)
    before = (run.done_at, run.flows.count())
    again = network.carry_out(run)
    assert (again.done_at, again.flows.count()) == before


def test_a_neighbours_open_listing_may_be_used_its_hidden_one_never(operator, consultant):
    neighbour = OperatorFactory()
    one = have(operator, 50)
    shown, hidden = need(neighbour, 20), need(neighbour, 20, visibility="broker")
    for other in (shown, hidden):
        proposed(one, other)
    assert moved(plan(operator, consultant)) == {(one.pk, shown.pk): Decimal(20)}
    assert NetworkFlow.objects.filter(need=hidden).count() == 0
