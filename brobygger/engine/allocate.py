# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan for the whole network at once: who delivers how much to whom, at the highest total value.

A transport problem: each have gives at most its amount, each need takes at most its amount, each edge carries
at most its capacity and earns its value per unit. Nothing has to move, so an edge that costs more than it
brings stays empty, unless a minimum asks for it: an edge can be pinned (`minimum`), forbidden (`capacity` 0) or both
ends of a fixed amount, and a party can be promised a least amount or a least share of its own. Deliveries
may go in whole lots (`lots`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress, repeat
from operator import eq, itemgetter
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow import LARGEST, LONGEST_SEARCH, Network, Optimum, optimum
from brobygger.engine.promises import Impossible, conflict
from brobygger.engine.promises import keepable as kept
from brobygger.engine.rows import Column, columns_of, in_a_list, numbers, positions, undisturbed
from brobygger.engine.trade_off import MOST_POINTS, corners

__all__ = [
    "Allocation",
    "Edge",
    "Flow",
    "Impossible",
    "Node",
    "TradeOff",
    "allocate",
    "keepable",
    "trade_off",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

TOLERANCE = 1e-9
"""Largest gap between plan and bound, as a share of the bound, that is still called optimal where the numbers have too
many digits for whole-number proof. The gap itself is always told."""
SMALLEST_LOT = 1e-6


class Node(NamedTuple):
    """A have with the amount it can give, or a need with the amount it can take. Amounts may be fractions.

    `minimum`: it moves at least so much, `share`: at least this share of its amount (0 to 1); the larger counts.
    """

    id: str
    side: Literal["have", "need"]
    amount: float
    minimum: float = 0.0
    share: float = 0.0


class Edge(NamedTuple):
    """A possible delivery: value per unit, and the most it can carry (None: only the two ends limit it).

    A pinned pair carries at least `minimum` (exactly that where `capacity` is the same); capacity 0 forbids a pair.
    With a `lot` it carries a whole number of lots (lorry loads; the whole amount, for a thing that cannot be shared).
    """

    have: str
    need: str
    value: float
    capacity: float | None = None
    minimum: float = 0.0
    lot: float = 0.0


AnyNode = Node | tuple[str, str, float]
AnyEdge = Edge | tuple[str, str, float] | tuple[str, str, float, float | None]


class Flow(NamedTuple):
    """A delivery of the plan; `value` is for the whole flow, `edge` is the place of its edge in the input."""

    have: str
    need: str
    flow: float
    value: float
    edge: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """The plan, its value, and the bound that no plan can exceed.

    `exact`: proven in whole numbers without rounding, the gap is nothing. Else the numbers had too many digits for that;
    `status` is then "optimal" where value and bound agree to within 1e-9 of the bound, and "feasible" where not.
    """

    flows: tuple[Flow, ...]
    value: float
    bound: float
    status: Literal["optimal", "feasible"]
    exact: bool = True

    @property
    def gap(self) -> float:
        """How much more any other plan could earn at the very most."""
        return max(0.0, self.bound - self.value)


class TradeOff(NamedTuple):
    """A plan of the curve between two currencies, and what it carries on each edge.

    From a `price` of the second currency on (in the first's), it is better than the plan before it.
    """

    value: float
    second: float
    price: float
    flows: tuple[float, ...]


def allocate(
    nodes: Iterable[AnyNode], edges: Iterable[AnyEdge], *, seconds: float = LONGEST_SEARCH
) -> Allocation:
    """The plan of highest total value, with its proof.

    An id may stand once on each side. Two edges between the same pair are two separate ways. The flows come in
    the order of the edges, empty ones left out. `seconds`: the longest search where deliveries go in whole lots; then the
    best plan so far stands, with its gap.

    Raises InputError on an unknown id, an id repeated on one side, a side other than have or need, negative amounts,
    minimums or capacities, shares beyond 1, a minimum above the amount or capacity it belongs to, and numbers that
    are not finite or above 1e15; Impossible where the minimums cannot all be kept, naming those that clash.
    """
    listed, joined, network = _read(nodes, edges)
    found = optimum(network, seconds)
    if len(found.missing):
        raise _clash(network, found.missing, listed, joined)
    return _told(found, network, joined)


def keepable(nodes: Iterable[AnyNode], edges: Iterable[AnyEdge]) -> list[float]:
    """The least that each node moves, lowered where not all can be kept, so that as many units in all as possible are.

    With these as `minimum` (and no `share`) `allocate` finds a plan, unless the edges' own minimums clash. A help for
    the whole network's page, not a public verb. Raises InputError as `allocate` does.
    """
    listed, _edges, network = _read(nodes, edges)
    least = kept(network)
    is_have = np.array([node[1] == "have" for node in listed], dtype=np.bool_)
    out = np.empty(len(is_have))
    out[np.argsort(~is_have, kind="stable")] = least
    return out.tolist()


def trade_off(
    nodes: Iterable[AnyNode],
    edges: Iterable[AnyEdge],
    second: Sequence[float],
    most: int = MOST_POINTS,
    *,
    seconds: float = LONGEST_SEARCH,
    said: Callable[[int], None] | None = None,
) -> list[TradeOff]:
    """The plans between most kroner and most of a second currency that no other beats in both; at most so many.

    `second` is what a unit on each edge is worth in it, `seconds` the longest search for each plan in whole lots; `said`
    is told how many plans have been looked at. A help for pictures, not a public verb. Raises as `allocate` does.
    """
    listed, joined, network = _read(nodes, edges)
    worth = np.array(second, dtype=float)
    if len(worth) != len(network.tail):
        raise ValueError(
            f"second must have one number for each of {len(network.tail)} edges, not {len(worth)}"
        )
    _refuse("edges", "second", worth, np.abs(worth) <= LARGEST, f"a number, at most {LARGEST:g}")
    found = corners(network, worth, most, seconds, said)
    if not found:
        raise _clash(network, optimum(network).missing, listed, joined)
    return [
        TradeOff(corner.first, corner.second, corner.price, tuple(corner.flow.tolist())) for corner in found
    ]


def _clash(network: Network, missing: Integers, nodes: list[AnyNode], edges: list[AnyEdge]) -> Impossible:
    ids = [*_ids_of("have", nodes), *_ids_of("need", nodes)]
    return conflict(network, missing, ids, [edge[0] for edge in edges], [edge[1] for edge in edges])


def status_of(found: Optimum) -> Literal["optimal", "feasible"]:
    """Whether the plan is proven, exactly or as near as floats can tell."""
    near = found.bound - found.value <= TOLERANCE * abs(found.bound)
    return "optimal" if found.exact or near else "feasible"


def _told(found: Optimum, network: Network, edges: list[AnyEdge]) -> Allocation:
    used = np.flatnonzero(found.flow > 0)
    moved = found.flow[used]
    worth = (moved * network.value[used]).tolist()
    with undisturbed():
        rows = used.tolist()
        ends = list(map(edges.__getitem__, rows))
        cells = zip(
            map(itemgetter(0), ends), map(itemgetter(1), ends), moved.tolist(), worth, rows, strict=True
        )
        flows = tuple(
            map(partial(tuple.__new__, Flow), cells)
        )  # Flow._make, without a call in Python for each
    return Allocation(flows, found.value, found.bound, status_of(found), found.exact)


def _read(nodes: Iterable[AnyNode], edges: Iterable[AnyEdge]) -> tuple[list[AnyNode], list[AnyEdge], Network]:
    """The rows, and the network they are. No column outlives this: what is alive is gone through again and again."""
    listed, joined = in_a_list(nodes), in_a_list(edges)
    with undisturbed():
        return listed, joined, _network(columns_of(listed, Node), columns_of(joined, Edge))


def _ids_of(side: str, nodes: Sequence[AnyNode]) -> list[str]:
    return [node[0] for node in nodes if node[1] == side]


def _network(nodes: list[Column], edges: list[Column]) -> Network:
    haves, needs = _index(nodes)
    count = len(nodes[0] or ())
    given = zip(("amount", "minimum", "share"), nodes[2:], (math.nan, 0.0, 0.0), strict=True)
    amount, minimum, share = (numbers("nodes", name, column, count, none) for name, column, none in given)
    check_amounts(amount, minimum, share)
    is_have = np.fromiter(map(eq, nodes[1] or (), repeat("have")), np.bool_, count)
    tail = positions("edges", "have", edges[0] or (), haves, "the id of a have in nodes")
    head = positions("edges", "need", edges[1] or (), needs, "the id of a need in nodes") + len(haves)
    given = zip(
        ("value", "capacity", "minimum", "lot"), edges[2:], (math.nan, math.inf, 0.0, 0.0), strict=True
    )
    value, most, least, lot = (
        numbers("edges", name, column, len(tail), none) for name, column, none in given
    )
    return network_of(is_have, amount, minimum, share, tail, head, value, most, least, lot)


def _index(nodes: list[Column]) -> tuple[dict[str, int], dict[str, int]]:
    """Each side's ids, numbered in their order."""
    sides = nodes[1] or ()
    haves, needs = (list(compress(nodes[0] or (), map(eq, sides, repeat(side)))) for side in ("have", "need"))
    found = tuple(dict(zip(ids, range(len(ids)), strict=True)) for ids in (haves, needs))
    if sum(map(len, found)) < len(nodes[0] or ()):
        _refuse_nodes(nodes[0] or (), sides)
    return found[0], found[1]


def _refuse_nodes(ids: Sequence[str], sides: Sequence[str]) -> None:
    """Raises InputError for the first node on no side, or with an id that its side has already."""
    seen: dict[str, set[str]] = {"have": set(), "need": set()}
    for line, (id_, side) in enumerate(zip(ids, sides, strict=True), start=1):
        if side not in seen:
            raise InputError("nodes", line, "side", f"have or need, found {shown(side)}")
        if id_ in seen[side]:
            raise InputError("nodes", line, "id", f"each {side} once, found {shown(id_)} again")
        seen[side].add(id_)


def network_of(
    is_have: npt.NDArray[np.bool_],
    amount: Floats,
    minimum: Floats,
    share: Floats,
    tail: Integers,
    head: Integers,
    value: Floats,
    capacity: Floats,
    least: Floats,
    lot: Floats,
) -> Network:
    """The network of these columns, checked. Nodes come in the order of their rows; the result has haves first.

    `tail` and `head` count in the result's order: haves among themselves, needs after all haves. `capacity` is
    inf where there is none; the nodes' numbers have been checked (`check_amounts`). Raises InputError ("edges", row
    from 1, column) on numbers out of range.
    """
    _refuse("edges", "value", value, np.abs(value) <= LARGEST, f"a number, at most {LARGEST:g}")
    _refuse("edges", "capacity", capacity, capacity >= 0, f"a number from 0 to {LARGEST:g}")
    within = (least >= 0) & (least <= capacity) & (least <= LARGEST)
    _refuse("edges", "minimum", least, within, "a number from 0 to the capacity")
    _refuse(
        "edges",
        "lot",
        lot,
        (lot == 0) | ((lot >= SMALLEST_LOT) & (lot <= LARGEST)),
        f"0, or a number from {SMALLEST_LOT:g} to {LARGEST:g}",
    )
    order = np.argsort(~is_have, kind="stable")
    needed = np.maximum(minimum, _shares(share, amount))
    return Network(int(is_have.sum()), amount[order], needed[order], tail, head, value, capacity, least, lot)


def _shares(share: Floats, amount: Floats) -> Floats:
    """The share of each amount, with the digits of decimal arithmetic where they are few: a tenth of 7.04 is 0.704."""
    product = share * amount
    written = np.minimum(np.round(product, 9), amount)
    return np.where(np.abs(written - product) <= 4 * np.spacing(product), written, product)


def check_amounts(amount: Floats, minimum: Floats, share: Floats) -> None:
    """Raises InputError ("nodes", row from 1, column) on the first number of the nodes that is out of range."""
    _refuse("nodes", "amount", amount, (amount >= 0) & (amount <= LARGEST), f"a number from 0 to {LARGEST:g}")
    _refuse(
        "nodes", "minimum", minimum, (minimum >= 0) & (minimum <= amount), "a number from 0 to the amount"
    )
    _refuse("nodes", "share", share, (share >= 0) & (share <= 1), "a number from 0 to 1")


def check_worth(worth: Floats) -> None:
    """Raises InputError ("edges", row from 1, "co2e") on the first edge worth too much in its two currencies together."""
    rule = f"value and co2e at its price to be at most {LARGEST:g} together"
    _refuse("edges", "co2e", worth, np.abs(worth) <= LARGEST, rule)


def _refuse(file: str, column: str, numbers: Floats, allowed: npt.NDArray[np.bool_], rule: str) -> None:
    if not allowed.all():
        row = int(np.argmin(allowed))
        raise InputError(file, row + 1, column, f"{rule}, found {shown(float(numbers[row]))}")
