# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best set of loops that do not compete for the same tonnes."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine.loop_sets import loops_together
from brobygger.engine.loops import Exchange

IDS = st.sampled_from("abcdef")
EDGES = st.lists(
    st.builds(Exchange, IDS, IDS, st.integers(-20, 60).map(lambda n: n / 4), st.integers(0, 20).map(float)),
    max_size=18,
    unique_by=lambda edge: (edge.from_, edge.to),
)


def best_by_listing_all(edges: list[Exchange], max_length: int) -> float:
    """All elementary loops by networkx, one variable each, by GLOP."""
    from ortools.linear_solver import pywraplp

    graph = nx.DiGraph()
    graph.add_edges_from((e.from_, e.to) for e in edges if e.from_ != e.to)
    by_ends = {(e.from_, e.to): e for e in edges}
    solver = pywraplp.Solver.CreateSolver("GLOP")
    rows = {ends: solver.Constraint(0.0, edge.capacity) for ends, edge in by_ends.items()}
    for loop in nx.simple_cycles(graph, length_bound=max_length):
        carried = solver.NumVar(0, solver.infinity(), "")
        pairs = list(zip(loop, [*loop[1:], loop[0]], strict=True))
        solver.Objective().SetCoefficient(carried, sum(by_ends[pair].value for pair in pairs))
        for pair in pairs:
            rows[pair].SetCoefficient(carried, 1.0)
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
