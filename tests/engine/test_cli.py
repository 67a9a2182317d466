# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The engine on the command line: files in, files out."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from brobygger.engine.cli import main
from brobygger.engine.facts import Industry, Knowledge, ResourceType, Use

KNOWLEDGE = Knowledge(
    types={
        "mask": ResourceType(
            "mask", None, "residue", "mask", synonyms=("ølmask",), ewc=("020704",), traits=("protein",)
        )
    },
    uses=(Use("u1", "mask", "mask", "bryggeri", "1105", "kvægbrug", "0141", "foder", source="Herslev"),),
    industries={"0141": Industry("0141", "Malkekvæg", "Raising of dairy cattle", takes=("mask",))},
)
INPUTS = {
    "nodes": "id,side,amount\na,have,1\nb,have,2\nx,need,2.5\n",
    "edges": "have,need,value\na,x,3\nb,x,2\n",
    "left": "id,capacity\nl1,1\nl2,1\n",
    "right": "id,capacity\nr1,1\n",
    "wishes": "left,right,left_rank,right_rank,score\nl1,r1,1,2,0.9\nl2,r1,1,1,0.5\n",
    "applicants": "id,town,skill\na1,N,p;q\na2,N,p\na3,S,r\n",
    "rules": '{"size": 2,\n "quota": {"town": {"N": 1}},\n "cover": ["skill"]}',
    "loop_edges": "from,to,value,capacity\na,b,1,2\nb,a,2,3\n",
    "haves": "id,organisation,type,text,quantity,unit,start,end,x,y,max_distance,visibility\n"
    "h1,o1,mask,mask fra øl,4,t,,,694000,6170000,,open\n",
    "needs": "id,organisation,type,text,quantity,unit,start,end,x,y,max_distance,visibility\n"
    "n1,o2,mask,foder,10,t,2026-01-01,2026-12-31,700000,6170000,50000,\n",
    "residuals": "id,text,lang,ewc,giver_nace\nr1,mask fra ølbrygning,da,02 07 04,11.05\n",
}
VERBS = {
    "allocate": {"--nodes": "nodes", "--edges": "edges"},
    "pair": {"--left": "left", "--right": "right", "--wishes": "wishes"},
    "compose": {"--applicants": "applicants", "--rules": "rules"},
    "loops": {"--edges": "loop_edges"},
    "suggest": {"--haves": "haves", "--needs": "needs"},
    "takers": {"--in": "residuals"},
}


