# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The plans between most CO2e and most kroner that no other beats in both, each with the price of CO2e that picks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from brobygger.engine.allocate import TradeOff, trade_off
from brobygger.market.services.network.plan import KG, ROUNDING, TIE, Network

MOST_PLANS = 12
"""Plans on the curve. More say no more in a picture, and each costs as much as the plan itself."""
MOST_ASKED = 2 * MOST_PLANS
"""About so many are asked for, until it is known that there is nothing between two."""


@dataclass(frozen=True, slots=True)
class Point:
    """A plan of the curve: what it moves and is worth, as far as that is known.

    It is the best one when a tonne of CO2e counts between `from_price` and `to_price` kroner (None: however much more).
    """

    tonnes: float
    dkk: float
    co2e_kg: float
    from_price: float
    to_price: float | None


def curve(network: Network, seconds: float, said: Callable[[int], None] | None = None) -> list[Point]:
    """From most CO2e to most kroner, each plan once.

    `seconds`: the longest search for each where deliveries go in whole loads. `said`: told how many plans have been
    looked at.
    """
    dkk, co2e = network.worth("dkk"), network.worth("co2e_kg")
    second = [
        round(value + TIE * pair.score, 6) for value, pair in zip(co2e, network.problem.pairs, strict=True)
    ]
    plans = trade_off(network.nodes, network.edges(dkk), second, MOST_PLANS, seconds=seconds, said=said)
    prices: list[float | None] = [KG * plan.price for plan in plans]
    points = [
        _point(network, plan, (dkk, co2e), KG * plan.price, until)
        for plan, until in zip(plans, [*prices[1:], None], strict=True)
    ]
    return _apart(points)[::-1]


def _point(
    network: Network,
    plan: TradeOff,
    worth: tuple[Sequence[float], Sequence[float]],
    low: float,
    high: float | None,
) -> Point:
    return Point(
        round(sum(network.fixed) + sum(plan.flows), 3),
        round(network.total(plan.flows, worth[0]), 2),
        round(network.total(plan.flows, worth[1]), 3),
        low,
        high,
    )


def _apart(points: Sequence[Point]) -> list[Point]:
    """Those that differ by more than a kilogram of CO2e: what decides between equals makes no plan of its own."""
    kept: list[Point] = []
    for point in points:
        near = kept and point.co2e_kg <= kept[-1].co2e_kg + max(1.0, ROUNDING * abs(kept[-1].co2e_kg))
        if near:
            kept[-1] = replace(kept[-1], to_price=point.to_price)
        else:
            kept.append(point)
    return kept


def price_within(point: Point) -> float:
    """A price of a tonne of CO2e, in kroner, at which the point's plan is the best."""
    if point.to_price is None:
        return 2.0 * point.from_price
    return (point.from_price + point.to_price) / 2.0
