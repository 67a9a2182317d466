# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a CSV file or an Excel workbook, whatever program wrote it.

CSV may be UTF-8 (with or without BOM), UTF-16, Windows-1252 or Latin-1, with semicolon, comma, tab or | between. Each
line is read in its own way of writing, so that one from an old program spoils no other. Of a workbook the first sheet is
read.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from brobygger.register.imports.errors import BadFile

SEPARATORS = ";,\t|"
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
"""A workbook of real rows packs 5 to 30 times; one that packs more is made to fill the disk."""
MOST_CELL = 100_000
MOST_COLUMNS = 500
MOST_ROWS = 1_048_576
"""Of a sheet, in Excel itself."""
_KNOWN_FORMATS = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "Windows"),
    (b"SQLite format 3", "SQLite"),
)
_BROKEN = gettext_lazy("Linjen kan ikke læses som CSV. Står der et anførselstegn, som ikke lukkes?")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its number in the file (the header is usually 1) and its cells as text.

    `fault` says why the line cannot be read; the text is then one cell, as it stands.
    """

    number: int
    cells: list[str]
    fault: str = ""


def read_lines(path: Path, name: str = "") -> Iterator[Line]:
    """The lines that are not empty, the header first. `name` is what the file is called to the person.

    Raises BadFile when it is neither CSV nor Excel, also when that shows only half-way.
    """
    name = name or path.name
    start = _start(path, name)
    if start.startswith(_ZIP):
        return _workbook_lines(path, name)
    if start.startswith(_OLD_EXCEL):
        raise BadFile(
            name, _("Filen er i det gamle Excel-format. Åbn den i Excel, og gem den som .xlsx eller .csv.")
        )
    for signature, format_name in _KNOWN_FORMATS:
        if start.startswith(signature):
            raise BadFile(
                name,
                _("Filen er ikke en tabel, men %(format)s. Vælg en CSV- eller Excel-fil.")
                % {"format": format_name},
            )
    return _csv_lines(path, name, start)


def _start(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(64 * 1024)
    except OSError as error:
        raise BadFile(
            name, _("Filen kan ikke læses (%(why)s).") % {"why": error.strerror or error}
        ) from error
    if not start.strip():
        raise BadFile(name, _("Filen er tom."), line=1)
    return start


def _csv_lines(path: Path, name: str, start: bytes) -> Iterator[Line]:
    is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not is_wide and b"\x00" in start:
        line = start[: start.index(b"\x00")].count(b"\n") + 1
        raise BadFile(name, _("Filen er ikke tekst. Vælg en CSV- eller Excel-fil."), line=line)
    encoding = "utf-16" if is_wide else "latin-1"  # Latin-1: the bytes as they are, for `_as_text`
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines: Iterator[str] = file if is_wide else map(_as_text, file)
        skipped = 0
        while (first := next(lines, "")) and not first.strip():
            skipped += 1
        if first.lower().startswith("sep=") and len(first.strip()) == 5:
            separator, skipped = first.strip()[4], skipped + 1
        else:
            separator = _separator(first)
            lines = chain([first], lines)
        for number, cells, fault in _Rows(lines, separator, skipped):
            if fault or any(cell.strip() for cell in cells):
                yield Line(number, [cell.strip() for cell in cells[:MOST_COLUMNS]], fault)


_WINDOWS = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
}
"""What Python calls a byte that is no UTF-8 → its sign in Windows-1252, or in Latin-1 where that has none."""


def _as_text(line: str) -> str:
    """A line of bytes (as Latin-1) in the way of writing that most of it fits: UTF-8, or else Windows-1252.

    In a line of UTF-8 a stray byte is read as Windows-1252 alone.
    """
    if line.isascii():
        return line
    raw = line.encode("latin-1")
    text = raw.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= sign <= "\udcff" for sign in text)
    if stray and stray >= sum(sign > "\x7f" for sign in text) - stray:
        text = raw.decode("ascii", "surrogateescape")
    return text.translate(_WINDOWS).removeprefix("\ufeff")


class _Rows:
    """Rows of a CSV text: (line, cells, what is wrong).

    A quote that is opened and not closed would take in the lines after it, to the end of the file or to the next quote.
    Such a line is given with its fault, and reading goes on from the line below it.
    """

    def __init__(self, lines: Iterable[str], separator: str, skipped: int) -> None:
        self._source = iter(lines)
        self._separator = separator
        self._number = skipped
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._wanted_more = False
        self._width = 0

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        reader = csv.reader(self._lines(), delimiter=self._separator)
        while True:
            self._taken, self._wanted_more = [], False
            cells: list[str] | None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = None
            if cells is None or self._is_broken(cells):
                text = self._taken[0]
                self._waiting.extendleft(reversed(self._taken[1:]))
                yield self._number + 1, [text[:MOST_CELL]], str(_BROKEN)
                self._number += 1
                reader = csv.reader(self._lines(), delimiter=self._separator)
                continue
            self._width = self._width or len(cells)
            yield self._number + 1, cells, ""
            self._number += len(self._taken)

    def _lines(self) -> Iterator[str]:
        while True:
            line = self._waiting.popleft() if self._waiting else next(self._source, None)
            if line is None:
                self._wanted_more = bool(self._taken)
                return
            self._taken.append(line)
            yield line

    def _is_broken(self, cells: list[str]) -> bool:
        """Whether a quote stands open. On one line »"Smed" og søn« is let pass as long as no cell is lost by it."""
        if '"' not in self._taken[0]:
            return False
        if len(self._taken) == 1 and not self._wanted_more and len(cells) >= self._width:
            return False
        if not self._reads_strictly():
            return True
        within = self._taken[1:-1]
        return self._width > 2 and any(len(self._split(line)) == self._width for line in within)

    def _reads_strictly(self) -> bool:
        try:
            list(csv.reader(self._taken, delimiter=self._separator, strict=True))
        except csv.Error:
            return False
        return True

    def _split(self, line: str) -> list[str]:
        return next(csv.reader([line], delimiter=self._separator), [])


def _separator(header: str) -> str:
    """The sign that stands most often between the names of the header, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=bare.count)


