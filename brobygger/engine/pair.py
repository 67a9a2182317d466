# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pairs between two sides that both have wishes and limited room: mentors and entrepreneurs, hosts and interns.

`stable` is deferred acceptance (Gale and Shapley 1962; with room for several on both sides, Roth 1984):
nobody on the two sides would both rather have each other than whom they got, and the proposing side does
as well as in any such outcome. `best` is the highest total score, by minimum-cost flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.allocate import allocate
from brobygger.engine.errors import InputError, shown
from brobygger.engine.pair_kernels import deferred_acceptance

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Side = Literal["left", "right"]
Reason = Literal["no_wishes", "no_room", "outranked", "not_reached", "total"]


class Member(NamedTuple):
    """Somebody to be paired, with room for `capacity` counterparts (a whole number, 0 for none)."""

    id: str
    capacity: int = 1


class Wish(NamedTuple):
    """A pair that both sides accept. Rank 1 is the first wish; `score` says how well they fit, higher is better.

    Where a rank is empty (None or NaN) the score decides: ranked counterparts come first, then the others by falling score.
    Equal ranks, and equal scores among the unranked, are settled by the counterpart's id.
    """

    left: str
    right: str
    left_rank: float | None = None
    right_rank: float | None = None
    score: float | None = None


AnyWish = Wish | tuple[str, str, float | None, float | None, float | None]


