# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a tonne is worth when it is used instead of thrown away: kg CO2e and kroner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brobygger.engine.facts import Factor, Knowledge
from brobygger.knowledge.tables import HERE, read_table, unique

COLUMNS = ("resource", "kg_co2e", "dkk", "source", "note")


def load_factors(path: Path = HERE / "factors.csv") -> dict[str, Factor]:
    """Resource type id → factor, as written. Raises `TableError`.

    A row without figures says that the ancestor's figures do not hold for this type and nobody knows better.
    """
    factors: dict[str, Factor] = {}
    for row in unique(read_table(path, COLUMNS), "resource"):
        factor = Factor(
            resource=row.text("resource"),
            kg_co2e=row.number("kg_co2e"),
            dkk=row.number("dkk"),
            source=row.required("source"),
            note=row.text("note"),
        )
        factors[factor.resource] = factor
    return factors


@dataclass(frozen=True, slots=True)
class Worth:
    """The two figures that hold for a type, each with the row it was inherited from (None = unknown)."""

    kg_co2e: float | None
    dkk: float | None
    climate: Factor | None
    money: Factor | None


def factor_for(knowledge: Knowledge, type_id: str) -> Worth:
    """The figures for a type: its own where written, else the nearest ancestor's, each figure by itself.

    Unknown stays None, never zero. A row without figures ends the inheritance.
    """
    climate: Factor | None = None
    money: Factor | None = None
    for node in (type_id, *knowledge.ancestors(type_id)):
        factor = knowledge.factors.get(node)
        if factor is None:
            continue
        if factor.kg_co2e is None and factor.dkk is None:
            break
        if climate is None and factor.kg_co2e is not None:
            climate = factor
        if money is None and factor.dkk is not None:
            money = factor
    return Worth(
        kg_co2e=climate.kg_co2e if climate else None,
        dkk=money.dkk if money else None,
        climate=climate,
        money=money,
    )
