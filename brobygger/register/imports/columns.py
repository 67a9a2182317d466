# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which column is which: names in Danish or English, in any order, with or without capitals and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.report import Report
from brobygger.register.imports.tables import Line, read_lines

_ERROR = re.compile(r"#(?:N/A|I/T|[A-ZÆØÅ]{3,12}(?:/0)?[!?])")
"""What a spreadsheet shows where a formula fails, in English and Danish: `#REF!`, `#NAVN?`, `#DIV/0!`."""

_FAILED = gettext_lazy("Regnearkets formel giver en fejl her")


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know. `label` is how we write it; `aliases` what else it may be called."""

    field: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Label and aliases."""
        return (self.label, *self.aliases)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its line in the file, and what stands in the columns we know (only those the file has)."""

    line: int
    cells: dict[str, str]


class Table:
    """A file opened by its header. Raises BadFile when a column that must be there is missing.

    Lines that cannot be read, or in which a formula failed, are told to the `report`, and counted there as read and
    skipped.
    """

    def __init__(
        self, path: Path, columns: Sequence[Column], name: str = "", report: Report | None = None
    ) -> None:
        self.name = name or path.name
        self._report = report
        self._lines = read_lines(path, self.name)
        header = next(self._lines, None)
        if header is None:
            raise BadFile(self.name, _("Filen er tom."), line=1)
        if header.fault:
            raise BadFile(self.name, header.fault, line=header.number)
        self._places, self.labels = _places(header, columns, self.name)

    def check(self) -> None:
        """Raises BadFile when nothing stands under the header. Reads the first line there."""
        if next(self._lines, None) is None:
            raise BadFile(self.name, _("Der er kun overskrifter i filen og ingen rækker under dem."))

    def rows(self) -> Iterator[Row]:
        """The rows after the header. Raises BadFile when the file turns out to be broken further down."""
        for line in self._lines:
            if line.fault:
                self._leave_out(line.number, line.fault, " ".join(line.cells))
                continue
            cells = {
                field: line.cells[place] if place < len(line.cells) else ""
                for field, place in self._places.items()
            }
            failed = next((field for field, text in cells.items() if _ERROR.fullmatch(text)), None)
            if failed:
                self._leave_out(line.number, _FAILED, cells[failed], column=self.labels[failed])
            elif any(cells.values()):
                yield Row(line.number, cells)

    def _leave_out(self, line: int, message: Any, value: str, column: str = "") -> None:
        if self._report is not None:
            self._report.read += 1
            self._report.skip(line, str(message), column=column, value=value)


def _places(header: Line, columns: Sequence[Column], file: str) -> tuple[dict[str, int], dict[str, str]]:
    """Field → place in the line, and field → what the file calls it."""
    known = {plain(name): column.field for column in columns for name in column.names}
    places: dict[str, int] = {}
    labels: dict[str, str] = {}
    for place, text in enumerate(header.cells):
        field = known.get(plain(text))
        if field and field in places:
            raise BadFile(
                file,
                _("Kolonnen står der to gange (også som »%(other)s«). Slet den ene.")
                % {"other": labels[field]},
                line=header.number,
                column=text,
            )
        if field:
            places[field], labels[field] = place, text
    for column in columns:
        if column.required and column.field not in places:
            found = ", ".join(cell for cell in header.cells if cell)[:200]
            raise BadFile(
                file,
                _("Kolonnen mangler. Den kan hedde %(names)s. Filen har: %(found)s.")
                % {"names": ", ".join(column.names), "found": found},
                line=header.number,
                column=column.label,
            )
    return places, labels


def plain(name: str) -> str:
    """A column's name to compare by: letters and digits only, in lower case."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())
