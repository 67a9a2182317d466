# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A listing's quantities, types and prices in words, for templates."""

from __future__ import annotations

from django import template

from brobygger.market import wording
from brobygger.market.models import Listing

register = template.Library()
register.filter("type_name", wording.type_name)
register.filter("type_path", wording.type_path)
register.filter("unit_label", wording.unit_label)
register.filter("unit_of_one", wording.unit_of_one)
register.filter("waste_code_text", wording.waste_code_text)
register.filter("price_text", wording.price_text)
register.filter("lot_text", wording.lot_text)


@register.filter
def place_of(listing: Listing) -> str:
    """`4000 Herslev`: with the town where the firm itself stands there; empty where unknown."""
    here = listing.postal_code and listing.postal_code == listing.organisation.postal_code
    return f"{listing.postal_code} {listing.organisation.city}".strip() if here else listing.postal_code


@register.filter
def amount_of(listing: Listing) -> str:
    """`4 tons om ugen`; empty where unknown."""
    return wording.amount(listing.quantity, listing.unit, listing.period)
