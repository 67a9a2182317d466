# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pairs: stable, or of highest total score."""

from __future__ import annotations

import math
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine import pair
from brobygger.engine.errors import InputError
from brobygger.engine.pair import MISSED, WHY, LeftOver, Member, Wish

Market = tuple[list[Member], list[Member], list[Wish]]
Pairs = frozenset[tuple[str, str]]


@st.composite
def markets(draw: st.DrawFn, size: int = 4, wishes: int = 9, distinct: bool = False) -> Market:
    left = [Member(f"l{i}", draw(st.integers(0, 3))) for i in range(draw(st.integers(1, size)))]
    right = [Member(f"r{i}", draw(st.integers(0, 3))) for i in range(draw(st.integers(1, size)))]
    every = [(a.id, b.id) for a in left for b in right]
    pairs = draw(st.lists(st.sampled_from(every), unique=True, max_size=wishes))
    if distinct:
        ranks = [draw(st.permutations(range(len(pairs)))) for _ in range(2)]
    else:
        ranks = [[draw(st.integers(1, 4)) for _ in pairs] for _ in range(2)]
    score = st.integers(-3, 9).map(float)
    return left, right, [Wish(a, b, x, y, draw(score)) for (a, b), x, y in zip(pairs, *ranks, strict=True)]


def within_room(market: Market, pairs: Pairs) -> bool:
    return all(
        sum(made[side] == member.id for made in pairs) <= member.capacity
        for side in (0, 1)
        for member in market[side]
    )


def blocked(market: Market, pairs: Pairs) -> bool:
    """Whether some wished pair is not made although both have room or strictly prefer it to one they have."""
    rank = {(w.left, w.right): (w.left_rank or 0, w.right_rank or 0) for w in market[2]}
    room = [{m.id: m.capacity for m in members} for members in market[:2]]

    def gains(wish: tuple[str, str], side: int) -> bool:
        mine = [made for made in pairs if made[side] == wish[side]]
        worse = any(rank[made][side] > rank[wish][side] for made in mine)
        return room[side][wish[side]] > 0 and (len(mine) < room[side][wish[side]] or worse)

    return any(gains(wish, 0) and gains(wish, 1) for wish in rank.keys() - pairs)


def every_outcome(market: Market) -> list[Pairs]:
    wished = [(w.left, w.right) for w in market[2]]
    subsets = chain.from_iterable(combinations(wished, n) for n in range(len(wished) + 1))
    return [pairs for pairs in map(frozenset, subsets) if within_room(market, pairs)]


@settings(deadline=None)
@given(markets(size=6, wishes=30))
def test_no_two_who_are_not_paired_would_both_gain_by_it(market: Market) -> None:
    for side in ("left", "right"):
        made = frozenset(pair(*market, best_for=side).pairs)
        assert within_room(market, made)
        assert made <= {(w.left, w.right) for w in market[2]}
        assert not blocked(market, made)


@settings(deadline=None, max_examples=60)
@given(markets(distinct=True))
def test_nobody_on_the_favoured_side_does_better_in_any_other_stable_outcome(market: Market) -> None:
    rank = {(w.left, w.right): (w.left_rank, w.right_rank) for w in market[2]}
    stable = [pairs for pairs in every_outcome(market) if not blocked(market, pairs)]
    for side, favoured in enumerate(("left", "right")):
        ours = frozenset(pair(*market, best_for=favoured).pairs)
        assert ours in stable
        for member in market[side]:
            got = sorted(rank[made][side] for made in ours if made[side] == member.id)
            for other in stable:
                theirs = sorted(rank[made][side] for made in other if made[side] == member.id)
                assert len(got) == len(theirs)
                assert all(a <= b for a, b in zip(got, theirs, strict=True))


@settings(deadline=None, max_examples=60)
@given(markets())
def test_best_has_the_highest_total_of_all_outcomes(market: Market) -> None:
    score = {(w.left, w.right): w.score or 0.0 for w in market[2]}
    found = pair(*market, method="best")
    assert within_room(market, frozenset(found.pairs))
    assert found.total == max(sum(score[made] for made in pairs) for pairs in every_outcome(market))
    assert found.total == sum(score[made] for made in found.pairs)


def test_three_who_would_each_trade_end_with_the_proposers_first_wishes() -> None:
    left, right = [(f"l{i}", 1) for i in range(3)], [(f"r{i}", 1) for i in range(3)]
    wishes = [(f"l{i}", f"r{(i + k) % 3}", k + 1, 3 - k, None) for i in range(3) for k in range(3)]
    assert pair(left, right, wishes).pairs == (("l0", "r0"), ("l1", "r1"), ("l2", "r2"))
    assert pair(left, right, wishes, best_for="right").pairs == (("l0", "r2"), ("l1", "r0"), ("l2", "r1"))


def test_a_mentor_with_room_for_two_takes_the_two_she_prefers() -> None:
    wishes = [("anna", "mentor", 1, 3, None), ("bo", "mentor", 1, 1, None), ("carl", "mentor", 1, 2, None)]
    found = pair([("anna", 1), ("bo", 1), ("carl", 1)], [("mentor", 2)], wishes)
    assert found.pairs == (("bo", "mentor"), ("carl", "mentor"))
    assert found.left_over == (LeftOver("left", "anna", 1, "outranked"),)


def test_equal_ranks_are_settled_by_id_whatever_the_order_of_the_rows() -> None:
    wishes = [("b", "r", 1, 1, None), ("a", "r", 1, 1, None)]
    for rows in (wishes, wishes[::-1]):
        assert pair([("b", 1), ("a", 1)], [("r", 1)], rows).pairs == (("a", "r"),)


