# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Old talks from a CSV or Excel file: what another system, or somebody's own spreadsheet, has kept.

The firm is found by its CVR number, else by its name (with the postal code where several have it). A row that was brought
in before, by its own reference or by what it says, is not brought in again.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from brobygger.dialogue.imports.reading import COLUMNS, Reader
from brobygger.dialogue.imports.store import Store
from brobygger.register.imports.columns import Table
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report

CHUNK = 500


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns with the day and the text."""
    next(Table(path, COLUMNS, name).rows(), None)


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the talks in, some hundred rows at a time. Safe to run again. Raises BadFile."""
    table = Table(order.path, COLUMNS, order.name)
    reader = Reader(table.labels, order.report)
    store = Store(order, table.labels)
    rows = reader.entries(table.rows())
    while chunk := list(islice(rows, CHUNK)):
        store.take(chunk)
        progress(order.report.read, None, _("Læser rækker"))
    return order.report
