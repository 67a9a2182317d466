# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is left of a listing beside the agreements in force: only that can still be promised to somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from brobygger.engine import units
from brobygger.knowledge import resource_types
from brobygger.market.models import Agreement, Listing, Match
from brobygger.market.services.matching.tables import known_amount

Left = Mapping[UUID, Decimal]
"""Listing → its quantity without what is agreed, in its own unit and period; those without agreements are not in it."""
_MILLI = Decimal("0.001")


def in_force() -> QuerySet[Agreement]:
    """Agreements of matches that are agreed or running, and that have not ended."""
    today = timezone.localdate()
    return Agreement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), match__stage__in=Match.IN_FORCE)


def left_of(listings: Collection[Listing]) -> Left:
    """What is left of each of these that something was agreed about; nought where all of it is.

    An agreement that names no amount, or one in a unit that cannot be compared, takes nothing: nobody knows how much.
    """
    by_id = {listing.pk: listing for listing in listings}
    ids = list(by_id)
    found: dict[UUID, Decimal] = {}
    rows = in_force().filter(Q(match__have__in=ids) | Q(match__need__in=ids), quantity__gt=0).exclude(unit="")
    for agreement in rows.select_related("match__have"):
        ends = (by_id.get(pk) for pk in (agreement.match.have_id, agreement.match.need_id) if pk is not None)
        for listing in filter(None, ends):
            taken = _taken(listing, agreement)
            if taken is not None:
                before = found.get(listing.pk, listing.quantity or Decimal(0))
                found[listing.pk] = max(before - taken, Decimal(0))
    return found


def _taken(listing: Listing, agreement: Agreement) -> Decimal | None:
    """What the agreement takes of the listing's quantity, in the listing's unit and period."""
    unit, quantity = known_amount(listing)
    if quantity is None or not unit:
        return None
    node = resource_types().get(agreement.match.have.resource_type)
    a_year = units.per_year(agreement.quantity or Decimal(0), agreement.period)
    try:
        taken = units.convert(a_year, agreement.unit, unit, node.density if node else None)
    except units.UnknownUnit:
        return None
    return None if taken is None else (taken / units.per_year(Decimal(1), listing.period)).quantize(_MILLI)
