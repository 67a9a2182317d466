# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Compiled loops over the arrays of a flow network, used by `allocate`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled
from brobygger.engine.simplex_kernels import UNBOUNDED, simplex

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


@compiled
def numbered(label: Integers) -> tuple[int, Integers]:
    """How many different labels there are, and each entry's number among them, in order of first appearance."""
    number = np.full(len(label), -1, np.int64)
    out = np.empty(len(label), np.int64)
    count = 0
    for k in range(len(label)):
        if number[label[k]] < 0:
            number[label[k]] = count
            count += 1
        out[k] = number[label[k]]
    return count, out


@compiled
def solve_parts(
    parts: Integers,
    node_start: Integers,
    nodes: Integers,
    edge_start: Integers,
    edges: Integers,
    n_haves: int,
    limit: Integers,
    needed: Integers,
    tail: Integers,
    head: Integers,
    capacity: Integers,
    cost: Integers,
    flow: Integers,
    price: Integers,
    missing: Integers,
) -> None:
    """The flow of highest worth in each of these parts of the network, written into flow, price and missing.

    `limit` and `needed`: the most and the least that each node may move (after the edges' own minimum is taken off).
    An edge earns `cost` per unit. `missing[part]`: how much of what is needed cannot be reached.
    """
    local = np.empty(len(limit), np.int64)
    for part in parts:
        n = node_start[part + 1] - node_start[part]
        m = edge_start[part + 1] - edge_start[part]
        own_nodes = nodes[node_start[part] : node_start[part + 1]]
        own_edges = edges[edge_start[part] : edge_start[part + 1]]
        n_needed = 0
        for k in range(n):
            local[own_nodes[k]] = k
            n_needed += needed[own_nodes[k]] > 0
        size = m + n + n_needed
        t, h = np.empty(size, np.int64), np.empty(size, np.int64)
        cap, price_of = np.empty(size, np.int64), np.zeros(size, np.int64)
        moved, state = np.zeros(size, np.int64), np.ones(size, np.int64)
        highest = 0
        for k in range(m):
            edge = own_edges[k]
            t[k], h[k] = local[tail[edge]], local[head[edge]]
            cap[k], price_of[k] = capacity[edge], -cost[edge]
            highest = max(highest, abs(cost[edge]))
        basic = np.empty(n + 1, np.int64)
        extra = m + n
        for k in range(n):
            node, arc = own_nodes[k], m + k
            out = node < n_haves
            t[arc], h[arc] = (k, n) if out else (n, k)
            if needed[node] == 0:
                cap[arc], moved[arc], state[arc], basic[k] = UNBOUNDED, limit[node], 0, arc
                continue
            cap[arc] = moved[arc] = limit[node] - needed[node]
            state[arc] = -1
            t[extra], h[extra], cap[extra] = t[arc], h[arc], UNBOUNDED
            price_of[extra], moved[extra], state[extra], basic[k] = (
                (n + 1) * highest + 1,
                needed[node],
                0,
                extra,
            )
            extra += 1
        prices = np.zeros(n + 1, np.int64)
        simplex(n, t, h, cap, price_of, moved, state, basic, prices)
        for k in range(m):
            flow[own_edges[k]] = moved[k]
        for k in range(n):
            price[own_nodes[k]] = prices[k] if own_nodes[k] < n_haves else -prices[k]
        for k in range(m + n, size):
            missing[part] += moved[k]


@compiled
def flaws(
    n_haves: int,
    limit: Integers,
    needed: Integers,
    tail: Integers,
    head: Integers,
    capacity: Integers,
    cost: Integers,
    flow: Integers,
    price: Integers,
) -> int:
    """How many limits the flow breaks, and how many arcs the prices do not explain; 0 proves the flow optimal.

    Complementary slackness in whole numbers: an edge worth more than its two prices together is full, one worth
    less is empty; a node with a price above zero is used up, one below zero moves just what it must.
    """
    count = 0
    used = np.zeros(len(limit), np.int64)
    for edge in range(len(tail)):
        used[tail[edge]] += flow[edge]
        used[head[edge]] += flow[edge]
        over = cost[edge] - price[tail[edge]] - price[head[edge]]
        count += flow[edge] < 0 or flow[edge] > capacity[edge]
        count += over > 0 and flow[edge] < capacity[edge]
        count += over < 0 and flow[edge] > 0
    for node in range(len(limit)):
        count += used[node] > limit[node] or used[node] < needed[node]
        count += price[node] > 0 and used[node] < limit[node]
        count += price[node] < 0 and used[node] > needed[node]
    return count
