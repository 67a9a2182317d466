# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Danish municipalities and postal codes as shipped tables; outlines are read from the publisher's file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from brobygger.knowledge.outlines import Outline, OutlineError, read_outlines
from brobygger.knowledge.tables import HERE, read_table, unique

__all__ = [
    "Municipality",
    "Outline",
    "OutlineError",
    "PostalCode",
    "municipalities",
    "municipality",
    "postal_code",
    "postal_codes_in",
    "read_outlines",
]

MUNICIPALITY_COLUMNS = ("code", "name", "region_code", "region")
POSTAL_COLUMNS = ("code", "name", "municipality", "municipalities", "lat", "lon")
CHRISTIANSOE = "0411"
"""Has a municipality code in every register, but is governed by the Ministry of Defence, not a council."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality by its four-digit code, with its region."""

    code: str
    name: str
    region_code: str
    region: str


@dataclass(frozen=True, slots=True)
class PostalCode:
    """A postal code. `lat`/`lon` is roughly its middle (WGS84, about a kilometre), None where unknown.

    `municipality` is the code of the municipality that holds most of it, `municipalities` all it touches.
    """

    code: str
    name: str
    municipality: str
    municipalities: tuple[str, ...]
    lat: float | None
    lon: float | None


def read_municipalities(path: Path = HERE / "municipalities.csv") -> dict[str, Municipality]:
    """Code → municipality, Christiansø among them. Raises `TableError`."""
    return {
        row.text("code"): Municipality(
            code=row.digits("code", 4),
            name=row.required("name"),
            region_code=row.digits("region_code", 4),
            region=row.required("region"),
        )
        for row in unique(read_table(path, MUNICIPALITY_COLUMNS), "code")
    }


def read_postal_codes(path: Path = HERE / "postal_codes.csv") -> dict[str, PostalCode]:
    """Postal code → its facts. Raises `TableError`."""
    return {
        row.text("code"): PostalCode(
            code=row.digits("code", 4),
            name=row.required("name"),
            municipality=row.digits("municipality", 4),
            municipalities=row.many("municipalities"),
            lat=row.number("lat"),
            lon=row.number("lon"),
        )
        for row in unique(read_table(path, POSTAL_COLUMNS), "code")
    }


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, Municipality]:
    return read_municipalities()


@lru_cache(maxsize=1)
def _postal_codes() -> dict[str, PostalCode]:
    return read_postal_codes()


def municipalities() -> tuple[Municipality, ...]:
    """The 98 municipalities in order of code (Christiansø, which has no council, is left out)."""
    return tuple(place for place in _municipalities().values() if place.code != CHRISTIANSOE)


def municipality(code: str) -> Municipality | None:
    """The municipality with this code (``0350``; ``350`` is accepted), or None. Knows Christiansø, 0411."""
    return _municipalities().get(code.strip().zfill(4))


def postal_code(number: str) -> PostalCode | None:
    """The postal code (``4320``; ``DK-4320`` is accepted), or None where there is none."""
    return _postal_codes().get(number.strip().upper().removeprefix("DK-").zfill(4))


def postal_codes() -> tuple[PostalCode, ...]:
    """Every postal code, by number."""
    return tuple(_postal_codes().values())


def postal_codes_in(municipality_code: str) -> tuple[PostalCode, ...]:
    """Every postal code that touches the municipality, in order."""
    wanted = municipality_code.strip().zfill(4)
    return tuple(code for code in _postal_codes().values() if wanted in code.municipalities)
