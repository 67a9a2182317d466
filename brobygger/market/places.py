# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Where a listing is: the establishment, another postal code, or the organisation's own address."""

from __future__ import annotations

from dataclasses import dataclass

from brobygger.knowledge.geography import postal_code as known_postal_code
from brobygger.register.models import Establishment, Organisation
from brobygger.register.places import to_metres


@dataclass(frozen=True, slots=True)
class Place:
    """A postal code and a position: WGS84 degrees, and metres on ETRS89 / UTM 32N. None where unknown."""

    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    x: float | None = None
    y: float | None = None


def place_of(organisation: Organisation, establishment: Establishment | None, postal_code: str) -> Place:
    """The chosen establishment; else the middle of the given postal code; else the organisation's own address."""
    if establishment is not None and establishment.latitude is not None:
        return _address(establishment)
    if postal_code and postal_code != organisation.postal_code:
        return middle_of(postal_code)
    if organisation.latitude is not None:
        return _address(organisation)
    return middle_of(organisation.postal_code)


def middle_of(postal_code: str) -> Place:
    """Roughly the middle of a postal code (about a kilometre); only the code where it is unknown."""
    known = known_postal_code(postal_code) if postal_code else None
    if known is None or known.lat is None or known.lon is None:
        return Place(postal_code)
    x, y = to_metres(known.lat, known.lon)
    return Place(postal_code, known.lat, known.lon, x, y)


def _address(owner: Organisation | Establishment) -> Place:
    x, y = owner.x, owner.y
    if (x is None or y is None) and owner.latitude is not None and owner.longitude is not None:
        x, y = to_metres(owner.latitude, owner.longitude)
    return Place(owner.postal_code, owner.latitude, owner.longitude, x, y)
