# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What moved and what it is worth: for one match, and for an operator in a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from brobygger.base.indicators import Period
from brobygger.engine.units import UnknownUnit, convert
from brobygger.knowledge import load, resource_types
from brobygger.knowledge.factors import Worth, factor_for
from brobygger.knowledge.industries import to_nace2
from brobygger.market.models import Delivery, Match, Outcome

BY_PRICE, BY_FACTOR = "price", "factor"
ORE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Value:
    """What a quantity is worth. None is unknown, never zero.

    `dkk`: by the agreed price where there is one, else by the shipped factor (`how` says which).
    `co2e_kg`: by the shipped factor. Both grow in proportion to the quantity.
    """

    dkk: Decimal | None
    how: str
    co2e_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What moved, summed. `unweighed` counts deliveries whose tonnes nobody can know; `unvalued` those without a
    figure in kroner; `unrated` those without one in CO2e."""

    deliveries: int
    tonnes: Decimal
    dkk: Decimal
    co2e_kg: Decimal
    unweighed: int
    unvalued: int
    unrated: int


@dataclass(frozen=True, slots=True)
class Month:
    """What moved in a calendar month, in one unit. `tonnes` is None where any of it could not be weighed."""

    start: date
    unit: str
    quantity: Decimal
    tonnes: Decimal | None
    deliveries: int


@lru_cache(maxsize=4096)
def factors(resource_type: str, need_type: str = "", taker_industry: str = "") -> Worth:
    """The shipped figures per tonne of a resource type that serves such a need in such an industry, with their sources."""
    return factor_for(load(), resource_type, need_type, to_nace2(taker_industry) or "")


def factors_of(match: Match) -> Worth:
    """The shipped figures per tonne of what moves in the match."""
    need_type = match.need.resource_type if match.need else ""
    return factors(match.have.resource_type, need_type, match.taker.industry)


def value_of(
    quantity: Decimal,
    unit: str,
    tonnes: Decimal | None,
    *,
    price: Decimal | None,
    priced_unit: str,
    resource_type: str,
    known: Worth,
) -> Value:
    """What a delivered quantity is worth by the `known` factors; see `Value`."""
    co2e = _times(tonnes, known.kg_co2e)
    paid = _paid(quantity, unit, price, priced_unit, resource_type)
    if paid is not None:
        return Value(paid, BY_PRICE, co2e)
    saved = _times(tonnes, known.dkk)
    return Value(saved, BY_FACTOR if saved is not None else "", co2e)


def _paid(
    quantity: Decimal, unit: str, price: Decimal | None, priced_unit: str, resource_type: str
) -> Decimal | None:
    """Price times quantity, in the unit that the price is for. A price of nought is no price: what is given away may
    still be worth something."""
    if not price or not priced_unit:
        return None
    node = resource_types().get(resource_type)
    try:
        priced = convert(quantity, unit, priced_unit, density=node.density if node else None)
    except UnknownUnit:
        return None
    return None if priced is None else (priced * price).quantize(ORE, ROUND_HALF_UP)


def _times(tonnes: Decimal | None, per_tonne: float | None) -> Decimal | None:
    if tonnes is None or per_tonne is None:
        return None
    return (tonnes * Decimal(str(per_tonne))).quantize(ORE, ROUND_HALF_UP)


def branch_of(resource_type: str) -> list[str]:
    """A resource type and everything below it."""
    return [resource_type, *load().descendants(resource_type)]


def matches_of(operator: Any) -> QuerySet[Match]:
    """An operator's matches, confidential ones too."""
    return Match.objects.filter(operator=operator)


def deliveries_in(period: Period, matches: QuerySet[Match]) -> QuerySet[Delivery]:
    """Deliveries of these matches on the days of the period."""
    return Delivery.objects.filter(on__range=(period.start, period.end), agreement__match__in=matches)


def outcomes_in(period: Period, matches: QuerySet[Match]) -> QuerySet[Outcome]:
    """Reported outcomes of these matches on the days of the period."""
    return Outcome.objects.filter(on__range=(period.start, period.end), match__in=matches)


_USE = (
    "agreement__match__have__resource_type",
    "agreement__match__need__resource_type",
    "agreement__match__taker__industry",
)
_GROUP = (
    *_USE,
    "agreement__price",
    "agreement__unit",
    "unit",
)


def totals(deliveries: QuerySet[Delivery]) -> Totals:
    """Sums over deliveries, computed from one grouped query: value is proportional to quantity within a group."""
    rows = (
        deliveries.order_by()
        .values(*_GROUP)
        .annotate(
            quantity_sum=Sum("quantity"),
            tonnes_sum=Sum("tonnes"),
            count=Count("pk"),
            weighed=Count("tonnes"),
        )
    )
    return _add_up(rows)


def _add_up(rows: Iterable[dict[str, Any]]) -> Totals:
    tonnes = dkk = co2e = Decimal(0)
    count = unweighed = unvalued = unrated = 0
    for row in rows:
        group = row["count"]
        count += group
        unweighed += group - row["weighed"]
        tonnes += row["tonnes_sum"] or 0
        value = value_of(
            row["quantity_sum"],
            row["unit"],
            row["tonnes_sum"],
            price=row["agreement__price"],
            priced_unit=row["agreement__unit"],
            resource_type=row["agreement__match__have__resource_type"],
            known=factors(*(row[name] or "" for name in _USE)),
        )
        dkk += value.dkk or 0
        co2e += value.co2e_kg or 0
        unvalued += group if value.dkk is None else 0
        unrated += group if value.co2e_kg is None else 0
    return Totals(count, tonnes, dkk, co2e, unweighed, unvalued, unrated)


def months_of(match: Match, most: int = 24) -> list[Month]:
    """What moved each month, the newest first; a row for each unit."""
    rows = (
        Delivery.objects.filter(agreement__match=match)
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values("month", "unit")
        .annotate(
            quantity_sum=Sum("quantity"), tonnes_sum=Sum("tonnes"), count=Count("pk"), weighed=Count("tonnes")
        )
        .order_by("-month", "unit")[:most]
    )
    return [
        Month(
            row["month"],
            row["unit"],
            row["quantity_sum"],
            row["tonnes_sum"] if row["weighed"] == row["count"] else None,
            row["count"],
        )
        for row in rows
    ]


def chart_of(months: list[Month], unit_name: str, title: str) -> dict[str, Any] | None:
    """A bar chart of the months (an ECharts option), oldest first; None where less than two months can be drawn.

    In tonnes of what could be weighed; where nothing could, in the one unit used; unlike things are never added.
    """
    weighed = [month for month in months if month.tonnes is not None]
    drawn = weighed or months
    if len({month.unit for month in drawn}) > 1 and not weighed:
        return None
    heights: dict[date, Decimal] = {}
    for month in reversed(drawn):
        size = month.tonnes if weighed else month.quantity
        heights[month.start] = heights.get(month.start, Decimal(0)) + (size or Decimal(0))
    if len(heights) < 2:
        return None
    return {
        "color": ["#17524c"],
        "title": {"text": title, "textStyle": {"fontSize": 16}},
        "grid": {"left": 60, "right": 10, "bottom": 40},
        "xAxis": {"type": "category", "data": [f"{start:%m.%Y}" for start in heights]},
        "yAxis": {"type": "value", "name": "tons" if weighed else unit_name},
        "series": [{"type": "bar", "data": [float(height) for height in heights.values()]}],
        "tooltip": {"trigger": "axis"},
    }