def _workbook_lines(path: Path, name: str) -> Iterator[Line]:
    _check_workbook(path, name)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise BadFile(name, _("Filen kan ikke læses som en Excel-fil. Den er måske beskadiget.")) from error
    with closing(book):
        if not book.worksheets:
            raise BadFile(name, _("Excel-filen har ingen ark."))
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is often wrong (»A1«); then rows would be missing
        rows = enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1)
        number = 0
        while True:
            try:
                number, values = next(rows)
            except StopIteration:
                return
            except Exception as error:
                raise BadFile(name, _("Excel-filen er beskadiget her."), line=number + 1) from error
            if number > MOST_ROWS:
                raise BadFile(name, _("Excel-filen er beskadiget her."), line=number)
            if values.count(None) == len(values):  # of these a file may skip a million
                continue
            cells = [_text(value) for value in values]
            if any(cells):
                yield Line(number, cells)


def _check_workbook(path: Path, name: str) -> None:
    """Turn away what is not a workbook, and one made to fill memory when it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise BadFile(name, _("Filen kan ikke læses som en Excel-fil. Den er måske beskadiget.")) from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise BadFile(
            name, _("Filen er ikke en Excel-fil, men en anden slags pakke. Vælg en CSV- eller Excel-fil.")
        )
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > MOST_UNPACKED or (unpacked > 10 * 1024 * 1024 and unpacked / packed > MOST_RATIO):
        raise BadFile(name, _("Excel-filen fylder for meget, når den pakkes ud. Gem den som CSV i stedet."))


def _text(value: Any) -> str:
    """A cell as a person reads it; whole numbers without decimals, dates as year-month-day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()[:MOST_CELL]


def write_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as a CSV file that Danish Excel opens: UTF-8 with BOM, semicolons. Formulas are made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
