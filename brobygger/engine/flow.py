# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The flow of highest value through a network of haves and needs, on arrays. `allocate` is this with ids and rows.

The network falls into parts that share no node. The numbers of each part are made whole by their common power of
ten, a network simplex finds the plan, and its prices prove it: in whole numbers, edge by edge, without
trusting the search. Where numbers have too many digits for that they are rounded, and the prices bound what
any plan could earn in the numbers as they were given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from brobygger.engine.flow_kernels import components, flaws, numbered, solve_parts
from brobygger.engine.number_kernels import grouped

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LARGEST = 1e15
"""Largest amount or value per unit. More is a mistake, and floats no longer count single units."""
MOST_DECIMALS = 12
AMOUNT_LIMIT = 2.0**60
COST_LIMIT = 2.0**58
SMALLEST_SCALE = -1000
"""As a power of two: even the largest float, 2^1024, comes well below the limits by it."""
LONGEST_SEARCH = 60.0
"""Seconds of search for better plans in whole lots, all parts together; then the best so far stands, with its gap."""


@dataclass(frozen=True, slots=True)
class Network:
    """Haves first, then needs, each with the most and the least it moves; edges between them.

    `tail` is the number of the edge's have, `head` that of its need, both counted among all nodes. `value` is per
    unit; `minimum` and `capacity` are the least and the most that an edge carries, in whole multiples of `lot` where
    that is above zero.
    """

    n_haves: int
    amount: Floats
    needed: Floats
    tail: Integers
    head: Integers
    value: Floats
    capacity: Floats
    minimum: Floats
    lot: Floats | None = None

    def only(self, rows: Integers) -> Network:
        """The same nodes with these edges alone."""
        return replace(
            self,
            tail=self.tail[rows],
            head=self.head[rows],
            value=self.value[rows],
            capacity=self.capacity[rows],
            minimum=self.minimum[rows],
            lot=None if self.lot is None else self.lot[rows],
        )

    @property
    def reach(self) -> Floats:
        """The most that each edge can carry, given its two ends."""
        if not len(self.tail):
            return self.capacity
        ends = np.minimum(self.amount[self.tail], self.amount[self.head])
        return np.minimum(self.capacity, ends)


@dataclass(frozen=True, slots=True)
class Optimum:
    """The flow on each edge, the price of each node's amount per unit, what the plan is worth and its bound.

    A price above zero is what one unit more would be worth; below zero, what one unit less of the minimum would.
    `exact`: proven in whole numbers without any rounding, so that the gap is none. `missing` lists the nodes of the
    parts whose minimums cannot be reached; then the flow is not a plan.
    """

    flow: Floats
    price: Floats
    value: float
    bound: float
    exact: bool
    missing: Integers


@dataclass(frozen=True, slots=True)
class Parts:
    """The network cut into parts that share no node: where each begins, and its nodes and edges in that order."""

    count: int
    of_node: Integers
    node_start: Integers
    nodes: Integers
    edge_start: Integers
    edges: Integers


def parted(n_nodes: int, tail: Integers, head: Integers) -> Parts:
    """The parts in order of their first node."""
    count, of_node = numbered(components(n_nodes, tail, head))
    of_edge = of_node[tail]
    return Parts(count, of_node, *grouped(of_node, count), *grouped(of_edge, count))


def optimum(network: Network, seconds: float = LONGEST_SEARCH) -> Optimum:
    """The plan of highest value. Values may be anything finite; amounts and capacities are from 0 up.

    `seconds`: the longest search where deliveries go in whole lots.
    """
    useful = _useful(network)
    if useful.all():
        return _solved(network, seconds)
    rows = np.flatnonzero(useful)
    found = _solved(network.only(rows), seconds)
    flow = np.zeros(len(useful))
    flow[rows] = found.flow
    return replace(found, flow=flow)


def _solved(network: Network, seconds: float) -> Optimum:
    if network.lot is None or not network.lot.any():
        return _optimum(network)
    from brobygger.engine.lots import optimum_in_lots  # CP-SAT is slow to import, and seldom wanted

    return optimum_in_lots(network, seconds)


def _useful(network: Network) -> npt.NDArray[np.bool_]:
    """Edges that could carry anything in a best plan: those that earn, and those that a minimum may ask for."""
    asked = network.needed > 0
    wanted = (network.value > 0) | (network.minimum > 0)
    if asked.any():
        wanted |= asked[network.tail] | asked[network.head]
    useful: npt.NDArray[np.bool_] = wanted & ((network.reach > 0) | (network.minimum > 0))
    return useful


def _optimum(network: Network) -> Optimum:
    parts = parted(len(network.amount), network.tail, network.head)
    reach = network.reach
    of_edge = parts.of_node[network.tail]
    whole = _Whole(network, reach, parts, of_edge)
    flow, price = np.zeros(len(network.tail), np.int64), np.zeros(len(network.amount), np.int64)
    missing = np.zeros(parts.count, np.int64)
    solvable = whole.solvable
    missing[~solvable] = 1
    solve_parts(
        np.flatnonzero(solvable),
        parts.node_start, parts.nodes, parts.edge_start, parts.edges, network.n_haves,
        whole.limit, whole.needed, network.tail, network.head, whole.room, whole.cost,
        flow, price, missing,
    )  # fmt: skip
    lacking = np.flatnonzero((missing > whole.slack)[parts.of_node])
    proven = not len(lacking) and not flaws(
        network.n_haves,
        whole.limit,
        whole.needed,
        network.tail,
        network.head,
        whole.room,
        whole.cost,
        flow,
        price,
    )
    moved = whole.amounts_of(flow, of_edge) + network.minimum
    value = _sum_of_products(moved, network.value)
    prices = price / whole.cost_scale[parts.of_node]
    if proven and whole.exact:
        return Optimum(moved, prices, value, value, True, lacking)
    bound = _bound(network, reach, prices)
    return Optimum(moved, prices, value, max(bound, value), False, lacking)