class Desk:
    """A folder with every input file; runs verbs in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        for name, content in INPUTS.items():
            self.write(name, content)

    def path(self, name: str) -> Path:
        return self.folder / f"{name}{'.json' if name == 'rules' else '.csv'}"

    def write(self, name: str, content: str) -> None:
        self.path(name).write_text(content, encoding="utf-8")

    def run(self, verb: str, *more: str, out: str = "out.csv") -> tuple[int, str, str]:
        files = [str(item) for option, name in VERBS[verb].items() for item in (option, self.path(name))]
        status = main([verb, *files, "--out", str(self.folder / out), *more], lambda: KNOWLEDGE)
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def rows(self, out: str = "out.csv") -> list[dict[str, str]]:
        with (self.folder / out).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_allocate_writes_the_plan_and_prints_its_proof(desk: Desk) -> None:
    status, said, _ = desk.run("allocate")
    assert status == 0
    assert said == "status=optimal value=6.0 bound=6.0 gap=0.0 flows=2 proof=exact\n"
    assert desk.rows() == [
        {"have": "a", "need": "x", "flow": "1.0", "value": "3.0"},
        {"have": "b", "need": "x", "flow": "1.5", "value": "3.0"},
    ]


def test_allocate_weighs_kroner_and_co2e_and_writes_the_curve_between_them(desk: Desk) -> None:
    desk.write("nodes", "id,side,amount\na,have,10\nx,need,10\ny,need,10\n")
    desk.write("edges", "have,need,value,co2e\na,x,5,20\na,y,8,5\n")
    curve = desk.folder / "curve.csv"
    status, said, _ = desk.run("allocate", "--co2e-price", "0.3", "--curve", str(curve))
    assert status == 0
    assert said.endswith("kroner=50.0 co2e=200.0\n")
    assert desk.rows() == [{"have": "a", "need": "x", "flow": "10.0", "value": "50.0", "co2e": "200.0"}]
    assert desk.rows("curve.csv") == [
        {"point": "1", "kroner": "80.0", "co2e": "50.0", "price": "0.0", "flows": "1"},
        {"point": "2", "kroner": "50.0", "co2e": "200.0", "price": "0.2", "flows": "1"},
    ]
    desk.write("edges", "have,need,value\na,x,5\n")
    assert desk.run("allocate", "--co2e-price", "0.3")[2].endswith("expected a column with the name co2e\n")


@pytest.mark.parametrize(
    ("row", "price", "expected"),
    [
        ("a,x,1,1e300", "1", "a finite number"),
        ("a,x,1,-1e16", "0", "a finite number"),
        ("a,x,1,1e14", "1e9", "value and co2e at its price to be at most 1e+15 together, found '1e+23'"),
        ("a,x,-1e15,-1", "1", "value and co2e at its price to be at most 1e+15 together"),
    ],
)
def test_allocate_names_the_edge_whose_co2e_is_worth_too_much(
    desk: Desk, row: str, price: str, expected: str
) -> None:
    desk.write("edges", f"have,need,value,co2e\nb,x,1,1\n{row}\n")
    status, _, complaint = desk.run("allocate", "--co2e-price", price, "--curve", str(desk.path("curve")))
    assert status == 2
    assert complaint.startswith(f"{desk.path('edges')}: line 3, column co2e: expected {expected}")
    assert not desk.path("out").exists()
    assert not desk.path("curve").exists()


def test_allocate_keeps_to_whole_lots(desk: Desk) -> None:
    desk.write("edges", "have,need,value,lot\na,x,3,\nb,x,2,1\n")
    assert desk.run("allocate")[1].startswith("status=optimal value=5.5 bound=5.5 gap=0.0")
    assert [row["flow"] for row in desk.rows()] == ["0.5", "2.0"]


def test_pair_writes_the_pairs_stable_or_best(desk: Desk) -> None:
    assert desk.run("pair")[0] == 0
    assert desk.rows() == [{"left": "l2", "right": "r1"}]
    assert desk.run("pair", "--method", "best")[1].startswith("method=best pairs=1 total=0.9")
    assert desk.rows() == [{"left": "l1", "right": "r1"}]


def test_pair_says_who_is_left_over_and_why(desk: Desk) -> None:
    desk.write("left", INPUTS["left"] + "l3,2\nl4,0\n")
    said = desk.run("pair")[1].splitlines()
    assert said[0].endswith("with_room_left=3")
    assert (
        said[1]
        == "left outranked 1: de ønskede, man ikke fik, er fyldt op med nogen, de ønsker mindst lige så højt: l1"
    )
    assert said[2] == "left no_wishes 1: ingen ønsker fra eller om nogen: l3"
    assert said[3] == "left no_room 1: ingen plads (kapacitet 0): l4"


def test_compose_writes_the_group_and_prints_objective_bound_and_status(desk: Desk) -> None:
    assert desk.run("compose")[:2] == (0, "status=optimal objective=3 bound=3 gap=0 wildcards=-\n")
    assert desk.rows() == [{"group": "1", "id": "a1"}, {"group": "1", "id": "a3"}]


def test_compose_names_the_rules_that_clash_and_writes_nothing(desk: Desk) -> None:
    desk.write("rules", '{"size": 2, "must": ["a1", "a2"], "apart": [["a1", "a2"]]}')
    status, _, complaint = desk.run("compose")
    assert status == 2
    assert "infeasible" in complaint
    assert "apart a1, a2; must a1; must a2" in complaint
    assert not desk.path("out").exists()


def test_loops_writes_the_loops_ranked(desk: Desk) -> None:
    assert desk.run("loops")[0] == 0
    assert desk.rows() == [{"rank": "1", "length": "2", "nodes": "a>b", "value": "6.0", "flow": "2.0"}]


def test_suggest_writes_each_part_of_the_score_and_the_reason(desk: Desk) -> None:
    assert desk.run("suggest", "--both")[0] == 0
    (row,) = desk.rows()
    assert (row["need"], row["have"], row["rank"], row["have_rank"]) == ("n1", "h1", "1", "1")
    assert list(row)[:4] == ["need", "have", "rank", "score"]
    for part in ("score", "type", "text", "quantity", "time", "distance", "conditions"):
        assert 0 <= float(row[part]) <= 1
    assert row["reason"]


def test_a_listing_without_a_place_stands_where_its_organisation_does(desk: Desk) -> None:
    desk.write("haves", "id,organisation,type\nh1,o1,mask\n")
    desk.write("organisations", "id,x,y\no1,697000,6174000\n")
    assert desk.run("suggest", "--organisations", str(desk.path("organisations")))[0] == 0
    assert float(desk.rows()[0]["metres"]) == 5000


def test_compat_replaces_what_the_shipped_knowledge_says(desk: Desk) -> None:
    desk.write("compat", "need_type,have_type,fit\nmask,mask,0.25\n")
    assert desk.run("suggest", "--compat", str(desk.path("compat")))[0] == 0
    assert float(desk.rows()[0]["type"]) == 0.25


def test_takers_writes_ranked_industries_with_their_precedent(desk: Desk) -> None:
    assert desk.run("takers")[0] == 0
    first = desk.rows()[0]
    assert (first["id"], first["rank"], first["nace"]) == ("r1", "1", "0141")
    assert first["precedent"]


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


def test_work_that_is_stopped_leaves_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(pl.DataFrame, "write_csv", stopped)
    before = sorted(desk.folder.iterdir())
    for verb in VERBS:
        status, said, complaint = desk.run(verb)
        assert (status, said, complaint.count("\n")) == (130, "", 1)
        assert sorted(desk.folder.iterdir()) == before


def test_a_library_that_is_interrupted_and_complains_is_told_as_a_stop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def complains(*_: object) -> str:
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise SystemError("returned a result with an exception set") from None
        return ""

    monkeypatch.setattr("brobygger.engine.cli_verbs.loops", complains)
    status, said, complaint = desk.run("loops")
    assert (status, said, complaint.count("\n")) == (130, "", 1)


def test_work_that_does_not_hear_the_signal_is_ended_and_cleared_away(tmp_path: Path) -> None:
    half = tmp_path / "half.part"
    half.write_text("half")
    code = f"""
