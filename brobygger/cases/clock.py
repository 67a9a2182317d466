# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Counting days against a deadline: pure functions of dates, so that every day can be accounted for.

A clock starts on the day of one happening and ends on the day of another. The day on which something happens is counted as
things stood when it began: a case that is complete on the 1st and decided on the 3rd took two days, and the day on which
the applicant is asked still runs, the day on which the answer comes still stands. Days are Danish calendar days; what hour
it was, and whether a day had 23 or 25 hours, makes no difference.

Pauses may overlap: the clock stands while at least one is open, and each day is counted once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

ONE_DAY = timedelta(days=1)
FARTHEST = 20_000
"""Days that a deadline is looked for ahead."""
Counts = Callable[[date], bool]
"""Whether a day counts at all (every day, or working days)."""


def every_day(_day: date) -> bool:
    """Calendar days."""
    return True


class State(StrEnum):
    NOT_STARTED = "not_started"
    RUNNING = "running"
    STANDING = "standing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stands from the day after `since` to `until`, that day included; None: it is still open."""

    since: date
    until: date | None
    name: str = ""
    by: Any = None
    """What made it (an event), for the page that accounts for every day."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a clock is computed from."""

    started: date | None
    ended: date | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included, that were alike. `counted`: how many of them count."""

    first: date
    last: date
    running: bool
    counted: int
    pauses: tuple[Pause, ...] = ()


def spans(course: Course, today: date, counts: Counts = every_day) -> list[Span]:
    """Every day from the day after the start to the end (or today), in order, without gaps or overlaps."""
    if course.started is None:
        return []
    last = min(course.ended, today) if course.ended else today
    cuts = _cuts(course, last)
    found = []
    for before, upto in zip(cuts, cuts[1:], strict=False):
        first = before + ONE_DAY
        open_then = tuple(
            p for p in course.pauses if p.since < first and (p.until is None or upto <= p.until)
        )
        running = not open_then
        found.append(Span(first, upto, running, _count(first, upto, counts) if running else 0, open_then))
    return found


def _cuts(course: Course, last: date) -> list[date]:
    """The days after which something changes, from the start to the last day."""
    assert course.started is not None
    inside = {course.started, last}
    for pause in course.pauses:
        inside |= {day for day in (pause.since, pause.until) if day and course.started < day < last}
    return sorted(inside) if last > course.started else []


def _count(first: date, last: date, counts: Counts) -> int:
    if counts is every_day:
        return (last - first).days + 1
    return sum(counts(first + timedelta(days=n)) for n in range((last - first).days + 1))


def used(course: Course, today: date, counts: Counts = every_day) -> int:
    """Days used up."""
    return sum(span.counted for span in spans(course, today, counts))


def state(course: Course) -> State:
    """Whether the clock runs."""
    if course.started is None:
        return State.NOT_STARTED
    if course.ended is not None:
        return State.ENDED
    return State.STANDING if any(pause.until is None for pause in course.pauses) else State.RUNNING


def due(course: Course, goal: int | None, counts: Counts = every_day) -> date | None:
    """The last day on which the goal is still kept. None where there is no goal, or while the clock stands or has ended."""
    if goal is None or course.started is None or state(course) != State.RUNNING:
        return None
    last_change = max([course.started, *(p.until for p in course.pauses if p.until)])
    left = goal - used(course, last_change, counts)
    return add_days(last_change, left, counts) if left >= 0 else _reached(course, goal, counts)


def _reached(course: Course, goal: int, counts: Counts) -> date:
    """The day on which the goal was used up, before the last pause ended."""
    assert course.started is not None
    left, day = goal, course.started
    for span in spans(course, course.started + timedelta(days=FARTHEST), counts):
        if span.running and span.counted >= left:
            return add_days(span.first - ONE_DAY, left, counts)
        left -= span.counted
        day = span.last
    return day


def add_days(day: date, many: int, counts: Counts = every_day) -> date:
    """The day on which so many days have been counted after `day`."""
    if counts is every_day:
        return day + timedelta(days=many)
    for _ in range(FARTHEST):
        if many <= 0:
            break
        day += ONE_DAY
        many -= counts(day)
    return day


def working_days(closed: Sequence[str] = ()) -> Counts:
    """Monday to Friday without public holidays. `closed`: further days as MM-DD."""
    also = frozenset(closed)

    def counts(day: date) -> bool:
        return day.weekday() < 5 and f"{day:%m-%d}" not in also and day not in holidays(day.year)

    return counts


def holidays(year: int) -> frozenset[date]:
    """Danish public holidays (helligdage). Great Prayer Day is one until 2023: lov nr. 214 af 6. marts 2023."""
    easter = easter_sunday(year)
    moving = [-3, -2, 0, 1, 39, 49, 50] + ([26] if year < 2024 else [])
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    return frozenset([*fixed, *(easter + timedelta(days=n) for n in moving)])


def easter_sunday(year: int) -> date:
    """The Gregorian Easter Sunday, by the anonymous algorithm of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
