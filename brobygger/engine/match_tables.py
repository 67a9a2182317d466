# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches as tables, some thousand needs at a time: what `suggest` writes to a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from brobygger.engine.columns import Array, Coded
from brobygger.engine.matches import Matches

NEEDS_AT_A_TIME = 20_000
PARTS = ("score", "type", "text", "quantity", "time", "distance", "conditions")


def schema(both: bool) -> dict[str, Any]:
    """Column → type of the file, in order."""
    columns: dict[str, Any] = {"need": pl.String, "have": pl.String, "rank": pl.Int64}
    columns |= dict.fromkeys(PARTS, pl.Float64) | ({"have_rank": pl.Int64} if both else {})
    return columns | {
        "via": pl.String,
        "process": pl.String,
        "metres": pl.Float64,
        "broker_only": pl.Boolean,
        "confidence": pl.String,
        "reason": pl.String,
    }


def tables(matches: Matches) -> Iterator[pl.DataFrame]:
    """Every match in order, the rows of so many needs in each table; an empty table where there are none."""
    needs = len(matches.needs)
    for first in range(0, max(needs, 1), NEEDS_AT_A_TIME):
        ends = np.searchsorted(matches.pairs.need, [first, first + NEEDS_AT_A_TIME])
        yield table(matches, int(ends[0]), int(ends[1]))


def table(matches: Matches, start: int, end: int) -> pl.DataFrame:
    """The matches start:end, with the columns of `schema`."""
    columns = schema(matches.both)
    if start == end:
        return pl.DataFrame(schema=columns)
    block = matches.block(start, end)
    links = matches.links
    cells: dict[str, Any] = {name: getattr(block, name) for name in (*PARTS, "rank", "broker_only")}
    cells |= {
        "need": _ids(matches.needs.given.ids).gather(block.need),
        "have": _ids(matches.haves.given.ids).gather(block.have),
        "have_rank": block.have_rank,
        "via": _worded(Coded(block.link, [link.via for link in links])),
        "process": _worded(Coded(block.link, [link.process for link in links])),
        "metres": pl.Series(block.metres, nan_to_null=True),
        "confidence": _worded(block.wording.confidence),
        "reason": pl.select(
            pl.concat_str([pl.lit(_worded(clause)) for clause in block.wording.clauses])
        ).to_series(),
    }
    return pl.DataFrame({name: pl.Series(cells[name]).cast(kind) for name, kind in columns.items()})


def _ids(ids: Any) -> pl.Series:
    return ids if isinstance(ids, pl.Series) else pl.Series(ids, dtype=pl.String)


def _worded(column: Coded) -> pl.Series:
    codes: Array = np.where(column.codes < 0, len(column.values) - 1, column.codes)
    return pl.Series(list(column.values), dtype=pl.String).gather(codes)
