# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops that can run side by side without using the same tonnes, and those that have to give way to them.

A link is a pair of the problem, the most valuable one between two organisations, with all that it could move. A loop may
run with a share of each of its links. What two links draw on, a listing's tonnes, is shared out by the engine
(`loops_together`); what agreements and pins have taken is theirs already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from brobygger.engine.loop_sets import Store, loops_together
from brobygger.engine.loops import loops as engine_loops
from brobygger.market.services.network.amounts import MILLI, in_whole_lots
from brobygger.market.services.network.plan import TIE
from brobygger.market.services.network.problem import Pair, Problem

LONGEST = 5
MOST_LINKS = 4_000
"""Of the most valuable. With more, a dense network's best set of loops takes minutes."""
MOST_SHOWN = 10
MOST_GAVE_WAY = 5
LOOKED_AT = 100
"""So many of the most valuable loops are looked through for those that had to give way."""
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Link:
    """A pair in a loop. `most` is what it could move, `tonnes` what it moves in this loop."""

    pair: Pair
    most: Decimal
    tonnes: Decimal


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed loop. `share`: how much of its links it runs with (0..1); `in_the_way`: why it is less than all.

    Keys of `in_the_way` are places of links, values the numbers (from 1) of the loops that have the tonnes; an empty list
    where none has, such as where not even one whole load is left.
    """

    links: tuple[Link, ...]
    share: float
    in_the_way: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rings:
    """The best set, and the best of those that are not in it. `count`: how many the set has in all."""

    together: list[Ring]
    gave_way: list[Ring]
    count: int
    proven: bool


class _Links:
    """The links as the engine's edges, and the listings that several of them draw on as its stores."""

    def __init__(self, problem: Problem, values: Sequence[float]) -> None:
        gives, takes = problem.left()
        best: dict[tuple[int, int], tuple[float, Pair, Decimal]] = {}
        for pair, value in zip(problem.pairs, values, strict=True):
            left = min(gives[str(pair.have)], takes[pair.other])
            most = pair.least or in_whole_lots(left, pair.lot)
            worth = float(most) * (value + TIE * pair.score)
            ends = (pair.giver, pair.taker)
            if most > 0 and pair.giver != pair.taker and (ends not in best or worth > best[ends][0]):
                best[ends] = (worth, pair, most)
        chosen = sorted(best.values(), key=lambda row: -row[0])[:MOST_LINKS]
        self.pairs = [pair for _worth, pair, _most in chosen]
        self.most = [most for _worth, _pair, most in chosen]
        self.edges = [(str(pair.giver), str(pair.taker), worth, 1.0) for worth, pair, _most in chosen]
        self.number = {edge[:2]: n for n, edge in enumerate(self.edges)}
        self.stores = self._stores(gives, takes)
        self.stores_of: list[list[int]] = [[] for _ in self.edges]
        for n, store in enumerate(self.stores):
            for edge in store.edges:
                self.stores_of[edge].append(n)

    def _stores(self, gives: dict[str, Decimal], takes: dict[str, Decimal]) -> list[Store]:
        drawn: dict[tuple[str, str], list[int]] = {}
        for n, pair in enumerate(self.pairs):
            if not pair.least:
                drawn.setdefault(("give", str(pair.have)), []).append(n)
                drawn.setdefault(("take", pair.other), []).append(n)
        stores = []
        for (side, node), edges in drawn.items():
            amount = float((gives if side == "give" else takes)[node])
            tonnes = [float(self.most[n]) for n in edges]
            if sum(tonnes) > amount:
                stores.append(Store(amount, edges, tonnes))
        return stores

    def along(self, nodes: Sequence[str]) -> list[int]:
        """The links of a loop through these organisations."""
        return [self.number[ends] for ends in zip(nodes, [*nodes[1:], nodes[0]], strict=True)]


