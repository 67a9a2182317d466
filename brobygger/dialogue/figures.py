# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Figures that an instrument asks for beside its steps: kilos, kroner, at one moment or several (today, and how it could be),
and what is summed of them with factors that say where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from brobygger.base.danish import number
from brobygger.blueprints.kinds import Part

KEY = r"^[a-z][a-z0-9_]{0,59}$"
MOST = Decimal(10) ** 9
Stored = Mapping[str, Mapping[str, str]]
"""Figure → moment → the figure as it is written in JSON."""


class Moment(Part):
    """When a figure holds: today, or as it could be."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=60)


class Figure(Part):
    """One number to write down, in its unit."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=100)
    unit: str = Field(min_length=1, max_length=20)
    question: str = Field(default="", max_length=500)
    group: str = ""
    least: Decimal = Decimal(0)
    most: Decimal = MOST


class Sum(Part):
    """What is added up: figures times factors. `share_of`: in per cent of another sum."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=100)
    unit: str = Field(min_length=1, max_length=20)
    meaning: str = Field(default="", max_length=600)
    """Where the factors come from, and what is not counted."""
    terms: dict[str, Decimal]
    share_of: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure or a sum at each moment, in the instrument's order, and how much the last differs from the first."""

    name: str
    unit: str
    values: list[Decimal | None]
    meaning: str = ""
    group: str = ""
    moments: tuple[str, ...] = ()

    @property
    def cells(self) -> list[tuple[str, Decimal | None]]:
        """(what the moment is called, value): on a phone each stands under its own name."""
        return list(zip(self.moments, self.values, strict=True))

    @property
    def change(self) -> Decimal | None:
        if len(self.values) < 2 or self.values[0] is None or self.values[-1] is None:
            return None
        return self.values[-1] - self.values[0]


def checked(
    figures: Sequence[Figure], moments: Sequence[Moment], typed: Mapping[tuple[str, str], Decimal]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """(what to store, field → what is wrong) of what was typed: (figure, moment) → number."""
    known, when = {figure.key: figure for figure in figures}, {moment.key for moment in moments}
    stored: dict[str, dict[str, str]] = {}
    faults = {}
    for (key, moment), value in typed.items():
        figure = known.get(key)
        if figure is None or moment not in when:
            faults[field_of(key, moment)] = _("»%(key)s« hører ikke til redskabet.") % {"key": key}
        elif not (value.is_finite() and figure.least <= value <= figure.most):
            told = {"least": number(figure.least), "most": number(figure.most)}
            faults[field_of(key, moment)] = _("Skriv et tal fra %(least)s til %(most)s.") % told
        else:
            stored.setdefault(key, {})[moment] = f"{value.normalize():f}"
    return stored, faults


def field_of(figure: str, moment: str) -> str:
    """How a form names it."""
    return f"figure_{figure}__{moment}"


def lines(instrument: Any, stored: Stored) -> list[Line]:
    """The figures that were written down at any moment, in order."""
    names = {group.key: group.name for group in instrument.groups}
    return [
        Line(
            figure.name,
            figure.unit,
            [_value(stored, figure.key, moment.key) for moment in instrument.moments],
            group=names.get(figure.group, ""),
            moments=_names(instrument),
        )
        for figure in instrument.figures
        if stored.get(figure.key)
    ]


def sums(instrument: Any, stored: Stored) -> list[Line]:
    """What is added up, at each moment; None where nothing that counts was written down."""
    found: dict[str, list[Decimal | None]] = {}
    for one in instrument.sums:
        found[one.key] = [_added(one, stored, moment.key) for moment in instrument.moments]
    when = _names(instrument)
    return [
        Line(one.name, one.unit, _shown(one, found), one.meaning, moments=when) for one in instrument.sums
    ]


def _names(instrument: Any) -> tuple[str, ...]:
    return tuple(moment.name for moment in instrument.moments)


def _added(one: Sum, stored: Stored, moment: str) -> Decimal | None:
    parts = [
        value * factor
        for key, factor in one.terms.items()
        if (value := _value(stored, key, moment)) is not None
    ]
    return sum(parts, Decimal(0)) if parts else None


def _shown(one: Sum, found: Mapping[str, list[Decimal | None]]) -> list[Decimal | None]:
    if not one.share_of:
        return found[one.key]
    pairs = zip(found[one.key], found[one.share_of], strict=True)
    return [100 * (part or Decimal(0)) / whole if whole else None for part, whole in pairs]


def _value(stored: Stored, figure: str, moment: str) -> Decimal | None:
    written = stored.get(figure, {}).get(moment)
    return None if written is None else Decimal(written)
