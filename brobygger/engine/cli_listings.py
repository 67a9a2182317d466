# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Haves, needs and residues from files, for `suggest` and `takers` on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brobygger.engine as engine
from brobygger.engine.errors import shown
from brobygger.engine.facts import Knowledge
from brobygger.engine.listing import InvalidListing, Listing, Residual
from brobygger.engine.tables import Column, Table, read_table

YES = ("true", "yes", "ja", "1")
NO = ("false", "no", "nej", "0")
CONDITIONS = ("food_grade", "hazardous", "permit")
VISIBILITIES = ("open", "members", "broker_only", "broker-only")
PERIODS = ("period", "lang")

LISTING_COLUMNS = (
    Column("id", "id", unique=True),
    *(Column(name, "text", optional=True) for name in ("organisation", "type", "text", "unit", *PERIODS)),
    *(Column(name, "number", optional=True, least=0) for name in ("quantity", "max_distance", "unit_weight")),
    *(Column(name, "number", optional=True) for name in ("x", "y", "price")),
    *(Column(name, "date", optional=True) for name in ("start", "end")),
    Column("visibility", "text", optional=True, choices=VISIBILITIES),
    *(Column(name, "text", optional=True, choices=(*YES, *NO)) for name in CONDITIONS),
)
"""The contract's columns, and beside them those that a Listing also understands."""

RESIDUAL_COLUMNS = (
    Column("id", "id", unique=True),
    Column("text"),
    Column("lang", "text", optional=True, choices=("da", "en")),
    Column("ewc", "text", optional=True),
    Column("giver_nace", "text", optional=True),
)


@dataclass(frozen=True, slots=True)
class Listings:
    """The listings of one file, in its order, and the table they came from."""

    table: Table
    listings: list[Listing]

    def error(self, invalid: InvalidListing) -> Exception:
        """The error of a listing, with its file and line."""
        row = self.table.values("id").index(invalid.listing)
        return self.table.error(row, invalid.field, f"a usable {invalid.field} ({_what(invalid)})")


def _what(invalid: InvalidListing) -> str:
    return str(invalid).removeprefix(f"{invalid.listing}: {invalid.field}: ")


def read_listings(path: Path, places: Mapping[str, tuple[float | None, float | None]]) -> Listings:
    """The file's listings; one without a place stands where its organisation does. Raises InputError."""
    table = read_table(path, LISTING_COLUMNS)
    names = [column.name for column in LISTING_COLUMNS]
    listings: list[Listing] = []
    for row, cells in enumerate(zip(*(table.values(name) for name in names), strict=True)):
        fields = {name: cell for name, cell in zip(names, cells, strict=True) if cell not in (None, "")}
        if not (fields.get("type", "").strip() or fields.get("text", "").strip()):
            raise table.error(row, "type", "a type or a text, found neither")
        if fields.get("x") is None or fields.get("y") is None:
            fields["x"], fields["y"] = places.get(fields.get("organisation", ""), (None, None))
        try:
            listings.append(Listing(**_converted(fields)))
        except InvalidListing as invalid:
            raise table.error(row, invalid.field, f"a usable {invalid.field} ({_what(invalid)})") from invalid
    return Listings(table, listings)


def _converted(fields: dict[str, Any]) -> dict[str, Any]:
    conditions = {name: fields[name] in YES for name in CONDITIONS if name in fields}
    visibility = fields.get("visibility", "open").replace("-", "_")
    return fields | conditions | {"visibility": visibility}


@contextmanager
def suggesting(haves: Listings, needs: Listings, knowledge: Knowledge) -> Iterator[None]:
    """Turn a listing that `suggest` refuses into an error in its file and line."""
    try:
        yield
    except InvalidListing as invalid:
        try:
            engine.suggest(haves.listings, [], knowledge)
        except InvalidListing:
            raise haves.error(invalid) from invalid
        raise needs.error(invalid) from invalid


def read_residuals(path: Path) -> list[Residual]:
    """The file's residues. Codes may be written with spaces and points. Raises InputError."""
    table = read_table(path, RESIDUAL_COLUMNS)
    columns = [table.values(column.name) for column in RESIDUAL_COLUMNS]
    residuals = []
    for row, (id_, text, lang, ewc, nace) in enumerate(zip(*columns, strict=True)):
        code = _digits(table, row, "ewc", ewc or "", 6, "020704")
        industry = _digits(table, row, "giver_nace", nace or "", 4, "1105")
        if not (text.strip() or code):
            raise table.error(row, "text", "a text or a waste code, found neither")
        residuals.append(Residual(id_, text, lang or "", code, industry))
    return residuals


def _digits(table: Table, row: int, column: str, written: str, length: int, example: str) -> str:
    digits = re.sub(r"[\s.*]", "", written)
    if digits and not re.fullmatch(rf"[0-9]{{{length}}}", digits):
        raise table.error(row, column, f"{length} digits such as {example}, found {shown(written)}")
    return digits
