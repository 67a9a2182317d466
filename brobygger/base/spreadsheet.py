# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Lists as an Excel workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST = 32_000
"""Signs of a cell; Excel's own limit is 32,767."""
NAME_WIDTH = 40
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    name_first: bool = False,
    note: str = "",
) -> bytes:
    """One sheet with a header row. Text is always text: a cell that begins with = is never run as a formula, and signs that
    no workbook can hold are left out. Moments are written in Danish time. `name_first`: the first column names what the row
    is about, so it is wide and stays in sight. `note`: what the reader must know of the rows, below them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_A_NAME.sub(" ", title)[:31])
    sheet.freeze_panes = "B2" if name_first else "A2"
    if name_first:
        sheet.column_dimensions["A"].width = NAME_WIDTH
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    if note:
        sheet.append([])
        sheet.append([_cell(sheet, note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    if isinstance(value, str):
        value = _NOT_IN_XML.sub("", value)[:LONGEST]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
