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
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown
from brobygger.engine.flow import Network, optimum
from brobygger.engine.pair_kernels import by_pair, by_rank, deferred_acceptance, first_repeat, preferences
from brobygger.engine.rows import Column, columns_of, in_a_list, numbers, positions, undisturbed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Side = Literal["left", "right"]
MOST_RANKS = 4
"""So many different ranks for each wish are sorted by counting them; beyond it member by member."""
MOST_ROOM = 2**53
"""Beyond it floats no longer count single places."""
Reason = str
"""A key of `WHY`; or, for those who did not get all, keys of `MISSED` joined by "+" in their order there."""


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
    "no_room": "ingen plads (kapacitet 0)",
    "no_wishes": "ingen ønsker fra eller om nogen",
    "granted": "alle ønsker er opfyldt",
}
MISSED: dict[Reason, str] = {
    "closed": "har ingen plads (kapacitet 0)",
    "outranked": "er fyldt op med nogen, de ønsker mindst lige så højt",
    "worthless": "giver ingen score over 0",
    "outscored": "er fyldt op med nogen, der giver mindst lige så høj score",
}
"""What keeps a wished counterpart from somebody who has room left."""


class LeftOver(NamedTuple):
    """Somebody with room left. `reason`: "no_room" (capacity 0), "no_wishes" (stands in no acceptable pair), "granted" (all
    wishes became pairs), or what holds of the others wished for (`MISSED`)."""

    side: Side
    id: str
    room: int
    reason: Reason

    @property
    def why(self) -> str:
        """The reason in words (Danish)."""
        return why(self.reason)


def why(reason: Reason) -> str:
    """A reason in words (Danish)."""
    return WHY.get(reason) or "de ønskede, man ikke fik, " + " eller ".join(
        MISSED[key] for key in reason.split("+")
    )


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
    with undisturbed():
        market = _market(left, right, wishes)
    made = matched(market, method, best_for)
    pairs = sorted(
        zip(
            map(market.left_ids.__getitem__, market.left[made].tolist()),
            map(market.right_ids.__getitem__, market.right[made].tolist()),
            strict=True,
        )
    )
    return Pairing(tuple(pairs), total_score(market, made), tuple(left_over(market, made, method)))


def matched(market: Market, method: str, best_for: Side) -> Integers:
    """The numbers of the wishes that become pairs. Raises as `pair` does."""
    _check(market)
    if method == "best":
        return _best(market)
    if method == "stable":
        return _stable(market, best_for)
    raise ValueError(f"method must be stable or best, not {method!r}")


def total_score(market: Market, made: Integers) -> float:
    """The sum of the pairs' scores; a missing score counts 0."""
    return math.fsum(np.nan_to_num(market.score[made], nan=0.0).tolist())


def _other(side: Side) -> Side:
    return "right" if side == "left" else "left"


def _market(left: Iterable[Any], right: Iterable[Any], wishes: Iterable[Any]) -> Market:
    lefts, left_room = _members("left", left)
    rights, right_room = _members("right", right)
    columns = columns_of(in_a_list(wishes), Wish)
    ends = [
        positions(
            "wishes", side, column or (), dict(zip(ids, range(len(ids)), strict=True)), f"an id in {side}"
        )
        for side, column, ids in (("left", columns[0], lefts), ("right", columns[1], rights))
    ]
    named = zip(("left_rank", "right_rank", "score"), columns[2:], strict=True)
    ranks = [numbers("wishes", name, column, len(ends[0]), math.nan) for name, column in named]
    return Market(lefts, left_room, rights, right_room, ends[0], ends[1], *ranks)


def _members(side: Side, members: Iterable[Any]) -> tuple[Sequence[str], Integers]:
    """Ids and room. Raises InputError on ids that repeat, and on capacities that are not whole or are negative."""
    column, capacities = columns_of(in_a_list(members), Member)
    ids = column or ()
    room = numbers(side, "capacity", capacities, len(ids), 1.0 if capacities is None else math.nan)
    wrong = ~((room >= 0) & (room <= MOST_ROOM) & (room == np.floor(room)))
    if wrong.any() or len(set(ids)) < len(ids):
        _refuse_members(side, ids, wrong, capacities)
    return ids, room.astype(np.int64)


def _refuse_members(side: Side, ids: Sequence[str], wrong: npt.NDArray[np.bool_], capacities: Column) -> None:
    seen: set[str] = set()
    for row, id_ in enumerate(ids):
        if id_ in seen:
            raise InputError(side, row + 1, "id", f"each id once, found {shown(id_)} again")
        if wrong[row] and capacities is not None:
            found = shown(capacities[row])
            raise InputError(side, row + 1, "capacity", f"a whole number, at least 0, found {found}")
        seen.add(id_)


