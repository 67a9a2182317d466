# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Industries: NACE Rev. 2 classes and what they take in."""

from __future__ import annotations

from pathlib import Path

from brobygger.engine.facts import Industry
from brobygger.knowledge.tables import HERE, read_table, unique

COLUMNS = ("code", "title", "title_en", "takes", "notes")


def load_industries(path: Path = HERE / "industries.csv") -> dict[str, Industry]:
    """NACE Rev. 2 class (four digits) → industry. Raises `TableError`."""
    return {
        row.text("code"): Industry(
            code=row.digits("code", 4),
            title=row.required("title"),
            title_en=row.required("title_en"),
            takes=row.many("takes"),
            notes=row.text("notes"),
        )
        for row in unique(read_table(path, COLUMNS), "code")
    }
