# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What kinds of definition there are. Each room registers its own, with the schema that its files must fit.

::

    class Instrument(Blueprint):
        parameters: list[Parameter]

    kind("instrument", Instrument, label=_("Virksomhedsprofil"))     # in the room's blueprints.py, found by itself

Files that are delivered stand in `blueprints/shipped/<kind>/<key>.yaml`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict, Field

MOST_READ = 256
"""Definitions that a process keeps read, the last used."""


class Part(BaseModel):
    """A piece of a definition. Words that the schema does not know are refused: they are most often misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Blueprint(Part):
    """What every definition holds."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    source: str = Field(default="", max_length=500)
    """Where the practice is described."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of definition."""

    key: str
    schema: type[Blueprint]
    label: str | Promise


_registry: dict[str, Kind] = {}


def kind(key: str, schema: type[Blueprint], *, label: str | Promise) -> Kind:
    """Register a kind. Raises ValueError on a key used for another schema."""
    known = _registry.get(key)
    if known and known.schema is not schema:
        raise ValueError(f"kind of definition {key} is registered twice")
    _registry[key] = Kind(key, schema, label)
    return _registry[key]


def get(key: str) -> Kind:
    """The kind of that key. Raises KeyError."""
    return _registry[key]


def every() -> list[Kind]:
    """All kinds by key."""
    return [_registry[key] for key in sorted(_registry)]


def read_body(key: str, body: dict[str, Any]) -> Any:
    """A stored definition as its kind's object. It cannot be changed, so all who read the same body share one."""
    return _read(get(key).schema, json.dumps(body))


@lru_cache(maxsize=MOST_READ)
def _read(schema: type[Blueprint], body: str) -> Blueprint:
    return schema.model_validate(json.loads(body))
