# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Measurable facts: each room publishes its own in `indicators.py`; the plan knows only this registry.

::

    @indicator("register.firms", unit="virksomheder", label="Virksomheder i registret")
    def firms(period: Period, operator: Operator, **parameters) -> Reading: ...

Facts that are computed from the same records say which (`of`), and a page of them fetches the records once::

    @indicator("market.tonnes", unit="tons", label="Tons flyttet mellem virksomheder", of=deliveries)
    def tonnes(rows: Sequence[Delivery], period: Period, **parameters) -> Reading: ...

Where not everybody may see every record, the fact says so (`withholds`); its value is the same for all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
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
    key: Any = None
    """What `Withholds` knows it by."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure and the records behind it. The value is None when nothing can be known, never a guess.

    `missing` says in plain words what could not be counted and is therefore left out; empty when nothing is.
    """

    value: Decimal | None
    records: Sequence[Record]
    missing: str = ""


Records = Callable[[Period, Any], Sequence[Any]]
"""Fetches what facts are computed from: (period, operator) → everything of the operator that the period needs."""


@dataclass(frozen=True, slots=True)
class Withholds:
    """Which records behind a fact are not for everybody."""

    keys: Callable[[Any], Collection[Any]]
    """Person → keys of the records that they may not see."""
    words: Callable[[int], str]
    """So many are not shown → that, and why, in plain words."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named fact in `unit`.

    Without `of`, `read(period, operator, **parameters)` fetches and computes. With it, `read(rows, period, **parameters)`
    computes from rows fetched by `of`; they may reach beyond the period, and the fact takes what lies inside.
    """

    key: str
    label: str
    unit: str
    read: Callable[..., Reading]
    parameters: Mapping[str, str]
    """Name → Danish explanation of each parameter a goal may set."""
    of: Records | None = None
    withholds: Withholds | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One fact asked for a period."""

    key: str
    period: Period
    parameters: Mapping[str, Any]


_registry: dict[str, Indicator] = {}


def indicator(
    key: str, *, label: str, unit: str, parameters: Mapping[str, str] | None = None, of: Records | None = None,
    withholds: Withholds | None = None,
) -> Callable[[Callable[..., Reading]], Callable[..., Reading]]:  # fmt: skip
    """Publish a fact under a key such as `market.tonnes`. Raises ValueError on a key used twice."""

    def publish(function: Callable[..., Reading]) -> Callable[..., Reading]:
        if key in _registry and _registry[key].read.__module__ != function.__module__:
            raise ValueError(f"indicator {key} is published twice")
        _registry[key] = Indicator(key, label, unit, function, parameters or {}, of, withholds)
        return function

    return publish


def get(key: str) -> Indicator:
    """The indicator of that key. Raises KeyError."""
    return _registry[key]


def every() -> list[Indicator]:
    """All indicators by key."""
    return [_registry[key] for key in sorted(_registry)]


def read(key: str, period: Period, operator: Any, parameters: Mapping[str, Any] | None = None) -> Reading:
    """Read one figure for an operator and a period. Raises KeyError on a key nobody publishes."""
    return read_all([Question(key, period, parameters or {})], operator)[0]


def shown_to(user: Any, key: str, records: Sequence[Record]) -> tuple[list[Record], str]:
    """Those of a figure's records that the person may see, and what is told of the others; empty where there are none.
    Raises KeyError on a key nobody publishes."""
    withholds = get(key).withholds
    kept = withholds.keys(user) if withholds else ()
    seen = [record for record in records if record.key not in kept]
    left_out = len(records) - len(seen)
    return seen, withholds.words(left_out) if withholds and left_out else ""


def read_all(questions: Sequence[Question], operator: Any) -> list[Reading]:
    """A reading for each question, in their order. Records that several facts share are fetched once, for the span of
    all their periods, and the same question is computed once. Raises KeyError on a key nobody publishes."""
    spans: dict[Records, Period] = {}
    for question in questions:
        of, period = get(question.key).of, question.period
        if of:
            known = spans.get(of, period)
            spans[of] = Period(min(known.start, period.start), max(known.end, period.end))
    rows = {of: of(span, operator) for of, span in spans.items()}
    answers: dict[str, Reading] = {}
    return [_answered(question, operator, rows, answers) for question in questions]


def _answered(
    question: Question, operator: Any, rows: Mapping[Records, Sequence[Any]], answers: dict[str, Reading]
) -> Reading:
    figure, period = get(question.key), question.period
    same = f"{question.key} {period} {json.dumps(dict(question.parameters), sort_keys=True, default=str)}"
    if same not in answers:
        answers[same] = (
            figure.read(rows[figure.of], period, **question.parameters)
            if figure.of
            else figure.read(period, operator, **question.parameters)
        )
    return answers[same]
