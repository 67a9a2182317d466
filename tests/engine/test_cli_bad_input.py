# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is wrong on the command line or in a file is told in one line."""

from __future__ import annotations

import pytest

from brobygger.engine.cli import main
from tests.engine.desk import KNOWLEDGE, Desk


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


@pytest.mark.parametrize("option", ["--nodes", "--out", "--curve"])
def test_a_name_that_no_file_can_have_is_told_in_one_line(desk: Desk, option: str) -> None:
    status, _, complaint = desk.run("allocate", option, str(desk.folder / ("a" * 300 + ".csv")))
    assert status == 2
    assert complaint.count("\n") == 1
    assert "aaa.csv: line 0" in complaint


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], lambda: KNOWLEDGE) == 0
    assert "allocate" in capsys.readouterr().out


def test_an_output_folder_that_is_missing_is_named(desk: Desk) -> None:
    status, _, complaint = desk.run("loops", out="missing/out.csv")
    assert status == 2
    assert "missing/out.csv" in complaint
