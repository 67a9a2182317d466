# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The engine's best plan for a network, what it proves, and which promises it could not keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from brobygger.engine import allocate
from brobygger.engine.allocate import Allocation, Edge, Node, keepable
from brobygger.market.models import NetworkRun
from brobygger.market.services.network.amounts import MILLI
from brobygger.market.services.network.problem import Pair, Problem

Goal = NetworkRun.Goal
TIE = 0.001
"""What a tonne of the most obvious pair is worth beyond its kroner (or kg CO2e): among plans of equal worth the more
obvious pairs are taken. Small enough that no plan loses more than this for each tonne."""
SECOND = 0.00001
"""What a krone counts beside kg CO2e, and a kg beside kroner: among plans of equal worth the one that gives more of the
other is taken. A kg is given up only for 100,000 kroner, a krone only for 100 tonnes of CO2e."""
EVEN = 1_000_000.0
"""What the whole network's most kroner, and its most CO2e, each count where both do."""
ROUNDING = 1e-6
KG = 1000.0


@dataclass(frozen=True, slots=True)
class Moved:
    """A pair that the plan uses, and its tonnes a year."""

    pair: Pair
    tonnes: Decimal


@dataclass(frozen=True, slots=True)
class Broken:
    """A listing that should move at least so many tonnes, and how many of them the plan could promise."""

    node: str
    asked: Decimal
    kept: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan, most valuable first, and what any other could be worth more at most (in the goal's unit)."""

    moved: list[Moved]
    worth: float
    gap: float
    proven: bool


class Network:
    """A problem as the engine's rows. What agreements and pins have taken is set aside: it moves in any plan.

    Promises that cannot all be kept are lowered, so that as many tonnes of them as possible are: see `broken`.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._gives, self._takes = problem.left()
        self.fixed = [float(pair.least) for pair in problem.pairs]
        self.nodes: list[Node] = []
        self.broken: list[Broken] = []
        wanted = [
            self._node(side, node, left[node], whole[node])
            for side, left, whole in (
                ("have", self._gives, problem.gives),
                ("need", self._takes, problem.takes),
            )
            for node in left
        ]
        least = self._kept(wanted)
        self.nodes = [node._replace(minimum=kept) for node, kept in zip(wanted, least, strict=True)]
        self.broken = [
            self._broken(node, kept)
            for node, kept in zip(wanted, least, strict=True)
            if kept < node.minimum - ROUNDING
        ]

    def _node(self, side: str, id_: str, left: Decimal, whole: Decimal) -> Node:
        promised = self.problem.promises.get(id_, Decimal(0))
        still = min(max(promised - (whole - left), Decimal(0)), left)
        return Node(id_, side, float(left), float(still))  # type: ignore[arg-type]

    def _kept(self, wanted: list[Node]) -> list[float]:
        if not any(node.minimum for node in wanted):
            return [0.0] * len(wanted)
        return keepable(wanted, self.edges([TIE] * len(self.problem.pairs)))

    def _broken(self, node: Node, kept: float) -> Broken:
        asked = self.problem.promises[node.id]
        short = Decimal(str(round(node.minimum - kept, 3)))
        return Broken(node.id, asked, max(asked - short, Decimal(0)))

    def edges(self, values: Sequence[float]) -> list[Edge]:
        """An edge for each pair, worth these figures a tonne and a little more where it is obvious."""
        return [
            Edge(str(pair.have), pair.other, round(value + TIE * pair.score, 6), None, 0.0, float(pair.lot))
            for pair, value in zip(self.problem.pairs, values, strict=True)
        ]

    def worth(self, name: str) -> list[float]:
        """What a tonne of each pair is worth; what is not known counts nothing, and is not a reason against."""
        return [float(getattr(pair, name) or 0.0) for pair in self.problem.pairs]

    def total(self, flows: Sequence[float], values: Sequence[float]) -> float:
        """What a plan is worth by these figures alone, with what was set aside. `flows`: beyond that, for each pair."""
        return sum(
            (fixed + flow) * value for fixed, flow, value in zip(self.fixed, flows, values, strict=True)
        )


def goal_values(network: Network, goal: str, price: float | None, seconds: float) -> list[float]:
    """What a tonne of each pair counts towards the goal. `price`: kroner for a tonne of CO2e, for `Goal.PRICE`."""
    dkk, co2e = network.worth("dkk"), network.worth("co2e_kg")
    if goal == Goal.DKK:
        return [one + SECOND * other for one, other in zip(dkk, co2e, strict=True)]
    if goal == Goal.CO2E:
        return [other + SECOND * one for one, other in zip(dkk, co2e, strict=True)]
    if goal == Goal.PRICE:
        return [one + (price or 0.0) / KG * other for one, other in zip(dkk, co2e, strict=True)]
    tops = [
        max(network.total(_solved(network, values, seconds)[0], values), ROUNDING) for values in (dkk, co2e)
    ]
    return [
        round(EVEN * 0.5 * (one / tops[0] + other / tops[1]), 6) for one, other in zip(dkk, co2e, strict=True)
    ]


def best_plan(network: Network, values: Sequence[float], seconds: float) -> Plan:
    """The plan worth most by these figures; among equals the most obvious pairs. `seconds`: see `allocate`."""
    flows, found = _solved(network, values, seconds)
    worth = network.total(flows, values)
    bound = found.bound + sum(f * v for f, v in zip(network.fixed, values, strict=True))
    slack = TIE * sum(flows) + ROUNDING * max(1.0, abs(worth))
    proven = found.status == "optimal" and bound - worth <= slack
    return Plan(_moved(network, flows, values), worth, max(0.0, bound - worth), proven)


def _solved(network: Network, values: Sequence[float], seconds: float) -> tuple[list[float], Allocation]:
    found = allocate(network.nodes, network.edges(values), seconds=seconds)
    flows = [0.0] * len(values)
    for flow in found.flows:
        flows[flow.edge] = flow.flow
    return flows, found


def _moved(network: Network, flows: Sequence[float], values: Sequence[float]) -> list[Moved]:
    """What each pair moves, the most valuable first."""
    rows = []
    for pair, flow, value in zip(network.problem.pairs, flows, values, strict=True):
        tonnes = pair.least + Decimal(str(round(flow, 3))).quantize(MILLI)
        if tonnes > 0:
            rows.append((-float(tonnes) * value, -tonnes, Moved(pair, tonnes)))
    rows.sort(key=lambda row: row[:2])
    return [row[2] for row in rows]
