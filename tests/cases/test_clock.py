# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Days are counted right whatever the year, the pauses and the order in which things were written down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from brobygger.cases import clock
from brobygger.cases.clock import Course, Pause, State

DAYS = st.dates(date(2019, 1, 1), date(2033, 12, 31))
"""Three leap years, and the change of Great Prayer Day."""


@st.composite
def courses(draw: st.DrawFn) -> tuple[Course, date]:
    """A course with pauses that may overlap, touch, lie before the start or after the end, and today."""
    started = draw(DAYS)
    today = started + timedelta(days=draw(st.integers(0, 400)))
    ended = draw(st.none() | st.integers(0, 400).map(lambda n: min(today, started + timedelta(days=n))))
    pauses = []
    for _ in range(draw(st.integers(0, 5))):
        since = started + timedelta(days=draw(st.integers(-20, 300)))
        until = draw(st.none() | st.integers(1, 90).map(lambda n, s=since: s + timedelta(days=n)))
        pauses.append(Pause(since, until))
    return Course(started, ended, tuple(pauses)), today


def one_day_at_a_time(course: Course, today: date, counts: clock.Counts = clock.every_day) -> int:
    """The same count, in the plainest way."""
    last = min(course.ended or today, today)
    day, total = course.started, 0
    while day < last:
        day += timedelta(days=1)
        stands = any(p.since < day and (p.until is None or day <= p.until) for p in course.pauses)
        total += not stands and counts(day)
    return total


@given(courses())
@example((Course(date(2024, 2, 28), date(2024, 3, 1)), date(2024, 3, 5)))
@example((Course(date(2024, 3, 30), date(2024, 4, 1)), date(2024, 4, 1)))  # 31 March 2024 had 23 hours
@example((Course(date(2024, 10, 26), date(2024, 10, 28)), date(2024, 10, 28)))  # 27 October had 25
def test_days_used_are_those_counted_one_by_one(case: tuple[Course, date]) -> None:
    course, today = case
    assert clock.used(course, today) == one_day_at_a_time(course, today)


@given(courses(), st.booleans())
def test_working_days_used_are_those_counted_one_by_one(case: tuple[Course, date], closed: bool) -> None:
    course, today = case
    counts = clock.working_days(["06-05", "12-24"] if closed else [])
    assert clock.used(course, today, counts) == one_day_at_a_time(course, today, counts)


@given(courses())
def test_every_day_is_accounted_for_once(case: tuple[Course, date]) -> None:
    course, today = case
    spans = clock.spans(course, today)
    days = [
        span.first + timedelta(days=n) for span in spans for n in range((span.last - span.first).days + 1)
    ]
    last = min(course.ended or today, today)
    assert days == [course.started + timedelta(days=n) for n in range(1, (last - course.started).days + 1)]
    assert all(span.running == (not span.pauses) for span in spans)
    assert sum(span.counted for span in spans) == clock.used(course, today)


@given(courses(), st.randoms())
def test_the_order_in_which_pauses_were_written_makes_no_difference(case, random) -> None:
    course, today = case
    shuffled = list(course.pauses)
    random.shuffle(shuffled)
    other = Course(course.started, course.ended, tuple(shuffled))
    assert clock.used(other, today) == clock.used(course, today)
    assert clock.due(other, 40) == clock.due(course, 40)


@given(courses(), st.integers(1, 80), st.booleans())
def test_deciding_on_the_deadline_keeps_the_goal_and_on_the_next_day_that_counts_breaks_it(
    case, goal: int, working: bool
) -> None:
    course, _today = case
    course = Course(course.started, None, tuple(p for p in course.pauses if p.until))
    counts = clock.working_days() if working else clock.every_day
    due = clock.due(course, goal, counts)
    assert due is not None
    assert clock.used(course, due, counts) == goal
    later = clock.spans(course, due + timedelta(days=500), counts)
    running = (
        span.first + timedelta(days=n)
        for span in later
        if span.running
        for n in range((span.last - span.first).days + 1)
    )
    after = next(day for day in running if day > due and counts(day))
    assert clock.used(course, after, counts) == goal + 1


@given(courses(), st.integers(1, 80))
def test_another_pause_never_shortens_the_deadline_nor_adds_days(case, goal: int) -> None:
    course, today = case
    fewer = Course(course.started, course.ended, course.pauses[1:])
    assert clock.used(course, today) <= clock.used(fewer, today)
    before, after = clock.due(fewer, goal), clock.due(course, goal)
    if before and after:
        assert after >= before


@pytest.mark.parametrize(
    ("course", "state"),
    [
        (Course(None), State.NOT_STARTED),
        (Course(date(2026, 1, 1)), State.RUNNING),
        (Course(date(2026, 1, 1), None, (Pause(date(2026, 1, 3), None),)), State.STANDING),
        (Course(date(2026, 1, 1), None, (Pause(date(2026, 1, 3), date(2026, 1, 5)),)), State.RUNNING),
        (Course(date(2026, 1, 1), date(2026, 1, 9), (Pause(date(2026, 1, 3), None),)), State.ENDED),
    ],
)
def test_a_clock_says_whether_it_runs(course: Course, state: State) -> None:
    assert clock.state(course) == state


def test_no_deadline_while_the_clock_stands_or_has_no_goal() -> None:
    started = date(2026, 1, 1)
    assert clock.due(Course(started, None, (Pause(date(2026, 1, 3), None),)), 40) is None
    assert clock.due(Course(started), None) is None
    assert clock.due(Course(started), 40) == date(2026, 2, 10)


def test_a_case_complete_on_the_1st_and_decided_on_the_3rd_took_two_days() -> None:
    assert clock.used(Course(date(2026, 6, 1), date(2026, 6, 3)), date(2026, 12, 1)) == 2


def test_two_pauses_at_once_are_one_stand() -> None:
    pauses = (Pause(date(2026, 6, 5), date(2026, 6, 15)), Pause(date(2026, 6, 10), date(2026, 6, 20)))
    assert clock.used(Course(date(2026, 6, 1), date(2026, 6, 30), pauses), date(2026, 12, 1)) == 29 - 15


@pytest.mark.parametrize(
    ("year", "easter"), [(2019, (4, 21)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))]
)
def test_easter_falls_where_the_almanac_says(year: int, easter: tuple[int, int]) -> None:
    assert clock.easter_sunday(year) == date(year, *easter)


def test_great_prayer_day_is_a_working_day_from_2024() -> None:
    assert date(2023, 5, 5) in clock.holidays(2023)
    assert date(2024, 4, 26) not in clock.holidays(2024)


def test_constitution_day_counts_unless_the_definition_closes_it() -> None:
    assert clock.working_days()(date(2026, 6, 5))
    assert not clock.working_days(["06-05"])(date(2026, 6, 5))
