# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How loops run: with a share of each of their links, and in whole loads where a listing moves in such.

A link of whole loads moves as many as its loop's share gives room for, and always one. So a loop with such links has a few
ways to run: at the shares where one of them fills its loads. The engine takes the ways that are worth most together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from brobygger.engine.loop_loads import Way, best_ways
from brobygger.market.services.network.amounts import MILLI
from brobygger.market.services.network.ring_links import Links

MOST_WAYS = 5_000
"""In one search, of loops with whole loads. With more, each gets as many as there is room for, the largest shares first."""
ROUNDED = 10 * MILLI
"""What shares that were rounded to whole kilos may come to beyond a limit."""


@dataclass(frozen=True, slots=True)
class Run:
    """A loop that runs with a share of its links (0..1), and what each of them moves then."""

    edges: list[int]
    share: float
    tonnes: tuple[Decimal, ...]


def part(links: Links, edges: list[int], share: float) -> Run:
    """The loop with a share of links that can be divided at will."""
    if share > 1 - 1e-6:
        return Run(edges, 1.0, tuple(links.most[edge] for edge in edges))
    at = Decimal(str(share))
    return Run(edges, share, tuple((links.most[edge] * at).quantize(MILLI) for edge in edges))


def ways_of(links: Links, edges: list[int]) -> list[Run]:
    """The ways for a loop to run, the least first; only all of it where it may run with any share."""
    loads = [links.loads(edge) for edge in edges]
    shares = {Fraction(some, n) for n in loads for some in range(1, n + 1)}
    least = max((Fraction(1, n) for n in loads if n), default=Fraction(1))
    return [_at(links, edges, share) for share in sorted(shares | {Fraction(1)}) if share >= least]


def _at(links: Links, edges: list[int], share: Fraction) -> Run:
    tonnes = []
    for edge in edges:
        n, most = links.loads(edge), links.most[edge]
        if n:
            tonnes.append(links.pairs[edge].lot * int(share * n))
        else:
            tonnes.append((most * share.numerator / share.denominator).quantize(MILLI, ROUND_DOWN))
    return Run(edges, float(share), tuple(tonnes))


class Left:
    """What is left of each link and each store beside the loops that run. Links come first, then stores."""

    def __init__(self, links: Links, running: Iterable[Run] = ()) -> None:
        self._links = links
        self.of = [*links.most, *(Decimal(str(store.amount)) for store in links.stores)]
        for run in running:
            self.take(run)

    def limits(self, edge: int) -> list[int]:
        """The numbers of what limits the link: itself, and the stores it draws on."""
        return [edge, *(len(self._links.edges) + store for store in self._links.stores_of[edge])]

    def on(self, edge: int) -> Decimal:
        """The tonnes that the link could still move."""
        return min(self.of[limit] for limit in self.limits(edge))

    def take(self, run: Run) -> None:
        for edge, tonnes in zip(run.edges, run.tonnes, strict=True):
            for limit in self.limits(edge):
                self.of[limit] -= tonnes

    def has(self, run: Run) -> bool:
        """Whether there is room for the run too."""
        return all(
            tonnes <= self.on(edge) + ROUNDED for edge, tonnes in zip(run.edges, run.tonnes, strict=True)
        )


def in_whole_loads(links: Links, loops: Sequence[list[int]], seconds: float) -> tuple[list[Run], bool]:
    """The loops that run side by side and are worth most, the best first, and whether no other choice among them is worth
    more."""
    whole = [any(links.loads(edge) for edge in edges) for edges in loops]
    room = max(MOST_WAYS // max(sum(whole), 1), 2)
    runs, ways, every = [], [], True
    left = Left(links)
    for number, edges in enumerate(loops):
        possible = ways_of(links, edges)
        every = every and len(possible) <= room
        for run in possible[-room:]:
            worth, takes = _worth(links, run), _takes(left, run)
            if worth > 0:
                runs.append(run)
                ways.append(Way(number, worth, takes, divisible=not whole[number]))
    chosen = best_ways(ways, [float(amount) for amount in left.of], seconds)
    wanted = [
        part(links, runs[place].edges, share) if ways[place].divisible else runs[place]
        for place, share in chosen.shares.items()
    ]
    running = _fitting(links, wanted, left)
    more = _filled(links, runs, running, left)
    proven = every and chosen.proven and len(running) == len(wanted) and not more
    return sorted([*running, *more], key=lambda run: -_worth(links, run)), proven


def _worth(links: Links, run: Run) -> float:
    return sum(
        float(tonnes / links.most[edge]) * links.edges[edge][2]
        for edge, tonnes in zip(run.edges, run.tonnes, strict=True)
    )


def _takes(left: Left, run: Run) -> dict[int, float]:
    """Of each limit. A loop comes to an organisation once, so no two of its links draw on one store."""
    return {
        limit: float(tonnes)
        for edge, tonnes in zip(run.edges, run.tonnes, strict=True)
        for limit in left.limits(edge)
    }


def _fitting(links: Links, wanted: Iterable[Run], left: Left) -> list[Run]:
    """Those that there is room for when tonnes are counted exactly. Takes them from what is left."""
    fitting = []
    for run in sorted(wanted, key=lambda run: -_worth(links, run)):
        if left.has(run):
            left.take(run)
            fitting.append(run)
    return fitting


def _filled(links: Links, runs: Iterable[Run], running: Iterable[Run], left: Left) -> list[Run]:
    """Loops that still fit, such as where the search was cut short. None is left standing still beside room for it."""
    taken = {tuple(run.edges) for run in running}
    added = []
    for run in sorted(runs, key=lambda run: -_worth(links, run)):
        if tuple(run.edges) not in taken and left.has(run):
            taken.add(tuple(run.edges))
            left.take(run)
            added.append(run)
    return added
