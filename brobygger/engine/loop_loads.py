# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which loops run side by side, and with how much, where what they carry goes in whole loads.

The linear programme of `loop_sets` may give each of two loops half a load, and half a load is none. Here each loop has a
few ways to run, each with its tonnes. A whole number of ways is taken, at most one for each loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

NOTHING = 1e-6


class Way(NamedTuple):
    """A way for a loop to run: what it is worth, and what it takes of each limit. `divisible`: any share of it may run."""

    loop: int
    value: float
    takes: Mapping[int, float]
    divisible: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The ways that run, with their shares (1 for those that are not divisible), and whether no choice is worth more."""

    shares: dict[int, float]
    proven: bool


def best_ways(ways: Sequence[Way], limits: Sequence[float], seconds: float) -> Choice:
    """The ways that are worth most together, where no limit is passed; the best found after so many seconds."""
    from ortools.linear_solver import pywraplp

    solver: Any = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(max(int(seconds * 1000), 1))
    rows = [solver.Constraint(0.0, float(limit)) for limit in limits]
    once: dict[int, Any] = {}
    runs = []
    for way in ways:
        run = solver.NumVar(0.0, 1.0, "") if way.divisible else solver.BoolVar("")
        solver.Objective().SetCoefficient(run, way.value)
        for limit, takes in way.takes.items():
            rows[limit].SetCoefficient(run, takes)
        if way.loop not in once:
            once[way.loop] = solver.Constraint(0.0, 1.0)
        once[way.loop].SetCoefficient(run, 1.0)
        runs.append(run)
    solver.Objective().SetMaximization()
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(exact.RELATIVE_MIP_GAP, 0.0)
    status = solver.Solve(exact)
    if status not in (solver.OPTIMAL, solver.FEASIBLE):
        return Choice({}, False)
    shares = {place: run.solution_value() for place, run in enumerate(runs)}
    return Choice(
        {
            place: min(share, 1.0) if ways[place].divisible else 1.0
            for place, share in shares.items()
            if share > (NOTHING if ways[place].divisible else 0.5)
        },
        status == solver.OPTIMAL,
    )
