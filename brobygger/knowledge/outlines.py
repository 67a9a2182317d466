# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Outlines of municipalities, read from the publisher's GeoJSON file and simplified for a web map.

The outlines themselves are not shipped: DAGI (Klimadatastyrelsen, CC BY 4.0) is downloaded by the operator.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CODE_PROPERTIES = ("kommunekode", "komkode", "kommune_kode", "kode", "code", "nationalcode", "lau_code")
NAME_PROPERTIES = ("navn", "kommunenavn", "komnavn", "name", "label_dk")
TOLERANCE = 0.002
"""Degrees, roughly 130 to 220 metres in Denmark: fine enough for a map of a region."""

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]


class OutlineError(ValueError):
    """The file of outlines cannot be used. The message says why, in Danish."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A municipality's outline. A polygon is its outer ring and then its holes; a point is (lon, lat) in WGS84."""

    code: str
    name: str
    polygons: tuple[Polygon, ...]


def read_outlines(path: Path, tolerance: float = TOLERANCE) -> dict[str, Outline]:
    """Municipality code (four digits) → simplified outline; several features of one municipality are put together.

    Rings smaller than `tolerance` disappear, but never the whole municipality. Raises `OutlineError` for a file
    that is not a GeoJSON collection of polygons in WGS84 with a municipality code on each feature.
    """
    names: dict[str, str] = {}
    polygons: dict[str, list[Polygon]] = {}
    for number, feature in enumerate(_features(path), start=1):
        place = f"{path.name}, område {number}"
        properties = {str(key).lower(): value for key, value in (feature.get("properties") or {}).items()}
        code = _property(properties, CODE_PROPERTIES).zfill(4)
        if not (len(code) == 4 and code.isdecimal() and code != "0000"):
            raise OutlineError(f"{place}: mangler kommunekode (fx egenskaben »kommunekode«)")
        names.setdefault(code, _property(properties, NAME_PROPERTIES))
        polygons.setdefault(code, []).extend(_polygons(feature.get("geometry"), place))
    return {
        code: Outline(code, names[code], _simplified(parts, tolerance)) for code, parts in polygons.items()
    }


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise OutlineError(f"{path.name}: filen er ikke GeoJSON") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise OutlineError(f"{path.name}: forventede en GeoJSON-fil med områder (»FeatureCollection«)")
    return features


def _property(properties: Mapping[str, Any], wanted: Sequence[str]) -> str:
    return next((str(properties[key]).strip() for key in wanted if properties.get(key) is not None), "")


def _polygons(geometry: Any, place: str) -> list[Polygon]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise OutlineError(f"{place}: forventede en polygon, fandt »{kind}«")
    parts = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
    try:
        found = [tuple(tuple((float(p[0]), float(p[1])) for p in ring) for ring in part) for part in parts]
    except (TypeError, ValueError, IndexError) as error:
        raise OutlineError(f"{place}: koordinaterne kan ikke læses") from error
    if any(abs(x) > 180 or abs(y) > 90 for part in found for ring in part for x, y in ring):
        raise OutlineError(f"{place}: koordinaterne er ikke længde og bredde (WGS84, EPSG:4326)")
    return found


def _simplified(parts: Sequence[Polygon], tolerance: float) -> tuple[Polygon, ...]:
    kept: list[Polygon] = []
    for part in parts:
        rings = [simplify(ring, tolerance) for ring in part]
        if rings and len(rings[0]) >= 4:
            kept.append((rings[0], *(ring for ring in rings[1:] if len(ring) >= 4)))
    if kept:
        return tuple(kept)
    return (max(parts, key=lambda part: len(part[0])),)


def simplify(ring: Ring, tolerance: float) -> Ring:
    """The ring with points closer than `tolerance` to the line left out (Douglas and Peucker, 1973)."""
    if len(ring) < 4:
        return ring
    # A ring starts where it ends: split it at the point farthest from the start, so both halves have a direction.
    start = ring[0]
    far = max(range(len(ring)), key=lambda i: (ring[i][0] - start[0]) ** 2 + (ring[i][1] - start[1]) ** 2)
    keep = {0, far, len(ring) - 1}
    stack = [(0, far), (far, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        worst, worst_distance = -1, tolerance
        for i in range(first + 1, last):
            distance = _distance(ring[i], ring[first], ring[last])
            if distance > worst_distance:
                worst, worst_distance = i, distance
        if worst >= 0:
            keep.add(worst)
            stack += [(first, worst), (worst, last)]
    return tuple(ring[i] for i in sorted(keep))


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to the segment a-b, in the unit of the coordinates."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length
    t = min(1.0, max(0.0, t))
    return float(((point[0] - a[0] - t * dx) ** 2 + (point[1] - a[1] - t * dy) ** 2) ** 0.5)
