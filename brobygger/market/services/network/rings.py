# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops that can run side by side without using the same tonnes, and those that have to give way to them.

A link is a pair of the problem, the most valuable one between two organisations, with all that it could move. A loop may
run with a share of each of its links (`ring_loads`: in whole loads where a listing moves in such). What two links draw on, a
listing's tonnes, is shared out by the engine; what agreements and pins have taken is theirs already.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from brobygger.engine.loop_sets import loops_together
from brobygger.engine.loops import loops as engine_loops
from brobygger.market.services.network.amounts import MILLI
from brobygger.market.services.network.problem import Pair, Problem
from brobygger.market.services.network.ring_links import Links
from brobygger.market.services.network.ring_loads import Left, Run, in_whole_loads, part, ways_of

LONGEST = 5
MOST_LOOPS = 2_000
"""So many loops are weighed in whole loads; where there are more, those of the best divided set and the most valuable."""
MOST_SHOWN = 10
MOST_GAVE_WAY = 5
LOOKED_AT = 100
"""So many of the most valuable loops are looked through for those that had to give way."""


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
    where none has.
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


def rings_of(problem: Problem, values: Sequence[float], seconds: float) -> Rings:
    """The best set of loops by these figures a tonne, and those that had to give way. `seconds`: the longest search."""
    links = Links(problem, values)
    if not links.edges:
        return Rings([], [], 0, True)
    found = [
        links.along(loop.nodes)
        for loop in engine_loops(links.edges, LONGEST, MOST_LOOPS + 1)
        if loop.value > 0 or any(links.loads(edge) for edge in links.along(loop.nodes))
    ]
    running, proven = _best(links, found, seconds)
    left = Left(links, running)
    together = [_ring(links, run, n, left, running) for n, run in enumerate(running, start=1)]
    return Rings(
        together[:MOST_SHOWN],
        _gave_way(links, found[:LOOKED_AT], running, left),
        len(together),
        proven and links.every,
    )


def _best(links: Links, found: Sequence[list[int]], seconds: float) -> tuple[list[Run], bool]:
    """What runs. A set in whole loads is the best of all only where all loops were looked at."""
    every = len(found) <= MOST_LOOPS
    looked_at = [edge for loop in found for edge in loop] if every else range(len(links.edges))
    loads = any(links.loads(edge) for edge in looked_at)
    if every and loads:
        return in_whole_loads(links, found, seconds)
    began = time.monotonic()
    best = loops_together(links.edges, LONGEST, links.stores, seconds / 2 if loads else seconds)
    loops = [links.along(loop.nodes) for loop in best.loops]
    if not loads:
        shares = [min(loop.flow, 1.0) for loop in best.loops]
        runs = [part(links, edges, share) for edges, share in zip(loops, shares, strict=True)]
        return [run for run in runs if all(run.tonnes)], best.status == "optimal"
    candidates = list({tuple(edges): edges for edges in [*loops, *found[:MOST_LOOPS]]}.values())
    spent = time.monotonic() - began
    return in_whole_loads(links, candidates, max(seconds - spent, seconds / 4))[0], False


def _holders(links: Links, running: Sequence[Run], edge: int, own: int = 0) -> list[int]:
    """The numbers of the other loops that have tonnes of the link, or of what it draws on."""
    drawn = set(links.stores_of[edge])
    return [
        number
        for number, run in enumerate(running, start=1)
        if number != own and any(one == edge or drawn & set(links.stores_of[one]) for one in run.edges)
    ]


def _rows(links: Links, edges: Sequence[int], tonnes: Sequence[Decimal]) -> tuple[Link, ...]:
    return tuple(
        Link(links.pairs[edge], links.most[edge], moved) for edge, moved in zip(edges, tonnes, strict=True)
    )


def _ring(links: Links, run: Run, number: int, left: Left, running: Sequence[Run]) -> Ring:
    rows = _rows(links, run.edges, run.tonnes)
    if run.share == 1.0:
        return Ring(rows, 1.0)
    full = [
        place
        for place, (edge, more) in enumerate(zip(run.edges, _next(links, run), strict=True))
        if left.on(edge) < more
    ]
    return Ring(
        rows, run.share, {place: _holders(links, running, run.edges[place], number) for place in full}
    )


def _next(links: Links, run: Run) -> list[Decimal]:
    """What each link lacks for the loop to run with a little more."""
    if not any(links.loads(edge) for edge in run.edges):
        return [2 * MILLI] * len(run.edges)
    more = next(way for way in ways_of(links, run.edges) if way.share > run.share)
    return [after - now for after, now in zip(more.tonnes, run.tonnes, strict=True)]


def _gave_way(links: Links, found: Sequence[list[int]], running: Sequence[Run], left: Left) -> list[Ring]:
    """The most valuable loops that are not in the set, with all they could move alone, and what stands in their way."""
    taken = {tuple(run.edges) for run in running}
    rows = []
    for edges in found:
        most = [links.most[edge] for edge in edges]
        if tuple(edges) in taken or sum(links.edges[edge][2] for edge in edges) <= 0:
            continue
        least = ways_of(links, edges)[0].tonnes
        divisible = not any(links.loads(edge) for edge in edges)
        wanted = [2 * MILLI] * len(edges) if divisible else least
        full = [place for place, edge in enumerate(edges) if left.on(edge) < wanted[place]]
        if not full:
            tight = min(left.on(edge) / links.most[edge] for edge in edges)
            full = [place for place, edge in enumerate(edges) if left.on(edge) <= tight * links.most[edge]]
        rows.append(
            Ring(
                _rows(links, edges, most),
                0.0,
                {place: _holders(links, running, edges[place]) for place in full},
            )
        )
        if len(rows) == MOST_GAVE_WAY:
            break
    return rows
