# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The plan of visits as plain figures: nobody twice, nobody too much, near things together, a sensible way round."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from brobygger.dialogue.visit_plan import (
    LEAST_DUE,
    Candidate,
    due,
    length,
    nearest_first,
    order_of,
    plan,
    score,
    two_opt,
)

THREE_YEARS = 1096
coordinate = st.floats(450_000, 900_000)
consultants = st.integers(1, 6)
candidates = st.builds(
    Candidate,
    key=st.integers(1, 60),
    days=st.none() | st.integers(0, 4000),
    promise=st.none() | st.floats(0, 1),
    priority=st.booleans(),
    x=st.none() | coordinate,
    y=coordinate,
    consultant=st.none() | consultants,
)


@given(st.lists(candidates, max_size=60), st.dictionaries(consultants, st.integers(0, 8)))
def test_no_firm_goes_to_two_and_nobody_gets_more_than_there_is_room_for(found, room) -> None:
    chosen = plan(found, room, interval=THREE_YEARS)
    keys = [one.candidate.key for firms in chosen.values() for one in firms]
    assert len(keys) == len(set(keys))
    for who, firms in chosen.items():
        assert len(firms) <= room[who]
        assert all(one.candidate.consultant in (None, who) for one in firms)
        assert all(due(one.candidate.days, THREE_YEARS) >= LEAST_DUE for one in firms)


@given(st.lists(candidates, max_size=60), st.dictionaries(consultants, st.integers(1, 8), min_size=1))
def test_room_is_left_only_when_no_firm_is_left_for_it(found, room) -> None:
    chosen = plan(found, room, interval=THREE_YEARS)
    taken = {one.candidate.key for firms in chosen.values() for one in firms}
    last = {one.key: one for one in found if due(one.days, THREE_YEARS) >= LEAST_DUE}
    left = [one for key, one in last.items() if key not in taken]
    for who, most in room.items():
        if len(chosen.get(who, ())) < most:
            assert not [one for one in left if one.consultant in (None, who)]


@given(st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=12, unique=True))
def test_the_route_passes_every_point_once_and_is_no_longer_than_from_neighbour_to_neighbour(points) -> None:
    route = order_of(points)
    assert sorted(route) == list(range(len(points)))
    placed = list(range(len(points)))
    nearest = min(length(points, nearest_first(points, placed, start)) for start in placed)
    assert length(points, route) <= nearest + 1e-6


def test_turning_a_piece_round_takes_a_crossing_out_of_the_route() -> None:
    points = [(0.0, 0.0), (10.0, 0.0), (0.0, 1.0), (10.0, 1.0)]
    crossed = [0, 3, 2, 1]
    assert length(points, two_opt(points, crossed)) < length(points, crossed)


def test_a_firm_never_talked_with_is_as_due_as_can_be() -> None:
    assert due(None, 100) == due(1000, 100) > due(100, 100) == 1 > due(50, 100)


def test_of_two_equally_due_the_promising_is_chosen() -> None:
    dull, bright = Candidate(1, None, promise=0.1), Candidate(2, None, promise=0.9)
    assert [one.candidate.key for one in plan([dull, bright], {7: 1}, interval=100)[7]] == [2]


def test_a_priority_industry_decides_between_equals() -> None:
    assert score(Candidate(1, None, priority=True), 100) > score(Candidate(2, None), 100)


def test_of_equals_the_week_is_filled_with_those_near_each_other() -> None:
    here = [Candidate(key, None, x=600_000.0 + key, y=6_100_000.0) for key in (1, 2, 3)]
    far = [Candidate(key, None, x=900_000.0 + key, y=6_400_000.0) for key in (4, 5, 6)]
    chosen = plan([far[0], *here, *far[1:]], {7: 3}, interval=100)[7]
    assert {one.candidate.key for one in chosen} in ({1, 2, 3}, {4, 5, 6})


def test_two_consultants_share_the_best_instead_of_one_getting_them_all() -> None:
    firms = [Candidate(key, None, promise=1 - key / 10) for key in range(1, 5)]
    chosen = plan(firms, {7: 2, 8: 2}, interval=100)
    assert {who: sorted(one.candidate.key for one in found) for who, found in chosen.items()} == {
        7: [1, 3],
        8: [2, 4],
    }


def test_firms_without_a_known_place_come_last_on_the_route() -> None:
    lost = (math.nan, math.nan)
    assert order_of([(0.0, 0.0), lost, (1.0, 0.0), (2.0, 0.0)])[-1] == 1
    assert length([(0.0, 0.0), lost, (3.0, 4.0)], [0, 1, 2]) == 5
