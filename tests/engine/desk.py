# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A folder with an input file for every verb of the command line."""

from __future__ import annotations

import csv
from pathlib import Path

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
