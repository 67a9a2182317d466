# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pairs between two sides that both have wishes and limited room: mentors and entrepreneurs, hosts and interns.

`stable` is deferred acceptance (Gale and Shapley 1962; with room for several on both sides, Roth 1984):
nobody on the two sides would both rather have each other than whom they got, and the proposing side does
as well as in any such outcome. `best` is the highest total score, by minimum-cost flow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow import Network, optimum
from brobygger.engine.pair_kernels import by_pair, deferred_acceptance, first_repeat, preferences

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


WHY: dict[Reason, str] = {
    "no_wishes": "ingen ønsker fra eller om nogen",
    "no_room": "ingen plads (kapacitet 0)",
    "outranked": "alle ønskede fik nogen, de hellere ville have",
    "not_reached": "alle, der kunne være kommet, fik en plads, de hellere ville have",
    "total": "et par mere ville sænke den samlede score, eller alle mulige er optaget",
}
"""Each reason in words."""


class LeftOver(NamedTuple):
    """Somebody with room left. `reason`: "no_wishes" (stands in no acceptable pair), "no_room" (capacity 0),
    "outranked" (everyone wished for took others they prefer), "not_reached" (everyone who could have come found
    a place they prefer), "total" (a further pair would lower the total, or its counterparts are full)."""

    side: Side
    id: str
    room: int
    reason: Reason

    @property
    def why(self) -> str:
        """The reason in words (Danish)."""
        return WHY[self.reason]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs, ordered by left and right id; their total score (missing scores count 0); who has room left."""

    pairs: tuple[tuple[str, str], ...]
    total: float
    left_over: tuple[LeftOver, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """Both sides' ids and room, and the wishes as columns: members' numbers, ranks and scores (NaN where empty).

    `left_ids` and `right_ids` are sequences of text, or columns of a table.
    """

    left_ids: Any
    left_room: Integers
    right_ids: Any
    right_room: Integers
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
    made = matched(market, method, best_for)
    pairs = sorted(
        zip(
            map(market.left_ids.__getitem__, market.left[made].tolist()),
            map(market.right_ids.__getitem__, market.right[made].tolist()),
            strict=True,
        )
    )
    return Pairing(tuple(pairs), total_score(market, made), tuple(left_over(market, made, method, best_for)))


def matched(market: Market, method: str, best_for: Side) -> Integers:
    """The numbers of the wishes that become pairs. Raises as `pair` does."""
    order = _checked(market)
    if method == "best":
        return _best(market)
    if method == "stable":
        return _stable(market, order, best_for)
    raise ValueError(f"method must be stable or best, not {method!r}")


def total_score(market: Market, made: Integers) -> float:
    """The sum of the pairs' scores; a missing score counts 0."""
    return math.fsum(np.nan_to_num(market.score[made], nan=0.0).tolist())


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


def _market(left: dict[str, int], right: dict[str, int], wishes: Sequence[AnyWish]) -> Market:
    # Column by column: unpacking a million rows as arguments takes several times as long.
    columns = [list(map(itemgetter(n), wishes)) for n in range(5)]
    rooms = [np.fromiter(members.values(), np.int64, len(members)) for members in (left, right)]
    lefts, rights = _positions("left", left, columns[0]), _positions("right", right, columns[1])
    left_rank, right_rank, score = (np.array(column, dtype=float) for column in columns[2:])
    return Market(list(left), rooms[0], list(right), rooms[1], lefts, rights, left_rank, right_rank, score)


def _checked(market: Market) -> Integers:
    """The wishes by left and right member. Raises InputError on ranks and scores out of range and repeated pairs."""
    for column, ranks in (("left_rank", market.left_rank), ("right_rank", market.right_rank)):
        wrong = ~np.isnan(ranks) & ~((ranks >= 0) & (ranks <= 2**53) & (ranks == np.floor(ranks)))
        _refuse(wrong, column, "a whole number, at least 0", ranks)
    _refuse(np.isinf(market.score), "score", "a finite number", market.score)
    order = by_pair(market.left, market.right, len(market.left_ids), len(market.right_ids))
    again = first_repeat(market.left, market.right, order)
    if again >= 0:
        found = shown(market.right_ids[int(market.right[again])])
        raise InputError("wishes", again + 1, "right", f"each pair once, found {found}")
    return order


