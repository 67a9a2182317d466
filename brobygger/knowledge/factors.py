# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a tonne is worth when it is used instead of thrown away: kg CO2e and kroner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brobygger.engine.facts import Factor, Knowledge
from brobygger.engine.precedents import lower_first
from brobygger.knowledge.tables import HERE, read_table, unique

COLUMNS = ("resource", "kg_co2e", "dkk", "source", "note", "co2e_use")


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
            co2e_use=row.many("co2e_use"),
        )
        factors[factor.resource] = factor
    return factors


@dataclass(frozen=True, slots=True)
class Worth:
    """The two figures that hold for a type in one use, each with the row it was inherited from (None = unknown).

    `elsewhere`: the row whose CO2e is for another use than this one, where that is why it is unknown.
    """

    kg_co2e: float | None
    dkk: float | None
    climate: Factor | None
    money: Factor | None
    elsewhere: Factor | None = None


def factor_for(knowledge: Knowledge, type_id: str, need_type: str = "", taker_nace: str = "") -> Worth:
    """The figures for a type that serves this need of this taker: its own where written, else the nearest ancestor's,
    each figure by itself.

    Unknown stays None, never zero. A row without figures ends the inheritance. CO2e is a figure for a use (`Factor.co2e_use`):
    for another use it is unknown. `taker_nace` is the taker's NACE Rev. 2 class.
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
    elsewhere = None
    if climate is not None and not _holds(
        knowledge, climate, _becomes(knowledge, type_id, need_type, taker_nace)
    ):
        climate, elsewhere = None, climate
    return Worth(
        kg_co2e=climate.kg_co2e if climate else None,
        dkk=money.dkk if money else None,
        climate=climate,
        money=money,
        elsewhere=elsewhere,
    )


def elsewhere_told(factor: Factor, knowledge: Knowledge) -> str:
    """Why the CO2e is unknown: ``ukendt for denne brug; tallet for mask gælder brug som kvægfoder``."""
    what, *uses = (
        lower_first(knowledge.types[one].name)
        for one in (factor.resource, *(factor.co2e_use or (factor.resource,)))
    )
    return f"ukendt for denne brug; tallet for {what} gælder brug som {' eller '.join(uses)}"


def _becomes(knowledge: Knowledge, have: str, need: str, taker_nace: str) -> frozenset[str]:
    """What the thing becomes at the taker; empty where it is used as what it is, or nobody knows.

    That is what is sought, where something else is sought than what is had. Who seeks the thing itself, or posted nothing,
    does with it what the documented uses in that industry did.
    """
    line = (have, *knowledge.ancestors(have))
    if need and need not in line:
        return frozenset({need})
    found = (knowledge.becomes.get((residue, taker_nace)) for residue in line if taker_nace)
    return next((types for types in found if types), frozenset())


def _holds(knowledge: Knowledge, factor: Factor, becomes: frozenset[str]) -> bool:
    """Whether the factor's CO2e is avoided when its resource becomes these types."""
    uses = factor.co2e_use or (factor.resource,)
    return all(_is_among(knowledge, type_id, uses) for type_id in becomes or (factor.resource,))


def _is_among(knowledge: Knowledge, type_id: str, uses: tuple[str, ...]) -> bool:
    """Whether the type is one of the uses or a kind of one. A row without figures says of its type that it is not."""
    for node in (type_id, *knowledge.ancestors(type_id)):
        if node in uses:
            return True
        row = knowledge.factors.get(node)
        if row is not None and row.kg_co2e is None and row.dkk is None:
            return False
    return False
