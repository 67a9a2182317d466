# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Files whose rows are about firms of the register: one way of naming the firm, one way of leaving a row out.

A room says which other columns there are (`FirmReader`), and what becomes of the rows (`FirmStore`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, Table
from brobygger.register.imports.errors import BadValue, LeftOut
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report

BATCH = 500
"""Rows that are brought in together: a worker that dies loses no more."""
FIRM_COLUMNS = (
    Column("name", "virksomhed", ("firma", "navn", "virksomhedsnavn", "firmanavn", "company", "organisation", "company name")),
    Column("cvr", "cvr", ("cvr-nummer", "cvr-nr", "cvrnr", "vat")),
    Column("postal_code", "postnr", ("postnummer", "postal code", "zip")),
)  # fmt: skip
FIRM_CELLS: Mapping[str, Callable[[str], Any]] = {
    "name": lambda text: values.line(text, 200),
    "cvr": lambda text: values.digits(text, 8, _("CVR-nummeret")),
    "postal_code": values.postal_code,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmRow:
    """A row that can be used, before its firm is found. What the row says nothing of is empty."""

    line: int
    name: str = ""
    cvr: str = ""
    postal_code: str = ""


Found = TypeVar("Found", bound=FirmRow)


class FirmReader(ABC, Generic[Found]):
    """Reads row by row; those that cannot be used are reported with their line and left out."""

    columns: ClassVar[Sequence[Column]]
    """A column that must be there first: it is named where the file has no column for the firm. No required cell may be
    empty."""
    cells: ClassVar[Mapping[str, Callable[[str], Any]]]
    """How each column's text is read; raises BadValue."""

    def __init__(self, labels: dict[str, str], report: Report) -> None:
        self.labels, self.report = labels, report
        self.today = timezone.localdate()

    def entries(self, rows: Iterator[Row]) -> Iterator[Found]:
        """Those that can be used."""
        for row in rows:
            self.report.read += 1
            try:
                entry = self.entry(row)
            except LeftOut as left:
                label, value = self.labels.get(left.column, ""), row.cells.get(left.column, "")
                self.report.skip(row.line, left.message, column=label, value=value)
            else:
                yield entry

    @abstractmethod
    def entry(self, row: Row) -> Found:
        """What the row says. Raises LeftOut."""

    def check(self, row: Row, empty: str) -> None:
        """Raises LeftOut where the row names no firm, or (with `empty` as the reason) lacks what must be there."""
        if not (row.cells.get("name") or row.cells.get("cvr")):
            named = next(field for field in ("name", "cvr", self.columns[0].field) if field in self.labels)
            raise LeftOut(named, _("Virksomheden mangler: skriv CVR-nummer eller navn"))
        for column in self.columns:
            if column.required and not row.cells.get(column.field):
                raise LeftOut(column.field, empty)

    def values(self, row: Row) -> dict[str, Any]:
        """Field → what its cell says, of the cells that are not empty. Raises LeftOut."""
        found = {}
        for name, text in row.cells.items():
            if text:
                try:
                    found[name] = self.cells[name](text)
                except BadValue as error:
                    raise LeftOut(name, str(error)) from error
        return found

    def check_day(self, column: str, day: date, earliest: date, fault: str) -> None:
        """Raises LeftOut where the day is not between the earliest and today."""
        if not earliest <= day <= self.today:
            raise LeftOut(column, fault)


class FirmStore(ABC, Generic[Found]):
    """Takes rows some hundred at a time."""

    def __init__(self, order: Order, labels: dict[str, str]) -> None:
        self.order, self.report, self.labels = order, order.report, labels
        self.operator = order.operator

    @abstractmethod
    def take(self, entries: Sequence[Found]) -> None:
        """Store a lot of rows and count each of them."""

    def skip(self, entry: Found, column: str, value: str, told: str) -> None:
        """Leave the row out after all."""
        self.report.skip(entry.line, told, column=self.labels.get(column, ""), value=value)

    def remark(self, entry: Found, column: str, value: str, told: str) -> None:
        """Something on a row that goes in all the same."""
        self.report.remark(entry.line, told, column=self.labels.get(column, ""), value=value)


def named_by(entry: FirmRow) -> tuple[str, str]:
    """What the row names its firm by: the column, and what stands there."""
    return ("cvr", entry.cvr) if entry.cvr else ("name", entry.name)


def check(path: Path, name: str, columns: Sequence[Column]) -> None:
    """Raises BadFile when the file is no table, or lacks the columns that must be there."""
    Table(path, columns, name).check()


def bring_in(
    order: Order, progress: Progress, reader: type[FirmReader[Found]], store: type[FirmStore[Found]]
) -> Report:
    """The whole file, some hundred rows at a time. Safe to run again where the store is. Raises BadFile."""
    table = Table(order.path, reader.columns, order.name, order.report)
    kept = store(order, table.labels)
    rows = reader(table.labels, order.report).entries(table.rows())
    while batch := list(islice(rows, BATCH)):
        kept.take(batch)
        progress(order.report.read, None, _("Læser rækker"))
    return order.report
