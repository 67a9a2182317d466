# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`allocate` beside bare OR-Tools min-cost flow per component, and beside networkx where that can follow.

Run: ``python -m benchmarks.engine_allocate [--quick]``.
"""

from __future__ import annotations

import sys

import networkx as nx
import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from benchmarks.report import record
from benchmarks.timing import UNIT, timed
from brobygger.engine import allocate
from brobygger.engine.flow import Network, Optimum, optimum

DISTRICT = 50
"""Haves, and needs, in one component: places near enough to exchange."""


def network(edges: int, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Ten edges for each have, within its district: tails, heads, values, supplies, demands, all whole."""
    rng = np.random.default_rng(seed)
    nodes = edges // 10
    tail = np.repeat(np.arange(nodes), 10)
    head = tail // DISTRICT * DISTRICT + rng.integers(0, DISTRICT, edges)
    return tail, head, rng.integers(1, 1000, edges), rng.integers(1, 100, nodes), rng.integers(1, 100, nodes)


def by_ortools(
    tail: np.ndarray, head: np.ndarray, value: np.ndarray, supply: np.ndarray, demand: np.ndarray
) -> int:
    """The optimum by one solver per district, arrays in, nothing else done."""
    total = 0
    per = DISTRICT * 10
    here = np.arange(DISTRICT)
    root = np.full(DISTRICT, 2 * DISTRICT)
    for first in range(0, len(tail), per):
        offset = first // 10
        t, h = tail[first : first + per] - offset, head[first : first + per] - offset
        s, d = supply[offset : offset + DISTRICT], demand[offset : offset + DISTRICT]
        solver = SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([t, root, here + DISTRICT]),
            np.concatenate([h + DISTRICT, here, root]),
            np.concatenate([np.minimum(s[t], d[h]), s, d]),
            np.concatenate([-value[first : first + per], np.zeros(2 * DISTRICT, dtype=np.int64)]),
        )
        assert solver.solve() == solver.OPTIMAL
        total -= solver.optimal_cost()
    return total


def by_networkx(
    tail: np.ndarray, head: np.ndarray, value: np.ndarray, supply: np.ndarray, demand: np.ndarray
) -> int:
    """The optimum by network simplex."""
    graph = nx.MultiDiGraph()
    graph.add_node("root", demand=0)
    for node, (gives, takes) in enumerate(zip(supply.tolist(), demand.tolist(), strict=True)):
        graph.add_edge("root", ("h", node), capacity=gives, weight=0)
        graph.add_edge(("n", node), "root", capacity=takes, weight=0)
    for t, h, v in zip(tail.tolist(), head.tolist(), value.tolist(), strict=True):
        graph.add_edge(("h", t), ("n", h), capacity=10**6, weight=-v)
    return -nx.network_simplex(graph)[0]


def on_arrays(
    tail: np.ndarray, head: np.ndarray, value: np.ndarray, supply: np.ndarray, demand: np.ndarray
) -> Optimum:
    """Ours with arrays in and out, as the command line uses it."""
    n, m = len(supply), len(tail)
    amount, none = np.concatenate([supply, demand]).astype(float), np.zeros(len(supply) + len(demand))
    network_ = Network(n, amount, none, tail, head + n, value.astype(float), np.full(m, np.inf), np.zeros(m))
    return optimum(network_)


def run(edges: int = 1_000_000) -> None:
    """Both comparisons; networkx at a hundredth of the size."""
    for size, peer, name in (
        (edges, by_ortools, "OR-Tools per component"),
        (edges // 100, by_networkx, "networkx"),
    ):
        tail, head, value, supply, demand = network(size)
        nodes = [(f"h{i}", "have", float(a)) for i, a in enumerate(supply.tolist())]
        nodes += [(f"n{i}", "need", float(a)) for i, a in enumerate(demand.tolist())]
        rows = zip(tail.tolist(), head.tolist(), value.tolist(), strict=True)
        listed = [(f"h{t}", f"n{h}", float(v)) for t, h, v in rows]
        ours, plan = timed(lambda n=nodes, e=listed: allocate(n, e), repeat=2)
        theirs, optimum_ = timed(lambda p=peer, n=(tail, head, value, supply, demand): p(*n), repeat=2)
        same = plan.status == "optimal" and plan.value == optimum_
        record("allocate", f"{size} edges", ours, theirs, name, UNIT, same)
        bare, found = timed(lambda n=(tail, head, value, supply, demand): on_arrays(*n), repeat=2)
        exact = found.exact and found.value == optimum_
        record("allocate, arrays", f"{size} edges", bare, theirs, name, UNIT, exact)


if __name__ == "__main__":
    run(edges=20_000) if "--quick" in sys.argv else run()
