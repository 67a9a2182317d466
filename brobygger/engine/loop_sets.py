# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best set of loops at once: how much each carries when no two may use the same tonnes.

A linear programme with a variable for each loop (what it carries) and a row for each edge (what all loops together carry
on it), and for each store that several edges draw on (what they take from it). There are far too many loops to list
them, so they are generated: the programme's prices are taken off the edges' values, and the search for the best loops
(`loops`) tells which loops would still earn. When none does, the set is the best of all loops, and the prices prove it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

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


class Store(NamedTuple):
    """What several edges draw on, such as a listing's tonnes: all of them together take at most `amount` of it.

    `edges` are places in the input; each takes its `takes` for every unit that it carries.
    """

    amount: float
    edges: Sequence[int]
    takes: Sequence[float]


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


def loops_together(
    edges: Iterable[Exchange | tuple[str, str, float, float]],
    max_length: int = 5,
    stores: Sequence[Store] = (),
    seconds: float | None = None,
) -> LoopSet:
    """The loops of 2 to `max_length` edges that together are worth most, each with what it carries beside the others.

    No edge carries more than its capacity in all, and no store gives more than it has. After about so many `seconds`
    the best set so far stands, with its bound. A help for the whole network's page, not a public verb; parallel edges
    may run side by side. Errors as in `loops`. Raises ValueError on stores that are not finite numbers from 0 up, or that name edges
    that are not there.
    """
    joined = graph_from(edges)
    best = together(joined, max_length, stores, seconds)
    return LoopSet(
        tuple(Loop(*row) for row in ranked(joined, best.found)), best.value, best.bound, best.status
    )


def together(
    joined: Graph, max_length: int, stores: Sequence[Store] = (), seconds: float | None = None
) -> Set:
    """The best set of loops of a graph. Raises as `loops_together` does."""
    programme = _Programme(joined, _Stores(joined, stores))
    worth = float(np.abs(joined.value).max(initial=0.0))
    price: Floats = np.zeros(len(joined.tail))
    slack, latest = np.inf, 0.0
    began = time.monotonic()
    for _ in range(ROUNDS):
        left = replace(joined, value=joined.value - price, capacity=np.ones(len(joined.tail)))
        earning = loops_in(left, max_length, AT_A_TIME)
        rows = np.flatnonzero(earning.value > NEAR * max(worth, 1e-300))
        slack = float(earning.value.max(initial=0.0))
        # A round's programme has more loops than the one before, and takes longer.
        late = seconds is not None and time.monotonic() - began + 2 * latest > seconds
        if not len(rows) or late or not programme.take(earning.nodes[rows], left.value):
            break
        at = time.monotonic()
        price = programme.solve()
        latest = time.monotonic() - at
    found, value = programme.told(max_length)
    # A loop of at most `slack` too much per unit: what all loops carry is limited by what all edges carry.
    bound = programme.worth_of_limits + max(slack, 0.0) * float(joined.capacity.sum()) / 2
    optimal = bound - value <= 1e-6 * max(abs(bound), 1e-300)
    return Set(found, value, max(bound, value), "optimal" if optimal else "feasible")


class _Stores:
    """The stores by the graph's edges: those of edge e are `number[start[e]:start[e + 1]]`, with what it takes."""

    def __init__(self, joined: Graph, stores: Sequence[Store]) -> None:
        self.amount = np.array([store.amount for store in stores], dtype=float)
        sizes = [len(store.edges) for store in stores]
        row = np.array([edge for store in stores for edge in store.edges], dtype=np.int64)
        takes = np.array([take for store in stores for take in store.takes], dtype=float)
        number = np.repeat(np.arange(len(stores)), sizes).astype(np.int64)
        if len(takes) != len(row) or (len(row) and row.min() < 0):
            raise ValueError("a store has one number for each of its edges, which are places in the input")
        for numbers in (self.amount, takes):
            if not (np.isfinite(numbers) & (numbers >= 0)).all():
                raise ValueError("a store's amount, and what is taken of it, are finite numbers from 0 up")
        place = np.full(max(int(joined.row.max(initial=-1)), int(row.max(initial=-1))) + 1, -1, np.int64)
        place[joined.row] = np.arange(len(joined.row))
        edge = place[row]
        used = np.flatnonzero((edge >= 0) & (takes > 0))
        used = used[np.argsort(edge[used], kind="stable")]
        self.edge, self.number, self.takes = edge[used], number[used], takes[used]
        self.start: Integers = np.searchsorted(self.edge, np.arange(len(joined.row) + 1)).astype(np.int64)

    def of(self, edges: Sequence[int]) -> dict[int, float]:
        """What a loop along these edges takes from each store for every unit that it carries."""
        taken: dict[int, float] = {}
        for edge in edges:
            for k in range(self.start[edge], self.start[edge + 1]):
                store = int(self.number[k])
                taken[store] = taken.get(store, 0.0) + float(self.takes[k])
        return taken

    def on_edges(self, price: Floats) -> Floats:
        """What one unit on each edge costs in the stores, at these prices of theirs."""
        taken: Floats = np.bincount(
            self.edge, self.takes * price[self.number], minlength=len(self.start) - 1
        ).astype(float)
        return taken


