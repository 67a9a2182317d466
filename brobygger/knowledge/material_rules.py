# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""General knowledge of materials: who can use a class of residue, and why. Rules, not documented exchanges."""

from __future__ import annotations

from pathlib import Path

from brobygger.engine.facts import MaterialRule, Taker
from brobygger.knowledge.tables import HERE, Row, read_table, unique

COLUMNS = ("id", "name", "words", "ewc", "givers", "takers")


def load_material_rules(path: Path = HERE / "material_takers.csv") -> tuple[MaterialRule, ...]:
    """Every material class, in file order. Raises `TableError`."""
    return tuple(
        MaterialRule(
            id=row.text("id"),
            name=row.required("name"),
            words=row.many("words"),
            ewc=row.many("ewc"),
            givers=row.many("givers"),
            takers=tuple(_taker(row, cell) for cell in row.many("takers")),
        )
        for row in unique(read_table(path, COLUMNS), "id")
    )


def load_giver_words(path: Path = HERE / "giver_words.csv") -> tuple[tuple[str, str], ...]:
    """Words for places of work with the industry they belong to, in file order. Raises `TableError`."""
    rows = unique(read_table(path, ("word", "nace")), "word")
    return tuple((row.required("word"), row.digits("nace", 4)) for row in rows)


def load_taker_prior(path: Path = HERE / "taker_prior.csv") -> dict[str, float]:
    """How much oftener a two-digit division is a taker than its evidence says. Raises `TableError`."""
    rows = unique(read_table(path, ("division", "prior")), "division")
    return {row.digits("division", 2): row.number("prior") or 0.0 for row in rows}


def _taker(row: Row, cell: str) -> Taker:
    """``3521 0.6 forgæres til biogas`` → a taker."""
    nace, _, rest = cell.partition(" ")
    weight, _, reason = rest.partition(" ")
    try:
        share = float(weight)
    except ValueError:
        share = -1.0
    if not (len(nace) == 4 and nace.isdecimal() and 0 < share <= 1 and reason):
        raise row.error("takers", f"forventede »branche vægt grund«, fandt »{cell}«")
    return Taker(nace, share, reason)
