# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What listings and agreements come to in tonnes a year, and in which loads a listing moves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from brobygger.engine import units
from brobygger.engine.facts import Knowledge
from brobygger.knowledge import load
from brobygger.market.models import Agreement, Listing
from brobygger.market.services.matching.value import tonnes_in_a_year

MILLI = Decimal("0.001")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Amount:
    """A listing's tonnes a year (None: nobody knows), and how it may move. `lot` is 0 where it is divided freely."""

    tonnes: Decimal | None
    organisation: int
    type_id: str
    industry: str = ""
    lot: Decimal = Decimal(0)
    least: Decimal = Decimal(0)


def amounts_of(ids: Iterable[UUID], office: int) -> dict[UUID, Amount]:
    """The listings' amounts. A least amount binds only the plan of the listing's own office."""
    knowledge, found, listed = load(), {}, list(ids)
    for start in range(0, len(listed), CHUNK):
        chunk = Listing.objects.filter(pk__in=listed[start : start + CHUNK])
        for listing in chunk.select_related("organisation"):
            known = tonnes_in_a_year(listing, knowledge)
            tonnes = None if known is None else known.quantize(MILLI)
            share = listing.least_share if listing.operator_id == office else None
            found[listing.pk] = Amount(
                tonnes,
                listing.organisation_id,
                listing.resource_type,
                listing.organisation.industry,
                _lot(listing, tonnes, knowledge),
                (tonnes * share / 100).quantize(MILLI) if tonnes and share else Decimal(0),
            )
    return found


def _lot(listing: Listing, tonnes: Decimal | None, knowledge: Knowledge) -> Decimal:
    """A load in tonnes, never more than the year's; rounded down, so that rounding costs no load."""
    if listing.lot is None or tonnes is None:
        return Decimal(0)
    node = knowledge.types.get(listing.resource_type)
    try:
        lot = units.convert(listing.lot, listing.unit, "t", node.density if node else None)
    except units.UnknownUnit:
        return Decimal(0)
    return Decimal(0) if lot is None else min(lot.quantize(MILLI, ROUND_DOWN), tonnes)


def common_lot(one: Decimal, other: Decimal) -> Decimal:
    """The smallest load that is whole loads for both, in tonnes; 0 is any amount."""
    if not one or not other:
        return one or other
    return Decimal(math.lcm(int(one / MILLI), int(other / MILLI))) * MILLI


def in_whole_lots(tonnes: Decimal, lot: Decimal) -> Decimal:
    """The most whole loads within so many tonnes."""
    return tonnes // lot * lot if lot else tonnes


def agreed_tonnes(agreements: Iterable[Agreement], type_id: str) -> Decimal | None:
    """Tonnes a year of all of them together; None where one names no amount that can be weighed."""
    node = load().types.get(type_id)
    total = Decimal(0)
    for agreement in agreements:
        if agreement.quantity is None or not agreement.unit:
            return None
        in_a_year = units.per_year(agreement.quantity, agreement.period)
        try:
            tonnes = units.convert(in_a_year, agreement.unit, "t", node.density if node else None)
        except units.UnknownUnit:
            return None
        if tonnes is None:
            return None
        total += tonnes
    return total.quantize(MILLI)
