# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading and writing tables."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine.tables import Column, InputError, read_table, write_table

NODES = [Column("id", "id", unique=True), Column("amount", "number", least=0)]


def written(folder: Path, content: str | bytes, name: str = "nodes.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path, columns: list[Column] = NODES) -> tuple[int, str, str]:
    with pytest.raises(InputError) as error:
        read_table(path, columns)
    assert error.value.file == str(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    return error.value.line, error.value.column, error.value.expected


def test_a_table_is_read_in_order_and_columns_nobody_asked_for_are_ignored(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "note,amount,id\nx,1.5,a\ny,2e3,b\n"), NODES)
    assert table.values("id") == ["a", "b"]
    assert table.values("amount") == [1.5, 2000.0]
    assert table.names == ["id", "amount"]


def test_byte_order_mark_windows_line_ends_quotes_and_blank_lines_are_understood(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, '\ufeffid,amount\r\n"a, ""b""\r\nc",1\r\n\r\nd,2\r\n'), NODES)
    assert table.values("id") == ['a, "b"\r\nc', "d"]


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "id,amount\n"), NODES)
    assert len(table) == 0
    assert table.values("id") == []
    assert table.numbers("amount").dtype == np.float64


@pytest.mark.parametrize(
    "cell",
    [
        "",
        " ",
        "abc",
        "1,5",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "-1",
        "1e999",
        "1_000",
        "0x10",
        "--1",
        "😀",
    ],
)
def test_an_amount_that_is_none_is_named_with_its_line_and_column(tmp_path: Path, cell: str) -> None:
    line, column, expected = refused(written(tmp_path, f'id,amount\na,1\nb,"{cell}"\nc,-5\n'))
    assert (line, column) == (3, "amount")
    assert expected.startswith("a finite number with a decimal point, at least 0")


def test_the_line_is_the_one_in_the_file_also_after_quoted_line_breaks_and_blank_lines(
    tmp_path: Path,
) -> None:
    assert refused(written(tmp_path, 'id,amount\n"a\nb",1\n\nc,x\n'))[0] == 5


def test_a_repeated_id_is_refused_at_its_second_place(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "id,amount\na,1\nb,1\na,2\n"))[:2] == (4, "id")


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("", 1, "id"),
        ("\n\n", 1, "id"),
        ("id\na\n", 1, "amount"),
        ("id,amount,id\na,1,b\n", 1, "id"),
        ("id,amount\na,1\nb\n", 3, "amount"),
        ("id,amount\na,1\nb,2,3\n", 3, "-"),
        ('id,amount\na,1\n"b,2\n', 3, "-"),
        (b"id,amount\na,1\n\xe6,2\n", 3, "-"),
        (b"\xff\xfei\x00d\x00", 1, "-"),
        ("id,amount\n,1\n", 2, "id"),
        ("id,amount\n" + "x" * 1001 + ",1\n", 2, "id"),
    ],
)
def test_files_that_are_not_what_they_should_be(
    tmp_path: Path, content: str | bytes, line: int, column: str
) -> None:
    assert refused(written(tmp_path, content))[:2] == (line, column)


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.csv")[2] == "a file that exists"


def test_ten_kilometres_of_text_are_read_whole(tmp_path: Path) -> None:
    text = "mask fra ølbrygning " * 500_000
    table = read_table(written(tmp_path, f"id,text\na,{text}\n"), [Column("id", "id"), Column("text")])
    assert table.values("text") == [text]


def test_a_message_shows_no_more_of_a_cell_than_a_line_holds(tmp_path: Path) -> None:
    assert len(refused(written(tmp_path, f"id,amount\na,{'x' * 10_000}\n"))[2]) < 150


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "31-12-2026", "2026-1-1", "20260101", "2026-01-01T00:00", "i morgen"]
)
def test_a_date_that_is_none_is_refused(tmp_path: Path, cell: str) -> None:
    path = written(tmp_path, f"id,start\na,2026-01-31\nb,\nc,{cell}\n")
    assert refused(path, [Column("id", "id"), Column("start", "date", optional=True)])[:2] == (4, "start")


