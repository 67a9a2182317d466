# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Calendars that other programs read (iCalendar, RFC 5545), and what each room puts in a person's own.

A room says in its `calendar_feed.py`, which is found by itself::

    @source("boards.meetings")
    def meetings(user: Any, since: date, until: date) -> Iterable[Entry]:
        ...

A source decides itself what the person may see. Moments are written in UTC, which every calendar shows in its own place's
time; days are written as days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from icalendar import Calendar, Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST = 2_000
"""Entries of one calendar."""
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar. `start` and `end`: moments, or days (then `end` is the last day)."""

    uid: str
    """The same every time, such as `board-meeting-12`."""
    title: str
    start: date
    end: date | None = None
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    sequence: int = 0
    """Counts changes, so that a calendar replaces what it had."""


Source = Callable[[Any, date, date], Iterable[Entry]]
_sources: dict[str, Source] = {}


def source(key: str) -> Callable[[Source], Source]:
    """Put what the function finds into everybody's own calendar."""

    def publish(function: Source) -> Source:
        _sources[key] = function
        return function

    return publish


def entries_of(user: Any, since: date, until: date) -> list[Entry]:
    """What every room has for a person between two days, in order."""
    found = [entry for key in sorted(_sources) for entry in _sources[key](user, since, until)]
    return sorted(found, key=lambda entry: (_moment(entry.start), entry.uid))[:MOST]


def _moment(start: date) -> datetime:
    if isinstance(start, datetime):
        return start.astimezone(UTC)
    return datetime(start.year, start.month, start.day, tzinfo=UTC)


def written(name: str, entries: Iterable[Entry], *, host: str) -> bytes:
    """The calendar as a file. `host` makes the entries' names unique in the world."""
    calendar = Calendar()
    calendar.add("prodid", "-//Brobygger//DA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, host))
    return bytes(calendar.to_ical())


def _event(entry: Entry, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("summary", entry.title)
    if isinstance(entry.start, datetime):
        event.add("dtstart", entry.start.astimezone(UTC))
        if isinstance(entry.end, datetime):
            event.add("dtend", entry.end.astimezone(UTC))
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", (entry.end or entry.start) + timedelta(days=1))  # a day's end is not part of it
        event.add("transp", "TRANSPARENT")
    for key in ("place", "text", "url"):
        if value := getattr(entry, key):
            event.add({"place": "location", "text": "description", "url": "url"}[key], value)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
