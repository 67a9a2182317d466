# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The three-year window of de minimis aid, over leap days and whatever grants there are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from brobygger.guidance.de_minimis import (
    CEILING,
    Grant,
    euro_of,
    first_day_with_room,
    free_again_on,
    fullest_around,
    headroom_on,
    three_years_before,
    total_on,
)

DAYS = st.dates(date(2015, 1, 1), date(2034, 12, 31))
GRANTS = st.lists(st.builds(Grant, DAYS, st.decimals(Decimal("0.01"), CEILING, places=2)), max_size=8)


@pytest.mark.parametrize(
    ("granted", "last", "free"),
    [
        (date(2024, 3, 15), date(2027, 3, 14), date(2027, 3, 15)),
        (date(2024, 2, 29), date(2027, 2, 28), date(2027, 3, 1)),
        (date(2025, 2, 28), date(2028, 2, 27), date(2028, 2, 28)),
        (date(2025, 3, 1), date(2028, 2, 29), date(2028, 3, 1)),
        (date(2024, 1, 1), date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_grant_counts_for_three_years_to_the_day(granted: date, last: date, free: date) -> None:
    one = [Grant(granted, Decimal(100))]
    assert total_on(one, granted - timedelta(days=1)) == 0
    assert total_on(one, granted) == total_on(one, last) == 100
    assert total_on(one, free) == 0
    assert free_again_on(granted) == free


@given(DAYS)
@example(date(2024, 2, 29))
@example(date(2028, 2, 29))
def test_a_period_is_three_calendar_years_never_a_day_more(day: date) -> None:
    days = (day - three_years_before(day)).days
    leaps = sum(
        (three_years_before(day) + timedelta(days=n + 1)).strftime("%m%d") == "0229" for n in range(days)
    )
    assert days == 3 * 365 + leaps


@given(DAYS, DAYS)
@example(date(2024, 2, 29), date(2027, 2, 28))
@example(date(2024, 2, 29), date(2027, 3, 1))
@example(date(2025, 2, 28), date(2028, 2, 28))
def test_leaving_the_window_is_the_same_seen_from_the_grant_and_from_the_day(
    granted: date, day: date
) -> None:
    counted = total_on([Grant(granted, Decimal(1))], day) == 1
    assert counted == (granted <= day < free_again_on(granted))


@given(DAYS)
def test_the_window_never_moves_backwards(day: date) -> None:
    assert three_years_before(day) <= three_years_before(day + timedelta(days=1))
    assert free_again_on(day) <= free_again_on(day + timedelta(days=1))


@given(GRANTS, DAYS)
def test_the_fullest_period_is_found_without_looking_at_every_day(grants: list[Grant], day: date) -> None:
    every = []
    end = day
    while end < free_again_on(day):
        every.append(total_on(grants, end))
        end += timedelta(days=1)
    assert fullest_around(grants, day) == max(every)


@given(GRANTS, DAYS)
def test_granting_all_the_headroom_never_takes_any_period_above_the_ceiling(
    grants: list[Grant], day: date
) -> None:
    kept: list[Grant] = []
    for grant in grants:
        euro = min(grant.euro, headroom_on(kept, grant.on))
        if euro:
            kept.append(Grant(grant.on, euro))
    left = headroom_on(kept, day)
    kept.append(Grant(day, left))
    assert all(total_on(kept, grant.on) <= CEILING for grant in kept)
    assert headroom_on(kept, day) == 0 or left == 0


@given(GRANTS, st.decimals(Decimal("0.01"), CEILING, places=2), DAYS)
def test_the_first_day_with_room_has_room(grants: list[Grant], amount: Decimal, day: date) -> None:
    free = first_day_with_room(grants, amount, day)
    if headroom_on(grants, day) >= amount:
        return
    assert free is not None
    assert day < free
    assert headroom_on(grants, free) >= amount


def test_an_amount_above_the_ceiling_never_finds_room() -> None:
    assert first_day_with_room([], CEILING + 1, date(2026, 1, 1)) is None


def test_a_later_grant_leaves_no_room_for_one_that_is_entered_behind_its_back() -> None:
    held = [Grant(date(2026, 6, 1), Decimal(250_000))]
    assert headroom_on(held, date(2026, 1, 1)) == 50_000
    assert headroom_on(held, date(2023, 6, 2)) == 50_000
    assert headroom_on(held, date(2023, 6, 1)) == CEILING


def test_kroner_become_euro_to_the_cent() -> None:
    assert euro_of(Decimal("100000"), Decimal("7.5")) == Decimal("13333.33")
    assert euro_of(Decimal("0.04"), Decimal("8")) == Decimal("0.01")