class _Whole:
    """The network's numbers as integers, each part by scales of its own, the edges' minimum taken off."""

    def __init__(self, network: Network, reach: Floats, parts: Parts, of_edge: Integers) -> None:
        amounts = [network.amount, network.needed, reach, network.minimum]
        owner = [parts.of_node, parts.of_node, of_edge, of_edge]
        has_least = bool(network.needed.any() or network.minimum.any())
        if not has_least:
            amounts, owner = amounts[::2], owner[::2]
        sizes = np.bincount(parts.of_node, minlength=parts.count).astype(float)
        self.amount_scale, self._even = _scales(
            np.concatenate(amounts), np.concatenate(owner), np.zeros(parts.count), AMOUNT_LIMIT
        )
        self.cost_scale, even_costs = _scales(network.value, of_edge, sizes + 2, COST_LIMIT)
        self.exact = bool(self._even.all() and even_costs.all())
        self.slack = np.where(self._even, 0, sizes).astype(np.int64)
        """Units that may be missing for rounding alone."""
        self._scale_of_edge = self.amount_scale[of_edge]
        self.limit = self._units(network.amount, parts.of_node)
        self.room = self._units(reach, of_edge)
        self.cost = np.round(network.value * self.cost_scale[of_edge]).astype(np.int64)
        self.needed = np.zeros(len(network.amount), np.int64)
        self.solvable = np.ones(parts.count, np.bool_)
        if has_least:
            self._take_off_minimum(network, parts, of_edge)

    def _units(self, amounts: Floats, owner: Integers) -> Integers:
        """Amounts in whole units of their part, downwards where they are not even."""
        scaled = amounts * self.amount_scale[owner]
        return np.where(self._even[owner], np.round(scaled), np.floor(scaled)).astype(np.int64)

    def _take_off_minimum(self, network: Network, parts: Parts, of_edge: Integers) -> None:
        least = self._units(network.minimum, of_edge)
        self.needed = self._units(network.needed, parts.of_node)
        pinned = np.zeros(len(self.limit), np.int64)
        for ends in (network.tail, network.head):
            np.add.at(pinned, ends, least)
        self.limit -= pinned
        self.room -= least
        self.needed = np.maximum(self.needed - pinned, 0)
        self.solvable[parts.of_node[(self.limit < 0) | (self.needed > self.limit)]] = False
        self.solvable[of_edge[self.room < 0]] = False

    def amounts_of(self, flow: Integers, of_edge: Integers) -> Floats:
        """Whole flows in the units they were given in."""
        amounts: Floats = flow / self._scale_of_edge
        return amounts


def _scales(
    numbers: Floats, owner: Integers, size: Floats, limit: float
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """For each part the factor that makes its numbers whole, and whether it does so without rounding.

    The smallest power of ten that makes every number of a part whole is taken. The test is exact: m/10^k, rounded
    to the nearest float, is the number that was written with k decimals. Failing that, the largest power of two that
    fits: what comes out never exceeds the limit. Where `size` is given, the largest number times that must stay below the limit; else the sum must.
    """
    count = len(size)
    absolute = np.abs(numbers)
    total: Floats = np.bincount(owner, weights=absolute, minlength=count).astype(float)
    if size.any():
        most = np.zeros(count)
        np.maximum.at(most, owner, absolute)
        with np.errstate(over="ignore"):
            total = most * size
    scale = np.zeros(count)
    open_ = np.arange(len(numbers))
    for decimals in range(MOST_DECIMALS + 1):
        unit = 10.0**decimals
        uneven = np.zeros(count, np.bool_)
        here = numbers[open_]
        with np.errstate(over="ignore"):
            uneven[owner[open_[np.round(here * unit) / unit != here]]] = True
            scale[(scale == 0) & ~uneven & (total * unit <= limit)] = unit
        if (scale > 0).all():
            return scale, scale > 0
        open_ = open_[scale[owner[open_]] == 0]
    rough = scale == 0
    with np.errstate(divide="ignore"):
        exponent = np.floor(np.log2(limit) - np.log2(total[rough]))
    scale[rough] = 2.0 ** np.clip(exponent, SMALLEST_SCALE, 900)
    return scale, ~rough


def _sum_of_products(a: Floats, b: Floats) -> float:
    """Rounded as little as floats allow: whole numbers are summed as such."""
    if not len(a):
        return 0.0
    products = a * b
    if np.abs(products).sum() < 2.0**53 and np.array_equal(products, np.round(products)):
        return float(products.sum())
    return math.fsum(products.tolist())


def _bound(network: Network, reach: Floats, price: Floats) -> float:
    """What no plan can exceed, whatever the prices: each node and each edge is paid for at its dearest."""
    over = network.value - price[network.tail] - price[network.head]
    by_edge = np.where(over > 0, over * reach, over * network.minimum)
    by_node = np.where(price > 0, price * network.amount, price * network.needed)
    return float(by_edge.sum() + by_node.sum())
