# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best set of loops at once: how much each carries when no two may use the same tonnes.

A linear programme with a variable for each loop (what it carries) and a row for each edge (what all loops together carry
on it). There are far too many loops to list them, so they are generated: the programme's prices are taken off the
edges' values, and the search for the best loops (`loops`) tells which loops would still earn. When none does, the set is
the best of all loops, and the prices prove it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from brobygger.engine.loops import (
    Exchange,
    Floats,
    Found,
    Graph,
    Integers,
    Loop,
    best_first,
    graph_from,
    loops_in,
    ranked,
)

AT_A_TIME = 500
"""Loops that join the programme in one round."""
ROUNDS = 200
NEAR = 1e-9
"""Earnings below this share of the dearest edge are none."""


@dataclass(frozen=True, slots=True)
class LoopSet:
    """Loops that run side by side, the most valuable first, and what no set of loops could exceed."""

    loops: tuple[Loop, ...]
    value: float
    bound: float
    status: Literal["optimal", "feasible"]


@dataclass(frozen=True, slots=True)
class Set:
    """The same as arrays."""

    found: Found
    value: float
    bound: float
    status: Literal["optimal", "feasible"]


def loops_together(edges: Iterable[Exchange | tuple[str, str, float, float]], max_length: int = 5) -> LoopSet:
    """The loops of 2 to `max_length` edges that together are worth most, each with what it carries beside the others.

    No edge carries more than its capacity in all. A help for the whole network's page, not a public verb; parallel
    edges and errors as in `loops`.
    """
    joined = graph_from(edges)
    best = together(joined, max_length)
    return LoopSet(
        tuple(Loop(*row) for row in ranked(joined, best.found)), best.value, best.bound, best.status
    )


def together(joined: Graph, max_length: int) -> Set:
    """The best set of loops of a graph. Raises as `loops` does."""
    programme = _Programme(joined)
    worth = float(np.abs(joined.value).max(initial=0.0))
    price: Floats = np.zeros(len(joined.tail))
    slack = np.inf
    for _ in range(ROUNDS):
        left = Graph(joined.ids, joined.tail, joined.head, joined.value - price, np.ones(len(joined.tail)))
        earning = loops_in(left, max_length, AT_A_TIME)
        rows = np.flatnonzero(earning.value > NEAR * max(worth, 1e-300))
        slack = float(earning.value.max(initial=0.0))
        if not len(rows) or not programme.take(earning.nodes[rows]):
            break
        price = programme.solve()
    found, value = programme.told(max_length)
    # A loop of at most `slack` too much per unit: what all loops carry is limited by what all edges carry.
    bound = float(np.dot(price, joined.capacity)) + max(slack, 0.0) * float(joined.capacity.sum()) / 2
    optimal = bound - value <= 1e-6 * max(abs(bound), 1e-300)
    return Set(found, value, max(bound, value), "optimal" if optimal else "feasible")


class _Programme:
    """The linear programme, growing."""

    def __init__(self, joined: Graph) -> None:
        from ortools.linear_solver import pywraplp

        self._graph = joined
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.Objective().SetMaximization()
        self._rows: dict[int, Any] = {}
        self._loops: dict[tuple[int, ...], Any] = {}
        self._edges: list[list[int]] = []
        n = len(joined.ids)
        self._keys: Integers = joined.tail * max(n, 1) + joined.head
        self._n = max(n, 1)

    def take(self, nodes: Integers) -> int:
        """Add loops; how many were new."""
        added = 0
        for row in nodes.tolist():
            loop = tuple(node for node in row if node >= 0)
            if loop in self._loops:
                continue
            keys = [a * self._n + b for a, b in zip(loop, (*loop[1:], loop[0]), strict=True)]
            edges = np.searchsorted(self._keys, keys).tolist()
            carried = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._solver.Objective().SetCoefficient(carried, float(self._graph.value[edges].sum()))
            for edge in edges:
                if edge not in self._rows:
                    self._rows[edge] = self._solver.Constraint(0.0, float(self._graph.capacity[edge]))
                self._rows[edge].SetCoefficient(carried, 1.0)
            self._loops[loop] = carried
            self._edges.append(edges)
            added += 1
        return added

    def solve(self) -> Floats:
        """What one unit more on each edge would be worth."""
        if self._solver.Solve() != self._solver.OPTIMAL:
            raise ArithmeticError("the linear programme of loops was not solved")
        price = np.zeros(len(self._keys))
        for edge, row in self._rows.items():
            price[edge] = max(row.dual_value(), 0.0)
        return price

    def told(self, width: int) -> tuple[Found, float]:
        """The loops that carry something, the best first, and what they are worth together."""
        carried = np.array([loop.solution_value() for loop in self._loops.values()])
        limit = self._graph.capacity
        used = [
            k
            for k, edges in enumerate(self._edges)
            if carried[k] > NEAR * max(float(limit[edges].min()), 1e-300)
        ]
        nodes = np.full((len(used), width), -1, dtype=np.int64)
        length = np.zeros(len(used), dtype=np.int64)
        for place, k in enumerate(used):
            loop = list(self._loops)[k]
            nodes[place, : len(loop)] = loop
            length[place] = len(loop)
        flow = carried[used] if used else np.zeros(0)
        value = flow * np.array([float(self._graph.value[self._edges[k]].sum()) for k in used])
        return best_first(value, flow, length, nodes), float(value.sum())
