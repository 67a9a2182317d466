# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can be searched: one entry for each kind of record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

_SCOPE = re.compile(r"[a-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Document:
    """What of a record can be found, the most telling text first. `scope` (a-z, 0-9) says who may find it."""

    pk: Any
    scope: str
    name: str
    facts: str = ""
    """Numbers, industry, place, tags."""
    body: str = ""
    under: str = ""
    """What it belongs under in wider words (a brewery: drikkevarer): found by them after all else."""

    def __post_init__(self) -> None:
        if not _SCOPE.fullmatch(self.scope):
            raise ValueError(f"scope {self.scope!r} must be 1-20 of a-z and 0-9")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `build(pks)` gives the documents of those that still exist, in few queries."""

    key: str
    model: type[models.Model]
    build: Callable[[Sequence[Any]], Iterable[Document]]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of record searchable. Raises ValueError on a key (a-z) that is not one or is taken by another model."""
    if not re.fullmatch(r"[a-z]{1,20}", kind.key):
        raise ValueError(f"kind {kind.key!r} must be 1-20 of a-z")
    if kind.key in _kinds and _kinds[kind.key].model is not kind.model:
        raise ValueError(f"kind {kind.key} is registered twice")
    _kinds[kind.key] = kind


def get(key: str) -> Kind:
    """The kind of that key. Raises KeyError."""
    return _kinds[key]


def every() -> list[Kind]:
    """All kinds, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


def kinds_of(model: type[models.Model]) -> list[str]:
    """The keys under which records of a model are found."""
    return [kind.key for kind in every() if kind.model is model]
