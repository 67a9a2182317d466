# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best set of loops that do not compete for the same tonnes."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine.loop_sets import Store, loops_together
from brobygger.engine.loops import Exchange

IDS = st.sampled_from("abcdef")
EDGES = st.lists(
    st.builds(Exchange, IDS, IDS, st.integers(-20, 60).map(lambda n: n / 4), st.integers(0, 20).map(float)),
    max_size=18,
    unique_by=lambda edge: (edge.from_, edge.to),
)


def best_by_listing_all(edges: list[Exchange], max_length: int, stores: list[Store] = ()) -> float:
    """All elementary loops by networkx, one variable each, by GLOP."""
    from ortools.linear_solver import pywraplp

    graph = nx.DiGraph()
    graph.add_edges_from((e.from_, e.to) for e in edges if e.from_ != e.to)
    by_ends = {(e.from_, e.to): e for e in edges}
    solver = pywraplp.Solver.CreateSolver("GLOP")
    rows = {ends: solver.Constraint(0.0, edge.capacity) for ends, edge in by_ends.items()}
    limits = [solver.Constraint(0.0, store.amount) for store in stores]
    place = {(e.from_, e.to): n for n, e in enumerate(edges)}
    for loop in nx.simple_cycles(graph, length_bound=max_length):
        carried = solver.NumVar(0, solver.infinity(), "")
        pairs = list(zip(loop, [*loop[1:], loop[0]], strict=True))
        solver.Objective().SetCoefficient(carried, sum(by_ends[pair].value for pair in pairs))
        for pair in pairs:
            rows[pair].SetCoefficient(carried, 1.0)
        for limit, store in zip(limits, stores, strict=True):
            taken = dict(zip(store.edges, store.takes, strict=True))
            limit.SetCoefficient(carried, sum(taken.get(place[pair], 0.0) for pair in pairs))
    solver.Objective().SetMaximization()
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return float(solver.Objective().Value())


@settings(deadline=None, max_examples=150)
@given(EDGES, st.integers(2, 5))
def test_the_set_is_worth_what_a_programme_over_all_loops_finds(
    edges: list[Exchange], max_length: int
) -> None:
    best = loops_together(edges, max_length)
    assert best.value == pytest.approx(best_by_listing_all(edges, max_length), abs=1e-6)
    assert best.bound == pytest.approx(best.value, abs=1e-6)
    capacity = {(e.from_, e.to): e.capacity for e in edges}
    used: dict[tuple[str, str], float] = defaultdict(float)
    for loop in best.loops:
        assert loop.flow > 0
        assert loop.length == len(loop.nodes) <= max_length
        for pair in zip(loop.nodes, (*loop.nodes[1:], loop.nodes[0]), strict=True):
            used[pair] += loop.flow
    assert all(total <= capacity[pair] + 1e-7 for pair, total in used.items())
    assert len({loop.nodes for loop in best.loops}) == len(best.loops)
    assert [loop.value for loop in best.loops] == sorted((loop.value for loop in best.loops), reverse=True)


@settings(deadline=None, max_examples=150)
@given(EDGES, st.data())
def test_stores_that_edges_share_give_no_more_than_they_have(
    edges: list[Exchange], data: st.DataObject
) -> None:
    stores = []
    for _ in range(data.draw(st.integers(1, 4))) if edges else ():
        some = data.draw(st.lists(st.integers(0, len(edges) - 1), unique=True, max_size=5))
        takes = [data.draw(st.integers(0, 8)) / 4 for _ in some]
        stores.append(Store(float(data.draw(st.integers(0, 30))), some, takes))
    best = loops_together(edges, 4, stores)
    assert best.value == pytest.approx(best_by_listing_all(edges, 4, stores), abs=1e-6)
    assert best.bound == pytest.approx(best.value, abs=1e-6)
    carried: dict[tuple[str, str], float] = defaultdict(float)
    for loop in best.loops:
        for pair in zip(loop.nodes, (*loop.nodes[1:], loop.nodes[0]), strict=True):
            carried[pair] += loop.flow
    for store in stores:
        taken = sum(
            take * carried[edges[n].from_, edges[n].to]
            for n, take in zip(store.edges, store.takes, strict=True)
        )
        assert taken <= store.amount + 1e-6


def test_of_two_loops_that_draw_on_one_listing_the_better_runs_and_the_other_gets_what_is_left() -> None:
    edges = [("a", "b", 5.0, 1.0), ("b", "a", 5.0, 1.0), ("a", "c", 4.0, 1.0), ("c", "a", 4.0, 1.0)]
    best = loops_together(edges, 5, [Store(90.0, [0, 2], [60.0, 60.0])])
    assert [(loop.nodes, loop.flow) for loop in best.loops] == [(("a", "b"), 1.0), (("a", "c"), 0.5)]
    assert (best.value, best.status) == (14.0, "optimal")


def test_a_parallel_edge_that_is_not_used_draws_on_nothing() -> None:
    edges = [("a", "b", 1.0, 1.0), ("a", "b", 5.0, 1.0), ("b", "a", 1.0, 1.0)]
    assert loops_together(edges, 5, [Store(0.0, [0], [1.0])]).value == 6.0


def test_parallel_edges_run_side_by_side() -> None:
    edges = [("a", "b", 1.0, 1.0), ("a", "b", 5.0, 1.0), ("b", "a", 1.0, 1.0)]
    best = loops_together(edges, 5, [Store(0.5, [1], [1.0])])
    assert [(loop.nodes, loop.flow, loop.value) for loop in best.loops] == [(("a", "b"), 1.0, 4.0)]
    assert (best.value, best.status) == (4.0, "optimal")


def test_when_time_is_up_the_best_set_so_far_stands_with_its_bound() -> None:
    best = loops_together([("a", "b", 3.0, 10.0), ("b", "a", 3.0, 10.0)], seconds=-1.0)
    assert (best.loops, best.value, best.status) == ((), 0.0, "feasible")
    assert best.bound >= 60.0


@pytest.mark.parametrize(
    "store",
    [Store(1.0, [0], []), Store(1.0, [-1], [1.0]), Store(float("nan"), [0], [1.0]), Store(1.0, [0], [-1.0])],
)
def test_a_store_that_makes_no_sense_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="store"):
        loops_together([("a", "b", 1.0, 1.0)], 5, [store])


def test_two_small_loops_may_beat_the_best_one() -> None:
    edges = [("a", "b", 3.0, 10.0), ("b", "a", 3.0, 10.0), ("b", "c", 4.0, 10.0), ("c", "b", 0.0, 10.0)]
    edges += [("c", "a", 2.0, 10.0)]
    best = loops_together(edges)
    assert [loop.nodes for loop in best.loops] == [("a", "b"), ("b", "c")]
    assert (best.value, best.status) == (100.0, "optimal")


def test_no_loops_are_a_set_of_none() -> None:
    best = loops_together([("a", "b", 1.0, 1.0)])
    assert (best.loops, best.value, best.bound, best.status) == ((), 0.0, 0.0, "optimal")
    assert loops_together([]).loops == ()
