# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Listings as points for the map; the same ones always stand in the list beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from brobygger.market.models import Listing

HAVE_COLOUR, NEED_COLOUR = "#17524c", "#9a5b00"


def points(
    listings: Iterable[Listing], url: Callable[[Listing], str] = Listing.get_absolute_url
) -> dict[str, list[dict[str, Any]]]:
    """What `maps.js` draws. Listings without a position are left out."""
    return {
        "points": [
            {
                "lat": listing.latitude,
                "lon": listing.longitude,
                "name": f"{listing.get_side_display()}: {listing.title}",
                "url": url(listing),
                "color": HAVE_COLOUR if listing.side == Listing.Side.HAVE else NEED_COLOUR,
            }
            for listing in listings
            if listing.latitude is not None and listing.longitude is not None
        ]
    }