def rings_of(problem: Problem, values: Sequence[float], seconds: float) -> Rings:
    """The best set of loops by these figures a tonne, and those that had to give way. `seconds`: the longest search."""
    links = _Links(problem, values)
    if not links.edges:
        return Rings([], [], 0, True)
    best = loops_together(links.edges, LONGEST, links.stores, seconds)
    running = [(links.along(loop.nodes), min(loop.flow, 1.0)) for loop in best.loops]
    running = [(edges, share) for edges, share in running if _fills_a_load(links, edges, share)]
    use = _Use(links, running)
    together = [_ring(links, edges, share, use, own=n) for n, (edges, share) in enumerate(running, start=1)]
    return Rings(
        together[:MOST_SHOWN],
        _gave_way(links, running, use),
        len(together),
        best.status == "optimal",
    )


def _fills_a_load(links: _Links, edges: Sequence[int], share: float) -> bool:
    return all(_part(links, edge, share) > 0 for edge in edges)


def _part(links: _Links, edge: int, share: float) -> Decimal:
    """That share of what the link could move, in whole loads."""
    pair, most = links.pairs[edge], links.most[edge]
    tonnes = most if share > 1 - NOTHING else (most * Decimal(str(share))).quantize(MILLI)
    return in_whole_lots(tonnes, pair.lot) if not pair.least else tonnes


class _Use:
    """How much of each link and each store the loops that run have taken, and which loops they are."""

    def __init__(self, links: _Links, running: Sequence[tuple[list[int], float]]) -> None:
        self._links = links
        self.of_link = [0.0] * len(links.edges)
        self.of_store = [0.0] * len(links.stores)
        self.by_link: list[list[int]] = [[] for _ in links.edges]
        self.by_store: list[list[int]] = [[] for _ in links.stores]
        for number, (edges, share) in enumerate(running, start=1):
            for edge in edges:
                self.of_link[edge] += share
                self.by_link[edge].append(number)
                for store in links.stores_of[edge]:
                    self.of_store[store] += share * float(links.most[edge])
                    self.by_store[store].append(number)

    def left(self, edge: int) -> float:
        """The share of the link that is still free."""
        most = float(self._links.most[edge])
        free = [1.0 - self.of_link[edge]]
        free += [
            (self._links.stores[store].amount - self.of_store[store]) / most
            for store in self._links.stores_of[edge]
        ]
        return min(free)

    def holders(self, edge: int, own: int) -> list[int]:
        """The numbers of the other loops that have the link's tonnes."""
        found = set(self.by_link[edge])
        for store in self._links.stores_of[edge]:
            found.update(self.by_store[store])
        return sorted(found - {own})


def _ring(links: _Links, edges: Sequence[int], share: float, use: _Use, own: int = 0) -> Ring:
    rows = tuple(Link(links.pairs[edge], links.most[edge], _part(links, edge, share)) for edge in edges)
    if share > 1 - NOTHING:
        return Ring(rows, 1.0)
    full = [place for place, edge in enumerate(edges) if use.left(edge) < NOTHING]
    return Ring(rows, share, {place: use.holders(edges[place], own) for place in full})


def _gave_way(links: _Links, running: Sequence[tuple[list[int], float]], use: _Use) -> list[Ring]:
    """The most valuable loops that are not in the set, with all they could move alone, and what stands in their way."""
    taken = {tuple(edges) for edges, _share in running}
    found = []
    for loop in engine_loops(links.edges, LONGEST, LOOKED_AT):
        edges = links.along(loop.nodes)
        if loop.value <= 0 or tuple(edges) in taken:
            continue
        rows = tuple(Link(links.pairs[edge], links.most[edge], links.most[edge]) for edge in edges)
        tight = min(use.left(edge) for edge in edges)
        full = [place for place, edge in enumerate(edges) if use.left(edge) <= max(tight, 0.0) + NOTHING]
        found.append(Ring(rows, 0.0, {place: use.holders(edges[place], 0) for place in full}))
        if len(found) == MOST_GAVE_WAY:
            break
    return found
