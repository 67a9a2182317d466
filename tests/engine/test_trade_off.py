# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The curve between kroner and CO2e."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine.allocate import Edge, Impossible, Node, allocate, trade_off
from tests.engine.test_allocate import best_by_linear_programming, networks, networks_with_promises, nodes


@settings(deadline=None, max_examples=150)
@given(networks(), st.data())
def test_at_every_price_of_co2e_the_best_plan_is_on_the_curve(case, data) -> None:
    network, edges = case
    co2e = [data.draw(st.integers(-20, 100)) / 10 for _ in edges]
    curve = trade_off(network, edges, co2e)
    for price in (0.0, 0.1, 1.0, 7.0, 1000.0):
        weighed = [e._replace(value=e.value + price * c) for e, c in zip(edges, co2e, strict=True)]
        expected = best_by_linear_programming(network, weighed)
        best = max(point.value + price * point.second for point in curve)
        assert best == pytest.approx(expected, abs=1e-6 * max(1.0, price))


@settings(deadline=None)
@given(networks_with_promises(), st.data())
def test_along_the_curve_kroner_fall_co2e_rises_and_the_price_too(case, data) -> None:
    network, edges = case
    co2e = [data.draw(st.integers(0, 100)) / 10 for _ in edges]
    try:
        curve = trade_off(network, edges, co2e)
    except Impossible:
        assert best_by_linear_programming(network, edges) is None
        return
    assert curve[0].price == 0
    for before, point in zip(curve, curve[1:], strict=False):
        assert point.value < before.value
        assert point.second > before.second
        assert point.price > before.price
    for point in curve:
        assert point.value == pytest.approx(
            sum(f * e.value for f, e in zip(point.flows, edges, strict=True)), abs=1e-6
        )


def test_from_a_price_on_the_cleaner_plan_is_better() -> None:
    network = nodes({"mask": 10.0}, {"feed": 10.0, "biogas": 10.0})
    edges = [Edge("mask", "feed", 5.0), Edge("mask", "biogas", 8.0)]
    curve = trade_off(network, edges, [20.0, 5.0])
    assert [(p.value, p.second, p.price) for p in curve] == [(80.0, 50.0, 0.0), (50.0, 200.0, 0.2)]


def test_no_more_points_than_asked_for_and_the_ends_among_them() -> None:
    network = [Node(f"h{i}", "have", 1.0) for i in range(40)] + [
        Node("n", "need", 40.0),
        Node("m", "need", 40.0),
    ]
    edges = [Edge(f"h{i}", n, v) for i in range(40) for n, v in (("n", 100.0 + i), ("m", 100.0))]
    co2e = [c for i in range(40) for c in (0.0, 1.0 + i * i)]
    assert len(trade_off(network, edges, co2e)) == 40
    some = trade_off(network, edges, co2e, most=7)
    assert len(some) == 7
    assert some[0].value == allocate(network, edges).value
    assert some[-1].second == sum(co2e)


def test_it_tells_how_many_plans_it_has_looked_at() -> None:
    network = nodes({"mask": 10.0}, {"feed": 10.0, "biogas": 10.0})
    edges = [Edge("mask", "feed", 5.0), Edge("mask", "biogas", 8.0)]
    told: list[int] = []
    trade_off(network, edges, [20.0, 5.0], said=told.append)
    assert told == [1, 2, 3]


def test_the_curve_of_whole_lots_goes_through_plans_in_whole_lots() -> None:
    network = nodes({"a": 50.0}, {"x": 40.0, "y": 40.0})
    edges = [Edge("a", "x", 2.0, lot=12.0), Edge("a", "y", 1.0, lot=20.0)]
    curve = trade_off(network, edges, [1.0, 3.0], seconds=5.0)
    assert [p.flows for p in curve] == [(36.0, 0.0), (24.0, 20.0), (0.0, 40.0)]


def test_both_currencies_from_a_single_wish_are_one_plan() -> None:
    network = nodes({"a": 1.0}, {"b": 1.0})
    assert len(trade_off(network, [Edge("a", "b", 1.0)], [1.0])) == 1
    assert [p.flows for p in trade_off(network, [], [])] == [()]
    with pytest.raises(ValueError, match="one number for each of 1 edges"):
        trade_off(network, [Edge("a", "b", 1.0)], [])