def _positions(side: Side, members: dict[str, int], ids: Sequence[str]) -> Integers:
    number = {id_: n for n, id_ in enumerate(members)}
    try:
        return np.fromiter(map(number.__getitem__, ids), np.int64, len(ids))
    except KeyError:
        unknown = np.array([id_ not in number for id_ in ids])
        _refuse(unknown, side, f"an id in {side}", ids)
        raise


def _refuse(
    wrong: npt.NDArray[np.bool_], column: str, expected: str, cells: Sequence[object] | Floats
) -> None:
    """Raise InputError for the first wish that is wrong."""
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError("wishes", row + 1, column, f"{expected}, found {shown(cells[row])}")


def _best(market: Market) -> Integers:
    missing = np.isnan(market.score)
    if missing.any():
        row = int(missing.argmax()) + 1
        raise InputError("wishes", row, "score", "a score, which method best needs, found nothing")
    n_left, n_wishes = len(market.left_room), len(market.left)
    room = np.concatenate([market.left_room, market.right_room]).astype(float)
    network = Network(
        n_left,
        np.minimum(room, n_wishes),
        np.zeros(len(room)),
        market.left,
        market.right + n_left,
        market.score,
        np.ones(n_wishes),
        np.zeros(n_wishes),
    )
    return np.flatnonzero(optimum(network).flow > 0.5).astype(np.int64)


def _stable(market: Market, order: Integers, best_for: Side) -> Integers:
    """Deferred acceptance; what is equal is settled by the order of the counterparts' ids."""
    left_place, right_place = _places(market.left_ids)[market.left], _places(market.right_ids)[market.right]
    n_left, n_right = len(market.left_room), len(market.right_room)
    by_left = by_pair(market.left, right_place, n_left, n_right)
    by_right = by_pair(market.right, left_place, n_right, n_left)
    left_order = preferences(market.left, by_left, market.left_rank, market.score)
    right_order = preferences(market.right, by_right, market.right_rank, market.score)
    lefts = (market.left, left_order, market.left_room)
    rights = (market.right, right_order, market.right_room)
    held = (
        deferred_acceptance(*lefts, *rights) if best_for == "left" else deferred_acceptance(*rights, *lefts)
    )
    return np.flatnonzero(held).astype(np.int64)


def _places(ids: Any) -> Integers:
    """For each member the place of its id among all, in the order of ids."""
    listed = list(ids)
    place = np.empty(len(listed), dtype=np.int64)
    place[sorted(range(len(listed)), key=listed.__getitem__)] = np.arange(len(listed))
    return place


def left_over(market: Market, made: Integers, method: str, best_for: Side) -> list[LeftOver]:
    """Who has room left, left before right, each side by id, with the reason."""
    unproposed: dict[Side, Reason] = {best_for: "outranked", _other(best_for): "not_reached"}
    reasons: dict[Side, Reason] = {"left": "total", "right": "total"} if method == "best" else unproposed
    out: list[LeftOver] = []
    sides: tuple[tuple[Side, Any, Integers, Integers], ...] = (
        ("left", market.left_ids, market.left_room, market.left),
        ("right", market.right_ids, market.right_room, market.right),
    )
    for side, ids, rooms, members in sides:
        wished = np.bincount(members, minlength=len(rooms))
        room = rooms - np.bincount(members[made], minlength=len(rooms))
        some = np.flatnonzero((room > 0) | (rooms == 0))
        for number in sorted(some.tolist(), key=lambda n, ids=ids: ids[n]):  # type: ignore[misc]
            reason: Reason = reasons[side] if wished[number] else "no_wishes"
            if rooms[number] == 0:
                reason = "no_room"
            out.append(LeftOver(side, ids[number], int(room[number]), reason))
    return out
