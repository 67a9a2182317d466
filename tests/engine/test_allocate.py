# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan for the whole network."""

from __future__ import annotations

import math
from collections import defaultdict

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine import allocate
from brobygger.engine.allocate import Allocation, Edge, Impossible, Node, keepable
from brobygger.engine.errors import InputError
from brobygger.engine.flow import COST_LIMIT, _scales


def nodes(haves: dict[str, float], needs: dict[str, float]) -> list[Node]:
    return [Node(i, "have", a) for i, a in haves.items()] + [Node(i, "need", a) for i, a in needs.items()]


def check_feasible(plan: Allocation, network: list[Node], edges: list[Edge]) -> None:
    sent: dict[tuple[str, str], float] = defaultdict(float)
    limit = {(node.side, node.id): node.amount for node in network}
    for flow in plan.flows:
        assert flow.flow > 0
        sent["have", flow.have] += flow.flow
        sent["need", flow.need] += flow.flow
    for end, amount in sent.items():
        assert amount <= limit[end] * (1 + 1e-12)
    assert {(f.have, f.need) for f in plan.flows} <= {(e.have, e.need) for e in edges}
    assert math.isclose(plan.value, math.fsum(flow.value for flow in plan.flows), rel_tol=1e-12)


def best_by_networkx(network: list[Node], edges: list[Edge], decimals: int = 0) -> float:
    """Minimum-cost circulation by network simplex: an independent solver, in whole numbers."""
    unit = 10**decimals
    graph = nx.MultiDiGraph()
    graph.add_node("root", demand=0)
    for node in network:
        ends = ("root", ("have", node.id)) if node.side == "have" else (("need", node.id), "root")
        graph.add_edge(*ends, capacity=round(node.amount * unit), weight=0)
    for edge in edges:
        capacity = 10**9 if edge.capacity is None else round(edge.capacity * unit)
        graph.add_edge(
            ("have", edge.have), ("need", edge.need), capacity=capacity, weight=-round(edge.value * unit)
        )
    return -nx.network_simplex(graph)[0] / unit**2


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    amount = st.integers(0, 300).map(lambda n: n / 10)
    network = nodes(
        {f"h{i}": draw(amount) for i in range(draw(st.integers(1, 5)))},
        {f"n{i}": draw(amount) for i in range(draw(st.integers(1, 5)))},
    )
    haves = [n.id for n in network if n.side == "have"]
    needs = [n.id for n in network if n.side == "need"]
    edge = st.builds(
        Edge,
        st.sampled_from(haves),
        st.sampled_from(needs),
        st.integers(-50, 300).map(lambda n: n / 10),
        st.none() | amount,
        st.just(0.0),
        st.just(0.0),
    )
    return network, draw(st.lists(edge, max_size=14))


@settings(deadline=None)
@given(networks())
def test_the_plan_keeps_all_limits_and_is_worth_what_network_simplex_finds(
    case: tuple[list[Node], list[Edge]],
) -> None:
    network, edges = case
    plan = allocate(network, edges)
    check_feasible(plan, network, edges)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best_by_networkx(network, edges, decimals=1), abs=1e-9)
    assert plan.bound == pytest.approx(plan.value, abs=1e-9)


@settings(deadline=None)
@given(networks(), st.floats(0.01, 1e4, allow_nan=False))
def test_numbers_with_all_their_decimals_are_still_proven_optimal(
    case: tuple[list[Node], list[Edge]], factor: float
) -> None:
    network = [node._replace(amount=node.amount * factor / 3) for node in case[0]]
    edges = [edge._replace(value=edge.value * factor / 7) for edge in case[1]]
    plan = allocate(network, edges)
    check_feasible(plan, network, edges)
    assert plan.status == "optimal"


