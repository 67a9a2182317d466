# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What each verb writes and says on the command line."""

from __future__ import annotations

import json

import pytest

from brobygger.engine.cli import main
from brobygger.engine.facts import Knowledge
from tests.engine.desk import INPUTS, Desk


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
