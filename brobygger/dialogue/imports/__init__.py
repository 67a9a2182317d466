# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Old talks from a CSV or Excel file: what another system, or somebody's own spreadsheet, has kept.

The firm is found by its CVR number, else by its name (with the postal code where several have it). A row that was brought
in before, by its own reference or by what it says, is not brought in again; where the talk says something else by now than the
row does, that is told and nothing is changed: a number may be of several talks, and somebody may have corrected it here.
"""

from __future__ import annotations

from pathlib import Path

from brobygger.dialogue.imports.reading import COLUMNS, Reader
from brobygger.dialogue.imports.store import Store
from brobygger.register.imports import firm_rows
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns with the day and the text."""
    firm_rows.check(path, name, COLUMNS)


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the talks in, some hundred rows at a time. Safe to run again. Raises BadFile."""
    return firm_rows.bring_in(order, progress, Reader, Store)
