# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What can be imported. Each room says how its own files are read; the pages and the command ask here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from brobygger.accounts.models import Operator, User
from brobygger.register.imports.report import Report

Progress = Callable[[int, int | None, str], None]
"""Told (done, of how much or None, what is going on)."""


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


def no_progress(done: int, total: int | None, message: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Importer:
    """`check` opens the file and raises BadFile when it cannot be used at all; `carry_out` imports it."""

    kind: str
    check: Callable[[Path, str], None]
    carry_out: Callable[[Order, Progress], Report]


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Make a kind of file importable."""
    _importers[importer.kind] = importer


def get(kind: str) -> Importer:
    """The importer of a kind. Raises KeyError."""
    return _importers[kind]


def kinds() -> list[str]:
    """The kinds that can be imported from a file."""
    return list(_importers)