def test_optional_columns_may_be_missing_and_their_cells_empty(tmp_path: Path) -> None:
    path = written(tmp_path, "id,start,n\na,2026-01-31,3\nb,,\n")
    columns = [
        Column("id", "id"),
        Column("start", "date", optional=True),
        Column("n", "integer", optional=True),
    ]
    table = read_table(path, [*columns, Column("x", "number", optional=True)])
    assert table.values("start") == [date(2026, 1, 31), None]
    assert table.values("n") == [3, None]
    assert table.values("x") == [None, None]


def test_a_whole_number_with_a_fraction_is_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "n\n3.0\n3.5\n"), [Column("n", "integer")])[:2] == (3, "n")


def test_only_the_listed_choices_are_taken(tmp_path: Path) -> None:
    columns = [Column("side", choices=("have", "need"))]
    line, column, expected = refused(written(tmp_path, "side\nhave\nNeed\n"), columns)
    assert (line, column) == (3, "side")
    assert expected == "one of have, need, found 'Need'"


def test_parquet_is_read_like_csv_and_rows_count_from_one(tmp_path: Path) -> None:
    path = tmp_path / "nodes.parquet"
    pl.DataFrame({"id": [1, 2, 3], "amount": [1.0, 2.5, float("nan")]}).write_parquet(path)
    assert refused(path)[:2] == (3, "amount")
    columns = [Column("id", "id"), Column("amount", "number", optional=True)]
    table = read_table(path, columns)
    assert table.values("id") == ["1", "2", "3"]
    assert table.values("amount") == [1.0, 2.5, None]


def test_dates_may_stand_as_midnights_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({"id": ["a", "b"], "start": [datetime(2026, 1, 31), None]}).write_parquet(path)
    column = [Column("id", "id"), Column("start", "date", optional=True)]
    assert read_table(path, column).values("start") == [date(2026, 1, 31), None]
    pl.DataFrame({"id": ["a"], "start": [datetime(2026, 1, 31, 7)]}).write_parquet(path)
    assert refused(path, column)[:2] == (1, "start")


@pytest.mark.parametrize("cells", [[[1.0]], [b"\xff"], [{"a": 1}], [True]])
def test_parquet_cells_that_are_no_numbers_are_refused(tmp_path: Path, cells: list[object]) -> None:
    path = tmp_path / "nodes.parquet"
    pl.DataFrame({"id": ["a"], "amount": cells}).write_parquet(path)
    assert refused(path)[:2] == (1, "amount")


def test_several_values_in_a_parquet_cell_read_as_they_are_written_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"id": ["a", "b"], "skill": [["p", "q"], None]}).write_parquet(path)
    assert read_table(path, [Column("id", "id")], keep_rest=True).values("skill") == ["p;q", ""]


def test_a_file_that_only_calls_itself_parquet_is_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "id,amount\n", "nodes.parquet"))[2] == "a Parquet file that can be read"


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_what_is_written_can_be_read_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_table(path, {"id": str, "amount": float}, {"id": ["a", 'b,"\n'], "amount": np.array([0.1, 1e-9])})
    table = read_table(path, NODES)
    assert (table.values("id"), table.values("amount")) == (["a", 'b,"\n'], [0.1, 1e-9])
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "old", "out.csv")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(InputError, match="No space left"):
        write_table(path, {"id": str}, {"id": ["a"]})
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder that can be written"):
        write_table(tmp_path / "missing" / "out.csv", {"id": str}, {"id": []})


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_the_answer_is_a_table_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = written(tmp_path_factory.getbasetemp(), b"id,amount\n" + data, "any.csv")
    try:
        table = read_table(path, NODES)
    except InputError:
        return
    assert np.isfinite(table.numbers("amount")).all()
    assert all(table.values("id"))
