# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops (hens, eggs, restaurants, carrot tops, hens) and open chains in a network of exchanges.

What a loop can carry is what its narrowest edge can carry; what it is worth is that flow times the sum of its
edges' values per unit. Each loop visits a node once and is told once, beginning at its smallest id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown
from brobygger.engine.path_kernels import best_chains, best_loops, by_ends, undominated

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
LONGEST = 12


class Exchange(NamedTuple):
    """A directed edge: something goes from one to the other, worth `value` per unit, at most `capacity` units."""

    from_: str
    to: str
    value: float
    capacity: float


@dataclass(frozen=True, slots=True)
class Loop:
    """`length` edges through as many nodes; the last node leads back to the first. `value` is for the whole flow."""

    rank: int
    length: int
    nodes: tuple[str, ...]
    value: float
    flow: float


@dataclass(frozen=True, slots=True)
class Chain:
    """`length` edges through one node more, from the first to the last. `value` is for the whole flow."""

    rank: int
    length: int
    nodes: tuple[str, ...]
    value: float
    flow: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges between nodes that are numbered in the order of their ids: the smallest number is the smallest id.

    Ordered by tail, then head, parallel ones as they came. `ids` is a sequence or an array of the nodes' ids, `row` the place of each
    edge in the input.
    """

    ids: Any
    tail: Integers
    head: Integers
    value: Floats
    capacity: Floats
    row: Integers


@dataclass(frozen=True, slots=True)
class Found:
    """Loops or chains as arrays, the best first: nodes by number, -1 beyond a path's end."""

    nodes: Integers
    length: Integers
    value: Floats
    flow: Floats


def loops(
    edges: Iterable[Exchange | tuple[str, str, float, float]], max_length: int = 5, top: int = 100
) -> list[Loop]:
    """The `top` loops of 2 to `max_length` edges, the most valuable first; equal ones by length, then by ids.

    Of parallel edges each loop uses those that make it worth most; one that carries no more than another and is worth no
    more per unit is never used. An edge without capacity and an edge from a node to itself make no loop. Values may be negative, and so may a loop's.
    Raises InputError on values or capacities that are not finite and on negative capacities, ValueError where
    `max_length` is not 2 to 12 or `top` is below 1.
    """
    graph = graph_from(edges)
    return [Loop(*row) for row in ranked(graph, loops_in(graph, max_length, top))]


def loops_in(graph: Graph, max_length: int, top: int) -> Found:
    """The best loops of a graph, ranked; raises as `loops` does."""
    if not 2 <= max_length <= LONGEST:
        raise ValueError(f"max_length must be from 2 to {LONGEST}, not {max_length}")
    top = _at_least_one(top)
    kept, following = _worth_a_look(graph)
    order = np.argsort(-graph.capacity[kept], kind="stable")
    picked = kept[order]
    columns = (graph.tail[picked], graph.head[picked], graph.value[picked], graph.capacity[picked])
    if not (following >= 0).any():
        none = np.zeros(0, np.int64)
        return best_first(*best_loops(len(graph.ids), *columns, none, max_length, top))
    place = np.empty(len(order) + 1, np.int64)
    place[order], place[-1] = np.arange(len(order)), len(order)
    wanted = top
    while True:  # the same loop may be among the best several times, by other parallel edges
        found = best_first(*best_loops(len(graph.ids), *columns, place[following][order], max_length, wanted))
        once = _each_once(found)
        if len(once.value) >= top or len(found.value) < wanted:
            return Found(once.nodes[:top], once.length[:top], once.value[:top], once.flow[:top])
        wanted *= 4


def _worth_a_look(graph: Graph) -> tuple[Integers, Integers]:
    """The edges without the parallel ones that another beats, and the place of each one's next parallel edge (or -1)."""
    if not _parallel(graph).any():
        return np.arange(len(graph.tail)), np.full(len(graph.tail), -1, np.int64)
    order = np.lexsort((-graph.value, -graph.capacity, graph.head, graph.tail))
    kept, following = undominated(order, graph.tail, graph.head, graph.value)
    return kept, following


def _parallel(graph: Graph) -> npt.NDArray[np.bool_]:
    """For each edge but the first whether it has the ends of the one before it."""
    same: npt.NDArray[np.bool_] = (graph.tail[1:] == graph.tail[:-1]) & (graph.head[1:] == graph.head[:-1])
    return same


