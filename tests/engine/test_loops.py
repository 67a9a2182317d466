# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops and open chains."""

from __future__ import annotations

import math
from itertools import product

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine import loops
from brobygger.engine.errors import InputError
from brobygger.engine.loops import Exchange, chains

Row = tuple[float, int, tuple[str, ...], float]

HERSLEV = [
    ("høns", "æg", 2.0, 5.0),
    ("æg", "restaurant", 3.0, 4.0),
    ("restaurant", "gulerodstoppe", 0.5, 9.0),
    ("gulerodstoppe", "høns", 1.0, 3.0),
]


@st.composite
def networks(draw: st.DrawFn) -> list[Exchange]:
    node = st.integers(0, draw(st.integers(1, 7))).map(lambda n: f"n{n}")
    value, capacity = st.integers(-3, 9).map(lambda n: n / 3), st.integers(0, 4).map(float)
    return draw(st.lists(st.builds(Exchange, node, node, value, capacity), max_size=30))


def simple_graph(edges: list[Exchange]) -> nx.DiGraph:
    graph = nx.DiGraph()
    for from_, to, value, capacity in edges:
        if from_ == to or capacity == 0:
            continue
        worth = (value * capacity, value)
        if not graph.has_edge(from_, to) or worth > graph.edges[from_, to]["worth"]:
            graph.add_edge(from_, to, value=value, capacity=capacity, worth=worth)
    return graph


def row(graph: nx.DiGraph, nodes: tuple[str, ...], steps: list[tuple[str, str]]) -> Row:
    flow = min(graph.edges[step]["capacity"] for step in steps)
    total = 0.0
    for step in steps:
        total += graph.edges[step]["value"]
    return (-total * flow, len(steps), nodes, flow)


def not_beaten(edges: list[Exchange]) -> list[Exchange]:
    """Of parallel edges those that carry more or are worth more than each other one."""
    kept: list[Exchange] = []
    for edge in sorted(edges, key=lambda e: (-e.capacity, -e.value)):
        if all(edge.value > other.value for other in kept):
            kept.append(edge)
    return kept


def worth_and_flow(way: tuple[Exchange, ...]) -> tuple[float, float]:
    flow, total = min(edge.capacity for edge in way), 0.0
    for edge in way:
        total += edge.value
    return total * flow, flow


def loops_by_networkx(edges: list[Exchange], max_length: int) -> list[Row]:
    graph = simple_graph(edges)
    found = []
    for cycle in nx.simple_cycles(graph, length_bound=max_length):
        k = cycle.index(min(cycle))
        nodes = (*cycle[k:], *cycle[:k])
        steps = zip(nodes, (*nodes[1:], nodes[0]), strict=True)
        ways = product(*(not_beaten([e for e in edges if e[:2] == step and e.capacity]) for step in steps))
        worth, flow = max(worth_and_flow(way) for way in ways)
        found.append((-worth, len(nodes), nodes, flow))
    return sorted(found)


def chains_by_networkx(edges: list[Exchange], max_length: int) -> list[Row]:
    graph = simple_graph(edges)
    paths = [
        path
        for begin in graph
        for path in nx.all_simple_paths(graph, begin, set(graph) - {begin}, cutoff=max_length)
        if len(path) > 2
    ]
    return sorted(row(graph, tuple(path), list(zip(path, path[1:], strict=False))) for path in paths)


@settings(deadline=None)
@given(networks(), st.integers(2, 7), st.sampled_from([1, 3, 10, 10_000]))
def test_the_loops_are_those_that_networkx_finds_each_once_and_best_first(
    edges: list[Exchange], max_length: int, top: int
) -> None:
    ours = [(-loop.value, loop.length, loop.nodes, loop.flow) for loop in loops(edges, max_length, top)]
    assert ours == loops_by_networkx(edges, max_length)[:top]


@settings(deadline=None)
@given(networks(), st.integers(2, 5), st.sampled_from([1, 3, 10_000]))
def test_the_chains_are_those_that_networkx_finds(edges: list[Exchange], max_length: int, top: int) -> None:
    ours = [(-c.value, c.length, c.nodes, c.flow) for c in chains(edges, max_length, top)]
    assert ours == chains_by_networkx(edges, max_length)[:top]


def test_hens_eggs_restaurant_carrot_tops_and_hens_again() -> None:
    (loop,) = loops(HERSLEV)
    assert loop.nodes == ("gulerodstoppe", "høns", "æg", "restaurant")
    assert (loop.rank, loop.length, loop.flow, loop.value) == (1, 4, 3.0, 3.0 * 6.5)


def test_a_loop_longer_than_asked_for_is_not_told() -> None:
    assert loops(HERSLEV, max_length=3) == []


def test_of_parallel_edges_a_loop_uses_the_one_that_makes_it_worth_most() -> None:
    edges = [("a", "b", 9.0, 1.0), ("a", "b", 2.0, 5.0), ("b", "a", 0.0, 5.0)]
    assert [(loop.value, loop.flow) for loop in loops(edges)] == [(10.0, 5.0)]
    edges[2] = ("b", "a", 0.0, 1.0)
    assert [(loop.value, loop.flow) for loop in loops(edges)] == [(9.0, 1.0)]


def test_an_edge_without_capacity_or_to_itself_makes_no_loop() -> None:
    assert loops([("a", "a", 1.0, 1.0), ("a", "b", 1.0, 0.0), ("b", "a", 1.0, 1.0)]) == []


def test_chains_may_be_asked_for_from_one_beginning() -> None:
    beer = [
        ("overskudsøl", "eddike", 1.0, 2.0),
        ("eddike", "sennep", 4.0, 1.0),
        ("eddike", "ketchup", 2.0, 2.0),
    ]
    found = chains(beer, begins=["overskudsøl"])
    assert [(c.nodes, c.value) for c in found] == [
        (("overskudsøl", "eddike", "ketchup"), 6.0),
        (("overskudsøl", "eddike", "sennep"), 5.0),
    ]
    assert chains(beer, begins=["eddike"]) == []


def test_no_edges_make_no_loops() -> None:
    assert loops([]) == []
    assert chains([]) == []


@pytest.mark.parametrize(
    ("edge", "column"),
    [
        (("a", "b", math.nan, 1.0), "value"),
        (("a", "b", math.inf, 1.0), "value"),
        (("a", "b", 1.0, math.nan), "capacity"),
        (("a", "b", 1.0, math.inf), "capacity"),
        (("a", "b", 1.0, -1.0), "capacity"),
    ],
)
def test_numbers_that_make_no_sense_are_named(edge: Exchange, column: str) -> None:
    with pytest.raises(InputError) as error:
        loops([("b", "a", 1.0, 1.0), edge])
    assert (error.value.file, error.value.line, error.value.column) == ("edges", 2, column)


@pytest.mark.parametrize(("max_length", "top"), [(1, 1), (13, 1), (5, 0)])
def test_lengths_and_numbers_out_of_range_are_refused(max_length: int, top: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        loops(HERSLEV, max_length, top)
