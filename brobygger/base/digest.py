# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The morning's letter: what waits for a person today, in the order of the rooms that know it.

A room says in its `digest.py`, which is found by itself::

    @part("Følg op", order=10)
    def due(user: Any, operator: Any, day: date) -> Iterable[Line]: ...

Somebody who has switched it on gets one letter a day at most, and none when there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils.functional import Promise

MOST_LINES = 15
"""Of one part; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, and where it is: an address from the site's root."""

    text: str
    path: str = ""


Part = Callable[[Any, Any, date], Iterable[Line]]
_parts: dict[str, tuple[int, str | Promise, Part]] = {}


def part(heading: str | Promise, *, order: int = 50) -> Callable[[Part], Part]:
    """Let the function tell what waits; low `order` stands first."""

    def publish(function: Part) -> Part:
        _parts[f"{function.__module__}.{function.__qualname__}"] = (order, heading, function)
        return function

    return publish


def told(user: Any, operator: Any, day: date) -> list[tuple[str, list[Line], bool]]:
    """(heading, lines, whether there are more) of every part that has something for the person at the office."""
    found = []
    for _name, (_order, heading, tell) in sorted(_parts.items(), key=lambda entry: (entry[1][0], entry[0])):
        lines = list(islice(tell(user, operator, day), MOST_LINES + 1))
        if lines:
            found.append((str(heading), lines[:MOST_LINES], len(lines) > MOST_LINES))
    return found
