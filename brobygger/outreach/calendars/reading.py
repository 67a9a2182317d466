# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""When a calendar (RFC 5545) says busy, with repeating events worked out. What the events are about is not read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar

from brobygger.base.busy import is_known_here
from brobygger.outreach.calendars.fetching import CalendarUnavailable

HOME = ZoneInfo("Europe/Copenhagen")
MOST_EVENTS = 20_000
MOST_TIMES = 5_000
LONGEST_EVENT = timedelta(days=366)
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
"""No calendar of a person repeats so often; working it out could take for ever."""
Span = tuple[datetime, datetime]


def busy_times(content: bytes, since: datetime, until: datetime) -> list[Span]:
    """Stretches of busy time that touch the span, in UTC, in order and without overlaps. Raises CalendarUnavailable."""
    try:
        calendar = Calendar.from_ical(content)
        events = [part for part in calendar.walk() if part.name in {"VEVENT", "VFREEBUSY"}]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarUnavailable(_("Adressen er ikke en kalender (ICS).")) from error
    if len(events) > MOST_EVENTS:
        raise CalendarUnavailable(_("Kalenderen har for mange aftaler."))
    moved = _moved(events)
    found: list[Span] = []
    for event in events:
        try:
            found += _of_one(event, moved, since, until)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue  # one event that cannot be read hides none of the others
        if len(found) > MOST_TIMES:
            raise CalendarUnavailable(_("Kalenderen har for mange aftaler."))
    return merged([(max(start, since), min(end, until)) for start, end in found])


def merged(spans: list[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _moved(events: list[Any]) -> dict[str, set[datetime]]:
    """Event → the times of it that an entry of their own replaces (RECURRENCE-ID)."""
    found: dict[str, set[datetime]] = {}
    for event in events:
        replaced = event.get("RECURRENCE-ID")
        if replaced is not None:
            found.setdefault(str(event.get("UID", "")), set()).add(_in_utc(replaced.dt))
    return found


def _of_one(event: Any, moved: dict[str, set[datetime]], since: datetime, until: datetime) -> Iterator[Span]:
    if event.name == "VFREEBUSY":
        yield from _free_busy(event, since, until)
        return
    if not _takes_time(event):
        return
    begins = event["DTSTART"].dt
    length = _length(event, begins)
    for start in _starts(event, begins, moved, since - length, until):
        end = start + length if isinstance(begins, datetime) else _in_utc(_day(start) + length)
        if end > since and start < until:
            yield start, end


def _takes_time(event: Any) -> bool:
    """Not cancelled, not shown as free, and not written by Brobygger, which knows better by now when its own times are."""
    uid = str(event.get("UID", ""))
    if is_known_here(uid) and uid.endswith(f"@{urlsplit(settings.SITE_URL).netloc}"):
        return False
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    microsoft = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    return not (free or microsoft or str(event.get("STATUS", "")).upper() == "CANCELLED")


def _length(event: Any, begins: date) -> timedelta:
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
    elif "DTEND" in event:
        ends = event["DTEND"].dt
        length = (
            _in_utc(ends) - _in_utc(begins) if isinstance(begins, datetime) else _day(ends) - _day(begins)
        )
    else:
        length = timedelta(0) if isinstance(begins, datetime) else timedelta(days=1)
    return min(max(length, timedelta(0)), LONGEST_EVENT)


def _starts(
    event: Any, begins: date, moved: dict[str, set[datetime]], since: datetime, until: datetime
) -> Iterator[datetime]:
    """When it begins, each time it does, in UTC. Counted on the wall clock of the event's own zone, so that a meeting at
    nine is at nine on both sides of the day the clock is changed."""
    zone = _zone(begins)
    first = _wall(begins, zone)
    rule: Any = event.get("RRULE")
    walls = {first}
    if rule is not None:
        walls = set(_repeated(rule, first, zone, since, until))
    walls |= {_wall(when, zone) for when in _dates(event, "RDATE")}
    left_out = {_wall(when, zone) for when in _dates(event, "EXDATE")}
    replaced = (
        set() if event.get("RECURRENCE-ID") is not None else moved.get(str(event.get("UID", "")), set())
    )
    for wall in sorted(walls - left_out):
        start = wall.replace(tzinfo=zone).astimezone(UTC)
        if start not in replaced and start < until:
            yield start


def _repeated(
    rule: Any, first: datetime, zone: tzinfo, since: datetime, until: datetime
) -> Iterator[datetime]:
    parts = rule[0] if isinstance(rule, list) else rule
    if str(parts.get("FREQ", [""])[0]).upper() in TOO_OFTEN:
        return
    ends = parts.get("UNTIL")
    last = until.astimezone(zone).replace(tzinfo=None)
    if ends:
        limit = ends[0]
        end_of_day = datetime.combine(limit, time.max) if not isinstance(limit, datetime) else limit
        last = min(last, _wall(end_of_day, zone))
    without_end = {name: value for name, value in parts.items() if name != "UNTIL"}
    text = type(parts)(without_end).to_ical().decode()
    if "COUNT" not in parts:
        text += f";UNTIL={last:%Y%m%dT%H%M%S}"
    earliest = since.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
    for number, wall in enumerate(rrulestr(text, dtstart=first)):
        if wall > last or number > 1000 * MOST_EVENTS:
            return
        if wall >= earliest:
            yield wall


def _dates(event: Any, name: str) -> Iterator[date]:
    held: Any = event.get(name, [])
    for entry in held if isinstance(held, list) else [held]:
        for when in entry.dts:
            yield when.dt[0] if isinstance(when.dt, tuple) else when.dt


def _free_busy(part: Any, since: datetime, until: datetime) -> Iterator[Span]:
    held: Any = part.get("FREEBUSY", [])
    for entry in held if isinstance(held, list) else [held]:
        if str(entry.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        start, end = entry.start, entry.end
        if _in_utc(end) > since and _in_utc(start) < until:
            yield _in_utc(start), _in_utc(end)


def _zone(when: date) -> tzinfo:
    """The event's own; a time without one, and a whole day, are Danish."""
    return (when.tzinfo if isinstance(when, datetime) else None) or HOME


def _wall(when: date, zone: tzinfo) -> datetime:
    """What the clock on the wall shows, in that zone."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time.min)
    return (when.astimezone(zone) if when.tzinfo else when).replace(tzinfo=None)


def _day(when: date) -> datetime:
    """The Danish midnight that a day begins with, as the wall shows it."""
    if isinstance(when, datetime):
        return when.astimezone(HOME).replace(tzinfo=None) if when.tzinfo else when
    return datetime.combine(when, time.min)


def _in_utc(when: date) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.min)
    return (when if when.tzinfo else when.replace(tzinfo=HOME)).astimezone(UTC)
