# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Where things are: from postal code to position, from position to metres.

Positions are WGS84. Distances are measured in metres on ETRS89 / UTM zone 32N, for all of Denmark, Bornholm too
(zone 32 is used there as well by Danish authorities; the error is under one part in a thousand).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy
import utm

from brobygger.base.danish import sort_key
from brobygger.knowledge.geography import PostalCode, municipalities, postal_code, postal_codes_in

ZONE = 32


@dataclass(frozen=True, slots=True)
class Place:
    """A named point. `x`, `y`: metres on ETRS89 / UTM 32N."""

    name: str
    latitude: float
    longitude: float
    x: float
    y: float


def to_metres(latitude: float, longitude: float) -> tuple[float, float]:
    """(x, y) in metres on ETRS89 / UTM 32N. Raises ValueError outside -80..84, -180..180 degrees."""
    try:
        x, y, _, _ = utm.from_latlon(latitude, longitude, force_zone_number=ZONE, force_zone_letter="U")
    except utm.OutOfRangeError as error:
        raise ValueError(str(error)) from error
    return float(x), float(y)


def locate(record: Any) -> None:
    """Fill in what an address leaves out; nothing is saved.

    City and municipality from the postal code, position from its middle when none is given, and x, y from the
    position. An unknown postal code leaves the position empty.
    """
    _fill_from_postal_code(record)
    record.x, record.y = None, None
    if record.latitude is not None and record.longitude is not None:
        record.x, record.y = to_metres(record.latitude, record.longitude)


def locate_all(records: Iterable[Any]) -> None:
    """`locate` for many at once, some thousand at a time: the projection is computed on arrays."""
    placed = []
    for record in records:
        _fill_from_postal_code(record)
        record.x, record.y = None, None
        if record.latitude is not None and record.longitude is not None:
            placed.append(record)
    if not placed:
        return
    xs, ys, _, _ = utm.from_latlon(
        numpy.array([record.latitude for record in placed], dtype=float),
        numpy.array([record.longitude for record in placed], dtype=float),
        force_zone_number=ZONE,
        force_zone_letter="U",
    )
    for record, x, y in zip(placed, xs.tolist(), ys.tolist(), strict=True):
        record.x, record.y = x, y


def move(record: Any) -> None:
    """Place a record whose address was changed by hand: its old position no longer holds."""
    record.latitude = record.longitude = None
    record.city = record.municipality_code = ""
    locate(record)


def _fill_from_postal_code(record: Any) -> None:
    known = postal_code(record.postal_code) if record.postal_code else None
    if known is None:
        return
    record.city = record.city or known.name
    record.municipality_code = record.municipality_code or known.municipality
    if record.latitude is None or record.longitude is None:
        record.latitude, record.longitude = known.lat, known.lon


def find_place(text: str) -> Place | None:
    """The place of a postal code (`4320`), a town (`Lejre`) or a municipality, or None where it is not known."""
    wanted = " ".join(text.split())[:60]
    if not wanted:
        return None
    known = postal_code(wanted.split()[0])
    if known is not None:
        return _middle(f"{known.code} {known.name}", [known])
    return _towns().get(sort_key(wanted)) or _towns().get(sort_key(wanted.lower().removesuffix(" kommune")))


@lru_cache(maxsize=1)
def _towns() -> dict[str, Place]:
    """Towns by folded name, and municipalities where no town has the name."""
    codes: dict[str, list[PostalCode]] = {}
    names: dict[str, str] = {}
    for place in municipalities():
        for code in postal_codes_in(place.code):
            key = sort_key(code.name)
            names.setdefault(key, code.name)
            if code not in codes.setdefault(key, []):
                codes[key].append(code)
    for place in municipalities():
        key = sort_key(place.name)
        if key not in codes:
            names[key] = f"{place.name} Kommune"
            codes[key] = list(postal_codes_in(place.code))
    found = {key: _middle(names[key], held) for key, held in codes.items()}
    return {key: place for key, place in found.items() if place is not None}


def _middle(name: str, codes: list[PostalCode]) -> Place | None:
    points = [(code.lat, code.lon) for code in codes if code.lat is not None and code.lon is not None]
    if not points:
        return None
    latitude = sum(lat for lat, _ in points) / len(points)
    longitude = sum(lon for _, lon in points) / len(points)
    return Place(name, latitude, longitude, *to_metres(latitude, longitude))
