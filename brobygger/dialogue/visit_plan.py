# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which firms to visit, by whom, and in which order: plain figures in, a plan out. Knows nothing of the database.

Distances are straight lines on ETRS89 / UTM 32N, in metres.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

DUE, PROMISING, PRIORITY = 0.6, 0.3, 0.1
"""What counts how much when the week's firms are chosen. Our own choice: being due most."""
UNKNOWN_PROMISE = 0.5
"""A firm that nobody has assessed may be anything."""
MOST_DUE = 1.5
"""Beyond one and a half times the agreed interval being later still counts no more. Never visited counts as this."""
LEAST_DUE = 0.25
"""A firm talked with more lately than a quarter of the interval is left in peace."""
AWAY = 0.15
"""What ten kilometres from the consultant's other visits of the week cost. Our own choice."""
TEN_KM = 10_000.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that may be visited. `promise`: 0 to 1 of its latest assessment; `days`: since the last talk."""

    key: int
    days: int | None
    promise: float | None = None
    priority: bool = False
    x: float | None = None
    y: float | None = None
    consultant: int | None = None
    """The only one who may visit it: its key account."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A firm of the plan and how much spoke for it."""

    candidate: Candidate
    score: float


def due(days: int | None, interval: int) -> float:
    """How due a talk is: 1 on the day it is to be offered, `MOST_DUE` when it never was. `interval`: days."""
    return MOST_DUE if days is None else min(MOST_DUE, days / interval)


def score(candidate: Candidate, interval: int) -> float:
    """How much speaks for visiting a firm, wherever it is: 0 to 1."""
    promise = UNKNOWN_PROMISE if candidate.promise is None else candidate.promise
    return (
        DUE * due(candidate.days, interval) / MOST_DUE + PROMISING * promise + PRIORITY * candidate.priority
    )


def plan(
    candidates: Sequence[Candidate], room: Mapping[int, int], *, interval: int
) -> dict[int, list[Chosen]]:
    """Consultant → the firms to visit, in the order of the route.

    Nobody gets more than their `room`, no firm goes to two, and a firm with a key account goes to that one or to nobody.
    The consultants choose in turns, so that nobody gets only what the others left: each time the firm that most speaks
    for, less what it costs to get there from those already chosen.
    """
    able = [found for found in candidates if due(found.days, interval) >= LEAST_DUE]
    unique = list({found.key: found for found in able}.values())
    choosing = _Choosing(unique, interval)
    chosen: dict[int, list[int]] = {who: [] for who in sorted(room)}
    open_for = [who for who in chosen if room[who] > 0]
    while open_for:
        for who in list(open_for):
            found = choosing.best_for(who, chosen[who])
            if found is None:
                open_for.remove(who)
                continue
            chosen[who].append(found)
            if len(chosen[who]) >= room[who]:
                open_for.remove(who)
    return {who: choosing.routed(places) for who, places in chosen.items() if places}


class _Choosing:
    """The candidates as columns, and which of them are still free."""

    def __init__(self, candidates: Sequence[Candidate], interval: int) -> None:
        self.candidates = candidates
        self.scores = numpy.array([score(found, interval) for found in candidates], dtype=float)
        self.x = numpy.array([_or_nan(found.x) for found in candidates], dtype=float)
        self.y = numpy.array([_or_nan(found.y) for found in candidates], dtype=float)
        self.bound = numpy.array([found.consultant or 0 for found in candidates], dtype=numpy.int64)
        self.free = numpy.ones(len(candidates), dtype=bool)
        self.apart: dict[int, NDArray[numpy.float64]] = {}

    def best_for(self, who: int, chosen: Sequence[int]) -> int | None:
        """The place of the best free candidate for one consultant; it is taken from then on."""
        mine = self.free & ((self.bound == 0) | (self.bound == who))
        if not mine.any():
            return None
        worth = self.scores.copy()
        if who in self.apart:
            worth -= AWAY * self.apart[who] / TEN_KM
        worth[~mine] = -numpy.inf
        place = int(worth.argmax())
        self.free[place] = False
        self._remember(who, place)
        return place

    def _remember(self, who: int, place: int) -> None:
        """How far every firm is from the nearest of the consultant's own; unknown places cost nothing."""
        if math.isnan(self.x[place]):
            return
        away = numpy.nan_to_num(numpy.hypot(self.x - self.x[place], self.y - self.y[place]), nan=0.0)
        self.apart[who] = numpy.minimum(self.apart[who], away) if who in self.apart else away

    def routed(self, places: Sequence[int]) -> list[Chosen]:
        points = [(float(self.x[place]), float(self.y[place])) for place in places]
        return [
            Chosen(self.candidates[places[at]], float(self.scores[places[at]])) for at in order_of(points)
        ]


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


# The route ----------------------------------------------------------------------------------------

Point = tuple[float, float]


def order_of(points: Sequence[Point]) -> list[int]:
    """An order in which to visit the points: nearest neighbour from every start, the shortest then bettered by 2-opt.

    The ends are free: a consultant comes from home and goes on to something else. Points without a place come last.
    """
    placed = [at for at, (x, y) in enumerate(points) if not (math.isnan(x) or math.isnan(y))]
    lost = [at for at in range(len(points)) if at not in set(placed)]
    if len(placed) < 3:
        return placed + lost
    routes = (nearest_first(points, placed, start) for start in placed)
    best = min(routes, key=lambda route: length(points, route))
    return two_opt(points, best) + lost


def nearest_first(points: Sequence[Point], placed: Sequence[int], start: int) -> list[int]:
    """From the start always to the nearest that is left."""
    route, left = [start], set(placed) - {start}
    while left:
        here = points[route[-1]]
        following = min(left, key=lambda at: (math.dist(here, points[at]), at))
        route.append(following)
        left.remove(following)
    return route


def two_opt(points: Sequence[Point], route: Sequence[int]) -> list[int]:
    """The route with pieces turned round for as long as that makes it shorter."""
    best, shorter = list(route), True
    while shorter:
        shorter = False
        for start in range(len(best) - 1):
            for end in range(start + 2, len(best) + 1):
                turned = best[:start] + best[start:end][::-1] + best[end:]
                if length(points, turned) < length(points, best) - 1e-6:
                    best, shorter = turned, True
    return best


def length(points: Sequence[Point], route: Sequence[int]) -> float:
    """Metres along the route, in straight lines; points without a place are left out."""
    known = [points[at] for at in route if not math.isnan(points[at][0])]
    return sum(math.dist(here, there) for here, there in zip(known, known[1:], strict=False))
