# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts: each room publishes its own in `indicators.py`; the plan knows only this registry.

::

    @indicator("market.tonnes", unit="t", label="Tons flyttet mellem virksomheder")
    def tonnes(period: Period, operator: Operator, **parameters) -> Reading: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a figure: what it adds to the value, when, and where to see it."""

    label: str
    when: date
    amount: Decimal
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure and the records behind it. The value is None when nothing can be known, never a guess.

    `missing` says in plain words what could not be counted and is therefore left out; empty when nothing is.
    """

    value: Decimal | None
    records: Sequence[Record]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named fact. `read(period, operator, **parameters)` returns a `Reading` in `unit`."""

    key: str
    label: str
    unit: str
    read: Callable[..., Reading]
    parameters: Mapping[str, str]
    """Name → Danish explanation of each parameter a goal may set."""


_registry: dict[str, Indicator] = {}


def indicator(
    key: str, *, label: str, unit: str, parameters: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Reading]], Callable[..., Reading]]:
    """Publish a fact under a key such as `market.tonnes`. Raises ValueError on a key used twice."""

    def publish(function: Callable[..., Reading]) -> Callable[..., Reading]:
        if key in _registry and _registry[key].read.__module__ != function.__module__:
            raise ValueError(f"indicator {key} is published twice")
        _registry[key] = Indicator(key, label, unit, function, parameters or {})
        return function

    return publish


def get(key: str) -> Indicator:
    """The indicator of that key. Raises KeyError."""
    return _registry[key]


def every() -> list[Indicator]:
    """All indicators by key."""
    return [_registry[key] for key in sorted(_registry)]


def read(key: str, period: Period, operator: Any, parameters: Mapping[str, Any] | None = None) -> Reading:
    """Read one figure for an operator and a period."""
    return get(key).read(period, operator, **(parameters or {}))
