# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Depth-first search for loops and chains as compiled code, used by `loops`.

Both searches keep the best so far in a heap and leave a path as soon as nothing it could become would enter:
its flow can only shrink, and each further edge adds at most what the best walk of that many edges adds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Found = tuple[Floats, Floats, Integers, Integers]


@compiled
def _worse(values: Floats, lengths: Integers, nodes: Integers, a: int, b: int) -> bool:
    """Whether entry a ranks after entry b: lower value, then longer, then later nodes."""
    if values[a] != values[b]:
        return bool(values[a] < values[b])
    if lengths[a] != lengths[b]:
        return bool(lengths[a] > lengths[b])
    for k in range(nodes.shape[1]):
        if nodes[a, k] != nodes[b, k]:
            return bool(nodes[a, k] > nodes[b, k])
    return False


@compiled
def _offer(
    heap: Integers,
    size: int,
    values: Floats,
    flows: Floats,
    lengths: Integers,
    nodes: Integers,
    total: float,
    flow: float,
    length: int,
    path: Integers,
) -> int:
    """Take a path (`nodes[…] = path`) into the heap, whose worst entry is on top, if it ranks high enough.

    Entries are the rows 0 … top - 1 of the arrays; row `top` holds the candidate. Returns the heap's size.
    """
    top = len(heap)
    values[top], flows[top], lengths[top] = total * flow, flow, length
    nodes[top] = -1
    nodes[top, : len(path)] = path
    growing = size < top
    if not growing and not _worse(values, lengths, nodes, heap[0], top):
        return size
    slot = size if growing else heap[0]
    values[slot], flows[slot], lengths[slot], nodes[slot] = values[top], flow, length, nodes[top]
    if growing:
        k = size
        heap[k] = slot
        while k > 0 and _worse(values, lengths, nodes, heap[k], heap[(k - 1) // 2]):
            heap[k], heap[(k - 1) // 2] = heap[(k - 1) // 2], heap[k]
            k = (k - 1) // 2
        return size + 1
    k = 0
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and _worse(values, lengths, nodes, heap[child + 1], heap[child]):
            child += 1
        if not _worse(values, lengths, nodes, heap[child], heap[k]):
            break
        heap[k], heap[child] = heap[child], heap[k]
        k = child
    return size


@compiled
def _best_walks(start: Integers, target: Integers, value: Floats, steps: int) -> Floats:
    """`out[r, v]`: the highest sum of values over a walk of 1 to r edges from v (-inf where there is none)."""
    n = len(start) - 1
    exactly = np.zeros(n)
    within = np.full((steps + 1, n), -np.inf)
    for r in range(1, steps + 1):
        longer = np.full(n, -np.inf)
        for v in range(n):
            for edge in range(start[v], start[v + 1]):
                longer[v] = max(longer[v], value[edge] + exactly[target[edge]])
            within[r, v] = max(within[r - 1, v], longer[v])
        exactly = longer
    return within


@compiled
def _could_enter(total: float, flow: float, further: float, threshold: float) -> bool:
    """Whether a path with this sum and flow, and at most `further` to add, could still reach the threshold."""
    bound = max(0.0, (total + further) * flow)
    return bool(bound + 1e-9 * (bound + abs(threshold)) >= threshold)


@compiled
def _mark_home(
    origin: int, near: int, back_start: Integers, back_source: Integers, home: Integers, marked: Integers
) -> int:
    """Write into `home` how many edges lead back to the origin, for nodes above it and up to `near` edges away.

    `marked` receives the nodes written to; returns how many.
    """
    unmarked = home[origin]
    marked[0], home[origin] = origin, 0
    n_marked, k = 1, 0
    while k < n_marked:
        node = marked[k]
        k += 1
        if home[node] == near:
            continue
        for edge in range(back_start[node], back_start[node + 1]):
            source = back_source[edge]
            if source > origin and home[source] == unmarked:
                home[source] = home[node] + 1
                marked[n_marked] = source
                n_marked += 1
    return n_marked


@compiled
def best_loops(
    start: Integers,
    target: Integers,
    value: Floats,
    capacity: Floats,
    back_start: Integers,
    back_source: Integers,
    max_length: int,
    top: int,
) -> Found:
    """Values, flows, lengths and nodes (-1 beyond the end) of the best loops, in no order.

    Each loop is found from its smallest node only. From there the nodes that can return within half the
    length are marked by walking backwards, so the search goes blindly through the first half alone.
    """
    n = len(start) - 1
    values, flows = np.empty(top + 1), np.empty(top + 1)
    lengths, nodes = np.zeros(top + 1, np.int64), np.full((top + 1, max_length), -1, np.int64)
    heap, size = np.zeros(top, np.int64), 0
    within = _best_walks(start, target, value, max_length)
    near = max_length // 2
    home, marked = np.full(n, max_length + 1, np.int64), np.empty(n, np.int64)
    on_path = np.zeros(n, np.bool_)
    path, edge_at = np.empty(max_length, np.int64), np.empty(max_length, np.int64)
    total, flow = np.zeros(max_length + 1), np.full(max_length + 1, np.inf)
    for origin in range(n):
        n_marked = _mark_home(origin, near, back_start, back_source, home, marked)
        depth = 0 if n_marked > 1 else -1
        path[0], edge_at[0] = origin, start[origin]
        while depth >= 0:
            edge = edge_at[depth]
            if edge == start[path[depth] + 1]:
                on_path[path[depth]] = False
                depth -= 1
                continue
            edge_at[depth] += 1
            node = target[edge]
            left = max_length - depth - 1
            if node < origin or on_path[node] or (left <= near and home[node] > left):
                continue
            total[depth + 1] = total[depth] + value[edge]
            flow[depth + 1] = min(flow[depth], capacity[edge])
            if node == origin:
                size = _offer(
                    heap, size, values, flows, lengths, nodes,
                    total[depth + 1], flow[depth + 1], depth + 1, path[: depth + 1],
                )  # fmt: skip
                continue
            if size == top and not _could_enter(
                total[depth + 1], flow[depth + 1], within[left, node], values[heap[0]]
            ):
                continue
            depth += 1
            path[depth], edge_at[depth], on_path[node] = node, start[node], True
        for k in range(n_marked):
            home[marked[k]] = max_length + 1
    return values[:size], flows[:size], lengths[:size], nodes[:size]


@compiled
def best_chains(
    start: Integers,
    target: Integers,
    value: Floats,
    capacity: Floats,
    may_begin: npt.NDArray[np.bool_],
    max_length: int,
    top: int,
) -> Found:
    """As `best_loops`, for open chains of 2 to max_length edges that begin where `may_begin` allows."""
    n = len(start) - 1
    values, flows = np.empty(top + 1), np.empty(top + 1)
    lengths, nodes = np.zeros(top + 1, np.int64), np.full((top + 1, max_length + 1), -1, np.int64)
    heap, size = np.zeros(top, np.int64), 0
    within = _best_walks(start, target, value, max_length)
    on_path = np.zeros(n, np.bool_)
    path, edge_at = np.empty(max_length + 1, np.int64), np.empty(max_length + 1, np.int64)
    total, flow = np.zeros(max_length + 1), np.full(max_length + 1, np.inf)
    for origin in range(n):
        depth = 0 if may_begin[origin] else -1
        path[0], edge_at[0], on_path[origin] = origin, start[origin], may_begin[origin]
        while depth >= 0:
            edge = edge_at[depth]
            if edge == start[path[depth] + 1] or depth == max_length:
                on_path[path[depth]] = False
                depth -= 1
                continue
            edge_at[depth] += 1
            node = target[edge]
            if on_path[node]:
                continue
            depth += 1
            total[depth] = total[depth - 1] + value[edge]
            flow[depth] = min(flow[depth - 1], capacity[edge])
            path[depth], edge_at[depth], on_path[node] = node, start[node], True
            if depth >= 2:
                size = _offer(
                    heap, size, values, flows, lengths, nodes,
                    total[depth], flow[depth], depth, path[: depth + 1],
                )  # fmt: skip
            if size == top and not _could_enter(
                total[depth], flow[depth], within[max_length - depth, node], values[heap[0]]
            ):
                edge_at[depth] = start[node + 1]
    return values[:size], flows[:size], lengths[:size], nodes[:size]