import os, signal, time
from pathlib import Path
from brobygger.engine import cli, cli_verbs, tables
cli.PATIENCE = 0.1
def deaf(*_):
    tables._UNFINISHED.add(Path({str(half)!r}))
    while True:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        except KeyboardInterrupt:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
            time.sleep(60)
cli_verbs.loops = deaf
cli.main(["loops", "--edges", "e", "--out", "o"], None)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (130, "", 1)
    assert not half.exists()


def test_tables_without_rows_give_tables_without_rows(desk: Desk) -> None:
    for verb in VERBS.keys() - {"compose"}:
        for name in VERBS[verb].values():
            desk.write(name, INPUTS[name].split("\n")[0] + "\n")
        status, _, complaint = desk.run(verb)
        assert (status, complaint) == (0, "")
        assert desk.rows() == []


@pytest.mark.parametrize(
    ("verb", "name", "content", "where"),
    [
        ("allocate", "nodes", "id,side,amount\na,have,-1\n", "line 2, column amount: expected"),
        ("allocate", "nodes", "id,side,amount\na,have,NaN\n", "line 2, column amount: expected"),
        ("allocate", "nodes", "id,side,amount\na,have,1e300\n", "line 2, column amount: expected"),
        (
            "allocate",
            "nodes",
            "id,side,amount\na,giver,1\n",
            "line 2, column side: expected one of have, need",
        ),
        ("allocate", "nodes", "id,side,amount\na,have,1\n\na,have,1\n", "line 4, column id: expected"),
        ("allocate", "edges", "have,need,value\na,x,1\nq,x,2\n", "line 3, column have: expected"),
        ("allocate", "edges", "have,need,value,capacity\na,x,1,-2\n", "line 2, column capacity: expected"),
        ("allocate", "edges", "have,need\na,x\n", "line 1, column value: expected"),
        ("allocate", "edges", "", "line 1, column have: expected"),
        ("pair", "left", "id,capacity\nl1,1.5\n", "line 2, column capacity: expected"),
        ("pair", "wishes", "left,right\nl1,r1\nl9,r1\n", "line 3, column left: expected"),
        ("pair", "wishes", "left,right\nl1,r1\nl1,r1\n", "line 3, column right: expected"),
        ("pair", "left", "id,capacity,note\nl1,1,\n,,\n,,late\n", "line 4, column id: expected"),
        ("compose", "applicants", "id,town\na1,N\n,S\n", "line 3, column id: expected"),
        ("compose", "applicants", "id\na1\na1\n", "line 3, column id: expected"),
        (
            "compose",
            "rules",
            '{"size": 2,\n "quota": {"planet": {}}}',
            "line 2, column quota.planet: expected",
        ),
        ("compose", "rules", '{"size": 2,\n "x"}', "line 2, column 5: expected JSON"),
        ("compose", "rules", '{"size": NaN}', "line 1, column -: expected a finite number"),
        ("compose", "rules", "[]", "line 1, column -: expected a JSON object"),
        ("compose", "rules", '{"size": 2,\n "size": 3}', "line 1, column size: expected each key once"),
        ("compose", "rules", '{"size":\n ' + "9" * 5000 + "}", "line 2, column -: expected a smaller number"),
        ("loops", "loop_edges", "from,to,value,capacity\na,b,1,1e300\n", "line 2, column capacity: expected"),
        ("loops", "loop_edges", "from,to,value,capacity\na,b,1,inf\n", "line 2, column capacity: expected"),
        ("loops", "loop_edges", "from,to,value,capacity\na>c,b,1,1\n", "line 2, column from: expected"),
        ("suggest", "needs", "id,type,text\nn1,,\n", "line 2, column type: expected"),
        ("suggest", "needs", "id,type,start\nn1,mask,2026-13-01\n", "line 2, column start: expected"),
        ("suggest", "needs", "id,type,start\nn1,mask,0000-01-01\n", "line 2, column start: expected"),
        ("suggest", "needs", "id,type,quantity\nn1,mask,1e300\n", "line 2, column quantity: expected"),
        ("suggest", "needs", "id,type,x,y\nn1,mask,1e300,1\n", "line 2, column x: expected"),
        (
            "suggest",
            "needs",
            "id,type,start,end\nn1,mask,2026-02-01,2026-01-01\n",
            "line 2, column end: expected",
        ),
        ("suggest", "haves", "id,type\nh1,mask\nh1,mask\n", "line 3, column id: expected"),
        ("suggest", "haves", "id,type,quantity,unit\nh1,mask,1,alen\n", "line 2, column unit: expected"),
        ("suggest", "haves", "id,type,visibility\nh1,mask,secret\n", "line 2, column visibility: expected"),
        ("takers", "residuals", "id,text,ewc\nr1,mask,abc\n", "line 2, column ewc: expected 6 digits"),
        ("takers", "residuals", "id,text,lang\nr1,mask,sv\n", "line 2, column lang: expected one of da, en"),
    ],
)
def test_bad_input_is_told_in_one_line_and_leaves_no_file(
    desk: Desk, verb: str, name: str, content: str, where: str
) -> None:
    desk.write(name, content)
    before = sorted(desk.folder.iterdir())
    status, said, complaint = desk.run(verb)
    assert (status, said) == (2, "")
    assert complaint.startswith(f"{desk.path(name)}: {where}")
    assert complaint.count("\n") == 1
    assert sorted(desk.folder.iterdir()) == before


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["guess"],
        ["loops"],
        ["loops", "--edges", "e.csv", "--out", "o.csv", "--top", "0"],
        ["loops", "--edges", "e.csv", "--out", "o.csv", "--top", "99999999999"],
        ["loops", "--edges", "e.csv", "--out", "o.csv", "--max-length", "99"],
        ["compose", "--applicants", "a.csv", "--rules", "r.json", "--out", "o.csv", "--seconds", "nan"],
        ["pair", "--method", "fair"],
    ],
)
def test_a_command_that_is_wrong_is_told_in_one_line(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv, lambda: KNOWLEDGE) == 2
    assert capsys.readouterr().err.count("\n") == 1


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