def _each_once(found: Found) -> Found:
    _, first = np.unique(found.nodes, axis=0, return_index=True)
    first.sort()
    return Found(found.nodes[first], found.length[first], found.value[first], found.flow[first])


def chains(
    edges: Iterable[Exchange | tuple[str, str, float, float]],
    max_length: int = 5,
    top: int = 100,
    *,
    begins: Iterable[str] | None = None,
) -> list[Chain]:
    """The `top` open chains of 2 to `max_length` edges, ranked as loops are; `begins`: the ids they may begin at.

    Of parallel edges the one that alone could bring most (value times capacity, then value, then the first) is used.
    A help for pictures, not a public verb. Raises as `loops` does.
    """
    if not 2 <= max_length <= LONGEST:
        raise ValueError(f"max_length must be from 2 to {LONGEST}, not {max_length}")
    graph = _most_valuable_alone(graph_from(edges))
    may_begin = np.ones(len(graph.ids), dtype=np.bool_)
    if begins is not None:
        wanted = set(begins)
        may_begin = np.array([id_ in wanted for id_ in graph.ids], dtype=np.bool_)
    start = np.searchsorted(graph.tail, np.arange(len(graph.ids) + 1)).astype(np.int64)
    found = best_chains(
        start, graph.head, graph.value, graph.capacity, may_begin, max_length, _at_least_one(top)
    )
    return [Chain(*row) for row in ranked(graph, best_first(*found))]


def _most_valuable_alone(graph: Graph) -> Graph:
    if not _parallel(graph).any():
        return graph
    worth = graph.value * graph.capacity
    order = np.lexsort((-graph.value, -worth, graph.head, graph.tail))
    first = np.append(True, ~_parallel(graph))
    rows = order[first]  # the order keeps pairs where they are
    tail, head, value, capacity = (
        graph.tail[rows],
        graph.head[rows],
        graph.value[rows],
        graph.capacity[rows],
    )
    return Graph(graph.ids, tail, head, value, capacity, graph.row[rows])


def _at_least_one(top: int) -> int:
    if top < 1:
        raise ValueError(f"top must be at least 1, not {top}")
    return top


def best_first(values: Floats, flows: Floats, lengths: Integers, nodes: Integers) -> Found:
    """Kernel output in order: by value, then the shorter, then by ids."""
    order = np.lexsort((-flows, *nodes.T[::-1], lengths, -values))
    return Found(nodes[order], lengths[order], values[order], flows[order])


def ranked(graph: Graph, found: Found) -> Iterator[tuple[int, int, tuple[str, ...], float, float]]:
    columns = (found.nodes.tolist(), found.length.tolist(), found.value.tolist(), found.flow.tolist())
    for rank, (nodes, length, value, flow) in enumerate(zip(*columns, strict=True), start=1):
        yield rank, length, tuple(graph.ids[node] for node in nodes if node >= 0), value, flow


def graph_from(edges: Iterable[Exchange | tuple[str, str, float, float]]) -> Graph:
    rows = list(edges)
    from_, to, values, capacities = list(zip(*rows, strict=True)) or [(), (), (), ()]
    ids = sorted({*from_, *to})
    number = {id_: n for n, id_ in enumerate(ids)}
    tail = np.array([number[id_] for id_ in from_], dtype=np.int64)
    head = np.array([number[id_] for id_ in to], dtype=np.int64)
    return graph_of(ids, tail, head, np.array(values, dtype=float), np.array(capacities, dtype=float))


def graph_of(ids: Any, tail: Integers, head: Integers, value: Floats, capacity: Floats) -> Graph:
    """The graph of these columns; `ids` ascending, ends by their place there.

    Raises InputError ("edges", row from 1, column) on values and capacities out of range.
    """
    _refuse("value", value, np.isfinite(value), "a finite number")
    _refuse("capacity", capacity, np.isfinite(capacity) & (capacity >= 0), "a finite number, at least 0")
    kept = by_ends(tail, head, capacity, len(ids))
    return Graph(ids, tail[kept], head[kept], value[kept], capacity[kept], kept)


def _refuse(column: str, numbers: Floats, allowed: npt.NDArray[np.bool_], rule: str) -> None:
    if not allowed.all():
        row = int(np.argmin(allowed))
        raise InputError("edges", row + 1, column, f"{rule}, found {shown(float(numbers[row]))}")
