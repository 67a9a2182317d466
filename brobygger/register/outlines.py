# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The municipalities' outlines on maps, from the publisher's own file (DAGI, Klimadatastyrelsen, CC BY 4.0).

They are kept among the uploaded files, so that a backup holds them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from brobygger.base.errors import UserError
from brobygger.knowledge.outlines import Outline, OutlineError, read_outlines

KEPT = "kort/omrids.json"
NONE: dict[str, Any] = {"type": "FeatureCollection", "features": []}


class UnusableOutlines(UserError):
    """The file cannot be read, or is not the municipalities' outlines."""


def store(path: Path) -> int:
    """Read the publisher's GeoJSON file and keep it simplified; replaces what was there. Returns how many areas.

    Raises `UnusableOutlines`; what was kept before then stays.
    """
    try:
        outlines = read_outlines(path)
    except (OSError, OutlineError) as error:
        raise UnusableOutlines(f"{path}: {error}") from error
    written = json.dumps({"type": "FeatureCollection", "features": [_feature(o) for o in outlines.values()]})
    default_storage.delete(KEPT)
    default_storage.save(KEPT, ContentFile(written.encode()))
    return len(outlines)


def stored() -> dict[str, Any]:
    """The outlines as GeoJSON; an empty collection while nobody has imported any."""
    if not default_storage.exists(KEPT):
        return NONE
    with default_storage.open(KEPT) as file:
        found: dict[str, Any] = json.load(file)
    return found


def _feature(outline: Outline) -> dict[str, Any]:
    polygons = [
        [[[round(x, 4), round(y, 4)] for x, y in ring] for ring in rings] for rings in outline.polygons
    ]
    return {
        "type": "Feature",
        "properties": {"code": outline.code, "name": outline.name},
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }
