# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Free times: weekly rules, less what is taken. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Copenhagen")
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time that can be booked with a consultant. In UTC."""

    starts_at: datetime
    ends_at: datetime
    user_id: int
    place: str
    where: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.user_id}-{int(self.starts_at.timestamp())}"

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(HOME).date()


def in_utc(day: date, clock: time) -> datetime:
    """A Danish time of day on a day. In the hour that is skipped in spring it is an hour later, as clocks then are."""
    return datetime.combine(day, clock, tzinfo=HOME).astimezone(UTC)


def offered(rules: Iterable[Any], user_id: int, first: date, last: date) -> Iterator[Slot]:
    """What the weekly rules offer from the first day to the last."""
    by_day: dict[int, list[Any]] = {}
    for rule in rules:
        by_day.setdefault(rule.weekday, []).append(rule)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for rule in by_day.get(day.weekday(), ()):
            yield from _of_rule(rule, user_id, day)


def _of_rule(rule: Any, user_id: int, day: date) -> Iterator[Slot]:
    length = timedelta(minutes=rule.minutes)
    clock = datetime.combine(day, rule.starts)
    while clock + length <= datetime.combine(day, rule.ends):
        start = in_utc(day, clock.time())
        yield Slot(start, start + length, user_id, rule.place, rule.where)
        clock += length


def off(exceptions: Iterable[Any]) -> list[Span]:
    """When the exceptions say that the rules do not hold."""
    spans = []
    for one in exceptions:
        for number in range((one.last_day - one.first_day).days + 1):
            day = one.first_day + timedelta(days=number)
            start = in_utc(day, one.starts or time.min)
            end = in_utc(day, one.ends) if one.ends else in_utc(day + timedelta(days=1), time.min)
            spans.append((start, end))
    return spans


def free(slots: Iterable[Slot], taken: Iterable[Span], earliest: datetime) -> list[Slot]:
    """The slots that begin no earlier and touch nothing that is taken, in order."""
    spans = sorted(taken)
    return sorted(
        slot
        for slot in slots
        if slot.starts_at >= earliest
        and not any(start < slot.ends_at and slot.starts_at < end for start, end in spans)
    )
