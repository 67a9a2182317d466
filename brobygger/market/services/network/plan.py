# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The engine's best plan for a network, and the plans between most kroner and most CO2e."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from brobygger.engine import allocate
from brobygger.engine.allocate import Allocation, Edge, Node
from brobygger.market.models import NetworkRun
from brobygger.market.services.network.problem import MILLI, Pair, Problem

Goal = NetworkRun.Goal
STEPS = 10
"""So many steps from most kroner to most CO2e."""
TIE = 0.001
"""What a tonne of the most obvious pair is worth beyond its kroner (or kg CO2e): among plans of equal worth the more
obvious pairs are taken. Small enough that no plan loses more than this for each tonne."""
EVEN = 1_000_000.0
"""What the whole network's most kroner, and its most CO2e, each count where both do."""
ROUNDING = 1e-6
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """A pair that the plan uses, and its tonnes a year."""

    pair: Pair
    tonnes: Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """A plan between the two goals: what it moves and is worth, as far as that is known."""

    tonnes: float
    dkk: float
    co2e_kg: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan, what any other could be worth more at most (in the goal's unit), and the curve."""

    moved: list[Moved]
    worth: float
    gap: float
    proven: bool
    curve: list[Point]


def best_plan(problem: Problem, goal: str, progress: Progress | None = None) -> Plan:
    """Most kroner, most CO2e, or as much of both; among equals the most obvious pairs."""
    total = STEPS + 2
    said = progress or (lambda done, total: None)
    weights: list[Sequence[float]] = [_worth(problem, "dkk"), _worth(problem, "co2e_kg")]
    most = [_solved(problem, values) for values in weights]
    said(2, total)
    tops = [max(_total(found, values), ROUNDING) for found, values in zip(most, weights, strict=True)]
    plans = {STEPS: most[0], 0: most[1]}
    for step in range(1, STEPS):
        plans[step] = _solved(problem, _mixed(weights, tops, step / STEPS))
        said(step + 2, total)
    chosen = {Goal.DKK: STEPS, Goal.CO2E: 0, Goal.BOTH: STEPS // 2}[Goal(goal)]
    values = {Goal.DKK: weights[0], Goal.CO2E: weights[1]}.get(Goal(goal)) or _mixed(weights, tops, 0.5)
    found = plans[chosen]
    said(total, total)
    return Plan(
        moved=_moved(problem, found),
        worth=_total(found, values),
        gap=max(0.0, found.bound - _total(found, values)),
        proven=_is_proven(found, values),
        curve=_curve([_point(plan, weights) for _step, plan in sorted(plans.items())]),
    )


def _worth(problem: Problem, name: str) -> list[float]:
    """What a tonne of each pair is worth; what is not known counts nothing, and is not a reason against."""
    return [float(getattr(pair, name) or 0.0) for pair in problem.pairs]


def _mixed(weights: Sequence[Sequence[float]], tops: Sequence[float], share: float) -> list[float]:
    """A share of the most kroner, and the rest of the most CO2e, in one figure per tonne."""
    return [
        round(EVEN * (share * dkk / tops[0] + (1.0 - share) * co2e / tops[1]), 6)
        for dkk, co2e in zip(*weights, strict=True)
    ]


def _solved(problem: Problem, values: Sequence[float]) -> Allocation:
    nodes = [Node(id_, "have", float(amount)) for id_, amount in problem.gives.items()]
    nodes += [Node(id_, "need", float(amount)) for id_, amount in problem.takes.items()]
    edges = [
        Edge(str(pair.have), pair.other, round(value + TIE * pair.score, 6), None, float(pair.least))
        for pair, value in zip(problem.pairs, values, strict=True)
    ]
    return allocate(nodes, edges)


def _total(found: Allocation, values: Sequence[float]) -> float:
    """What the plan is worth by these figures alone, without what decides between equals."""
    return sum(flow.flow * values[flow.edge] for flow in found.flows)


def _is_proven(found: Allocation, values: Sequence[float]) -> bool:
    """Whether no plan can be worth more, but for what decides between equals."""
    worth = _total(found, values)
    slack = TIE * sum(flow.flow for flow in found.flows) + ROUNDING * max(1.0, abs(worth))
    return found.status == "optimal" and found.bound - worth <= slack


def _moved(problem: Problem, found: Allocation) -> list[Moved]:
    rows = [
        Moved(problem.pairs[flow.edge], Decimal(str(round(flow.flow, 3))).quantize(MILLI))
        for flow in found.flows
    ]
    return [row for row in rows if row.tonnes > 0]


def _point(found: Allocation, weights: Sequence[Sequence[float]]) -> Point:
    return Point(
        round(sum(flow.flow for flow in found.flows), 3),
        round(_total(found, weights[0]), 2),
        round(_total(found, weights[1]), 3),
    )


def _curve(points: Sequence[Point]) -> list[Point]:
    """From most CO2e to most kroner, each point once, without those that another beats in both."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: (p.dkk, p.co2e_kg), reverse=True):
        if not kept or point.co2e_kg > kept[-1].co2e_kg + max(1.0, ROUNDING * abs(kept[-1].co2e_kg)):
            kept.append(point)
    return kept[::-1]
