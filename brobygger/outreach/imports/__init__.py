# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consents from a CSV or Excel file: whoever said yes elsewhere, to what, when, and how that is known.

A row without purpose, day or source proves nothing and is left out. A yes that stands already is not noted twice, and a yes
from before the address took one back is no yes any more: no file can undo an unsubscription.
"""

from __future__ import annotations

from pathlib import Path

from brobygger.outreach.imports.reading import COLUMNS as COLUMNS
from brobygger.outreach.imports.reading import Reader
from brobygger.outreach.imports.store import Store
from brobygger.register.imports import firm_rows
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns with purpose, day and source."""
    firm_rows.check(path, name, COLUMNS)


def carry_out(order: Order, progress: Progress) -> Report:
    """Note the consents, some hundred rows at a time. Safe to run again. Raises BadFile."""
    return firm_rows.bring_in(order, progress, Reader, Store)
