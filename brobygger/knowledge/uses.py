# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Documented exchanges of residues, and the rules that turn one resource into another."""

from __future__ import annotations

from pathlib import Path

from brobygger.engine.facts import Conversion, Use
from brobygger.knowledge.tables import HERE, read_table, unique

STATUSES = frozenset({"implemented", "trial", "planned", "failed"})
USE_COLUMNS = (
    "id",
    "residue",
    "text",
    "giver",
    "giver_nace",
    "taker",
    "taker_nace",
    "purpose",
    "becomes",
    "yield",
    "country",
    "year",
    "status",
    "source",
)
CONVERSION_COLUMNS = ("need", "have", "fit", "process", "precedents", "source")
EXCEPTION_COLUMNS = ("need", "have", "except", "why")


def load_uses(path: Path = HERE / "uses.csv") -> tuple[Use, ...]:
    """Every documented exchange, in file order. Raises `TableError`, also where a source is missing."""
    return tuple(
        Use(
            id=row.required("id"),
            residue=row.required("residue"),
            text=row.required("text"),
            giver=row.text("giver"),
            giver_nace=row.digits("giver_nace", 4, optional=True),
            taker=row.text("taker"),
            taker_nace=row.digits("taker_nace", 4, optional=True),
            purpose=row.required("purpose"),
            becomes=row.text("becomes"),
            yield_=row.number("yield"),
            country=row.text("country"),
            year=row.integer("year"),
            status=row.choice("status", STATUSES),
            source=row.required("source"),
            text_en=row.text("text_en"),
        )
        for row in unique(read_table(path, USE_COLUMNS), "id")
    )


def load_exceptions(path: Path = HERE / "conversion_exceptions.csv") -> dict[tuple[str, str], frozenset[str]]:
    """(need, have) of a rule → the kinds of what is had that it does not hold for. Each says why. Raises `TableError`."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in read_table(path, EXCEPTION_COLUMNS):
        row.required("why")
        found.setdefault((row.required("need"), row.required("have")), set()).add(row.required("except"))
    return {rule: frozenset(kinds) for rule, kinds in found.items()}


def load_conversions(path: Path = HERE / "conversions.csv") -> tuple[Conversion, ...]:
    """Every conversion rule, in file order. Raises `TableError`, also where a rule has neither use nor source."""
    rules: list[Conversion] = []
    excluded = load_exceptions()
    seen: dict[tuple[str, str, str], int] = {}
    for row in read_table(path, CONVERSION_COLUMNS):
        rule = Conversion(
            need=row.required("need"),
            have=row.required("have"),
            fit=row.share("fit"),
            process=row.required("process"),
            precedents=row.many("precedents"),
            source=row.text("source"),
            excluded=excluded.get((row.text("need"), row.text("have")), frozenset()),
        )
        if not rule.precedents and not rule.source:
            raise row.error("source", "reglen skal have et fortilfælde eller en kilde")
        if rule.need == rule.have:
            raise row.error("need", "en regel skal føre fra én ressourcetype til en anden")
        key = (rule.need, rule.have, rule.process)
        if key in seen:
            raise row.error("process", f"samme regel står i linje {seen[key]}")
        seen[key] = row.line
        rules.append(rule)
    return tuple(rules)
