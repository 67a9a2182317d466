# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Where things are."""

from __future__ import annotations

import pytest

from brobygger.register import places
from brobygger.register.models import Organisation


def test_an_address_with_only_a_postal_code_gets_town_municipality_and_position() -> None:
    firm = Organisation(postal_code="4320")
    places.locate(firm)
    assert (firm.city, firm.municipality_code) == ("Lejre", "0350")
    assert firm.latitude == pytest.approx(55.6, abs=0.1)
    assert firm.x is not None
    assert firm.y is not None


def test_a_given_position_is_kept() -> None:
    firm = Organisation(postal_code="4320", city="Gevninge", latitude=55.65, longitude=11.95)
    places.locate(firm)
    assert (firm.city, firm.latitude, firm.longitude) == ("Gevninge", 55.65, 11.95)


def test_metres_are_utm_zone_32() -> None:
    # Central meridian of zone 32 is 9° E: easting 500,000 m by definition.
    x, _ = places.to_metres(56.0, 9.0)
    assert x == pytest.approx(500_000, abs=1)


def test_bornholm_is_measured_in_zone_32_as_well() -> None:
    x, _ = places.to_metres(55.1, 14.7)
    assert x > 850_000


def test_an_unknown_postal_code_has_no_position() -> None:
    firm = Organisation(postal_code="0001")
    places.locate(firm)
    assert firm.x is None
    assert firm.latitude is None


def test_many_at_once_are_placed_like_one() -> None:
    one = Organisation(postal_code="4000")
    many = [Organisation(postal_code="4000"), Organisation(), Organisation(latitude=55.0, longitude=9.5)]
    places.locate(one)
    places.locate_all(many)
    assert (many[0].x, many[0].y) == (pytest.approx(one.x), pytest.approx(one.y))
    assert many[1].x is None
    assert many[2].x == pytest.approx(places.to_metres(55.0, 9.5)[0])


def test_a_moved_organisation_leaves_its_old_position() -> None:
    firm = Organisation(postal_code="4320")
    places.locate(firm)
    before = firm.x
    firm.postal_code = "8000"
    places.move(firm)
    assert firm.city == "Aarhus C"
    assert firm.x != before


@pytest.mark.parametrize("typed", ["4320", "4320 Lejre", "lejre", "Lejre", "LEJRE", "Lejre Kommune"])
def test_a_place_is_found_by_postal_code_or_name(typed: str) -> None:
    place = places.find_place(typed)
    assert place is not None
    assert "Lejre" in place.name


@pytest.mark.parametrize("typed", ["", "Ingenstedby", "99999", "\x00", "🙂", "a" * 5000])
def test_an_unknown_place_is_none(typed: str) -> None:
    assert places.find_place(typed) is None
