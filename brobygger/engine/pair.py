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

Integers = npt.NDArray[np.int64]
Side = Literal["left", "right"]
Reason = Literal["no_wishes", "no_room", "outranked", "not_reached", "total"]


class Member(NamedTuple):
    """Somebody to be paired, with room for `capacity` counterparts (a whole number, 0 for none)."""

    id: str
    capacity: int = 1


class Wish(NamedTuple):
    """A pair that both sides accept. Rank 1 is the first wish; `score` says how well they fit, higher is better.

    Where a rank is empty the score decides: ranked counterparts come first, then the others by falling score.
    Equal ranks, and equal scores among the unranked, are settled by the counterpart's id.
    """

    left: str
    right: str
    left_rank: float | None = None
    right_rank: float | None = None
    score: float | None = None


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


def pair(
    left: Iterable[Member | tuple[str, int]],
    right: Iterable[Member | tuple[str, int]],
    wishes: Iterable[Wish | tuple[str, str, float | None, float | None, float | None]],
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
    lefts = _members("left", left)
    rights = _members("right", right)
    wish_list = [Wish(*wish) for wish in wishes]
    _check(lefts, rights, wish_list, scores_needed=method == "best")
    if method == "best":
        made = _best(lefts, rights, wish_list)
    elif method == "stable":
        made = _stable(lefts, rights, wish_list, best_for)
    else:
        raise ValueError(f"method must be stable or best, not {method!r}")
    pairs = sorted((wish_list[row].left, wish_list[row].right) for row in made)
    total = sum(wish_list[row].score or 0.0 for row in made)
    unproposed: dict[Side, Reason] = {best_for: "outranked", _other(best_for): "not_reached"}
    reasons: dict[Side, Reason] = {"left": "total", "right": "total"} if method == "best" else unproposed
    return Pairing(tuple(pairs), total, tuple(_left_over(lefts, rights, wish_list, pairs, reasons)))


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


def _check(
    left: dict[str, int], right: dict[str, int], wishes: Sequence[Wish], *, scores_needed: bool
) -> None:
    seen: set[tuple[str, str]] = set()
    for line, wish in enumerate(wishes, start=1):
        if wish.left not in left:
            raise InputError("wishes", line, "left", f"an id in left, found {shown(wish.left)}")
        if wish.right not in right:
            raise InputError("wishes", line, "right", f"an id in right, found {shown(wish.right)}")
        if (wish.left, wish.right) in seen:
            raise InputError("wishes", line, "right", f"each pair once, found {shown(wish.right)} again")
        seen.add((wish.left, wish.right))
        for column, rank in (("left_rank", wish.left_rank), ("right_rank", wish.right_rank)):
            if rank is not None and not (0 <= rank <= 2**53 and rank == int(rank)):
                raise InputError("wishes", line, column, f"a whole number, at least 0, found {shown(rank)}")
        if wish.score is None:
            if scores_needed:
                raise InputError("wishes", line, "score", "a score, which method best needs, found nothing")
        elif not abs(wish.score) < float("inf"):
            raise InputError("wishes", line, "score", f"a finite number, found {shown(wish.score)}")


def _best(left: dict[str, int], right: dict[str, int], wishes: Sequence[Wish]) -> list[int]:
    nodes: list[tuple[str, str, float]] = [(id_, "have", float(room)) for id_, room in left.items()]
    nodes += [(id_, "need", float(room)) for id_, room in right.items()]
    plan = allocate(nodes, [(wish.left, wish.right, wish.score or 0.0, 1.0) for wish in wishes])
    made = {(flow.have, flow.need) for flow in plan.flows}
    return [row for row, wish in enumerate(wishes) if (wish.left, wish.right) in made]


def _stable(left: dict[str, int], right: dict[str, int], wishes: Sequence[Wish], best_for: Side) -> list[int]:
    left_of, left_order = _preferences(left, wishes, "left")
    right_of, right_order = _preferences(right, wishes, "right")
    left_room = np.array(list(left.values()), dtype=np.int64)
    right_room = np.array(list(right.values()), dtype=np.int64)
    if best_for == "left":
        held = deferred_acceptance(left_of, left_order, left_room, right_of, right_order, right_room)
    else:
        held = deferred_acceptance(right_of, right_order, right_room, left_of, left_order, left_room)
    return [int(row) for row in np.flatnonzero(held)]


def _preferences(members: dict[str, int], wishes: Sequence[Wish], side: Side) -> tuple[Integers, Integers]:
    """For each wish the member's number, and all wishes ordered by member and then by that member's preference."""
    number = {id_: n for n, id_ in enumerate(members)}
    of_left = side == "left"
    owner = np.array([number[w.left if of_left else w.right] for w in wishes], dtype=np.int64)
    ranks = [w.left_rank if of_left else w.right_rank for w in wishes]
    others = sorted({w.right if of_left else w.left for w in wishes})
    place = {id_: n for n, id_ in enumerate(others)}
    counterpart = np.array([place[w.right if of_left else w.left] for w in wishes], dtype=np.int64)
    rank = np.array([np.inf if r is None else r for r in ranks], dtype=float)
    unranked_score = np.array(
        [
            (-np.inf if w.score is None else w.score) if r is None else 0.0
            for w, r in zip(wishes, ranks, strict=True)
        ],
        dtype=float,
    )
    order = np.lexsort((counterpart, -unranked_score, rank, owner))
    return owner, order.astype(np.int64)


def _left_over(
    left: dict[str, int],
    right: dict[str, int],
    wishes: Sequence[Wish],
    pairs: Sequence[tuple[str, str]],
    reasons: dict[Side, Reason],
) -> list[LeftOver]:
    out: list[LeftOver] = []
    sides: tuple[tuple[Side, dict[str, int], int], ...] = (("left", left, 0), ("right", right, 1))
    for side, members, place in sides:
        wished = {wish[place] for wish in wishes}
        taken = dict.fromkeys(members, 0)
        for made in pairs:
            taken[made[place]] += 1
        for id_ in sorted(members):
            room = members[id_] - taken[id_]
            if members[id_] == 0:
                out.append(LeftOver(side, id_, 0, "no_room"))
            elif room:
                out.append(LeftOver(side, id_, room, reasons[side] if id_ in wished else "no_wishes"))
    return out
