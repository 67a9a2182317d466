# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan for the whole network at once: who delivers how much to whom, at the highest total value.

A transport problem: each have gives at most its amount, each need takes at most its amount, each edge carries
at most its capacity and earns its value per unit. Nothing has to move, so an edge that costs more than it
brings stays empty. OR-Tools solves it as a minimum-cost circulation in whole numbers; then prices per have
and need are worked out anew, and they bound what any plan could earn. Where plan and bound meet, the plan
is proven optimal, whatever the solver did on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow_kernels import components, potentials

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TOLERANCE = 1e-8
"""Largest gap between plan and bound, as a share of the bound, that still counts as none. Numbers of up to twelve
decimals end at float noise; numbers with all their digits, six powers of ten apart, come as close as this."""
MOST_DECIMALS = 12
LARGEST = 1e15
"""Largest amount or value per unit. More is a mistake, and floats no longer count single units."""
AMOUNT_LIMIT = 2**60
COST_LIMITS = (2**58, 2**50)
BATCH_EDGES = 1_000
"""Components are solved together until they hold this many edges: large enough that the solver's start-up
does not count, small enough that its running time, which grows faster than the edges, does not either."""


class Node(NamedTuple):
    """A have with the amount it can give, or a need with the amount it can take. Amounts may be fractions."""

    id: str
    side: Literal["have", "need"]
    amount: float


class Edge(NamedTuple):
    """A possible delivery: value per unit, and the most it can carry (None: only the two ends limit it)."""

    have: str
    need: str
    value: float
    capacity: float | None = None


AnyNode = Node | tuple[str, str, float]
AnyEdge = Edge | tuple[str, str, float] | tuple[str, str, float, float | None]


class Flow(NamedTuple):
    """A delivery of the plan; `value` is for the whole flow."""

    have: str
    need: str
    flow: float
    value: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """The plan, its value, and the bound that no plan can exceed.

    `status` is "optimal" where value and bound agree to within 1e-8 of the bound, else "feasible".
    """

    flows: tuple[Flow, ...]
    value: float
    bound: float
    status: Literal["optimal", "feasible"]

    @property
    def gap(self) -> float:
        """How much more any other plan could earn at the very most."""
        return max(0.0, self.bound - self.value)


@dataclass(frozen=True, slots=True)
class _Network:
    """The problem as arrays; `row` is the edge's place in the input. Only edges that could pay are in it."""

    supply: Floats
    demand: Floats
    tail: Integers
    head: Integers
    value: Floats
    capacity: Floats
    row: Integers


def allocate(nodes: Iterable[AnyNode], edges: Iterable[AnyEdge]) -> Allocation:
    """The plan of highest total value, with its proof.

    An id may stand once on each side. Two edges between the same pair are two separate ways. Amounts and values
    are made whole by their common power of ten (up to twelve decimals); where that does not fit into 60 bits
    they are rounded to what fits, amounts downwards, and the bound is still that of the unrounded numbers.
    The flows come in the order of the edges, empty ones left out.

    Raises InputError on an unknown id, an id repeated on one side, a side other than have or need, negative amounts
    or capacities, and amounts or values that are not finite or above 1e15.
    """
    edge_list = list(edges)
    network = _network(list(nodes), edge_list)
    best: Allocation | None = None
    for cost_limit in COST_LIMITS:
        plan = _solved(network, edge_list, cost_limit)
        if best is None or plan.value > best.value:
            best = plan
        best = replace(best, bound=min(best.bound, plan.bound))
        if best.gap <= TOLERANCE * max(1.0, abs(best.bound)):
            return replace(best, status="optimal")
    assert best is not None
    return best


def _network(nodes: Sequence[AnyNode], edges: Sequence[AnyEdge]) -> _Network:
    index: dict[str, dict[str, int]] = {"have": {}, "need": {}}
    amounts: dict[str, list[float]] = {"have": [], "need": []}
    for line, (id_, side, amount) in enumerate(nodes, start=1):
        if side not in index:
            raise InputError("nodes", line, "side", f"have or need, found {shown(side)}")
        if id_ in index[side]:
            raise InputError("nodes", line, "id", f"each {side} once, found {shown(id_)} again")
        index[side][id_] = len(amounts[side])
        amounts[side].append(amount)
    _require("nodes", "amount", [node[2] for node in nodes], lambda x: (x >= 0) & (x <= LARGEST))
    supply, demand = np.array(amounts["have"], dtype=float), np.array(amounts["need"], dtype=float)
    tail = _positions(edges, "have", index["have"])
    head = _positions(edges, "need", index["need"])
    value = _require("edges", "value", [edge[2] for edge in edges], lambda x: np.abs(x) <= LARGEST)
    capacity = _require("edges", "capacity", [_capacity(edge) for edge in edges], lambda x: x >= 0)
    capacity = np.minimum(capacity, np.minimum(supply[tail], demand[head])) if len(edges) else capacity
    row = np.flatnonzero((value > 0) & (capacity > 0))
    return _Network(supply, demand, tail[row], head[row], value[row], capacity[row], row)


def _capacity(edge: AnyEdge) -> float:
    given = edge[3] if len(edge) == 4 else None
    return np.inf if given is None else given


