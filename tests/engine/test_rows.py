# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows into columns: the quick way says the same as the careful way, and errors are named."""

from __future__ import annotations

import gc
import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brobygger.engine.errors import InputError
from brobygger.engine.rows import columns_of, numbers, positions, undisturbed


class Parcel(NamedTuple):
    """Two fields that must be there, two that need not."""

    name: str
    weight: float
    height: float | None = None
    note: str = "none"


CELLS = (st.text(max_size=2), st.integers(0, 9), st.none() | st.floats(0, 1), st.text(max_size=2))


@given(st.lists(st.integers(2, 4).flatmap(lambda width: st.tuples(*CELLS[:width])), max_size=6))
def test_columns_are_those_of_the_rows_made_one_by_one(rows: list[tuple[object, ...]]) -> None:
    columns = columns_of(rows, Parcel)
    whole = [Parcel(*row) for row in rows]  # type: ignore[arg-type]
    for place, (field, column) in enumerate(zip(Parcel._fields, columns, strict=True)):
        if column is None:
            assert all(len(row) <= place for row in rows)
            column = [Parcel._field_defaults[field]] * len(rows)
        assert list(column) == [row[place] for row in whole]


def test_a_short_row_and_a_long_one_do_not_make_up_for_each_other() -> None:
    rows = [("a", 1.0, 2.0), ("b", 1.0), ("c", 1.0, 2.0, "long")]
    assert columns_of(rows, Parcel)[3] == ["none", "none", "long"]


@pytest.mark.parametrize("rows", [[("a",)], [("a", 1.0, 2.0, "b", "c")], [("a", 1.0), ("b",)]])
def test_rows_that_lack_a_field_or_have_too_many_are_refused(rows: list[tuple[object, ...]]) -> None:
    with pytest.raises(TypeError):
        columns_of(rows, Parcel)


@given(st.lists(st.none() | st.integers(-5, 5) | st.floats(-5, 5) | st.booleans(), max_size=8))
def test_numbers_are_floats_and_nothing_is_what_is_missing(column: list[float | None]) -> None:
    found = numbers("file", "column", column, len(column), math.inf)
    assert found.tolist() == [math.inf if cell is None else float(cell) for cell in column]


def test_what_is_no_number_in_floats_stays_that() -> None:
    assert np.array_equal(
        numbers("file", "column", [math.nan, None], 2, 3.0), [math.nan, 3.0], equal_nan=True
    )


def test_a_field_that_no_row_has_is_missing_everywhere() -> None:
    assert numbers("file", "column", None, 3, 7.0).tolist() == [7.0, 7.0, 7.0]


@pytest.mark.parametrize("cell", ["mange", [], object()])
def test_what_is_no_number_is_named_with_its_row(cell: object) -> None:
    with pytest.raises(InputError) as error:
        numbers("edges", "value", [1.0, None, cell], 3, 0.0)
    assert (error.value.file, error.value.line, error.value.column) == ("edges", 3, "value")


def test_ids_are_numbered_and_the_first_unknown_one_is_named() -> None:
    index = {"a": 4, "b": 2}
    assert np.array_equal(positions("edges", "have", ["b", "a", "b"], index, "an id"), [2, 4, 2])
    with pytest.raises(InputError, match="an id, found 'x'") as error:
        positions("edges", "have", ["a", "x", "y"], index, "an id")
    assert error.value.line == 2


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_goes_on_as_before_also_after_an_error(collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        with undisturbed():
            assert not gc.isenabled()
        with pytest.raises(InputError), undisturbed():
            positions("edges", "have", ["x"], {}, "an id")
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()
