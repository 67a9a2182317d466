# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Plans where some things move in whole loads, and where a listing says how much must be moved."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from brobygger.market.queries import network as queries
from brobygger.market.services import network
from brobygger.market.services.network.amounts import common_lot, in_whole_lots
from tests.factories import OperatorFactory
from tests.market.test_network_plan import agreed, have, moved, need, plan, proposed


def test_what_goes_in_whole_loads_moves_in_whole_loads(operator, consultant):
    one = have(operator, 50, lot=Decimal(12))
    near, far = need(operator, 30), need(operator, 100)
    proposed(one, near, 0.9)
    proposed(one, far, 0.5)
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, near.pk): Decimal(24), (one.pk, far.pk): Decimal(24)}
    assert run.figures["proven"]
    assert [flow.lots for flow in run.flows.all()] == [2, 2]


def test_a_load_is_told_in_the_listings_own_unit_and_counted_in_the_year(operator, consultant):
    one = have(operator, 4000, lot=Decimal(4000))
    one.unit, one.period = "kg", "week"
    one.save()
    other = need(operator, 10)
    proposed(one, other)
    assert moved(plan(operator, consultant)) == {(one.pk, other.pk): Decimal(8)}


def test_where_both_ask_for_whole_loads_it_is_whole_loads_for_both(operator, consultant):
    one, other = have(operator, 100, lot=Decimal(10)), need(operator, 100, lot=Decimal(12))
    proposed(one, other)
    assert moved(plan(operator, consultant)) == {(one.pk, other.pk): Decimal(60)}
    assert common_lot(Decimal("0.5"), Decimal("0.75")) == Decimal("1.5")
    assert common_lot(Decimal(0), Decimal(3)) == Decimal(3)
    assert in_whole_lots(Decimal("7.4"), Decimal("2.5")) == Decimal(5)


def test_what_cannot_be_divided_goes_to_one_and_what_does_not_fit_is_counted(operator, consultant):
    one = have(operator, 20, lot=Decimal(20))
    small, large = need(operator, 19), need(operator, 20)
    proposed(one, small, 0.9)
    proposed(one, large, 0.5)
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, large.pk): Decimal(20)}
    assert run.figures["too_large_lots"] == 1


def test_a_pinned_pair_gets_whole_loads_and_an_agreement_stands_as_it_is(operator, consultant):
    one = have(operator, 50, lot=Decimal(12))
    first, second = need(operator, 30), need(operator, 100)
    network.pin(proposed(one, first), consultant)
    agreed(proposed(one, second), quantity=Decimal(7))
    run = plan(operator, consultant)
    flows = {flow.need_id: flow for flow in run.flows.all()}
    assert flows[first.pk].tonnes == Decimal(24)
    assert flows[second.pk].tonnes == Decimal(19)  # what is agreed, and one load more
    assert flows[second.pk].lots is None


def test_a_pin_for_which_not_even_one_load_is_left_is_told(operator, consultant):
    one = have(operator, 50, lot=Decimal(12))
    wish = network.pin(proposed(one, need(operator, 10)), consultant)
    assert plan(operator, consultant).figures["unmet"] == [str(wish.pk)]


def test_what_a_listing_must_move_is_moved_where_another_plan_would_be_as_good(operator, consultant):
    eager, must = have(operator, 10), have(operator, 10, least_share=80)
    other = need(operator, 10)
    proposed(eager, other, 0.9)
    proposed(must, other, 0.4)
    run = plan(operator, consultant)
    assert moved(run) == {(eager.pk, other.pk): Decimal(2), (must.pk, other.pk): Decimal(8)}
    assert run.figures["broken"] == []


def test_what_is_agreed_counts_towards_it(operator, consultant):
    must = have(operator, 10, least_share=50)
    agreed(proposed(must, need(operator, 10)), quantity=Decimal(5))
    rival, wanted = have(operator, 10), need(operator, 10)
    proposed(must, wanted, 0.4)
    proposed(rival, wanted, 0.9)
    run = plan(operator, consultant)
    assert moved(run)[rival.pk, wanted.pk] == Decimal(10)


def test_promises_that_cannot_all_be_kept_are_kept_as_far_as_can_be_and_the_rest_is_told(
    operator, consultant, as_consultant
):
    first, second = have(operator, 10, least_share=100), have(operator, 10, least_share=100)
    other = need(operator, 15)
    for one in (first, second):
        proposed(one, other)
    run = plan(operator, consultant)
    assert sum(moved(run).values()) == Decimal(15)
    (broken,) = queries.broken_promises(consultant, run)
    assert (broken.asked, broken.kept) == (10.0, 5.0)
    assert broken.listing in (first, second)
    body = as_consultant.get(run.get_absolute_url()).content.decode()
    assert "skal mindst flytte 10 tons om året, planen lover 5." in body
    assert broken.listing.get_absolute_url() in body


def test_a_promise_that_whole_loads_break_is_kept_in_whole_loads(operator, consultant):
    one = have(operator, 50, lot=Decimal(30), least_share=100)
    other = need(operator, 100)
    proposed(one, other)
    run = plan(operator, consultant)
    assert moved(run) == {(one.pk, other.pk): Decimal(30)}
    assert [(row["asked"], row["kept"]) for row in run.figures["broken"]] == [(50.0, 30.0)]


def test_a_neighbours_listing_binds_only_the_neighbours_plan(operator, consultant):
    neighbour = OperatorFactory()
    theirs, ours = need(neighbour, 10, least_share=100), need(operator, 10)
    one = have(operator, 10)
    proposed(one, ours, 0.9)
    proposed(one, theirs, 0.4)
    assert moved(plan(operator, consultant)) == {(one.pk, ours.pk): Decimal(10)}


def test_the_page_and_the_sheet_count_the_loads(operator, consultant, as_consultant):
    proposed(have(operator, 50, lot=Decimal(12)), need(operator, 30))
    run = plan(operator, consultant)
    body = as_consultant.get(run.get_absolute_url()).content.decode()
    assert "2 læs à 12" in body
    answer = as_consultant.get(reverse("market:network_export", args=[run.pk]))
    heading, row = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    told = dict(zip(heading, row, strict=True))
    assert (told["Hele læs"], told["Et læs, tons"], told["Tons om året"]) == (2, 12, 24)


def test_a_run_tells_how_far_it_is(operator, consultant):
    proposed(have(operator, 10), need(operator, 10))
    told = []
    run = network.ask_for_run(operator, consultant, goal="dkk", least=0.3)
    network.carry_out(run, lambda done, total, words: told.append((done, total, words)))
    steps = [done for done, _total, _words in told]
    assert steps == sorted(steps)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert {"Finder den bedste plan", "Gemmer planen"} <= {words for _done, _total, words in told}
    assert timezone.now() - run.asked_at < timedelta(minutes=1)
