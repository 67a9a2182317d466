# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a suggestion is worth in a year: tonnes, kroner, CO2e. What is not known stays unknown, never zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from brobygger.engine import units
from brobygger.engine.facts import Factor, Knowledge
from brobygger.knowledge.factors import Worth, elsewhere_told, factor_for
from brobygger.knowledge.industries import to_nace2
from brobygger.market.models import Listing
from brobygger.market.models.listing import YEAR, days_together
from brobygger.market.services.matching.left import Left
from brobygger.market.services.matching.tables import known_amount
from brobygger.register.models import Organisation

MOST_TONNES = Decimal(10) ** 8
"""More than this in a year is a slip of the keyboard: the figure is then unknown."""


@dataclass(frozen=True, slots=True)
class Value:
    """Tonnes, kroner and kg CO2e in a year; None is unknown. `source`: where the factors come from."""

    tonnes: Decimal | None = None
    dkk: Decimal | None = None
    co2e_kg: Decimal | None = None
    source: str = ""


def tonnes_in_a_year(
    listing: Listing, knowledge: Knowledge, days: int | None = None, left: Decimal | None = None
) -> Decimal | None:
    """The quantity (or what is `left` of it) as tonnes a year, through the type's density; None where it cannot be known.

    Something that happens once counts once. What comes again and again counts for the days it is there (`days`, else the
    listing's own): pomace of two months is no pomace of a year.
    """
    unit, quantity = known_amount(listing)
    if quantity is None or not unit:
        return None
    in_a_year = units.per_year(quantity if left is None else left, listing.period)
    if listing.period != Listing.Period.ONCE:
        in_a_year = in_a_year * (days_together(listing) if days is None else days) / YEAR
    tonnes = tonnes_of(in_a_year, unit, listing.resource_type, knowledge)
    return tonnes if tonnes is not None and tonnes <= MOST_TONNES else None


def tonnes_of(quantity: Decimal, unit: str, resource_type: str, knowledge: Knowledge) -> Decimal | None:
    """The quantity in tonnes, from a weight or through the type's density. Raises UnknownUnit."""
    node = knowledge.types.get(resource_type)
    return units.convert(quantity, unit, "t", node.density if node else None)


def value_of(
    have: Listing, need: Listing | None, knowledge: Knowledge, taker: Organisation, left: Left
) -> Value:
    """What can move at most in a year, while both are there, and what that is worth by the factors of what is offered.

    The smaller of what is offered and what is sought, each without what is agreed with others; where only one of the two
    is known, that one. The factors
    (kroner and kg CO2e per tonne) are the have's, for what it becomes: it is what would else be thrown away.
    """
    sides = [side for side in (have, need) if side is not None]
    days = days_together(*sides)
    found = (tonnes_in_a_year(side, knowledge, days, left.get(side.pk)) for side in sides)
    known = [tonnes for tonnes in found if tonnes is not None]
    if not known:
        return Value()
    tonnes = min(known)
    worth = factor_for(
        knowledge, have.resource_type, need.resource_type if need else "", to_nace2(taker.industry) or ""
    )
    return Value(
        tonnes=tonnes.quantize(Decimal("0.001")),
        dkk=_times(tonnes, worth.dkk, "0.01"),
        co2e_kg=_times(tonnes, worth.kg_co2e, "0.001"),
        source=_sources(worth, knowledge),
    )


def _times(tonnes: Decimal, per_tonne: float | None, step: str) -> Decimal | None:
    return None if per_tonne is None else (tonnes * Decimal(str(per_tonne))).quantize(Decimal(step))


def _sources(worth: Worth, knowledge: Knowledge) -> str:
    climate, money, lines = worth.climate, worth.money, []
    if climate is not None and climate is money:
        return _source(climate)  # its note tells both figures apart
    if climate is not None:
        lines.append(f"CO2e: {_source(climate)}")
    if worth.elsewhere is not None:
        lines.append(f"CO2e: {elsewhere_told(worth.elsewhere, knowledge)}")
    if money is not None:
        lines.append(f"Kroner: {_source(money)}")
    return "\n".join(lines)


def _source(factor: Factor) -> str:
    return f"{factor.source} ({factor.note})" if factor.note else factor.source