@st.composite
def networks_with_promises(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    network, edges = draw(networks())
    some = st.integers(0, 30).map(lambda n: n / 10)
    network = [
        n._replace(minimum=min(n.amount, draw(some)), share=draw(st.sampled_from((0, 0, 0.5))))
        for n in network
    ]
    pinned = []
    for edge in edges:
        least = draw(st.sampled_from((0.0, 0.0, 0.0, 0.5, 1.0)))
        pinned.append(edge._replace(minimum=least if edge.capacity is None else min(least, edge.capacity)))
    return network, pinned


def best_by_linear_programming(network: list[Node], edges: list[Edge]) -> float | None:
    """The same plan as a linear programme by GLOP; None where the minimums cannot be kept."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    flows = [
        solver.NumVar(e.minimum, solver.infinity() if e.capacity is None else e.capacity, "") for e in edges
    ]
    for node in network:
        own = [
            x
            for x, e in zip(flows, edges, strict=True)
            if node.id == (e.have if node.side == "have" else e.need)
        ]
        solver.Add(solver.Sum(own) <= node.amount)
        solver.Add(solver.Sum(own) >= max(node.minimum, node.share * node.amount))
    solver.Maximize(solver.Sum([x * e.value for x, e in zip(flows, edges, strict=True)]))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return float(solver.Objective().Value())


@settings(deadline=None, max_examples=300)
@given(networks_with_promises())
def test_pins_minimums_and_shares_are_kept_or_the_clash_is_named(case: tuple[list[Node], list[Edge]]) -> None:
    network, edges = case
    expected = best_by_linear_programming(network, edges)
    if expected is None:
        with pytest.raises(Impossible) as clash:
            allocate(network, edges)
        assert_needed_and_enough(network, edges, clash.value)
        return
    plan = allocate(network, edges)
    check_feasible(plan, network, edges)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, abs=1e-6)
    sent = {flow.edge: flow.flow for flow in plan.flows}
    for row, edge in enumerate(edges):
        assert sent.get(row, 0) >= edge.minimum
    for node in network:
        moved = math.fsum(
            f.flow for f in plan.flows if node.id == (f.have if node.side == "have" else f.need)
        )
        assert moved >= max(node.minimum, node.share * node.amount) - 1e-9


def assert_needed_and_enough(network: list[Node], edges: list[Edge], clash: Impossible) -> None:
    """The named minimums clash without any others, and no longer do when any one of them is left out."""
    assert clash.minimums

    def can_hold(named: list[object]) -> bool:
        wanted = [(m.have, m.need, m.amount) for m in named]  # type: ignore[attr-defined]
        parties = []
        for node in network:
            least = max(node.minimum, node.share * node.amount)
            key = (node.id, None, least) if node.side == "have" else (None, node.id, least)
            parties.append(node._replace(minimum=least if key in wanted else 0.0, share=0.0))
        pairs = []
        for edge in edges:
            asked = (edge.have, edge.need, edge.minimum) in wanted
            if asked:
                wanted.remove((edge.have, edge.need, edge.minimum))
            pairs.append(edge._replace(minimum=edge.minimum if asked else 0.0))
        return best_by_linear_programming(parties, pairs) is not None

    named = list(clash.minimums)
    assert not can_hold(named)
    for one in range(len(named)):
        assert can_hold(named[:one] + named[one + 1 :])


def test_a_pinned_pair_carries_its_amount_and_a_forbidden_one_nothing() -> None:
    network = nodes({"a": 5, "b": 5}, {"x": 5})
    free = allocate(network, [Edge("a", "x", 3), Edge("b", "x", 1)])
    assert [(f.have, f.flow) for f in free.flows] == [("a", 5)]
    pinned = allocate(network, [Edge("a", "x", 3), Edge("b", "x", 1, capacity=2, minimum=2)])
    assert [(f.have, f.flow) for f in pinned.flows] == [("a", 3), ("b", 2)]
    assert pinned.value == 11
    forbidden = allocate(network, [Edge("a", "x", 3, capacity=0), Edge("b", "x", 1)])
    assert [(f.have, f.flow) for f in forbidden.flows] == [("b", 5)]


def test_a_pinned_pair_moves_even_where_it_costs() -> None:
    plan = allocate(nodes({"a": 5}, {"x": 5}), [Edge("a", "x", -2.0, minimum=1.5)])
    assert (plan.flows[0].flow, plan.value, plan.bound) == (1.5, -3.0, -3.0)


def test_taking_the_dearest_edge_first_would_be_worse_than_the_plan() -> None:
    network = nodes({"a": 1, "b": 1}, {"x": 1, "y": 1})
    plan = allocate(network, [("a", "x", 10), ("a", "y", 9), ("b", "x", 8)])
    assert plan.value == 17
    assert {(flow.have, flow.need) for flow in plan.flows} == {("a", "y"), ("b", "x")}


def test_an_edge_that_costs_more_than_it_brings_stays_empty() -> None:
    plan = allocate(nodes({"a": 5}, {"x": 5}), [("a", "x", -1.0), ("a", "x", 0.0)])
    assert (plan.flows, plan.value, plan.status) == ((), 0.0, "optimal")


def test_two_edges_between_the_same_pair_are_two_ways() -> None:
    plan = allocate(nodes({"a": 5}, {"x": 5}), [("a", "x", 3.0, 2.0), ("a", "x", 1.0, None)])
    assert [flow.flow for flow in plan.flows] == [2.0, 3.0]
    assert plan.value == 9.0


def test_amounts_with_decimals_come_out_as_they_were_written() -> None:
    plan = allocate(nodes({"a": 0.1, "b": 0.2}, {"x": 0.3}), [("a", "x", 1.0), ("b", "x", 1.0)])
    assert [flow.flow for flow in plan.flows] == [0.1, 0.2]


def test_nothing_in_gives_a_proven_nothing_out() -> None:
    assert allocate([], []) == Allocation((), 0.0, 0.0, "optimal")


def test_very_large_and_very_small_amounts_together_are_proven_too() -> None:
    network = nodes({"a": 1e15, "b": 1e-6}, {"x": 1e15, "y": 1e-6})
    plan = allocate(network, [("a", "x", 1e6), ("b", "y", 1e-6), ("a", "y", 1e15)])
    check_feasible(plan, network, [Edge("a", "x", 0), Edge("b", "y", 0), Edge("a", "y", 0)])
    assert plan.status == "optimal"


def test_the_same_id_may_stand_on_both_sides() -> None:
    assert allocate([("a", "have", 1), ("a", "need", 1)], [("a", "a", 2.0)]).value == 2.0


@pytest.mark.parametrize(
    ("network", "edges", "where"),
    [
        ([("a", "have", -1)], [], ("nodes", 1, "amount")),
        ([("a", "have", math.nan)], [], ("nodes", 1, "amount")),
        ([("a", "have", math.inf)], [], ("nodes", 1, "amount")),
        ([("a", "have", 1), ("a", "have", 1)], [], ("nodes", 2, "id")),
        ([("a", "giver", 1)], [], ("nodes", 1, "side")),
        ([("a", "have", 1), ("x", "need", 1)], [("a", "y", 1.0)], ("edges", 1, "need")),
        ([("a", "have", 1), ("x", "need", 1)], [("x", "a", 1.0)], ("edges", 1, "have")),
        ([("a", "have", 1), ("x", "need", 1)], [("a", "x", math.nan)], ("edges", 1, "value")),
        ([("a", "have", 1), ("x", "need", 1)], [("a", "x", 1.0, -1.0)], ("edges", 1, "capacity")),
        ([("a", "have", 1), ("x", "need", 1)], [("a", "x", 1.0, math.nan)], ("edges", 1, "capacity")),
        ([("a", "have", 1, 2)], [], ("nodes", 1, "minimum")),
        ([("a", "have", 1, 0, 1.5)], [], ("nodes", 1, "share")),
        ([("a", "have", 1), ("x", "need", 1)], [("a", "x", 1.0, 1.0, 2.0)], ("edges", 1, "minimum")),
        ([("a", "have", 1), ("x", "need", 1)], [("a", "x", 1.0, 1.0, math.nan)], ("edges", 1, "minimum")),
    ],
)
def test_input_that_makes_no_sense_is_named(
    network: list[Node], edges: list[Edge], where: tuple[str, int, str]
) -> None:
    with pytest.raises(InputError) as error:
        allocate(network, edges)
    assert (error.value.file, error.value.line, error.value.column) == where


@st.composite
def networks_in_lots(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    network, edges = draw(networks_with_promises())
    sizes = draw(st.sampled_from(((0.0, 2.5), (3.0,), (0.0, 0.5, 4.0))))
    return network, [edge._replace(lot=draw(st.sampled_from(sizes))) for edge in edges]


def best_by_integer_programming(network: list[Node], edges: list[Edge]) -> float | None:
    """The same plan as a mixed integer programme by SCIP; None where the minimums cannot be kept."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    flows = []
    for edge in edges:
        limits = (edge.minimum, 1e6 if edge.capacity is None else edge.capacity)
        flow = solver.NumVar(*limits, "")
        if edge.lot:
            solver.Add(flow == edge.lot * solver.IntVar(0, 1000, ""))
        flows.append(flow)
    for node in network:
        own = [
            x
            for x, e in zip(flows, edges, strict=True)
            if node.id == (e.have if node.side == "have" else e.need)
        ]
        solver.Add(solver.Sum(own) <= node.amount)
        solver.Add(solver.Sum(own) >= max(node.minimum, node.share * node.amount))
    solver.Maximize(solver.Sum([x * e.value for x, e in zip(flows, edges, strict=True)]))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return float(solver.Objective().Value())


@settings(deadline=None, max_examples=200)
@given(networks_in_lots())
def test_deliveries_in_whole_lots_are_the_best_that_integer_programming_finds(
    case: tuple[list[Node], list[Edge]],
) -> None:
    network, edges = case
    expected = best_by_integer_programming(network, edges)
    if expected is None:
        with pytest.raises(Impossible):
            allocate(network, edges)
        return
    plan = allocate(network, edges)
    check_feasible(plan, network, edges)
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(expected, abs=1e-6)
    for flow in plan.flows:
        if lot := edges[flow.edge].lot:
            assert flow.flow / lot == pytest.approx(round(flow.flow / lot), abs=1e-9)


def test_a_lorry_that_does_not_fill_does_not_drive() -> None:
    network = nodes({"a": 50.0}, {"x": 29.0, "y": 70.0})
    plan = allocate(network, [Edge("a", "x", 9.0, lot=30.0), Edge("a", "y", 1.0, lot=30.0)])
    assert [(flow.need, flow.flow) for flow in plan.flows] == [("y", 30.0)]


def test_what_cannot_be_shared_goes_whole_to_one() -> None:
    network = nodes({"crane": 1.0}, {"x": 0.5, "y": 1.0})
    plan = allocate(network, [Edge("crane", "x", 9.0, lot=1.0), Edge("crane", "y", 1.0, lot=1.0)])
    assert [(flow.need, flow.flow) for flow in plan.flows] == [("y", 1.0)]


def kept_by_linear_programming(network: list[Node], edges: list[Edge]) -> float:
    """The most of all minimums together that any plan reaches, by GLOP."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    most = [solver.infinity() if e.capacity is None else e.capacity for e in edges]
    flows = [solver.NumVar(0, limit, "") for limit in most]
    kept = []
    for node in network:
        own = [
            x
            for x, e in zip(flows, edges, strict=True)
            if node.id == (e.have if node.side == "have" else e.need)
        ]
        solver.Add(solver.Sum(own) <= node.amount)
        kept.append(solver.NumVar(0, max(node.minimum, node.share * node.amount), ""))
        solver.Add(kept[-1] <= solver.Sum(own))
    solver.Maximize(solver.Sum(kept))
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return float(solver.Objective().Value())


@settings(deadline=None, max_examples=200)
@given(networks_with_promises())
def test_promises_that_clash_are_lowered_no_more_than_needed(case: tuple[list[Node], list[Edge]]) -> None:
    network, edges = case
    edges = [edge._replace(minimum=0.0) for edge in edges]
    least = keepable(network, edges)
    assert sum(least) == pytest.approx(kept_by_linear_programming(network, edges), abs=1e-6)
    for node, kept in zip(network, least, strict=True):
        assert kept <= max(node.minimum, node.share * node.amount)
    plan = allocate(
        [node._replace(minimum=m, share=0) for node, m in zip(network, least, strict=True)], edges
    )
    assert plan.status == "optimal"


@settings(deadline=None, max_examples=100)
@given(networks_in_lots())
def test_promises_that_whole_lots_break_are_lowered_until_a_plan_is_there(
    case: tuple[list[Node], list[Edge]],
) -> None:
    network, edges = case
    edges = [edge._replace(minimum=0.0) for edge in edges]
    least = keepable(network, edges)
    allocate([node._replace(minimum=m, share=0) for node, m in zip(network, least, strict=True)], edges)


def test_a_promise_of_more_than_whole_lots_is_kept_in_whole_lots() -> None:
    network = [Node("a", "have", 50.0, share=0.9), Node("x", "need", 100.0)]
    assert keepable(network, [Edge("a", "x", 1.0, lot=30.0)]) == [30.0, 0.0]


def test_shares_and_values_with_many_digits_leave_whole_lots_proven() -> None:
    network = [
        Node("h", "have", 7.04, share=0.1),
        Node("g", "have", 3.0),
        Node("n", "need", 3.588, share=0.1),
    ]
    edges = [Edge("h", "n", 1 / 3, lot=2), Edge("g", "n", math.pi, lot=1.5)]
    plan = allocate(network, edges)
    assert plan.status == "optimal"
    assert math.isclose(plan.value, 2 / 3 + 1.5 * math.pi, rel_tol=1e-12)


def test_a_promise_is_kept_in_lots_where_nothing_with_a_value_can_be_carried() -> None:
    network = [Node("a", "have", 50.0, minimum=7.0), Node("x", "need", 40.0), Node("y", "need", 7.0)]
    plan = allocate(network, [Edge("a", "x", 0.0, lot=8.0), Edge("a", "y", 1 / 3, lot=10.0)])
    assert [flow.need for flow in plan.flows] == ["x"]
    assert plan.flows[0].flow % 8.0 == 0.0
    assert (plan.value, plan.gap, plan.status) == (0.0, 0.0, "optimal")
    assert plan.exact


@pytest.mark.parametrize("size", [0.0, 4.0])
@pytest.mark.parametrize("largest", [1.0 / 3.0, 1e16 / 3.0, 1e300, 1.7e308])
def test_numbers_made_whole_stay_within_what_integers_hold(size: float, largest: float) -> None:
    numbers = np.array([largest, largest, 0.3])
    scale, _ = _scales(numbers, np.zeros(3, np.int64), np.array([size]), COST_LIMIT)
    assert np.all(np.sum(numbers * scale) <= COST_LIMIT)
