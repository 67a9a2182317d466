# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`loops` beside networkx' simple cycles. Run: ``python -m benchmarks.engine_loops [--quick] [--peer 100000]``."""

from __future__ import annotations

import sys

import networkx as nx
import numpy as np

from benchmarks.report import record
from benchmarks.timing import UNIT, timed
from brobygger.engine import loops
from brobygger.engine.loops import graph_from, graph_of, loops_in

Edges = list[tuple[str, str, float, float]]


def network(edges: int, nodes: int, seed: int = 1) -> Edges:
    """Random exchanges with whole values and capacities, so that sums are exact."""
    rng = np.random.default_rng(seed)
    ends = [f"n{i:07}" for i in range(nodes)]
    columns = (rng.integers(0, nodes, edges), rng.integers(0, nodes, edges))
    numbers = (rng.integers(1, 100, edges), rng.integers(1, 100, edges))
    rows = zip(*(c.tolist() for c in (*columns, *numbers)), strict=True)
    unique = {(a, b): (float(v), float(c)) for a, b, v, c in rows if a != b}
    return [(ends[a], ends[b], v, c) for (a, b), (v, c) in unique.items()]


def by_networkx(edges: Edges, max_length: int, top: int) -> list[tuple[float, tuple[str, ...]]]:
    """Every simple cycle, valued and sorted."""
    graph = nx.DiGraph()
    for a, b, value, capacity in edges:
        graph.add_edge(a, b, value=value, capacity=capacity)
    found = []
    for cycle in nx.simple_cycles(graph, length_bound=max_length):
        k = cycle.index(min(cycle))
        nodes = (*cycle[k:], *cycle[:k])
        steps = [graph.edges[step] for step in zip(nodes, (*nodes[1:], nodes[0]), strict=True)]
        worth = min(s["capacity"] for s in steps) * sum(s["value"] for s in steps)
        found.append((-worth, len(nodes), nodes))
    return [(-worth, nodes) for worth, _, nodes in sorted(found)[:top]]


def run(edges: int = 1_000_000, peer: int = 0) -> None:
    """Loops of up to five edges, the best hundred: beside the peer where it can follow, then all edges alone.

    `peer`: a further size to be measured beside the peer, however long that takes.
    """
    loops(network(100, 20))  # compiles, or reads what is kept on disk
    for size in (edges // 400, edges // 200, edges // 100, *([peer] if peer else [])):
        rows = network(size, size // 5)
        ours, found = timed(lambda r=rows: loops(r))
        theirs, expected = timed(lambda r=rows: by_networkx(r, 5, 100), repeat=1)
        same = [(loop.value, loop.nodes) for loop in found] == expected
        record("loops", f"{len(rows)} edges, length ≤ 5", ours, theirs, "networkx", UNIT, same)
    rows = network(edges, edges // 5)
    ours, _ = timed(lambda: loops(rows), repeat=1)
    record("loops", f"{len(rows)} edges, length ≤ 5", ours, None, "-", UNIT, None)
    as_read = graph_from(rows)
    mixed = np.random.default_rng(2).permutation(len(rows))
    columns = [column[mixed] for column in (as_read.tail, as_read.head, as_read.value, as_read.capacity)]
    ours, _ = timed(lambda: loops_in(graph_of(as_read.ids, *columns), 5, 100))
    record("loops, arrays", f"{len(rows)} edges, length ≤ 5", ours, None, "-", UNIT, None)


if __name__ == "__main__":
    beside = int(sys.argv[sys.argv.index("--peer") + 1]) if "--peer" in sys.argv else 0
    run(100_000 if "--quick" in sys.argv else 1_000_000, beside)
