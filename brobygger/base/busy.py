# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""When somebody's time is taken, by what every room knows of.

A room says in its `busy.py`, which is found by itself, what takes its people's time between two moments::

    @source("samtale-{pk}")
    def talks(users: Collection[int], since: datetime, until: datetime) -> Iterable[Taken]:
        ...

The text is what the calendar entries of such things are called, where they have one (`base.calendar.Entry.uid`). Only when is
told, not what: it may be another office's. A source asks the database as often for ten people as for one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch of somebody's time. `uid`: of what takes it, as in the calendar, so that it can be moved within its own time."""

    user_id: int
    starts_at: datetime
    ends_at: datetime
    uid: str = ""


Source = Callable[[Collection[int], datetime, datetime], Iterable[Taken]]
_sources: list[Source] = []
_uids: list[str] = []


def source(uid: str = "") -> Callable[[Source], Source]:
    """Let what the function finds take people's time."""

    def register(function: Source) -> Source:
        _sources.append(function)
        _uids.extend([uid.format(pk="")] if uid else [])
        return function

    return register


def is_known_here(uid: str) -> bool:
    """Whether a source tells of what the calendar entry is about: then it knows better by now when that is."""
    return uid.startswith(tuple(_uids))


def taken(
    users: Collection[int], since: datetime, until: datetime, *, but: str = ""
) -> dict[int, list[Span]]:
    """User → the times that are taken and touch the span, in order; of all but the thing of that `uid`."""
    found: dict[int, list[Span]] = {user: [] for user in users}
    for ask in _sources if found else ():
        for one in ask(list(found), since, until):
            if not but or one.uid != but:
                found[one.user_id].append((one.starts_at, one.ends_at))
    return {user: sorted(spans) for user, spans in found.items()}


def clash(user_id: int, starts_at: datetime, ends_at: datetime, *, but: str = "") -> Span | None:
    """The first time that is taken by something else at the same moment."""
    return next(iter(taken([user_id], starts_at, ends_at, but=but)[user_id]), None)
