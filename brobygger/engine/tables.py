# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Tables on disk: CSV (UTF-8, comma, header row) or Parquet, by the file's ending.

A table is read whole or not at all: the first cell that cannot be used raises `InputError` with its line and
column. Columns that nobody asked for are ignored, blank lines are skipped, and a table with a header and no
rows is an empty table. What is written appears under its name only when it is complete.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from brobygger.engine.errors import InputError, shown

__all__ = [
    "Column",
    "InputError",
    "Table",
    "Written",
    "read_table",
    "writable",
    "write_frames",
    "write_table",
    "write_tables",
]

PARQUET_ENDINGS = (".parquet", ".pq")
LARGEST = 1e15
"""Largest number that makes sense in any column. Beyond it floats no longer count single units."""
ROW_GROUP = 250_000
_UNFINISHED: set[Path] = set()
"""Files and folders that are being written."""
LONGEST_ID = 1000
"""Characters. Longer ids are a file gone wrong (an unclosed quote, text in the wrong column)."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column must hold.

    `kind`: "id" is text that is not empty, "integer" and "number" are finite, "date" is ISO (2026-05-31).
    `optional`: the column may be missing and its cells empty; such cells read as None (as "" for text).
    `least` and `most`: the smallest and the largest number allowed. `choices`: the only texts allowed. `unique`: no value comes twice.
    """

    name: str
    kind: Literal["id", "text", "number", "integer", "date"] = "text"
    optional: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    unique: bool = False

    @property
    def expected(self) -> str:
        """The rule in words, for an error message."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind in ("number", "integer"):
            noun = "a whole number" if self.kind == "integer" else "a finite number with a decimal point"
            least = "" if self.least is None else f", at least {self.least:g}"
            return noun + least + ("" if self.most is None else f", at most {self.most:g}")
        if self.kind == "date":
            return "a date such as 2026-05-31"
        if self.kind == "id":
            return f"an id of 1 to {LONGEST_ID} characters"
        return "text"


class Table:
    """Typed columns of one file, all of the same length. Built by `read_table`."""

    def __init__(self, path: Path, cells: pl.DataFrame, records: pl.Series) -> None:
        self.path = path
        self._cells = cells
        self._records = records

    def __len__(self) -> int:
        return self._cells.height

    @property
    def names(self) -> list[str]:
        """The columns' names, in the order of the file."""
        return self._cells.columns

    def values(self, name: str) -> list[Any]:
        """The cells of a column: str, float, int, date or None; all None where an optional column is missing."""
        return self._cells[name].to_list() if name in self._cells else [None] * len(self)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """The cells of a number column as an array; NaN stands for an empty cell."""
        if name not in self._cells:
            return np.full(len(self), np.nan)
        return self._cells[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def series(self, name: str) -> pl.Series:
        """The cells of a column as they are kept; null where an optional cell is empty."""
        return self._cells[name] if name in self._cells else pl.Series(name, [None] * len(self))

    def error(self, row: int, column: str, expected: str) -> InputError:
        """The error for a row counted from 0, with the line where that row stands in the file."""
        record = int(self._records[row])
        return InputError(str(self.path), _line_of_record(self.path, record), column, expected)


def read_table(path: str | Path, columns: Sequence[Column], *, keep_rest: bool = False) -> Table:
    """The columns asked for, checked and typed; with `keep_rest` also the others, as text.

    Raises InputError where the file is missing, is not UTF-8 or not a table, lacks a column, or holds a cell that
    breaks its column's rule. Parquet: a NaN in an optional column counts as empty, as data frames write it.
    """
    path = Path(path)
    raw = _read_parquet(path) if path.suffix.lower() in PARQUET_ENDINGS else _read_csv(path, columns)
    for column in columns:
        if column.name not in raw.columns and not column.optional:
            raise InputError(str(path), 1, column.name, f"a column with the name {column.name}")
    wanted = [column for column in columns if column.name in raw.columns]
    names = raw.columns if keep_rest else [column.name for column in wanted]
    blank = _blank(raw)
    records = raw.with_row_index("\0record")["\0record"].filter(~blank)
    raw = raw.select(names).filter(~blank)
    table = Table(path, raw, records)
    typed = {column.name: _typed(table, raw[column.name], column) for column in wanted}
    rest = {name: _as_rest(raw[name]) for name in names if name not in typed}
    kept = {name: typed.get(name, rest.get(name)) for name in names}
    return Table(path, pl.DataFrame({name: c for name, c in kept.items() if c is not None}), records)


def _blank(raw: pl.DataFrame) -> pl.Series:
    if not raw.width:
        return pl.Series([], dtype=pl.Boolean)
    empty = [
        pl.col(n).is_null() | ((pl.col(n) == "") if t == pl.String else False) for n, t in raw.schema.items()
    ]
    return raw.select(blank=pl.all_horizontal(empty))["blank"]


def _typed(table: Table, cells: pl.Series, column: Column) -> pl.Series:
    """The column in its own type. Raises InputError for the first cell that breaks the rule."""
    if column.kind in ("number", "integer"):
        typed, empty = _as_numbers(table, cells, column)
        wrong = ~typed.is_finite().fill_null(False)
        if column.least is not None:
            wrong |= (typed < column.least).fill_null(True)
        if column.most is not None:
            wrong |= (typed > column.most).fill_null(True)
        if column.kind == "integer":
            wrong |= ((typed != typed.round()) | (typed.abs() > 2**53)).fill_null(True)
    else:
        text = _as_text(table, cells, column)
        empty = text == ""
        typed, wrong = text, pl.repeat(False, len(text), eager=True)
        if column.kind == "date":
            typed = text.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
            wrong = (
                typed.is_null()
                | (text.str.strip_chars().str.len_chars() != 10)
                | text.str.contains("0000-", literal=True)
            )
        elif column.kind == "id":
            empty = text.str.strip_chars() == ""
            wrong = text.str.len_chars() > LONGEST_ID
        if column.choices:
            wrong |= ~text.is_in(list(column.choices))
    plain_text = column.kind == "text" and not column.choices
    wrong = (wrong & ~empty) | (empty & (not (column.optional or plain_text)))
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        found = "nothing" if empty[row] else shown(cells[row])
        raise table.error(row, column.name, f"{column.expected}, found {found}")
    if column.unique:
        _check_unique(table, typed, column)
    if column.kind == "integer":
        return typed.set(empty, None).cast(pl.Int64)
    return typed if column.kind in ("text", "id") else typed.set(empty, None)


def _as_numbers(table: Table, cells: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """The cells as floats (null where they are not numbers), and which of them are empty."""
    if cells.dtype.is_numeric():
        empty = cells.is_null()
        if column.optional and cells.dtype.is_float():
            empty |= cells.is_nan().fill_null(False)
        return cells.cast(pl.Float64), empty
    text = _as_text(table, cells, column).str.strip_chars()
    return text.cast(pl.Float64, strict=False), text == ""


def _as_text(table: Table, cells: pl.Series, column: Column) -> pl.Series:
    if column.kind == "date" and cells.dtype == pl.Datetime and (cells.dt.time() == time()).all():
        cells = cells.dt.date()  # data frames write dates as midnights
    try:
        return cells.cast(pl.String).fill_null("")
    except pl.exceptions.PolarsError as error:
        raise InputError(
            str(table.path), 1, column.name, f"{column.expected}, found {cells.dtype}"
        ) from error


def _as_rest(cells: pl.Series) -> pl.Series | None:
    """A column nobody described, as text; several values in one cell are separated by ;. None where it is no text."""
    try:
        if isinstance(cells.dtype, pl.List):
            cells = cells.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
        return cells.cast(pl.String).fill_null("")
    except pl.exceptions.PolarsError:
        return None


def _check_unique(table: Table, typed: pl.Series, column: Column) -> None:
    repeated = ~typed.is_first_distinct()
    if repeated.any():
        row = int(repeated.arg_max() or 0)
        raise table.error(row, column.name, f"each {column.name} once, found {shown(typed[row])} again")


def _read_parquet(path: Path) -> pl.DataFrame:
    _must_exist(path)
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(str(path), 0, "-", "a Parquet file that can be read") from error


def _read_csv(path: Path, columns: Sequence[Column]) -> pl.DataFrame:
    """Every cell as text. The fast reader first; where it stumbles, the slow one says what is wrong."""
    _must_exist(path)
    data = path.read_bytes()
    header = _header(path, data, columns)
    try:
        cells = pl.read_csv(data, infer_schema=False, empty_string_is_null=False)
    except pl.exceptions.PolarsError:
        cells = pl.DataFrame()
    if cells.width != len(header):
        rows = list(_checked_records(path, data, len(header)))[1:]
        return pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    return cells.rename(dict(zip(cells.columns, header, strict=True)))


def _must_exist(path: Path) -> None:
    try:
        there = path.is_file()
    except OSError:  # a name that no file can have
        there = False
    if not there:
        raise InputError(str(path), 0, "-", "a file that exists")
    if not os.access(path, os.R_OK):
        raise InputError(str(path), 0, "-", "a file that may be read")


def _header(path: Path, data: bytes, columns: Sequence[Column]) -> list[str]:
    first = next((column.name for column in columns), "-")
    header = next(_records_of(path, data[: 1 << 20].split(b"\n", 1)[0] + b"\n"), (1, []))[1]
    if not any(name.strip() for name in header):
        raise InputError(str(path), 1, first, "a header row with " + ",".join(c.name for c in columns))
    header = [name.strip() for name in header]
    for name, count in Counter(header).items():
        if count > 1:
            raise InputError(str(path), 1, name or "-", "each column once in the header")
    return header


def _records_of(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on. Raises InputError at the first byte that is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(str(path), line, "-", "text in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    with _long_fields():
        while True:
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise InputError(str(path), begins, "-", f"well-formed CSV ({error})") from error
            yield begins, record
            begins = reader.line_num + 1


@contextmanager
def _long_fields() -> Iterator[None]:
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _checked_records(path: Path, data: bytes, width: int) -> Iterator[list[str]]:
    for line, record in _records_of(path, data):
        if len(record) > width:
            raise InputError(str(path), line, "-", f"at most {width} fields, found {len(record)}")
        yield record + [""] * (width - len(record))


def _line_of_record(path: Path, record: int) -> int:
    """The line on which a data record begins (counted from 0 after the header)."""
    if path.suffix.lower() in PARQUET_ENDINGS:
        return record + 1
    for number, (line, _) in enumerate(_records_of(path, path.read_bytes())):
        if number == record + 1:
            return line
    return record + 2


def writable(path: str | Path) -> Path:
    """The path of a file to be written. Raises InputError where its folder is missing or closed."""
    path = Path(path)
    try:
        taken = path.exists() and not path.is_file()  # a folder, a device: never replaced
    except OSError:  # a name that no file can have
        taken = True
    if taken or not path.name or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InputError(str(path), 0, "-", "the name of a file in a folder that can be written")
    return path


@dataclass(frozen=True, slots=True)
class Written:
    """A file to be written: the columns of the schema (name → str, int, float or bool), CSV or Parquet by the ending."""

    path: Path
    schema: Mapping[str, type]
    columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]

    @property
    def frame(self) -> pl.DataFrame:
        return pl.DataFrame({name: self.columns[name] for name in self.schema}, schema=dict(self.schema))


def write_table(
    path: str | Path, schema: Mapping[str, type], columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]
) -> None:
    """Write the columns of the schema (name → str, int, float or bool) as CSV or Parquet by the ending.

    The file appears complete or not at all. Raises InputError where the place cannot be written.
    """
    write_tables(Written(Path(path), schema, columns))


def write_tables(*files: Written) -> None:
    """Write several files; none appears before all are complete. Raises InputError where a place cannot be written."""
    with ExitStack() as open_:
        for file in files:
            open_.enter_context(_complete(file.path, [file.frame]))


def write_frames(path: str | Path, frames: Iterable[pl.DataFrame]) -> None:
    """Write tables of the same columns, at least one, below each other into one file; never more than one in memory.

    The file appears complete or not at all. Raises InputError where the place cannot be written.
    """
    with _complete(Path(path), frames):
        pass


@contextmanager
def _complete(path: Path, frames: Iterable[pl.DataFrame]) -> Iterator[None]:
    """The tables written beside the path; there under its name where what follows raises nothing."""
    path = writable(path)
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    _UNFINISHED.add(part)
    try:
        with part.open("xb") as file:
            if path.suffix.lower() in PARQUET_ENDINGS:
                _write_parquet(file, frames, path.parent)
            else:
                for number, frame in enumerate(frames):
                    frame.write_csv(file, include_header=not number)
        yield
        part.replace(path)
    except OSError as error:
        reason = error.strerror or "error"
        raise InputError(str(path), 0, "-", f"a file that can be written ({reason})") from error
    finally:
        part.unlink(missing_ok=True)
        _UNFINISHED.discard(part)


def clear_unfinished() -> None:
    """Remove what is half written. For a process that ends at once."""
    for path in list(_UNFINISHED):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _write_parquet(file: BinaryIO, frames: Iterable[pl.DataFrame], folder: Path) -> None:
    """Parquet cannot be added to: the tables become files of their own, which are then read into one."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".parquet-", suffix=".part") as apart:
        _UNFINISHED.add(Path(apart))
        count = 0
        for frame in frames:
            frame.write_parquet(Path(apart) / f"{count:08}.parquet")
            count += 1
        pieces = [Path(apart) / f"{number:08}.parquet" for number in range(count)]
        if count == 1:
            file.write(pieces[0].read_bytes())
        else:
            pl.scan_parquet(pieces).sink_parquet(file, row_group_size=ROW_GROUP)
    _UNFINISHED.discard(Path(apart))
