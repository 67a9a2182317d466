# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Municipalities, postal codes, outlines and company forms."""

import json
from pathlib import Path
from typing import Any

import pytest

from brobygger.knowledge.company_forms import company_form, company_forms
from brobygger.knowledge.geography import (
    OutlineError,
    municipalities,
    municipality,
    postal_code,
    postal_codes_in,
    read_outlines,
)


def collection(tmp_path: Path, *features: dict[str, Any]) -> Path:
    path = tmp_path / "kommuner.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def square(x: float, y: float, side: float) -> list[list[float]]:
    """A square with a superfluous point on each side."""
    half = side / 2
    corners = [
        (0, 0),
        (half, 0),
        (side, 0),
        (side, half),
        (side, side),
        (half, side),
        (0, side),
        (0, half),
        (0, 0),
    ]
    return [[x + dx, y + dy] for dx, dy in corners]


def feature(rings: list[list[list[float]]], kind: str = "Polygon", **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": rings if kind == "Polygon" else [rings]},
    }


def test_there_are_98_municipalities_and_christiansoe_is_known_but_not_one_of_them() -> None:
    assert len(municipalities()) == 98
    christiansoe = municipality("0411")
    assert christiansoe is not None
    assert christiansoe not in municipalities()


def test_lejre_is_found_by_its_code_with_or_without_the_zero() -> None:
    lejre = municipality("350")
    assert lejre is not None
    assert (lejre.code, lejre.name, lejre.region) == ("0350", "Lejre", "Region Sjælland")
    assert municipality("9999") is None


def test_a_postal_code_knows_its_municipality_and_roughly_where_it_is() -> None:
    lejre = postal_code("DK-4320")
    assert lejre is not None
    assert lejre.name == "Lejre"
    assert lejre.municipality == "0350"
    assert lejre.lat == pytest.approx(55.6, abs=0.2)
    assert postal_code("0000") is None


def test_every_postal_code_lies_in_known_municipalities_in_denmark() -> None:
    for place in (*municipalities(), municipality("0411")):
        assert place is not None
        for code in postal_codes_in(place.code):
            assert code.municipality in code.municipalities
            assert all(municipality(other) for other in code.municipalities)
            assert code.lat is not None
            assert code.lon is not None
            assert 54.4 < code.lat < 57.9
            assert 8 < code.lon < 15.3


def test_outlines_lose_points_that_say_nothing_but_keep_their_shape(tmp_path: Path) -> None:
    path = collection(tmp_path, feature([square(11.9, 55.5, 0.2)], kommunekode="0350", navn="Lejre"))
    outline = read_outlines(path)["0350"]
    assert outline.name == "Lejre"
    (ring,) = outline.polygons[0]
    assert len(ring) == 5
    assert ring[0] == ring[-1]


def test_several_pieces_of_one_municipality_are_put_together_and_tiny_islets_vanish(tmp_path: Path) -> None:
    path = collection(
        tmp_path,
        feature([square(11.9, 55.5, 0.2)], kind="MultiPolygon", KOMKODE="350", KOMNAVN="Lejre"),
        feature([square(12.5, 55.5, 0.1)], KOMKODE="350", KOMNAVN="Lejre"),
        feature([square(12.9, 55.5, 0.0005)], KOMKODE="350", KOMNAVN="Lejre"),
    )
    assert len(read_outlines(path)["0350"].polygons) == 2


def test_a_municipality_of_only_islets_keeps_its_largest(tmp_path: Path) -> None:
    path = collection(
        tmp_path, feature([square(15.18, 55.32, 0.0005)], kommunekode="0411", navn="Christiansø")
    )
    assert len(read_outlines(path)["0411"].polygons) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ikke json", "filen er ikke GeoJSON"),
        ("[1, 2]", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "FeatureCollection"),
    ],
)
def test_a_file_that_is_not_outlines_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "kommuner.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OutlineError, match=message):
        read_outlines(path)


def test_a_feature_without_code_or_in_metres_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutlineError, match=r"område 1: mangler kommunekode"):
        read_outlines(collection(tmp_path, feature([square(11.9, 55.5, 0.2)], navn="Lejre")))
    with pytest.raises(OutlineError, match=r"område 1: .*WGS84"):
        read_outlines(collection(tmp_path, feature([square(690000, 6160000, 1000)], kommunekode="0350")))


def test_company_forms_say_whose_data_are_personal() -> None:
    assert len(company_forms()) == 40
    sole_trader, company = company_form("10"), company_form("80")
    assert sole_trader is not None
    assert company is not None
    assert (sole_trader.short, sole_trader.personal) == ("ENK", True)
    assert (company.name, company.personal) == ("Anpartsselskab", False)
    assert company_form("77") is None