class _Programme:
    """The linear programme, growing. `worth_of_limits`: what all limits are worth at its prices."""

    def __init__(self, joined: Graph, stores: _Stores) -> None:
        from ortools.linear_solver import pywraplp

        self._graph = joined
        self._stores = stores
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.Objective().SetMaximization()
        self._rows: dict[int, Any] = {}
        self._store_rows: dict[int, Any] = {}
        self._loops: dict[tuple[int, ...], Any] = {}
        self._nodes: list[tuple[int, ...]] = []
        n = len(joined.ids)
        self._keys: Integers = joined.tail * max(n, 1) + joined.head
        self._n = max(n, 1)
        self.worth_of_limits = 0.0

    def take(self, nodes: Integers, value: Floats) -> int:
        """Add loops, along those of parallel edges that are worth most by this `value`; how many were new."""
        added = 0
        order = np.lexsort((-value, self._keys))
        for row in nodes.tolist():
            loop = tuple(node for node in row if node >= 0)
            keys = [a * self._n + b for a, b in zip(loop, (*loop[1:], loop[0]), strict=True)]
            edges = order[np.searchsorted(self._keys, keys)].tolist()
            if tuple(edges) in self._loops:
                continue
            carried = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._solver.Objective().SetCoefficient(carried, float(self._graph.value[edges].sum()))
            for edge in edges:
                self._limit(self._rows, edge, self._graph.capacity[edge]).SetCoefficient(carried, 1.0)
            for store, takes in self._stores.of(edges).items():
                self._limit(self._store_rows, store, self._stores.amount[store]).SetCoefficient(
                    carried, takes
                )
            self._loops[tuple(edges)] = carried
            self._nodes.append(loop)
            added += 1
        return added

    def _limit(self, rows: dict[int, Any], number: int, most: float) -> Any:
        if number not in rows:
            rows[number] = self._solver.Constraint(0.0, float(most))
        return rows[number]

    def solve(self) -> Floats:
        """What one unit more on each edge would be worth, and what it costs in the stores it draws on."""
        if self._solver.Solve() != self._solver.OPTIMAL:
            raise ArithmeticError("the linear programme of loops was not solved")
        price = _prices(self._rows, len(self._keys))
        of_store = _prices(self._store_rows, len(self._stores.amount))
        self.worth_of_limits = float(
            np.dot(price, self._graph.capacity) + np.dot(of_store, self._stores.amount)
        )
        return price + self._stores.on_edges(of_store)

    def told(self, width: int) -> tuple[Found, float]:
        """The loops that carry something, the best first, each once, and what they are worth together."""
        flows: dict[tuple[int, ...], float] = {}
        values: dict[tuple[int, ...], float] = {}
        for (edges, variable), loop in zip(self._loops.items(), self._nodes, strict=True):
            carried, along = variable.solution_value(), list(edges)
            if carried > NEAR * max(float(self._graph.capacity[along].min()), 1e-300):
                flows[loop] = flows.get(loop, 0.0) + carried
                values[loop] = values.get(loop, 0.0) + carried * float(self._graph.value[along].sum())
        nodes = np.full((len(flows), width), -1, dtype=np.int64)
        for place, loop in enumerate(flows):
            nodes[place, : len(loop)] = loop
        length = np.array([len(loop) for loop in flows], dtype=np.int64)
        flow, value = (np.array(list(column.values()), dtype=float) for column in (flows, values))
        return best_first(value, flow, length, nodes), float(value.sum())


def _prices(rows: dict[int, Any], count: int) -> Floats:
    price = np.zeros(count)
    for number, row in rows.items():
        price[number] = max(row.dual_value(), 0.0)
    return price
