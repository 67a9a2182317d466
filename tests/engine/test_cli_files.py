# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Files of the command line: the same rows in every format, whole or not at all."""

from __future__ import annotations

import polars as pl
import pytest

from brobygger.engine.cli import main
from tests.engine.desk import INPUTS, KNOWLEDGE, VERBS, Desk


def test_the_same_input_gives_the_same_file_byte_for_byte(desk: Desk) -> None:
    for verb in VERBS:
        assert desk.run(verb)[0] == 0
        first = desk.path("out").read_bytes()
        assert desk.run(verb)[0] == 0
        assert desk.path("out").read_bytes() == first


def test_parquet_in_and_out_holds_the_same_as_csv(desk: Desk) -> None:
    assert desk.run("allocate")[0] == 0
    for name in ("nodes", "edges"):
        pl.read_csv(desk.path(name)).write_parquet(desk.folder / f"{name}.parquet")
    files = [f"--{name}={desk.folder / name}.parquet" for name in ("nodes", "edges")]
    assert main(["allocate", *files, f"--out={desk.folder / 'out.parquet'}"], lambda: KNOWLEDGE) == 0
    assert pl.read_parquet(desk.folder / "out.parquet").equals(pl.read_csv(desk.path("out")))


def test_suggest_reads_and_writes_parquet_with_the_same_rows(desk: Desk) -> None:
    assert desk.run("suggest", "--both")[0] == 0
    for name in ("haves", "needs"):
        pl.read_csv(desk.path(name), infer_schema=False).write_parquet(desk.folder / f"{name}.parquet")
    files = [f"--{name}={desk.folder / name}.parquet" for name in ("haves", "needs")]
    out = desk.folder / "out.parquet"
    assert main(["suggest", *files, "--both", f"--out={out}"], lambda: KNOWLEDGE) == 0
    found = pl.read_parquet(out)
    assert found.with_columns(pl.col("process").fill_null("")).equals(
        pl.read_csv(desk.path("out"), schema=found.schema).with_columns(pl.col("process").fill_null(""))
    )


def test_ids_are_texts_and_come_out_as_they_went_in(desk: Desk) -> None:
    ids = ["007", "7", "1e3", " a", "æ,ø", "日本", 'x"y']
    rows = "".join('"' + id_.replace('"', '""') + f'",o{n},mask\n' for n, id_ in enumerate(ids))
    desk.write("haves", "id,organisation,type\n" + rows)
    desk.write("needs", "id,organisation,type\n00,p,mask\n")
    assert desk.run("suggest")[0] == 0
    assert [row["have"] for row in desk.rows()] == sorted(ids)
    assert desk.rows()[0]["need"] == "00"


def test_a_file_is_written_in_pieces_as_it_would_be_in_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("needs", "id,organisation,type\n" + "".join(f"n{i},p,mask\n" for i in range(7)))
    for out in ("out.csv", "out.parquet"):
        assert desk.run("suggest", "--both", out=out)[0] == 0
    whole = desk.path("out").read_bytes(), pl.read_parquet(desk.folder / "out.parquet")
    monkeypatch.setattr("brobygger.engine.match_tables.NEEDS_AT_A_TIME", 3)
    for out in ("out.csv", "out.parquet"):
        assert desk.run("suggest", "--both", out=out)[0] == 0
    assert desk.path("out").read_bytes() == whole[0]
    assert pl.read_parquet(desk.folder / "out.parquet").equals(whole[1])


def test_tables_without_rows_give_tables_without_rows(desk: Desk) -> None:
    for verb in VERBS.keys() - {"compose"}:
        for name in VERBS[verb].values():
            desk.write(name, INPUTS[name].split("\n")[0] + "\n")
        status, _, complaint = desk.run(verb)
        assert (status, complaint) == (0, "")
        assert desk.rows() == []


@pytest.mark.parametrize(
    ("more", "out", "told"),
    [
        (
            ["--curve", "{}/out.csv"],
            "out.csv",
            "--out {}/out.csv: expected another file than that of --curve",
        ),
        (["--curve", "{}/x/../nodes.csv"], "out.csv", "expected another file than that of --nodes"),
        ([], "edges.csv", "--out {}/edges.csv: expected another file than that of --edges"),
        ([], "link.csv", "expected another file than that of --edges"),
    ],
)
def test_a_file_is_not_written_twice_nor_over_what_is_read(
    desk: Desk, more: list[str], out: str, told: str
) -> None:
    (desk.folder / "link.csv").symlink_to(desk.path("edges"))
    (desk.folder / "x").mkdir()
    desk.write("edges", "have,need,value,co2e\na,x,3,1\n")
    before = {path: path.read_bytes() for path in desk.folder.glob("*.*")}
    status, _, complaint = desk.run("allocate", *(item.format(desk.folder) for item in more), out=out)
    assert status == 2
    assert told.format(desk.folder) in complaint
    assert {path: path.read_bytes() for path in desk.folder.glob("*.*")} == before


def test_where_the_second_file_cannot_be_written_the_first_is_not_there_either(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("edges", "have,need,value,co2e\na,x,3,1\n")
    desk.write("curve", "what stood there\n")
    whole = pl.DataFrame.write_csv

    def full(frame: pl.DataFrame, *args: object, **options: object) -> None:
        if frame.columns[0] == ("have" if fails == "out" else "point"):
            raise OSError(28, "No space left on device")
        whole(frame, *args, **options)

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    before = sorted(desk.folder.iterdir())
    for fails in ("out", "curve"):
        status, _, complaint = desk.run("allocate", "--curve", str(desk.path("curve")))
        assert status == 2
        assert f"{fails}.csv: line 0, column -: expected a file that can be written" in complaint
        assert sorted(desk.folder.iterdir()) == before
        assert desk.path("curve").read_text() == "what stood there\n"


def test_compose_leaves_out_columns_that_hold_no_text(desk: Desk) -> None:
    people = pl.DataFrame({"id": ["a1", "a2"], "years": [[1, 2], None], "photo": [b"\xff", None]})
    people = people.with_columns(pair=pl.struct("id"), years_and_more=pl.Series([[[1]], [[2]]]))
    people.write_parquet(desk.folder / "people.parquet")
    desk.write("rules", '{"size": 2, "cover": ["years"]}')
    status, said, complaint = desk.run("compose", "--applicants", str(desk.folder / "people.parquet"))
    assert (status, complaint) == (0, "")
    assert "objective=2 " in said
