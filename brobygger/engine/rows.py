# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of text and numbers, as Python has them, into columns and arrays: quickly where all are well-formed.

The quick way goes through the rows in a few passes that run in C. Where it stumbles, the careful way goes through them
one by one and names the row that is wrong.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from brobygger.engine.errors import InputError, shown

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Row = TypeVar("Row")
Column = Sequence[Any] | None
"""None where no row has the field."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Python's garbage collector waits meanwhile.

    It goes through everything that is alive each time so many objects have been made: half the time of making a million
    rows, and none of them is garbage.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def in_a_list(rows: Iterable[Row]) -> list[Row]:
    """The rows in a list: the same one, where they are in one."""
    return rows if isinstance(rows, list) else list(rows)


def columns_of(listed: list[Any], kind: type[Any]) -> list[Column]:
    """The rows' fields as columns. `kind`: the NamedTuple whose fields they are, the first of them at least.

    Raises TypeError where a row lacks a field that has no default, or has too many.
    """
    fields = kind._fields
    if not listed:
        return [() for _ in fields]
    width = len(listed[0])
    if len(fields) - len(kind._field_defaults) <= width <= len(fields):
        try:
            last = list(map(itemgetter(width - 1), listed))  # IndexError where a row is shorter
        except IndexError:
            last = []
        flat = list(chain.from_iterable(listed))
        if last and len(flat) == width * len(listed):  # so none is longer either
            columns: list[Column] = [flat[n::width] for n in range(width - 1)]
            return [*columns, last, *[None] * (len(fields) - width)]
    whole = [kind(*row) for row in listed]
    return [list(map(itemgetter(n), whole)) for n in range(len(fields))]


def numbers(file: str, name: str, column: Column, rows: int, missing: float) -> Floats:
    """The column as floats; `missing` where there is nothing (no such field, or None).

    Raises InputError (`file`, row from 1, `name`) for what is no number.
    """
    if column is None or (column and column[0] is None and column.count(None) == len(column)):
        return np.full(rows, missing)
    try:
        found = np.fromiter(column, np.float64, len(column))
    except (TypeError, ValueError):
        return _careful_numbers(file, name, column, missing)
    empty = np.isnan(found)  # numpy reads None so; what was NaN itself stays it
    if not math.isnan(missing) and empty.any():
        found[[row for row in np.flatnonzero(empty).tolist() if column[row] is None]] = missing
    return found


def _careful_numbers(file: str, name: str, column: Sequence[Any], missing: float) -> Floats:
    out = np.empty(len(column))
    for row, cell in enumerate(column):
        try:
            out[row] = missing if cell is None else float(cell)
        except (TypeError, ValueError):
            raise InputError(file, row + 1, name, f"a number, found {shown(cell)}") from None
    return out


def positions(file: str, name: str, ids: Sequence[Any], index: Mapping[Any, int], expected: str) -> Integers:
    """The number of each id. Raises InputError (`file`, row from 1, `name`) for the first that is not in the index."""
    try:
        return np.fromiter(map(index.__getitem__, ids), np.int64, len(ids))
    except KeyError:
        row = next(n for n, id_ in enumerate(ids) if id_ not in index)
        raise InputError(file, row + 1, name, f"{expected}, found {shown(ids[row])}") from None
