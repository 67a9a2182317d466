# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""CVR keeps everything that ever was, each with its period. What holds now, and how dates are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

_FOREVER = date.max
_EVER = date.min


def day(value: Any) -> date | None:
    """`2016-03-01`, with or without a time after it; None for anything else."""
    return _day(str(value)[:10]) if value else None


@lru_cache(maxsize=65_536)
def _day(text: str) -> date | None:
    """The same days come again and again."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def entries(value: Any) -> list[dict[str, Any]]:
    """The list's objects; empty where CVR has null or something else."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def begins(entry: dict[str, Any]) -> date | None:
    """The first day of its period; None where it has always been."""
    return day((entry.get("periode") or {}).get("gyldigFra"))


def ends(entry: dict[str, Any]) -> date | None:
    """The last day of its period; None while it holds."""
    return day((entry.get("periode") or {}).get("gyldigTil"))


def current(value: Any, today: date) -> dict[str, Any] | None:
    """The entry that holds today: the one that began last; None when none does."""
    holding = [
        entry for entry in entries(value) if (begins(entry) or _EVER) <= today <= (ends(entry) or _FOREVER)
    ]
    return max(holding, key=lambda entry: begins(entry) or _EVER, default=None)


def latest(value: Any, today: date) -> dict[str, Any] | None:
    """The entry that holds today, else the one that held last: what a dissolved firm was. Future ones do not count."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):  # as most of them are
        return value[0] if (begins(value[0]) or _EVER) <= today else None
    past = [entry for entry in entries(value) if (begins(entry) or _EVER) <= today]
    return current(value, today) or max(
        past, key=lambda entry: (ends(entry) or _FOREVER, begins(entry) or _EVER), default=None
    )


def first_day(value: Any) -> date | None:
    """The earliest day on which any of the entries began."""
    days: Iterable[date] = [found for entry in entries(value) if (found := begins(entry))]
    return min(days, default=None)