class LeftOver(NamedTuple):
    """Somebody with room left. `reason`: "no_wishes" (stands in no acceptable pair), "no_room" (capacity 0),
    "outranked" (everyone wished for took others they prefer), "not_reached" (everyone who could have come found
    a place they prefer), "total" (a further pair would lower the total, or its counterparts are full)."""

    side: Side
    id: str
    room: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs, ordered by left and right id; their total score (missing scores count 0); who has room left."""

    pairs: tuple[tuple[str, str], ...]
    total: float
    left_over: tuple[LeftOver, ...]


@dataclass(frozen=True, slots=True)
class _Market:
    """Both sides' room by id, and the wishes as columns: members' numbers, ranks and scores (NaN where empty)."""

    left_room: dict[str, int]
    right_room: dict[str, int]
    left: Integers
    right: Integers
    left_rank: Floats
    right_rank: Floats
    score: Floats


def pair(
    left: Iterable[Member | tuple[str, int]],
    right: Iterable[Member | tuple[str, int]],
    wishes: Iterable[AnyWish],
    method: Literal["stable", "best"] = "stable",
    *,
    best_for: Side = "left",
) -> Pairing:
    """Who goes with whom. Only wished pairs are made, each at most once, nobody beyond their capacity.

    `stable`: no two who are not paired would both gain by it, and no other such pairing is better for anyone on
    the side `best_for`. `best`: the highest total score; a score that is not positive never helps, so such a
    pair is not made. Ranks play no part in it.

    Raises InputError on repeated ids or pairs, unknown ids, capacities or ranks that are not whole or are
    negative, scores that are not finite, and with `best` on a missing score.
    """
    market = _market(_members("left", left), _members("right", right), list(wishes))
    if method == "best":
        made = _best(market)
    elif method == "stable":
        made = _stable(market, best_for)
    else:
        raise ValueError(f"method must be stable or best, not {method!r}")
    left_ids, right_ids = list(market.left_room), list(market.right_room)
    pairs = sorted((left_ids[market.left[row]], right_ids[market.right[row]]) for row in made)
    total = float(np.nansum(market.score[made]))
    unproposed: dict[Side, Reason] = {best_for: "outranked", _other(best_for): "not_reached"}
    reasons: dict[Side, Reason] = {"left": "total", "right": "total"} if method == "best" else unproposed
    return Pairing(tuple(pairs), total, tuple(_left_over(market, made, reasons)))


def _other(side: Side) -> Side:
    return "right" if side == "left" else "left"


def _members(side: Side, members: Iterable[Member | tuple[str, int]]) -> dict[str, int]:
    room: dict[str, int] = {}
    for line, (id_, capacity) in enumerate((Member(*member) for member in members), start=1):
        if id_ in room:
            raise InputError(side, line, "id", f"each id once, found {shown(id_)} again")
        if capacity != capacity or capacity < 0 or capacity != int(capacity):
            raise InputError(side, line, "capacity", f"a whole number, at least 0, found {shown(capacity)}")
        room[id_] = int(capacity)
    return room


def _market(left: dict[str, int], right: dict[str, int], wishes: Sequence[AnyWish]) -> _Market:
    columns = list(zip(*wishes, strict=True)) or [()] * 5
    numbers = [np.array(column, dtype=float) for column in columns[2:]]
    market = _Market(
        left, right, _positions("left", left, columns[0]), _positions("right", right, columns[1]), *numbers
    )
    for column, ranks in (("left_rank", market.left_rank), ("right_rank", market.right_rank)):
        wrong = ~np.isnan(ranks) & ~((ranks >= 0) & (ranks <= 2**53) & (ranks == np.floor(ranks)))
        _refuse(wrong, column, "a whole number, at least 0", ranks)
    _refuse(np.isinf(market.score), "score", "a finite number", market.score)
    repeated = np.ones(len(wishes), dtype=np.bool_)
    repeated[np.unique(market.left * len(right) + market.right, return_index=True)[1]] = False
    _refuse(repeated, "right", "each pair once", columns[1])
    return market


def _positions(side: Side, members: dict[str, int], ids: Sequence[str]) -> Integers:
    number = {id_: n for n, id_ in enumerate(members)}
    found = np.array([number.get(id_, -1) for id_ in ids], dtype=np.int64)
    _refuse(found < 0, side, f"an id in {side}", ids)
    return found


def _refuse(
    wrong: npt.NDArray[np.bool_], column: str, expected: str, cells: Sequence[object] | Floats
) -> None:
    """Raise InputError for the first wish that is wrong."""
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError("wishes", row + 1, column, f"{expected}, found {shown(cells[row])}")


def _best(market: _Market) -> Integers:
    missing = np.isnan(market.score)
    if missing.any():
        row = int(missing.argmax()) + 1
        raise InputError("wishes", row, "score", "a score, which method best needs, found nothing")
    nodes: list[tuple[str, str, float]] = [
        (id_, "have", float(room)) for id_, room in market.left_room.items()
    ]
    nodes += [(id_, "need", float(room)) for id_, room in market.right_room.items()]
    left_ids, right_ids = list(market.left_room), list(market.right_room)
    ends = [(left_ids[a], right_ids[b]) for a, b in zip(market.left, market.right, strict=True)]
    scores = market.score.tolist()
    plan = allocate(nodes, [(a, b, score, 1.0) for (a, b), score in zip(ends, scores, strict=True)])
    made = {(flow.have, flow.need) for flow in plan.flows}
    return np.array([row for row, pair_ in enumerate(ends) if pair_ in made], dtype=np.int64)


def _stable(market: _Market, best_for: Side) -> Integers:
    left_room = np.array(list(market.left_room.values()), dtype=np.int64)
    right_room = np.array(list(market.right_room.values()), dtype=np.int64)
    left_order = _preferences(
        market.left, market.left_rank, market.score, _place(market.right, market.right_room)
    )
    right_order = _preferences(
        market.right, market.right_rank, market.score, _place(market.left, market.left_room)
    )
    if best_for == "left":
        held = deferred_acceptance(market.left, left_order, left_room, market.right, right_order, right_room)
    else:
        held = deferred_acceptance(market.right, right_order, right_room, market.left, left_order, left_room)
    return np.flatnonzero(held).astype(np.int64)


def _place(members: Integers, ids: dict[str, int]) -> Integers:
    """For each wish the place of its member in the order of ids."""
    given = list(ids)
    place = np.empty(len(given), dtype=np.int64)
    place[sorted(range(len(given)), key=given.__getitem__)] = np.arange(len(given))
    return place[members]


def _preferences(owner: Integers, rank: Floats, score: Floats, counterpart: Integers) -> Integers:
    """The wishes ordered by owner, then by rank, the unranked last by falling score, then by counterpart's id."""
    unranked = np.isnan(rank)
    by_score = np.where(unranked, -np.where(np.isnan(score), -np.inf, score), 0.0)
    order = np.lexsort((counterpart, by_score, np.where(unranked, np.inf, rank), owner))
    return order.astype(np.int64)


def _left_over(market: _Market, made: Integers, reasons: dict[Side, Reason]) -> list[LeftOver]:
    out: list[LeftOver] = []
    sides: tuple[tuple[Side, dict[str, int], Integers], ...] = (
        ("left", market.left_room, market.left),
        ("right", market.right_room, market.right),
    )
    for side, rooms, members in sides:
        wished = np.bincount(members, minlength=len(rooms)).tolist()
        taken = np.bincount(members[made], minlength=len(rooms)).tolist()
        for (id_, capacity), wishes, has in sorted(zip(rooms.items(), wished, taken, strict=True)):
            if capacity == 0:
                out.append(LeftOver(side, id_, 0, "no_room"))
            elif has < capacity:
                out.append(LeftOver(side, id_, capacity - has, reasons[side] if wishes else "no_wishes"))
    return out
