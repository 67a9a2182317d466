# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Compiled loops over the arrays of a flow network, used by `allocate`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Integers = npt.NDArray[np.int64]


@compiled
def components(n: int, tail: Integers, head: Integers) -> Integers:
    """For each of n nodes a label shared by all nodes it is connected with (union-find, path halving)."""
    parent = np.arange(n)
    for edge in range(len(tail)):
        a, b = tail[edge], head[edge]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        else:
            parent[a] = b
    for node in range(n):
        parent[node] = parent[parent[node]]
    return parent


@compiled
def potentials(
    limits: Integers,
    n_haves: int,
    tail: Integers,
    head: Integers,
    capacity: Integers,
    cost: Integers,
    flow: Integers,
) -> Integers:
    """Price of each node relative to the root, from shortest paths in the network that the flow leaves over.

    Nodes below n_haves are haves. An edge earns `cost` per unit. Where the flow is optimal no path can be
    shortened for ever, and the prices prove it; where it is not, the passes stop after as many as there are
    nodes, and the bound that the caller computes from the prices shows the gap.
    """
    n = len(limits)
    used = np.zeros(n, np.int64)
    for edge in range(len(tail)):
        used[tail[edge]] += flow[edge]
        used[head[edge]] += flow[edge]
    price = np.zeros(n + 1, np.int64)
    for _ in range(n + 2):
        changed = False
        for edge in range(len(tail)):
            have, need = tail[edge], head[edge]
            if flow[edge] < capacity[edge] and price[have] - cost[edge] < price[need]:
                price[need] = price[have] - cost[edge]
                changed = True
            if flow[edge] > 0 and price[need] + cost[edge] < price[have]:
                price[have] = price[need] + cost[edge]
                changed = True
        for node in range(n):
            outward = used[node] < limits[node] if node < n_haves else used[node] > 0
            inward = used[node] > 0 if node < n_haves else used[node] < limits[node]
            if outward and price[n] < price[node]:
                price[node] = price[n]
                changed = True
            if inward and price[node] < price[n]:
                price[n] = price[node]
                changed = True
        if not changed:
            break
    relative: Integers = price[:n] - price[n]
    return relative