def _check(market: Market) -> None:
    """Raises InputError on ranks and scores out of range and repeated pairs."""
    for column, ranks in (("left_rank", market.left_rank), ("right_rank", market.right_rank)):
        wrong = ~np.isnan(ranks) & ~((ranks >= 0) & (ranks <= 2**53) & (ranks == np.floor(ranks)))
        _refuse(wrong, column, "a whole number, at least 0", ranks)
    _refuse(np.isinf(market.score), "score", "a finite number", market.score)
    again = int(first_repeat(market.left, market.right, len(market.left_ids), len(market.right_ids)))
    if again >= 0:
        found = shown(market.right_ids[int(market.right[again])])
        raise InputError("wishes", again + 1, "right", f"each pair once, found {found}")


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


def _stable(market: Market, best_for: Side) -> Integers:
    """Deferred acceptance; what is equal is settled by the order of the counterparts' ids."""
    left_place, right_place = _places(market.left_ids)[market.left], _places(market.right_ids)[market.right]
    n_left, n_right = len(market.left_room), len(market.right_room)
    left_order = _preferred(market.left, right_place, n_left, n_right, market.left_rank, market.score)
    right_order = _preferred(market.right, left_place, n_right, n_left, market.right_rank, market.score)
    lefts = (market.left, left_order, market.left_room)
    rights = (market.right, right_order, market.right_room)
    held = (
        deferred_acceptance(*lefts, *rights) if best_for == "left" else deferred_acceptance(*rights, *lefts)
    )
    return np.flatnonzero(held).astype(np.int64)


def _preferred(
    owner: Integers, place: Integers, n_owners: int, n_others: int, rank: Floats, score: Floats
) -> Integers:
    """The wishes owner by owner, the best first: by rank, the unranked by score, and equals by the other's place."""
    highest = rank.max(initial=0.0)
    if highest <= MOST_RANKS * max(len(rank), 1):  # so all are ranked: NaN is not at most anything
        return by_rank(owner, place, rank.astype(np.int64), n_owners, n_others, int(highest) + 1)
    return preferences(owner, by_pair(owner, place, n_owners, n_others), rank, score)


def _places(ids: Any) -> Integers:
    """For each member the place of its id among all, in the order of ids."""
    listed = list(ids)
    place = np.empty(len(listed), dtype=np.int64)
    place[sorted(range(len(listed)), key=listed.__getitem__)] = np.arange(len(listed))
    return place


def left_over(market: Market, made: Integers, method: str) -> list[LeftOver]:
    """Who has room left, left before right, each side by id, with the reason."""
    out: list[LeftOver] = []
    sides: tuple[tuple[Side, Any, Integers, Integers, Integers, Integers], ...] = (
        ("left", market.left_ids, market.left_room, market.left, market.right_room, market.right),
        ("right", market.right_ids, market.right_room, market.right, market.left_room, market.left),
    )
    for side, ids, rooms, members, their_rooms, theirs in sides:
        room = rooms - np.bincount(members[made], minlength=len(rooms))
        wished = np.bincount(members, minlength=len(rooms))
        missed = _missed(market, made, method, their_rooms[theirs])
        keys = np.zeros(len(rooms), np.int64)
        np.bitwise_or.at(keys, members, missed)
        for number in sorted(np.flatnonzero((room > 0) | (rooms == 0)).tolist(), key=ids.__getitem__):
            reason = "no_wishes" if not wished[number] else _reason(int(keys[number]))
            out.append(LeftOver(side, ids[number], int(room[number]), reason if rooms[number] else "no_room"))
    return out


def _missed(market: Market, made: Integers, method: str, their_room: Integers) -> Integers:
    """For each wish what kept it from being a pair, a bit for its place in `MISSED`; 0 where it is one.

    Of somebody with room left: in a stable outcome whoever they miss is full and prefers all it has; at the highest total
    whoever would add to it is full, and nobody it has adds less, else the two would change places.
    """
    bits = {key: 1 << place for place, key in enumerate(MISSED)}
    if method == "best":
        missed = np.where(market.score > 0, bits["outscored"], bits["worthless"])
    else:
        missed = np.full(len(market.left), bits["outranked"])
    missed[their_room == 0] = bits["closed"]
    missed[made] = 0
    return missed.astype(np.int64)


def _reason(bits: int) -> Reason:
    return "+".join(key for place, key in enumerate(MISSED) if bits >> place & 1) or "granted"
