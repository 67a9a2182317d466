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
from brobygger.engine.path_kernels import best_chains, best_loops, by_ends

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

    Ordered by tail, then head, each pair once. `ids` is a sequence or an array of the nodes' ids, `row` the place of each
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

    Of parallel edges the one that alone could bring most (value times capacity, then value) is used. An edge
    without capacity and an edge from a node to itself make no loop. Values may be negative, and so may a loop's.
    Raises InputError on values or capacities that are not finite and on negative capacities, ValueError where
    `max_length` is not 2 to 12 or `top` is below 1.
    """
    graph = graph_from(edges)
    return [Loop(*row) for row in ranked(graph, loops_in(graph, max_length, top))]


def loops_in(graph: Graph, max_length: int, top: int) -> Found:
    """The best loops of a graph, ranked; raises as `loops` does."""
    if not 2 <= max_length <= LONGEST:
        raise ValueError(f"max_length must be from 2 to {LONGEST}, not {max_length}")
    order = np.argsort(-graph.capacity, kind="stable")
    columns = (graph.tail[order], graph.head[order], graph.value[order], graph.capacity[order])
    return best_first(*best_loops(len(graph.ids), *columns, max_length, _at_least_one(top)))


def chains(
    edges: Iterable[Exchange | tuple[str, str, float, float]],
    max_length: int = 5,
    top: int = 100,
    *,
    begins: Iterable[str] | None = None,
) -> list[Chain]:
    """The `top` open chains of 2 to `max_length` edges, ranked as loops are; `begins`: the ids they may begin at.

    A help for pictures, not a public verb. Raises as `loops` does.
    """
    if not 2 <= max_length <= LONGEST:
        raise ValueError(f"max_length must be from 2 to {LONGEST}, not {max_length}")
    graph = graph_from(edges)
    may_begin = np.ones(len(graph.ids), dtype=np.bool_)
    if begins is not None:
        wanted = set(begins)
        may_begin = np.array([id_ in wanted for id_ in graph.ids], dtype=np.bool_)
    start = np.searchsorted(graph.tail, np.arange(len(graph.ids) + 1)).astype(np.int64)
    found = best_chains(
        start, graph.head, graph.value, graph.capacity, may_begin, max_length, _at_least_one(top)
    )
    return [Chain(*row) for row in ranked(graph, best_first(*found))]


def _at_least_one(top: int) -> int:
    if top < 1:
        raise ValueError(f"top must be at least 1, not {top}")
    return top


def best_first(values: Floats, flows: Floats, lengths: Integers, nodes: Integers) -> Found:
    """Kernel output in order: by value, then the shorter, then by ids."""
    order = np.lexsort((*nodes.T[::-1], lengths, -values))
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
    kept = by_ends(tail, head, value, capacity, len(ids))
    return Graph(ids, tail[kept], head[kept], value[kept], capacity[kept], kept)


def _refuse(column: str, numbers: Floats, allowed: npt.NDArray[np.bool_], rule: str) -> None:
    if not allowed.all():
        row = int(np.argmin(allowed))
        raise InputError("edges", row + 1, column, f"{rule}, found {shown(float(numbers[row]))}")
