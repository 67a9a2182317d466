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

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow import LONGEST_SEARCH, Network, Optimum, optimum
from brobygger.engine.promises import Impossible, conflict
from brobygger.engine.promises import keepable as kept
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
LARGEST = 1e15
"""Largest amount or value per unit. More is a mistake, and floats no longer count single units."""
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
    node_columns = _columns(nodes, Node)
    edge_columns = _columns(edges, Edge)
    network = _network(node_columns, edge_columns)
    found = optimum(network, seconds)
    if len(found.missing):
        ids = [*_ids_of("have", node_columns), *_ids_of("need", node_columns)]
        raise conflict(network, found.missing, ids, edge_columns[0], edge_columns[1])
    return _told(found, network, edge_columns)


def keepable(nodes: Iterable[AnyNode], edges: Iterable[AnyEdge]) -> list[float]:
    """The least that each node moves, lowered where not all can be kept, so that as many units in all as possible are.

    With these as `minimum` (and no `share`) `allocate` finds a plan, unless the edges' own minimums clash. A help for
    the whole network's page, not a public verb. Raises InputError as `allocate` does.
    """
    columns = _columns(nodes, Node)
    least = kept(_network(columns, _columns(edges, Edge)))
    is_have = np.array([side == "have" for side in columns[1]], dtype=np.bool_)
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
    node_columns, edge_columns = _columns(nodes, Node), _columns(edges, Edge)
    network = _network(node_columns, edge_columns)
    worth = np.array(second, dtype=float)
    if len(worth) != len(network.tail):
        raise ValueError(
            f"second must have one number for each of {len(network.tail)} edges, not {len(worth)}"
        )
    _refuse("edges", "second", worth, np.abs(worth) <= LARGEST, f"a number, at most {LARGEST:g}")
    found = corners(network, worth, most, seconds, said)
    if not found:
        ids = [*_ids_of("have", node_columns), *_ids_of("need", node_columns)]
        raise conflict(network, optimum(network).missing, ids, edge_columns[0], edge_columns[1])
    return [
        TradeOff(corner.first, corner.second, corner.price, tuple(corner.flow.tolist())) for corner in found
    ]


def status_of(found: Optimum) -> Literal["optimal", "feasible"]:
    """Whether the plan is proven, exactly or as near as floats can tell."""
    near = found.bound - found.value <= TOLERANCE * abs(found.bound)
    return "optimal" if found.exact or near else "feasible"


def _told(found: Optimum, network: Network, edges: list[Sequence[Any]]) -> Allocation:
    used = np.flatnonzero(found.flow > 0)
    moved = found.flow[used]
    haves, needs = edges[0], edges[1]
    rows = used.tolist()
    worth = (moved * network.value[used]).tolist()
    flows = map(Flow, (haves[r] for r in rows), (needs[r] for r in rows), moved.tolist(), worth, rows)
    return Allocation(tuple(flows), found.value, found.bound, status_of(found), found.exact)


def _columns(rows: Iterable[Any], kind: type[Any]) -> list[Sequence[Any]]:
    """The rows' fields as columns, what is left out at the end of a row filled in."""
    listed = list(rows)
    fields, defaults = kind._fields, kind._field_defaults
    if not listed:
        return [() for _ in fields]
    widths = set(map(len, listed))
    if len(widths) > 1:
        listed = [kind(*row) for row in listed]
        widths = {len(fields)}
    (width,) = widths
    return [
        list(map(itemgetter(n), listed)) if n < width else [defaults[name]] * len(listed)
        for n, name in enumerate(fields)
    ]


def _ids_of(side: str, nodes: list[Sequence[Any]]) -> list[str]:
    return [id_ for id_, own in zip(nodes[0], nodes[1], strict=True) if own == side]


def _network(nodes: list[Sequence[Any]], edges: list[Sequence[Any]]) -> Network:
    index: dict[str, dict[str, int]] = {"have": {}, "need": {}}
    for line, (id_, side) in enumerate(zip(nodes[0], nodes[1], strict=True), start=1):
        if side not in index:
            raise InputError("nodes", line, "side", f"have or need, found {shown(side)}")
        if id_ in index[side]:
            raise InputError("nodes", line, "id", f"each {side} once, found {shown(id_)} again")
        index[side][id_] = len(index[side])
    haves, needs = index["have"], index["need"]
    amount, minimum, share = (np.array(column, dtype=float) for column in nodes[2:])
    check_amounts(amount, minimum, share)
    is_have = np.array([side == "have" for side in nodes[1]], dtype=np.bool_)
    tail = _positions(edges[0], "have", haves)
    head = _positions(edges[1], "need", needs) + len(haves)
    capacity = [np.inf if most is None else most for most in edges[3]]
    value, most, least, lot = (
        np.array(column, dtype=float) for column in (edges[2], capacity, edges[4], edges[5])
    )
    return network_of(is_have, amount, minimum, share, tail, head, value, most, least, lot)


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
    needed = np.maximum(minimum, share * amount)
    return Network(int(is_have.sum()), amount[order], needed[order], tail, head, value, capacity, least, lot)


def check_amounts(amount: Floats, minimum: Floats, share: Floats) -> None:
    """Raises InputError ("nodes", row from 1, column) on the first number of the nodes that is out of range."""
    _refuse("nodes", "amount", amount, (amount >= 0) & (amount <= LARGEST), f"a number from 0 to {LARGEST:g}")
    _refuse(
        "nodes", "minimum", minimum, (minimum >= 0) & (minimum <= amount), "a number from 0 to the amount"
    )
    _refuse("nodes", "share", share, (share >= 0) & (share <= 1), "a number from 0 to 1")


def _refuse(file: str, column: str, numbers: Floats, allowed: npt.NDArray[np.bool_], rule: str) -> None:
    if not allowed.all():
        row = int(np.argmin(allowed))
        raise InputError(file, row + 1, column, f"{rule}, found {shown(float(numbers[row]))}")


def _positions(ids: Sequence[str], side: str, index: dict[str, int]) -> Integers:
    found = np.array([index.get(id_, -1) for id_ in ids], dtype=np.int64)
    if len(found) and found.min() < 0:
        line = int(np.argmax(found < 0))
        raise InputError("edges", line + 1, side, f"the id of a {side} in nodes, found {shown(ids[line])}")
    return found
