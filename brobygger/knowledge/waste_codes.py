# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The European waste list (EAK): six-digit codes, titles and whether the waste is hazardous."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from brobygger.knowledge.tables import HERE, read_table, unique

COLUMNS = ("code", "hazardous", "title", "language")


@dataclass(frozen=True, slots=True)
class WasteCode:
    """One code. `language` is ``da`` for our own plain title, ``en`` where only the English text is given."""

    code: str
    hazardous: bool
    title: str
    language: str


def read_waste_codes(path: Path = HERE / "waste_codes.csv") -> dict[str, WasteCode]:
    """Six digits → code. Raises `TableError`."""
    return {
        row.text("code"): WasteCode(
            code=row.digits("code", 6),
            hazardous=row.choice("hazardous", {"ja", "nej"}) == "ja",
            title=row.required("title"),
            language=row.choice("language", {"da", "en"}),
        )
        for row in unique(read_table(path, COLUMNS), "code")
    }


@lru_cache(maxsize=1)
def waste_codes() -> dict[str, WasteCode]:
    """The shipped list."""
    return read_waste_codes()