def _require(
    file: str, column: str, numbers: list[float], allowed: Callable[[Floats], npt.NDArray[np.bool_]]
) -> Floats:
    array = np.array(numbers, dtype=float)
    wrong = np.flatnonzero(~allowed(array))
    if len(wrong):
        rule = f"a number, at most {LARGEST:g}" if column == "value" else f"a number from 0 to {LARGEST:g}"
        raise InputError(file, int(wrong[0]) + 1, column, f"{rule}, found {shown(numbers[wrong[0]])}")
    return array


def _positions(edges: Sequence[AnyEdge], side: Literal["have", "need"], index: dict[str, int]) -> Integers:
    ids = [edge[0] for edge in edges] if side == "have" else [edge[1] for edge in edges]
    found = np.array([index.get(id_, -1) for id_ in ids], dtype=np.int64)
    unknown = np.flatnonzero(found < 0)
    if len(unknown):
        line = int(unknown[0])
        raise InputError("edges", line + 1, side, f"the id of a {side} in nodes, found {shown(ids[line])}")
    return found


def _solved(network: _Network, edges: Sequence[AnyEdge], cost_limit: int) -> Allocation:
    """One run: whole-number flows by OR-Tools, prices by shortest paths, the bound in the given numbers."""
    n_haves, n_needs = len(network.supply), len(network.demand)
    amounts, per_unit = _whole(
        np.concatenate([network.supply, network.demand, network.capacity]),
        lambda x: float(x.sum()),
        AMOUNT_LIMIT,
    )
    supply, demand, capacity = np.split(amounts, [n_haves, n_haves + n_needs])
    cost, cost_per_unit = _whole(
        network.value, lambda x: float(x.max(initial=0)), cost_limit // (n_haves + n_needs + 2)
    )
    flow = np.zeros(len(network.row), dtype=np.int64)
    have_price, need_price = np.zeros(n_haves), np.zeros(n_needs)
    for part in _batches(network):
        haves, tail = np.unique(network.tail[part], return_inverse=True)
        needs, head = np.unique(network.head[part], return_inverse=True)
        head = head + len(haves)
        limits = np.concatenate([supply[haves], demand[needs]])
        flow[part] = _circulation(limits, len(haves), tail, head, capacity[part], cost[part])
        price = potentials(limits, len(haves), tail, head, capacity[part], cost[part], flow[part])
        have_price[haves] = np.maximum(0, price[: len(haves)]) / cost_per_unit
        need_price[needs] = np.maximum(0, -price[len(haves) :]) / cost_per_unit
    over = np.maximum(0, network.value - have_price[network.tail] - need_price[network.head])
    bound = have_price @ network.supply + need_price @ network.demand + over @ network.capacity
    moved = flow / per_unit
    used = np.flatnonzero(flow)
    worth = moved * network.value
    rows = [edges[row] for row in network.row[used].tolist()]
    amounts_moved, values = moved[used].tolist(), worth[used].tolist()
    flows = tuple(map(Flow, (row[0] for row in rows), (row[1] for row in rows), amounts_moved, values))
    return Allocation(flows, float(worth.sum()), float(bound), "feasible")


def _whole(numbers: Floats, size: Callable[[Floats], float], limit: int) -> tuple[Integers, float]:
    """The numbers times a scale, as integers whose size stays below the limit; and the scale.

    The smallest power of ten that makes every number whole is taken. The test is exact: m/10^k, rounded to the
    nearest float, is the number that was written with k decimals. Failing that, the largest power of two that
    fits, rounding downwards.
    """
    for decimals in range(MOST_DECIMALS + 1):
        scale = 10.0**decimals
        scaled = np.round(numbers * scale)
        if size(scaled) > limit:
            break
        if np.array_equal(scaled / scale, numbers):
            return scaled.astype(np.int64), scale
    exponent = np.floor(np.log2(limit) - np.log2(numbers.max()) - np.log2(len(numbers)))
    scale = 2.0 ** min(exponent, 900.0)
    return np.floor(numbers * scale).astype(np.int64), float(scale)


def _batches(network: _Network) -> Iterator[Integers]:
    """Edge numbers in parts that share no node, each of BATCH_EDGES or one large component."""
    if not len(network.row):
        return
    n_haves = len(network.supply)
    label = components(n_haves + len(network.demand), network.tail, network.head + n_haves)[network.tail]
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    cut = 0
    for start in [*starts[1:].tolist(), len(order)]:
        if start - cut >= BATCH_EDGES or start == len(order):
            yield order[cut:start]
            cut = start


def _circulation(
    limits: Integers, n_haves: int, tail: Integers, head: Integers, capacity: Integers, cost: Integers
) -> Integers:
    """Flow per edge: everything leaves one root through the haves and returns to it through the needs."""
    n = len(limits)
    everyone = np.arange(n)
    root = np.full(n, n)
    is_have = everyone < n_haves
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([tail, np.where(is_have, root, everyone)]),
        np.concatenate([head, np.where(is_have, everyone, root)]),
        np.concatenate([capacity, limits]),
        np.concatenate([-cost, np.zeros(n, dtype=np.int64)]),
    )
    if solver.solve() != solver.OPTIMAL:
        return np.zeros(len(tail), dtype=np.int64)
    return np.asarray(solver.flows(arcs[: len(tail)]), dtype=np.int64)
