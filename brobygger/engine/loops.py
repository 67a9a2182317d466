# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops (hens, eggs, restaurants, carrot tops, hens) and open chains in a network of exchanges.

What a loop can carry is what its narrowest edge can carry; what it is worth is that flow times the sum of its
edges' values per unit. Each loop visits a node once and is told once, beginning at its smallest id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown
from brobygger.engine.path_kernels import best_chains, best_loops

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
class _Graph:
    """Edges by their first node (compressed rows): node v has `target[start[v]:start[v + 1]]`, ascending.

    Nodes are numbered in the order of their ids, so that the smallest number is the smallest id.
    """

    ids: tuple[str, ...]
    start: Integers
    target: Integers
    value: Floats
    capacity: Floats


def loops(
    edges: Iterable[Exchange | tuple[str, str, float, float]], max_length: int = 5, top: int = 100
) -> list[Loop]:
    """The `top` loops of 2 to `max_length` edges, the most valuable first; equal ones by length, then by ids.

    Of parallel edges the one that alone could bring most (value times capacity, then value) is used. An edge
    without capacity and an edge from a node to itself make no loop. Values may be negative, and so may a loop's.
    Raises InputError on values or capacities that are not finite and on negative capacities, ValueError where
    `max_length` is not 2 to 12 or `top` is below 1.
    """
    if not 2 <= max_length <= LONGEST:
        raise ValueError(f"max_length must be from 2 to {LONGEST}, not {max_length}")
    graph = _graph(edges)
    back = _reversed(graph)
    found = best_loops(
        graph.start,
        graph.target,
        graph.value,
        graph.capacity,
        back[0],
        back[1],
        max_length,
        _at_least_one(top),
    )
    return [Loop(*row) for row in _ranked(graph, *found)]


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
    graph = _graph(edges)
    may_begin = np.ones(len(graph.ids), dtype=np.bool_)
    if begins is not None:
        wanted = set(begins)
        may_begin = np.array([id_ in wanted for id_ in graph.ids], dtype=np.bool_)
    found = best_chains(
        graph.start, graph.target, graph.value, graph.capacity, may_begin, max_length, _at_least_one(top)
    )
    return [Chain(*row) for row in _ranked(graph, *found)]


def _at_least_one(top: int) -> int:
    if top < 1:
        raise ValueError(f"top must be at least 1, not {top}")
    return top


def _ranked(
    graph: _Graph, values: Floats, flows: Floats, lengths: Integers, nodes: Integers
) -> list[tuple[int, int, tuple[str, ...], float, float]]:
    """Kernel output (any order, -1 beyond a path's end) as rows, the best first."""
    paths = [tuple(node for node in row if node >= 0) for row in nodes.tolist()]
    order = sorted(range(len(paths)), key=lambda n: (-values[n], lengths[n], paths[n]))
    return [
        (rank, int(lengths[n]), tuple(graph.ids[v] for v in paths[n]), float(values[n]), float(flows[n]))
        for rank, n in enumerate(order, start=1)
    ]


def _graph(edges: Iterable[Exchange | tuple[str, str, float, float]]) -> _Graph:
    rows = list(edges)
    value = _numbers("value", [row[2] for row in rows], np.isfinite, "a finite number")
    capacity = _numbers(
        "capacity",
        [row[3] for row in rows],
        lambda x: np.isfinite(x) & (x >= 0),
        "a finite number, at least 0",
    )
    ids = tuple(sorted({row[0] for row in rows} | {row[1] for row in rows}))
    number = {id_: n for n, id_ in enumerate(ids)}
    tail = np.array([number[row[0]] for row in rows], dtype=np.int64)
    head = np.array([number[row[1]] for row in rows], dtype=np.int64)
    order = np.lexsort((-value, -value * capacity, head, tail))
    order = order[(tail[order] != head[order]) & (capacity[order] > 0)]
    tail, head = tail[order], head[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    order, tail, head = order[first], tail[first], head[first]
    start = np.searchsorted(tail, np.arange(len(ids) + 1)).astype(np.int64)
    return _Graph(ids, start, head, value[order], capacity[order])


def _numbers(
    column: str, numbers: Sequence[float], allowed: Callable[[Floats], npt.NDArray[np.bool_]], rule: str
) -> Floats:
    array = np.array(numbers, dtype=float)
    wrong = np.flatnonzero(~allowed(array))
    if len(wrong):
        raise InputError("edges", int(wrong[0]) + 1, column, f"{rule}, found {shown(numbers[wrong[0]])}")
    return array


def _reversed(graph: _Graph) -> tuple[Integers, Any]:
    """The graph's edges by their second node: row starts, and the first nodes."""
    tail = np.repeat(np.arange(len(graph.ids), dtype=np.int64), np.diff(graph.start))
    order = np.argsort(graph.target, kind="stable")
    start = np.searchsorted(graph.target[order], np.arange(len(graph.ids) + 1)).astype(np.int64)
    return start, tail[order]
