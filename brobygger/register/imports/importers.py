# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can be imported. Each room says how its own files are read; the pages and the command ask here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from brobygger.accounts.models import Operator, User
from brobygger.register.imports.report import Report

Progress = Callable[[int, int | None, str], None]
"""Told (done, of how much or None, what is going on)."""


Made = Callable[[Any, Collection[Any], bool], None]
"""Told (model, keys, whether they were there before), within the transaction that stores them."""


def nobody_asks(model: Any, keys: Collection[Any], changed: bool) -> None:
    """What was made is not kept."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported, and how.

    `since` is when an earlier, interrupted attempt of the same import began: what that stored counts as done by this.
    """

    operator: Operator
    path: Path
    name: str
    by: User | None = None
    dry_run: bool = False
    own_only: bool = False
    since: datetime | None = None
    report: Report = field(default_factory=Report)
    """Filled as the import goes, so that it tells what was done also when the file breaks half-way."""
    made: Made = nobody_asks
    """An importer that tells it can be taken back as a whole (`imports.taking_back`)."""


def no_progress(done: int, total: int | None, message: str) -> None:
    """Nobody watches."""


class Importer(Protocol):
    """A module that imports one kind of file."""

    def check(self, path: Path, name: str) -> None:
        """Open the file; raises BadFile when it cannot be used at all."""

    def carry_out(self, order: Order, progress: Progress) -> Report:
        """Import the file. Safe to run again. Raises BadFile."""


_modules: dict[str, str] = {}
_labels: dict[str, Any] = {}


def register(kind: str, module: str, *, label: Any = "") -> None:
    """Make a kind of file importable. The module is loaded when it is first needed. `label`: what the import is called
    where `ImportRun.Kind` does not name it."""
    _modules[kind] = module
    _labels[kind] = label


def label_of(kind: str) -> str:
    """What a room calls its import; empty where the register names it itself."""
    return str(_labels.get(kind, ""))


def get(kind: str) -> Importer:
    """The importer of a kind. Raises KeyError."""
    return cast(Importer, import_module(_modules[kind]))


def kinds() -> list[str]:
    """The kinds that can be imported from a file."""
    return list(_modules)


def is_offered(kind: str, operator: Operator) -> bool:
    """Whether the office has what the kind needs. A module may say so in its `offered` (of a case type, that it is in use)."""
    asked = getattr(get(kind), "offered", None)
    return asked is None or bool(asked(operator))
