# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A definition as a person reads it: labels in Danish, lists as lists, like things as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from brobygger.base.danish import number
from brobygger.blueprints.words import word

MOST_COLUMNS = 7
LONGEST_CELL = 120  # characters
_HEAD = ("key", "title", "description", "source")
"""Stands at the top of the page already."""
_CALLED = ("title", "name", "label", "question", "text")
"""Where a part says what it is called, the first that is there."""


@dataclass(frozen=True, slots=True)
class Table:
    """Like things side by side."""

    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing with a name and what it holds."""

    title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a definition: a text, or a list, or a table, or things that hold more."""

    label: str
    text: str = ""
    items: list[str] = field(default_factory=list)
    table: Table | None = None
    blocks: list[Block] = field(default_factory=list)


Names = Mapping[str, str]
"""What a definition calls its own parts, by their keys."""


def shown(content: BaseModel) -> list[Line]:
    """The definition's values in the order of its schema; what is empty is left out."""
    return _shown(content, _names(content), without=_HEAD)


def _shown(content: BaseModel, names: Names, *, without: Sequence[str] = ()) -> list[Line]:
    return [
        _line(_label(content, name), value, {} if name == "key" else names)
        for name, value in _values(content)
        if name not in without and not _is_empty(value)
    ]


def _values(content: BaseModel) -> list[tuple[str, Any]]:
    """Fields with their values: what the model has worked out and kept beside them is no part of the definition."""
    return [(name, getattr(content, name)) for name in type(content).model_fields]


def _names(content: BaseModel) -> dict[str, str]:
    """The names of the parts that the rest of the file points at by key; where two share a key, the outermost part's."""
    names: dict[str, str] = {}
    level: list[Any] = [value for _name, value in _values(content)]
    while level:
        inner: list[Any] = []
        for value in level:
            if isinstance(value, BaseModel):
                key = getattr(value, "key", None)
                told = next((getattr(value, name) for name in _CALLED if getattr(value, name, "")), None)
                if key and told:
                    names.setdefault(str(key), str(told))
                inner += [one for _name, one in _values(value)]
            elif isinstance(value, Mapping):
                inner += value.values()
            elif _is_list(value):
                inner += value
        level = inner
    return names


def _label(content: BaseModel, name: str) -> str:
    told = type(content).model_fields[name].title
    return told or word(name)


def _line(label: str, value: Any, names: Names) -> Line:
    if isinstance(value, BaseModel):
        return Line(label, blocks=[Block("", _shown(value, names))])
    if isinstance(value, Mapping):
        return _mapping(label, value, names)
    if _is_list(value):
        return _list(label, list(value), names)
    return Line(label, text=_text(value, names))


def _mapping(label: str, value: Mapping[Any, Any], names: Names) -> Line:
    if any(isinstance(inner, BaseModel | Mapping) or _is_list(inner) for inner in value.values()):
        blocks = [Block(_called(key, names), [_line("", inner, names)]) for key, inner in value.items()]
        return Line(label, blocks=blocks)
    return Line(
        label, items=[f"{_called(key, names)}: {_text(inner, names)}" for key, inner in value.items()]
    )


def _called(key: Any, names: Names) -> str:
    return names.get(str(key)) or word(str(key))


def _list(label: str, values: list[Any], names: Names) -> Line:
    if not all(isinstance(value, BaseModel) for value in values):
        return Line(label, items=[_text(value, names) for value in values])
    if table := _as_table(values, names):
        return Line(label, table=table)
    return Line(label, blocks=[_block(value, names) for value in values])


def _block(value: BaseModel, names: Names) -> Block:
    for name in (*_CALLED, "key"):
        if told := getattr(value, name, ""):
            return Block(str(told), _shown(value, names, without=(name,)))
    return Block("", _shown(value, names))


def _as_table(values: list[BaseModel], names: Names) -> Table | None:
    """The things as rows, where each is a handful of short values; else None."""
    if len({type(value) for value in values}) > 1:
        return None
    columns = [
        name
        for name in type(values[0]).model_fields
        if any(not _is_empty(getattr(value, name)) for value in values)
    ]
    rows = [
        [_cell(getattr(value, name), {} if name == "key" else names) for name in columns] for value in values
    ]
    if len(columns) > MOST_COLUMNS or any(
        cell is None or len(cell) > LONGEST_CELL for row in rows for cell in row
    ):
        return None
    return Table(
        [_label(values[0], name) for name in columns], [[cell or "" for cell in row] for row in rows]
    )


def _cell(value: Any, names: Names) -> str | None:
    """A value short enough for a table's cell, None for one that holds more."""
    if _is_list(value):
        inner = [_cell(one, names) for one in value]
        return None if any(one is None for one in inner) else ", ".join(one or "" for one in inner)
    if isinstance(value, BaseModel | Mapping):
        return None if not _is_empty(value) else ""
    return "" if _is_empty(value) else _text(value, names)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or (_is_list(value) or isinstance(value, Mapping)) and not value


def _text(value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, Enum):
        return word(str(value.value))
    if isinstance(value, dt.date):
        return f"{value.day}.{value.month}.{value.year}"
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, BaseModel):
        return ", ".join(_text(inner, names) for _name, inner in _values(value) if not _is_empty(inner))
    return names.get(str(value)) or word(str(value), known_only=True)