def test_where_ranks_are_empty_the_score_decides() -> None:
    wishes = [("a", "r", None, None, 0.2), ("b", "r", None, None, 0.9), ("c", "r", None, None, None)]
    assert pair([("a", 1), ("b", 1), ("c", 1)], [("r", 1)], wishes).pairs == (("b", "r"),)


def test_a_ranked_wish_comes_before_one_that_only_has_a_score() -> None:
    wishes = [("a", "r", None, None, 9.0), ("b", "r", None, 7, 0.1)]
    assert pair([("a", 1), ("b", 1)], [("r", 1)], wishes).pairs == (("b", "r"),)


def test_who_is_left_over_is_told_with_the_reason() -> None:
    found = pair([("a", 2), ("b", 1), ("c", 0)], [("r", 1), ("s", 1)], [("a", "r", 1, 1, 1.0)])
    assert found.left_over == (
        LeftOver("left", "a", 1, "granted"),
        LeftOver("left", "b", 1, "no_wishes"),
        LeftOver("left", "c", 0, "no_room"),
        LeftOver("right", "s", 1, "no_wishes"),
    )


def test_each_reason_says_what_became_of_the_wishes() -> None:
    """A got its only wish, the one whom B wished for takes nobody, and R3 took the only one who wished for it."""
    left, right = [("A", 2), ("B", 1), ("C", 1)], [("R1", 1), ("R2", 0), ("R3", 3)]
    wishes = [("A", "R1", 1, 1, 1.0), ("B", "R2", 1, 1, 1.0), ("C", "R3", 1, 1, 1.0)]
    for method in ("stable", "best"):
        assert [(one.id, one.why) for one in pair(left, right, wishes, method=method).left_over] == [
            ("A", "alle ønsker er opfyldt"),
            ("B", "de ønskede, man ikke fik, har ingen plads (kapacitet 0)"),
            ("R2", "ingen plads (kapacitet 0)"),
            ("R3", "alle ønsker er opfyldt"),
        ]


def what_is_true(market: Market, pairs: Pairs, one: LeftOver) -> set[str]:
    """The keys of all reasons that are true of who is left over: of each wish that was not granted, one of them or more."""
    side = 0 if one.side == "left" else 1
    room = [{m.id: m.capacity for m in members} for members in market[:2]]
    own = [w for w in market[2] if w[side] == one.id]
    if not room[side][one.id]:
        return {"no_room"}
    missing = [w for w in own if (w.left, w.right) not in pairs]
    if not missing:
        return {"granted" if own else "no_wishes"}
    true: list[set[str]] = []
    for wish in missing:
        other = wish[1 - side]
        theirs = [w for w in market[2] if w[1 - side] == other and (w.left, w.right) in pairs]
        full = len(theirs) == room[1 - side][other]
        here = {"closed"} if not room[1 - side][other] else set()
        here |= {"worthless"} if (wish.score or 0) <= 0 else set()
        if full and theirs and all((w[3 - side] or 0) <= (wish[3 - side] or 0) for w in theirs):
            here |= {"outranked"}
        if full and theirs and all((w.score or 0) >= (wish.score or 0) for w in theirs):
            here |= {"outscored"}
        true.append(here)
    told = set(one.reason.split("+"))
    assert all(here & told for here in true)
    return set().union(*true)


@settings(deadline=None)
@given(markets(size=5, wishes=20))
def test_each_reason_is_true_of_who_is_left_over(market: Market) -> None:
    for method in ("stable", "best"):
        for side in ("left", "right"):
            found = pair(*market, method=method, best_for=side)
            for one in found.left_over:
                told = set(one.reason.split("+"))
                assert told <= what_is_true(market, frozenset(found.pairs), one)
                assert told <= MISSED.keys() or one.reason in WHY


def test_nobody_and_no_wishes_give_no_pairs() -> None:
    assert pair([], [], []).pairs == ()
    assert pair([], [], [], method="best").pairs == ()


@pytest.mark.parametrize(
    ("left", "wishes", "method", "where"),
    [
        ([("a", 1), ("a", 1)], [], "stable", ("left", 2, "id")),
        ([("a", -1)], [], "stable", ("left", 1, "capacity")),
        ([("a", 1.5)], [], "stable", ("left", 1, "capacity")),
        ([("a", math.nan)], [], "stable", ("left", 1, "capacity")),
        ([("a", 1)], [("b", "r", 1, 1, 1.0)], "stable", ("wishes", 1, "left")),
        ([("a", 1)], [("a", "q", 1, 1, 1.0)], "stable", ("wishes", 1, "right")),
        ([("a", 1)], [("a", "r", 1, 1, 1.0), ("a", "r", 2, 2, 2.0)], "stable", ("wishes", 2, "right")),
        ([("a", 1)], [("a", "r", -1, 1, 1.0)], "stable", ("wishes", 1, "left_rank")),
        ([("a", 1)], [("a", "r", 1, 1.5, 1.0)], "stable", ("wishes", 1, "right_rank")),
        ([("a", 1)], [("a", "r", 1, 1, math.inf)], "stable", ("wishes", 1, "score")),
        ([("a", 1)], [("a", "r", 1, 1, None)], "best", ("wishes", 1, "score")),
    ],
)
def test_input_that_makes_no_sense_is_named(
    left: list[tuple[str, int]], wishes: list[Wish], method: str, where: tuple[str, int, str]
) -> None:
    with pytest.raises(InputError) as error:
        pair(left, [("r", 1)], wishes, method)  # type: ignore[arg-type]
    assert (error.value.file, error.value.line, error.value.column) == where
