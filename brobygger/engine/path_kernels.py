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
from brobygger.engine.number_kernels import grouped

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Found = tuple[Floats, Floats, Integers, Integers]


@compiled
def _worse(values: Floats, flows: Floats, lengths: Integers, nodes: Integers, a: int, b: int) -> bool:
    """Whether entry a ranks after entry b: lower value, then longer, then later nodes, then less flow."""
    if values[a] != values[b]:
        return bool(values[a] < values[b])
    if lengths[a] != lengths[b]:
        return bool(lengths[a] > lengths[b])
    for k in range(nodes.shape[1]):
        if nodes[a, k] != nodes[b, k]:
            return bool(nodes[a, k] > nodes[b, k])
    return bool(flows[a] < flows[b])


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
    if not growing and not _worse(values, flows, lengths, nodes, heap[0], top):
        return size
    slot = size if growing else heap[0]
    values[slot], flows[slot], lengths[slot], nodes[slot] = values[top], flow, length, nodes[top]
    if growing:
        k = size
        heap[k] = slot
        while k > 0 and _worse(values, flows, lengths, nodes, heap[k], heap[(k - 1) // 2]):
            heap[k], heap[(k - 1) // 2] = heap[(k - 1) // 2], heap[k]
            k = (k - 1) // 2
        return size + 1
    k = 0
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and _worse(values, flows, lengths, nodes, heap[child + 1], heap[child]):
            child += 1
        if not _worse(values, flows, lengths, nodes, heap[child], heap[k]):
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
def by_ends(tail: Integers, head: Integers, capacity: Floats, n: int) -> Integers:
    """The edges that can be part of a path, ordered by tail, then head, parallel ones as they came. (Two counting sorts.)"""
    order = np.arange(len(tail))
    for ends in (head, tail):
        at = np.zeros(n + 1, np.int64)
        for edge in order:
            at[ends[edge] + 1] += 1
        for node in range(n):
            at[node + 1] += at[node]
        moved = np.empty_like(order)
        for edge in order:
            moved[at[ends[edge]]] = edge
            at[ends[edge]] += 1
        order = moved
    count = 0
    for edge in order:
        if tail[edge] != head[edge] and capacity[edge] > 0:
            order[count] = edge
            count += 1
    return order[:count]


@compiled
def undominated(order: Integers, tail: Integers, head: Integers, value: Floats) -> tuple[Integers, Integers]:
    """Of parallel edges those that carry more or are worth more than each other one; and which of them comes next.

    `order`: edges by tail, head, falling capacity, falling value. The second counts among the first; -1 for none.
    """
    kept, following = np.empty(len(order), np.int64), np.full(len(order), -1, np.int64)
    count = 0
    for edge in order:
        last = kept[count - 1] if count else -1
        if last >= 0 and tail[last] == tail[edge] and head[last] == head[edge]:
            if value[edge] <= value[last]:
                continue
            following[count - 1] = count
        kept[count] = edge
        count += 1
    return kept[:count], following[:count]


@compiled
def _best_walks_within(
    tail: Integers, head: Integers, value: Floats, n_edges: int, n: int, steps: int
) -> Floats:
    """As `_best_walks`, over the first so many edges of a list."""
    exactly = np.zeros(n)
    within = np.full((steps + 1, n), -np.inf)
    for r in range(1, steps + 1):
        longer = np.full(n, -np.inf)
        for edge in range(n_edges):
            further = value[edge] + exactly[head[edge]]
            if further > longer[tail[edge]]:
                longer[tail[edge]] = further
        for node in range(n):
            within[r, node] = max(within[r - 1, node], longer[node])
        exactly = longer
    return within


@compiled
def _mark_home(
    origin: int,
    near: int,
    before: int,
    back_start: Integers,
    back_edges: Integers,
    sources: Integers,
    home: npt.NDArray[np.int8],
    marked: Integers,
) -> int:
    """Write into `home` how many edges (of those numbered below `before`) lead to the origin, up to `near`.

    `marked` receives the nodes written to; returns how many.
    """
    unmarked = home[origin]
    marked[0], home[origin] = origin, 0
    n_marked, k = 1, 0
    while k < n_marked:
        node = marked[k]
        k += 1
        if home[node] == near:
            break
        for position in range(back_start[node], back_start[node + 1]):
            edge = back_edges[position]
            if edge >= before:
                break
            source = sources[position]
            if home[source] == unmarked:
                home[source] = home[node] + 1
                marked[n_marked] = source
                n_marked += 1
    return n_marked


@compiled
def _offer_loop(
    heap: Integers,
    size: int,
    values: Floats,
    flows: Floats,
    lengths: Integers,
    nodes: Integers,
    edge_value: Floats,
    flow: float,
    path: Integers,
    edges: Integers,
) -> int:
    """Offer a closed path, turned so that it begins at its smallest node, its values summed in that order."""
    length, first = len(path), 0
    for k in range(length):
        if path[k] < path[first]:
            first = k
    turned = np.empty(length, np.int64)
    total = 0.0
    for k in range(length):
        turned[k] = path[(first + k) % length]
        total += edge_value[edges[(first + k) % length]]
    return int(_offer(heap, size, values, flows, lengths, nodes, total, flow, length, turned))


@compiled
def best_loops(
    n: int,
    tail: Integers,
    head: Integers,
    value: Floats,
    capacity: Floats,
    better: Integers,
    max_length: int,
    top: int,
) -> Found:
    """Values, flows, lengths and nodes (-1 beyond the end) of the best loops, in no order.

    The edges come by falling capacity. `better`, where not empty, names for each edge the next parallel one, which is worth
    more and carries less: where the flow is small enough for it, the former is left out; so a loop is found once for each
    such choice of its narrowest edge. Each loop is found from its narrowest edge, the last of its
    edges in that order: only edges before it are looked at, its flow is known, and when even the best walk would
    not bring enough at that flow, no later edge will. From the edge's end the search goes forwards; the nodes
    that can return within half the way are marked by walking backwards from its beginning.
    """
    values, flows = np.empty(top + 1), np.empty(top + 1)
    lengths, nodes = np.zeros(top + 1, np.int64), np.full((top + 1, max_length), -1, np.int64)
    heap, size = np.zeros(top, np.int64), 0
    start, out_edges = grouped(tail, n)
    back_start, back_edges = grouped(head, n)
    # a node's edges beside each other in memory
    to, worth, sources = head[out_edges], value[out_edges], tail[back_edges]
    near = (max_length - 1) // 2
    home, marked = np.full(n, 100, np.int8), np.empty(n, np.int64)
    path, edge_of = np.empty(max_length + 1, np.int64), np.empty(max_length, np.int64)
    at, total = np.empty(max_length + 1, np.int64), np.zeros(max_length + 1)
    within, highest, looked_up = np.zeros((1, 1)), 0.0, 0
    replaceable = len(better) > 0
    for narrowest in range(len(tail)):
        flow = capacity[narrowest]
        if narrowest >= looked_up:
            looked_up = min(len(tail), max(2 * narrowest, len(tail) // 8, 1))
            within = _best_walks_within(tail, head, value, looked_up, n, max_length)
            highest = within[max_length].max()
        origin, node = tail[narrowest], head[narrowest]
        total[1] = value[narrowest]
        if start[node] == start[node + 1] or out_edges[start[node]] >= narrowest:
            continue
        if back_start[origin] == back_start[origin + 1] or back_edges[back_start[origin]] >= narrowest:
            continue
        if size == top and not _could_enter(total[1], flow, within[max_length - 1, node], values[heap[0]]):
            if not _could_enter(0.0, flow, highest, values[heap[0]]) and looked_up == len(tail):
                break
            continue
        n_marked = _mark_home(origin, near, narrowest, back_start, back_edges, sources, home, marked)
        path[0], path[1], edge_of[0] = origin, node, narrowest
        at[1], depth = start[node], 1
        while depth > 0:
            position = at[depth]
            if position == start[path[depth] + 1] or out_edges[position] >= narrowest:
                depth -= 1
                continue
            at[depth] += 1
            edge = out_edges[position]
            if replaceable and better[edge] < narrowest:
                continue
            node = to[position]
            left = max_length - depth - 1
            if left <= near and home[node] > left:
                continue
            edge_of[depth] = edge
            if node == origin:
                size = _offer_loop(
                    heap, size, values, flows, lengths, nodes,
                    value, flow, path[: depth + 1], edge_of[: depth + 1],
                )  # fmt: skip
                continue
            seen = left == 0
            for k in range(1, depth + 1):
                seen = seen or path[k] == node
            if seen:
                continue
            total[depth + 1] = total[depth] + worth[position]
            if size == top and not _could_enter(total[depth + 1], flow, within[left, node], values[heap[0]]):
                continue
            depth += 1
            path[depth], at[depth] = node, start[node]
        for k in range(n_marked):
            home[marked[k]] = 100
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
