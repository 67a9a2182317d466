# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Network simplex in whole numbers, compiled, used by `flow`.

The tree of a basis is kept as parents, with each node's children in a linked list; the entering arc is looked for in
blocks, and the leaving one is the last that blocks, so that every basis is strongly feasible and the search ends
(Cunningham 1976; Király and Kovács 2012, "Efficient implementations of minimum-cost flow algorithms").
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Integers = npt.NDArray[np.int64]

UNBOUNDED = 2**62
LOWER, TREE, UPPER = 1, 0, -1
FEWEST_PRICED = 10


@compiled
def _detach(node: int, parent: Integers, child: Integers, following: Integers, before: Integers) -> None:
    if before[node] >= 0:
        following[before[node]] = following[node]
    else:
        child[parent[node]] = following[node]
    if following[node] >= 0:
        before[following[node]] = before[node]


@compiled
def _attach(
    node: int, above: int, parent: Integers, child: Integers, following: Integers, before: Integers
) -> None:
    parent[node] = above
    before[node], following[node] = -1, child[above]
    if child[above] >= 0:
        before[child[above]] = node
    child[above] = node


@compiled
def _prices_below(
    top: int,
    shift: int,
    parent: Integers,
    child: Integers,
    following: Integers,
    depth: Integers,
    price: Integers,
) -> None:
    """Shift the prices of a subtree and count its depths anew."""
    node = top
    while True:
        price[node] += shift
        depth[node] = depth[parent[node]] + 1
        if child[node] >= 0:
            node = child[node]
            continue
        while node != top and following[node] < 0:
            node = parent[node]
        if node == top:
            return
        node = following[node]


@compiled
def simplex(
    root: int,
    tail: Integers,
    head: Integers,
    capacity: Integers,
    cost: Integers,
    flow: Integers,
    state: Integers,
    basic: Integers,
    price: Integers,
) -> None:
    """From a strongly feasible basis to one of least cost; flow, state, basic and price are changed in place.

    `basic[v]` is the arc from each node but the root towards its parent; `state` is 1 for an arc at zero, -1 for one
    that is full, 0 for one in the tree. An arc of the tree costs nothing after prices: cost + price[tail] - price[head].
    """
    n, m = len(price), len(tail)
    parent, depth = np.full(n, -1, np.int64), np.zeros(n, np.int64)
    child, following, before = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    for node in range(n):
        if node != root:
            arc = basic[node]
            _attach(node, tail[arc] + head[arc] - node, parent, child, following, before)
    price[root] = 0
    node = child[root]
    while node >= 0:
        arc, above = basic[node], parent[node]
        price[node] = price[above] + (cost[arc] if head[arc] == node else -cost[arc])
        depth[node] = depth[above] + 1
        if child[node] >= 0:
            node = child[node]
            continue
        while node != root and following[node] < 0:
            node = parent[node]
        node = -1 if node == root else following[node]
    block = max(FEWEST_PRICED, int(np.sqrt(m)))
    position, seen, left = 0, 0, block
    entering, least = -1, 0
    while True:
        entering, least, left, seen = -1, 0, block, 0
        while seen < m:
            arc = position
            reduced = state[arc] * (cost[arc] + price[tail[arc]] - price[head[arc]])
            if reduced < least:
                entering, least = arc, reduced
            position += 1
            if position == m:
                position = 0
            seen += 1
            left -= 1
            if left == 0:
                if entering >= 0:
                    break
                left = block
        if entering < 0:
            return
        _pivot(
            entering, tail, head, capacity, cost, flow, state, basic, price,
            parent, child, following, before, depth,
        )  # fmt: skip


@compiled
def _pivot(
    entering: int,
    tail: Integers,
    head: Integers,
    capacity: Integers,
    cost: Integers,
    flow: Integers,
    state: Integers,
    basic: Integers,
    price: Integers,
    parent: Integers,
    child: Integers,
    following: Integers,
    before: Integers,
    depth: Integers,
) -> None:
    """Send as much as possible round the cycle that the entering arc closes, and mend the tree."""
    if state[entering] == LOWER:
        first, second = tail[entering], head[entering]
    else:
        first, second = head[entering], tail[entering]
    sent, leaving, on_second = capacity[entering], -1, False
    u, v = first, second
    while u != v:
        if depth[u] >= depth[v]:
            arc = basic[u]
            room = flow[arc] if tail[arc] == u else capacity[arc] - flow[arc]
            if room < sent:
                sent, leaving, on_second = room, u, False
            u = parent[u]
        else:
            v = parent[v]
    join = u
    v = second
    while v != join:
        arc = basic[v]
        room = capacity[arc] - flow[arc] if tail[arc] == v else flow[arc]
        if room <= sent:
            sent, leaving, on_second = room, v, True
        v = parent[v]
    if sent > 0:
        flow[entering] += state[entering] * sent
        u = first
        while u != join:
            arc = basic[u]
            flow[arc] += -sent if tail[arc] == u else sent
            u = parent[u]
        v = second
        while v != join:
            arc = basic[v]
            flow[arc] += sent if tail[arc] == v else -sent
            v = parent[v]
    if leaving < 0:
        state[entering] = -state[entering]
        return
    out = basic[leaving]
    state[entering] = TREE
    state[out] = LOWER if flow[out] == 0 else UPPER
    inner, outer = (second, first) if on_second else (first, second)
    node, above, arc = inner, outer, entering
    while True:
        old_parent, old_arc = parent[node], basic[node]
        _detach(node, parent, child, following, before)
        _attach(node, above, parent, child, following, before)
        basic[node] = arc
        if node == leaving:
            break
        node, above, arc = old_parent, node, old_arc
    wanted = price[outer] + (cost[entering] if head[entering] == inner else -cost[entering])
    _prices_below(inner, wanted - price[inner], parent, child, following, depth, price)
