# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a CSV file or an Excel workbook, whatever program wrote it.

CSV may be UTF-8 (with or without BOM), UTF-16, Windows-1252 or Latin-1, with semicolon, comma, tab or | between. Of a
workbook the first sheet is read.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from brobygger.register.imports.errors import BadFile

SEPARATORS = ";,\t|"
BLOCK = 1 << 20
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
"""A workbook of real rows packs 5 to 30 times; one that packs more is made to fill the disk."""
MOST_CELL = 100_000
MOST_COLUMNS = 500
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
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its number in the file (the header is usually 1) and its cells as text."""

    number: int
    cells: list[str]


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


def encoding_of(path: Path) -> str:
    """How the text is written. What is not UTF-8 or UTF-16 is taken for Windows-1252, or Latin-1 where it cannot be."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        possible = ["utf-8", "cp1252"]
        for encoding in possible:
            file.seek(0)
            if _decodes(file, encoding):
                return encoding
    return "latin-1"


def _decodes(file: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _csv_lines(path: Path, name: str, start: bytes) -> Iterator[Line]:
    encoding = encoding_of(path)
    if encoding != "utf-16" and b"\x00" in start:
        raise BadFile(name, _("Filen er ikke tekst. Vælg en CSV- eller Excel-fil."))
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(MOST_CELL)
        skipped = 0
        if first.lower().startswith("sep=") and len(first.strip()) == 5:
            separator, skipped = first.strip()[4], 1
        else:
            separator = _separator(first)
            file.seek(0)
        reader = csv.reader(file, delimiter=separator, strict=False)
        number = skipped + 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Line(number, [cell.strip() for cell in cells[:MOST_COLUMNS]])
                number = skipped + reader.line_num + 1
        except csv.Error as error:
            raise BadFile(
                name,
                _("Linjen kan ikke læses som CSV. Står der et anførselstegn, som ikke lukkes?"),
                line=number,
            ) from error


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
        rows = enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1)
        number = 0
        while True:
            try:
                number, values = next(rows)
            except StopIteration:
                return
            except Exception as error:
                raise BadFile(name, _("Excel-filen er beskadiget her."), line=number + 1) from error
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
