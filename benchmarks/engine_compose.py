# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`compose` beside the same model in SCIP, both to proof. Run: ``python -m benchmarks.engine_compose``."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

from ortools.linear_solver import pywraplp

from benchmarks.report import record
from benchmarks.timing import UNIT, timed
from brobygger.engine import compose
from brobygger.engine.compose import Applicant

COVER = ("industry", "stage", "competence")


def applicants(n: int, seed: int = 1) -> list[Applicant]:
    """People from two municipalities with an industry, a stage and one to three competences."""
    rng = random.Random(seed)
    return [
        Applicant(
            f"a{i}",
            {
                "municipality": rng.choice(("Norddjurs", "Syddjurs")),
                "industry": f"i{rng.randrange(30)}",
                "stage": f"s{rng.randrange(5)}",
                "competence": ";".join(sorted({f"c{rng.randrange(80)}" for _ in range(rng.randint(1, 3))})),
            },
        )
        for i in range(n)
    ]


def rules(size: int) -> dict[str, Any]:
    """Half from each municipality, at most two of an industry, two rivals apart, one who must come."""
    half = [size // 2, size - size // 2]
    return {
        "size": size,
        "quota": {"municipality": {"Norddjurs": half, "Syddjurs": half}},
        "max_same": {"industry": 2},
        "apart": [["a1", "a7"]],
        "must": ["a3"],
        "cover": list(COVER),
    }


def by_scip(people: list[Applicant], size: int) -> int:
    """The same rules as a linear model with whole numbers."""
    solver = pywraplp.Solver.CreateSolver("SCIP")
    chosen = {p.id: solver.BoolVar(p.id) for p in people}
    having: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for person in people:
        for attribute, text in person.attributes.items():
            for value in text.split(";"):
                having[attribute, value].append(chosen[person.id])
    solver.Add(sum(chosen.values()) == size)
    solver.Add(chosen["a1"] + chosen["a7"] <= 1)
    solver.Add(chosen["a3"] == 1)
    reached = []
    for (attribute, _), some in having.items():
        if attribute == "municipality":
            solver.Add(sum(some) >= size // 2)
            solver.Add(sum(some) <= size - size // 2)
        else:
            reached.append(solver.BoolVar(""))
            solver.Add(reached[-1] <= sum(some))
        if attribute == "industry":
            solver.Add(sum(some) <= 2)
    solver.Maximize(sum(reached))
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return round(solver.Objective().Value())


def run() -> None:
    """A cohort of 25 of 60, and one of 40 of 500."""
    for size, n in ((25, 60), (40, 500)):
        people = applicants(n)
        ours, found = timed(lambda p=people, s=size: compose(p, rules(s)), repeat=2)
        theirs, optimum = timed(lambda p=people, s=size: by_scip(p, s), repeat=2)
        same = found.status == "optimal" and found.objective == optimum
        record("compose", f"{size} of {n}", ours, theirs, "SCIP", UNIT, same)


if __name__ == "__main__":
    run()