@pytest.mark.parametrize("option", ["--nodes", "--out", "--curve"])
def test_a_name_that_no_file_can_have_is_told_in_one_line(desk: Desk, option: str) -> None:
    status, _, complaint = desk.run("allocate", option, str(desk.folder / ("a" * 300 + ".csv")))
    assert status == 2
    assert complaint.count("\n") == 1
    assert "aaa.csv: line 0" in complaint


def test_compose_leaves_out_columns_that_hold_no_text(desk: Desk) -> None:
    people = pl.DataFrame({"id": ["a1", "a2"], "years": [[1, 2], None], "photo": [b"\xff", None]})
    people = people.with_columns(pair=pl.struct("id"), years_and_more=pl.Series([[[1]], [[2]]]))
    people.write_parquet(desk.folder / "people.parquet")
    desk.write("rules", '{"size": 2, "cover": ["years"]}')
    status, said, complaint = desk.run("compose", "--applicants", str(desk.folder / "people.parquet"))
    assert (status, complaint) == (0, "")
    assert "objective=2 " in said


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], lambda: KNOWLEDGE) == 0
    assert "allocate" in capsys.readouterr().out


def test_an_output_folder_that_is_missing_is_named(desk: Desk) -> None:
    status, _, complaint = desk.run("loops", out="missing/out.csv")
    assert status == 2
    assert "missing/out.csv" in complaint


def test_knowledge_is_loaded_only_by_the_verbs_that_need_it(desk: Desk) -> None:
    def refuse() -> Knowledge:
        raise AssertionError("loaded")

    nodes, edges = desk.path("nodes"), desk.path("edges")
    out = desk.path("out")
    assert main(["allocate", "--nodes", str(nodes), "--edges", str(edges), "--out", str(out)], refuse) == 0


def test_rules_with_wildcards_print_who_they_are(desk: Desk) -> None:
    desk.write("rules", json.dumps({"size": 3, "quota": {"town": {"N": 1}}, "wildcards": 1}))
    assert desk.run("compose")[1].split()[-1] in {"wildcards=a1", "wildcards=a2"}


def test_loops_together_use_no_tonne_twice_and_are_proven_best(desk: Desk) -> None:
    desk.write("loop_edges", "from,to,value,capacity\na,b,3,10\nb,a,3,10\nb,c,4,10\nc,b,0,10\nc,a,2,10\n")
    assert desk.run("loops", "--together")[1].startswith(
        "status=optimal value=100.0 bound=100.0 gap=0.0 loops=2"
    )
    assert [(row["nodes"], row["flow"]) for row in desk.rows()] == [("a>b", "10.0"), ("b>c", "10.0")]
