# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From the database's rows to the engine's, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from brobygger.engine import units
from brobygger.engine.listing import Candidate, Residual, Visibility
from brobygger.engine.listing import Listing as Row
from brobygger.knowledge.industries import to_nace2
from brobygger.knowledge.organic import organic_in
from brobygger.market.models import Listing
from brobygger.market.wording import type_name
from brobygger.register.models import Organisation

_GOODS = (Listing.Kind.RESIDUE, Listing.Kind.MATERIAL)
_VISIBILITY: dict[str, Visibility] = {
    Listing.Visibility.OPEN: "open",
    Listing.Visibility.MEMBERS: "members",
    Listing.Visibility.BROKER: "broker_only",
}


def listing_row(listing: Listing, permitted: Collection[int] = (), left: Decimal | None = None) -> Row:
    """A listing as the engine reads it. `permitted`: the organisations that may receive hazardous waste. `left`: what is
    left of the quantity, where some of it is agreed with others.

    A quantity in a unit that the engine does not know is unknown, so that one odd row never stops the others.
    """
    unit, quantity = known_amount(listing)
    return Row(
        id=str(listing.pk),
        organisation=str(listing.organisation_id),
        type=listing.resource_type,
        text=listing.text,
        quantity=float(quantity if left is None else left) if quantity is not None else None,
        rest=left is not None,
        unit=unit,
        period=listing.period,
        start=listing.starts_on,
        end=listing.ends_on,
        x=listing.x,
        y=listing.y,
        max_distance=listing.reach_km * 1000.0 if listing.reach_km is not None else None,
        visibility=_VISIBILITY[listing.visibility],
        food_grade=listing.food_grade,
        organic=_organic(listing),
        hazardous=listing.hazardous or None,
        permit=listing.organisation_id in permitted,
        price=_price(listing),
    )


def known_amount(listing: Any) -> tuple[str, Decimal | None]:
    """The unit's canonical key and the quantity in it; ("", None) where the unit is not one we know."""
    if not listing.unit:
        return "", listing.quantity
    try:
        return units.parse_unit(listing.unit)[0], listing.quantity
    except units.UnknownUnit:
        return "", None


def _organic(listing: Listing) -> bool | None:
    """Whether it is said to be organic, or wished to be: of goods, by the type or in the owner's own words."""
    if listing.kind not in _GOODS:
        return None
    return organic_in(f"{type_name(listing.resource_type)}. {listing.text}. {listing.quality}")


def _price(listing: Listing) -> float | None:
    """Kroner per unit: asked on a have, the most that is paid on a need; negative where the giver pays."""
    if listing.price_kind == Listing.Price.FREE:
        return 0.0
    if listing.price is None or listing.price_kind == Listing.Price.NEGOTIABLE:
        return None
    amount = float(listing.price)
    return -amount if listing.price_kind == Listing.Price.PAYS else amount


def residual_row(listing: Listing) -> Residual:
    """A residue that looks for industries."""
    return Residual(
        id=str(listing.pk),
        text=listing.text,
        lang="da",
        ewc=listing.waste_code,
        giver_nace=to_nace2(listing.organisation.industry) or "",
    )


def candidate_row(organisation: Organisation) -> Candidate:
    """A firm that posted nothing."""
    nace = to_nace2(organisation.industry)
    return Candidate(
        id=str(organisation.pk),
        nace=(nace,) if nace else (),
        x=organisation.x,
        y=organisation.y,
        employees=organisation.employees,
        name=organisation.name,
    )
