# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two currencies of value at once, kroner and CO2e: the plans that no other plan beats in both.

A plan that is best at some price of the second currency is a corner of the curve. Between two corners there is another one
if, at the price at which the two are worth the same, some plan is worth more; so all of them are found by asking at
those prices alone (Aneja and Nair 1979, "Bicriteria transportation problem"). Between two corners lie their mixtures;
with whole lots also plans that no price picks out, which the curve does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from brobygger.engine.flow import LONGEST_SEARCH, Floats, Network, optimum

MOST_POINTS = 200
NEAR = 1e-9
"""Plans closer than this share of the whole curve are one."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A plan of the curve: its worth in both currencies, what it carries on each edge, and the `price` of one unit of the
    second from which on it is better than the corner before it (0 for the first)."""

    first: float
    second: float
    flow: Floats
    price: float = 0.0


def corners(
    network: Network,
    second: Floats,
    most: int = MOST_POINTS,
    seconds: float = LONGEST_SEARCH,
    said: Callable[[int], None] | None = None,
) -> list[Corner]:
    """The curve from most of the first currency (the network's `value`) to most of the second, at most so many corners.

    `second`: what a unit on each edge is worth in the second currency. Minimums that clash: see `flow.optimum`; then an
    empty list. Where there are more corners than `most`, the widest gaps are filled first. `seconds`: the longest search
    for each plan in whole lots. `said` is called with the number of plans looked at.
    """
    asked = 0

    def at(price: float, share: float = 1.0) -> Corner | None:
        nonlocal asked
        found = optimum(replace(network, value=share * network.value + price * second), seconds)
        asked += 1
        if said is not None:
            said(asked)
        if len(found.missing):
            return None
        flow = found.flow
        return Corner(float(np.sum(flow * network.value)), float(np.sum(flow * second)), flow)

    ends = at(0.0), at(1.0, 0.0)
    if ends[0] is None or ends[1] is None:
        return []
    found = [ends[0], ends[1]]
    wide = max(abs(ends[0].first - ends[1].first), 1e-300)
    high = max(abs(ends[0].second - ends[1].second), 1e-300)
    open_ = [(ends[0], ends[1])]
    while open_ and len(found) < most:
        open_.sort(key=lambda pair: _area(pair[0], pair[1], wide, high))
        left, right = open_.pop()
        lost, won = left.first - right.first, right.second - left.second
        if lost <= NEAR * wide or won <= NEAR * high:
            continue
        between = at(lost / won)
        if between is None or not _beyond(between, left, right, wide, high):
            continue
        found.append(between)
        open_ += [(left, between), (between, right)]
    return _priced(_unbeaten(found, wide, high))


def _area(left: Corner, right: Corner, wide: float, high: float) -> float:
    return (left.first - right.first) / wide * (right.second - left.second) / high


def _beyond(corner: Corner, left: Corner, right: Corner, wide: float, high: float) -> bool:
    """Whether the corner lies beyond the line from left to right."""
    along = (left.first - right.first) / wide, (right.second - left.second) / high
    rise = (corner.first - left.first) / wide * along[1] + (corner.second - left.second) / high * along[0]
    return rise > NEAR


def _unbeaten(found: Iterable[Corner], wide: float, high: float) -> list[Corner]:
    """By falling first currency, without those that another is as good as in both."""
    kept: list[Corner] = []
    for corner in sorted(found, key=lambda c: (-c.first, -c.second)):
        if kept and corner.second <= kept[-1].second + NEAR * high:
            continue
        if kept and kept[-1].first - corner.first <= NEAR * wide:
            kept.pop()
        kept.append(corner)
    return kept


def _priced(kept: list[Corner]) -> list[Corner]:
    priced = kept[:1]
    for before, corner in zip(kept, kept[1:], strict=False):
        price = (before.first - corner.first) / (corner.second - before.second)
        priced.append(replace(corner, price=price))
    return priced
