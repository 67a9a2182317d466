# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which loops run side by side, and with how much, where what they carry goes in whole loads.

The linear programme of `loop_sets` may give each of two loops half a load, and half a load is none. Here each loop has a
few ways to run, each with its tonnes. A whole number of ways is taken, at most one for each loop.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

NOTHING = 1e-6
MOST_SEARCHED = 600
"""Ways that a search in whole loads looks at, when the programme without them has told which earn most."""


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
    """The ways that are worth most together, where no limit is passed; the best found after about so many seconds.

    When shares of all ways are allowed, a linear programme tells what no choice exceeds, and for each way how much less any
    choice with it is worth at least. The search looks at those that lose least; the others are ruled out where that proves it.
    """
    began = time.monotonic()
    divided = _Programme("GLOP", ways, limits, seconds, range(len(ways)))
    if not ways or divided.solve() != divided.solver.OPTIMAL:
        return Choice({}, not ways)
    bound, loses = divided.solver.Objective().Value(), divided.loses()
    order = sorted(range(len(ways)), key=lambda place: -loses[place])
    looked_at, rest = order[:MOST_SEARCHED], order[MOST_SEARCHED:]
    search = _Programme("SCIP", ways, limits, max(seconds - (time.monotonic() - began), 0.1), looked_at)
    status = search.solve()
    if status not in (search.solver.OPTIMAL, search.solver.FEASIBLE):
        return Choice({}, False)
    value = search.solver.Objective().Value()
    near = NOTHING * max(abs(bound), 1.0)
    among = status == search.solver.OPTIMAL and (not rest or bound + loses[rest[0]] <= value + near)
    return Choice(search.shares(), among or value >= bound - near)


class _Programme:
    """The ways at these places as variables, in whole numbers where the solver knows them."""

    def __init__(
        self, kind: str, ways: Sequence[Way], limits: Sequence[float], seconds: float, places: Iterable[int]
    ) -> None:
        from ortools.linear_solver import pywraplp

        self._exact = pywraplp.MPSolverParameters()
        self._exact.SetDoubleParam(self._exact.RELATIVE_MIP_GAP, 0.0)
        self._ways = ways
        self.solver: Any = pywraplp.Solver.CreateSolver(kind)
        self.solver.SetTimeLimit(max(int(seconds * 1000), 1))
        self.solver.Objective().SetMaximization()
        rows = [self.solver.Constraint(0.0, float(limit)) for limit in limits]
        once: dict[int, Any] = {}
        self._runs: dict[int, Any] = {}
        for place in places:
            way, whole = ways[place], kind == "SCIP" and not ways[place].divisible
            run = self.solver.BoolVar("") if whole else self.solver.NumVar(0.0, self.solver.infinity(), "")
            self.solver.Objective().SetCoefficient(run, way.value)
            for limit, takes in way.takes.items():
                rows[limit].SetCoefficient(run, takes)
            if way.loop not in once:
                once[way.loop] = self.solver.Constraint(0.0, 1.0)
            once[way.loop].SetCoefficient(run, 1.0)
            self._runs[place] = run

    def solve(self) -> int:
        return int(self.solver.Solve(self._exact))

    def loses(self) -> list[float]:
        """For each way, 0 or what the best set loses (below 0) where all of it must be in."""
        return [min(self._runs[place].reduced_cost(), 0.0) for place in range(len(self._ways))]

    def shares(self) -> dict[int, float]:
        """Of the ways that run."""
        shares: dict[int, float] = {}
        for place, run in self._runs.items():
            share, divisible = run.solution_value(), self._ways[place].divisible
            if share > (NOTHING if divisible else 0.5):
                shares[place] = min(share, 1.0) if divisible else 1.0
        return shares
