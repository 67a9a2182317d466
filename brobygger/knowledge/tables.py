# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Read the shipped CSV files, with errors that name file, line and column.

Every file is UTF-8 with a header row. Several values in one cell are separated by ``;``. Extra columns are
ignored. A cell that does not hold what was expected raises `TableError`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


class TableError(ValueError):
    """A shipped table is wrong. The message names file, line and column, in Danish."""

    def __init__(self, path: Path, line: int, column: str, problem: str) -> None:
        place = f"{path.name}, linje {line}" + (f", kolonne {column}" if column else "")
        super().__init__(f"{place}: {problem}")
        self.path = path
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, which knows where it stands. `line` is where the row begins, header = 1."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def error(self, column: str, problem: str) -> TableError:
        """The error to raise when something in this row is wrong."""
        return TableError(self.path, self.line, column, problem)

    def text(self, column: str) -> str:
        """The cell without surrounding blanks; "" where it is empty or the column is missing."""
        return self.cells.get(column, "").strip()

    def required(self, column: str) -> str:
        """The cell, which must not be empty."""
        value = self.text(column)
        if not value:
            raise self.error(column, "der skal stå noget her")
        return value

    def number(self, column: str) -> float | None:
        """A number with a point; None where the cell is empty (unknown, never zero)."""
        value = self.text(column)
        if not value:
            return None
        try:
            return float(value)
        except ValueError:
            raise self.error(column, f"forventede et tal, fandt »{value}«") from None

    def share(self, column: str) -> float:
        """A number from 0 to 1."""
        value = self.number(column)
        if value is None or not 0 <= value <= 1:
            raise self.error(column, f"forventede et tal fra 0 til 1, fandt »{self.text(column)}«")
        return value

    def integer(self, column: str) -> int | None:
        """A whole number; None where the cell is empty."""
        value = self.text(column)
        if not value:
            return None
        try:
            return int(value)
        except ValueError:
            raise self.error(column, f"forventede et helt tal, fandt »{value}«") from None

    def choice(self, column: str, allowed: Iterable[str]) -> str:
        """The cell, which must be one of `allowed`."""
        value = self.text(column)
        if value not in allowed:
            raise self.error(column, f"forventede {' eller '.join(sorted(allowed))}, fandt »{value}«")
        return value

    def digits(self, column: str, length: int, *, optional: bool = False) -> str:
        """A code of exactly `length` digits; "" where it is empty and `optional`."""
        value = self.text(column)
        if (optional and not value) or (len(value) == length and value.isdecimal()):
            return value
        raise self.error(column, f"forventede {length} cifre, fandt »{value}«")

    def many(self, column: str) -> tuple[str, ...]:
        """The values of a cell that holds several, separated by ``;``."""
        cell = self.cells.get(column, "")
        return tuple(part.strip() for part in cell.split(";") if part.strip()) if cell else ()


def read_table(path: Path, columns: Iterable[str]) -> Iterator[Row]:
    """The rows of a CSV file that must have `columns`. Empty lines are skipped.

    Raises `TableError` for a missing column, a row of another length than the header, or text that is not UTF-8.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle)
        try:
            header = [name.strip() for name in next(reader, [])]
            for column in columns:
                if column not in header:
                    raise TableError(path, 1, column, "kolonnen mangler i overskriften")
            start = reader.line_num + 1
            for cells in reader:
                if cells:
                    if len(cells) != len(header):
                        problem = f"forventede {len(header)} felter, fandt {len(cells)}"
                        raise TableError(path, start, "", problem)
                    yield Row(path, start, dict(zip(header, cells, strict=True)))
                start = reader.line_num + 1
        except UnicodeDecodeError as error:
            raise TableError(path, reader.line_num + 1, "", "filen er ikke UTF-8") from error


def unique(rows: Iterable[Row], column: str) -> Iterator[Row]:
    """The same rows; raises `TableError` where `column` repeats a value or is empty."""
    seen: dict[str, int] = {}
    for row in rows:
        key = row.required(column)
        if key in seen:
            raise row.error(column, f"»{key}« står også i linje {seen[key]}")
        seen[key] = row.line
        yield row
