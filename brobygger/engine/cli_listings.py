# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Haves, needs and residues from files, for `suggest` and `takers` on the command line.

Listings go from the table straight to the engine's columns: no row of a million ever becomes a Python object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brobygger.engine import units
from brobygger.engine.columns import FAR_FUTURE, FAR_PAST, Coded, Given, Side, Vocabulary, read_given
from brobygger.engine.errors import shown
from brobygger.engine.facts import Knowledge
from brobygger.engine.listing import InvalidListing, Residual
from brobygger.engine.tables import LARGEST, Column, Table, read_table

YES = ("true", "yes", "ja", "1")
NO = ("false", "no", "nej", "0")
CONDITIONS = ("food_grade", "organic", "hazardous", "permit")
VISIBILITIES = ("open", "members", "broker_only", "broker-only")
TEXTS = ("organisation", "type", "text", "unit", "period", "lang")
NUMBERS = ("quantity", "x", "y", "max_distance", "unit_weight", "price")
FARTHEST = 1e9
"""Metres. Coordinates beyond it are of no place on earth."""

LISTING_COLUMNS = (
    Column("id", "id", unique=True),
    *(Column(name, "text", optional=True) for name in TEXTS),
    *(Column(name, "number", optional=True, least=0, most=LARGEST) for name in ("quantity", "unit_weight")),
    Column("max_distance", "number", optional=True, least=0),
    Column("price", "number", optional=True, least=-LARGEST, most=LARGEST),
    *(Column(name, "number", optional=True, least=-FARTHEST, most=FARTHEST) for name in ("x", "y")),
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
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Listings:
    """The listings of one file, in its order: the table they came from, and the same cells put in order.

    `frame` has the columns of `FRAME`, whatever the file left out.
    """

    table: Table
    frame: pl.DataFrame

    def __len__(self) -> int:
        return self.frame.height

    @contextmanager
    def located(self) -> Iterator[None]:
        """Turn a listing that the engine refuses into an error in its file and line."""
        try:
            yield
        except InvalidListing as invalid:
            row = self.frame["id"].to_list().index(invalid.listing)
            raise self.table.error(
                row, invalid.field, f"a usable {invalid.field} ({_what(invalid)})"
            ) from invalid


FRAME: dict[str, Any] = {
    "id": pl.String,
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(("start", "end"), pl.Date),
    **dict.fromkeys(CONDITIONS, pl.Boolean),
    "broker_only": pl.Boolean,
}
"""Column → type of a table of listings that is in order. Texts are never null; the rest is null where it is unknown."""


def _what(invalid: InvalidListing) -> str:
    return str(invalid).removeprefix(f"{invalid.listing}: {invalid.field}: ")


def read_places(path: Path | None) -> pl.DataFrame | None:
    """organisation, x, y of a file of organisations; None without a file. Raises InputError."""
    if path is None:
        return None
    number = [Column(name, "number", optional=True, least=-FARTHEST, most=FARTHEST) for name in ("x", "y")]
    table = read_table(path, [Column("id", "id", unique=True), *number])
    columns = {"organisation": table.series("id")} | {
        f"{n}_right": table.series(n).cast(pl.Float64) for n in "xy"
    }
    return pl.DataFrame(columns)


def read_listings(path: Path, places: pl.DataFrame | None) -> Listings:
    """The file's listings; one without a place stands where its organisation does. Raises InputError."""
    table = read_table(path, LISTING_COLUMNS)
    cells = pl.DataFrame([table.series(column.name).alias(column.name) for column in LISTING_COLUMNS])
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in TEXTS]
    stripped = [pl.col(name).str.strip_chars() for name in ("type", "unit", "period", "lang")]
    yes = [pl.col(name).cast(pl.String).replace_strict(dict.fromkeys(YES, True) | dict.fromkeys(NO, False),
           default=None, return_dtype=pl.Boolean) for name in CONDITIONS]  # fmt: skip
    broker = pl.col("visibility").cast(pl.String).fill_null("").is_in(VISIBILITIES[2:]).alias("broker_only")
    frame = cells.with_columns(*texts, *yes, broker).with_columns(stripped)
    if places is not None:
        frame = _placed(frame, places)
    listings = Listings(table, frame.select(pl.col(name).cast(kind) for name, kind in FRAME.items()))
    _check(listings)
    return listings


def _placed(frame: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(places, on="organisation", how="left", maintain_order="left")
    nowhere = pl.col("x").is_null() | pl.col("y").is_null()
    return joined.with_columns(
        pl.when(nowhere).then(pl.col(f"{n}_right")).otherwise(pl.col(n)).alias(n) for n in "xy"
    )


def _check(listings: Listings) -> None:
    """Raises InputError at the first listing with neither type nor text, an unknown unit or period, an end before its start."""
    frame, table = listings.frame, listings.table
    neither = (frame["type"] == "") & (frame["text"].str.strip_chars() == "")
    if neither.any():
        raise table.error(int(neither.arg_max() or 0), "type", "a type or a text, found neither")
    early = (frame["end"] < frame["start"]).fill_null(False)
    if early.any():
        row = int(early.arg_max() or 0)
        raise table.error(row, "end", f"a date not before start, found {frame['end'][row]}")
    unknown = [unit for unit in frame["unit"].unique().to_list() if unit and not _is_unit(unit)]
    if unknown:
        row = int(frame["unit"].is_in(unknown).arg_max() or 0)
        raise table.error(
            row, "unit", f"a known unit such as t, kg, m3 or stk, found {shown(frame['unit'][row])}"
        )

    odd = [period for period in frame["period"].unique().to_list() if period and not _is_period(period)]
    strange = frame["period"].is_in(odd) & frame["quantity"].is_not_null()
    if strange.any():
        row = int(strange.arg_max() or 0)
        raise table.error(
            row, "period", f"a period such as week, month or year, found {shown(frame['period'][row])}"
        )


def _is_period(period: str) -> bool:
    try:
        units.canonical_period(period)
    except units.UnknownUnit:
        return False
    return True


def _is_unit(unit: str) -> bool:
    try:
        units.parse_unit(unit)
    except units.UnknownUnit:
        return False
    return True


def read_side(listings: Listings, knowledge: Knowledge, vocabulary: Vocabulary) -> Side:
    """The listings as the engine's columns, types and words read. Raises InputError where a period is unknown."""
    with listings.located():
        return read_given(given_of(listings.frame), knowledge, vocabulary)


def given_of(frame: pl.DataFrame) -> Given:
    """The listings of a frame with the columns of `FRAME`, as the engine reads them."""

    def coded(name: str) -> Coded:
        column = frame[name]
        values = column.unique(maintain_order=True)
        codes = column.cast(pl.Enum(values)).to_physical().cast(pl.Int64).to_numpy()
        return Coded(codes, values.to_list())

    def number(name: str) -> Any:
        return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def day(name: str, unknown: int) -> Any:
        days = frame[name].to_physical().cast(pl.Int64) + _EPOCH
        return days.fill_null(unknown).to_numpy()

    return Given(
        ids=frame["id"],  # type: ignore[arg-type]
        order=frame["id"].rank("ordinal").cast(pl.Int64).to_numpy() - 1,
        **{name: coded(name) for name in TEXTS},
        **{name: number(name) for name in NUMBERS},
        start=day("start", FAR_PAST),
        end=day("end", FAR_FUTURE),
        **{name: number(name) for name in CONDITIONS},
        broker_only=frame["broker_only"].to_numpy(),
        rest=np.zeros(frame.height, dtype=bool),
    )


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
