# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented listings by the hundred thousand, spread as in a country: towns of very unlike size, common and rare resources."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from brobygger.engine.columns import FAR_FUTURE, FAR_PAST, Array, Coded, Given
from brobygger.engine.facts import Knowledge

WEST, SOUTH, EAST, NORTH = 441_000.0, 6_049_000.0, 893_000.0, 6_402_000.0
"""Denmark in metres, ETRS89 / UTM 32N."""
TOWNS = 400
FIRST_DAY = date(2026, 1, 1)
WHERE_FROM = ("bryggeri", "gartneri", "slagteri", "byggeri", "mejeri", "savværk", "bageri", "restaurant")
HOW = ("afhentes", "leveres", "på paller", "i container", "løst", "i bigbags", "sorteret", "usorteret")


def listings(side: str, count: int, knowledge: Knowledge, *, texts: bool, seed: int = 1) -> pl.DataFrame:
    """The contract's columns for `count` listings. A twentieth gives no amount, a third no window, a twentieth no place.

    With `texts`, all have one, and a fiftieth have nothing else to say what they are.
    """
    chance = np.random.default_rng([seed, side == "have"])
    names = sorted(knowledge.types)
    ranks = np.random.default_rng(7).permutation(len(names))
    shares = 1.0 / (ranks + 10.0)
    kind = chance.choice(len(names), count, p=shares / shares.sum())
    town = np.random.default_rng(8).uniform([WEST, SOUTH], [EAST, NORTH], (TOWNS, 2))
    sizes = 1.0 / (np.arange(TOWNS) + 5.0)
    where = town[chance.choice(TOWNS, count, p=sizes / sizes.sum())]
    spread = np.where(chance.random(count) < 0.7, 3_000.0, 25_000.0)
    places = np.rint(where + chance.normal(size=(count, 2)) * spread[:, None])
    starts = chance.integers(0, 300, count)
    days = starts + chance.integers(20, 400, count)
    windowed, placed = chance.random(count) > 0.33, chance.random(count) > 0.05
    amounts = np.rint(np.exp(chance.normal(3.0, 1.5, count)) * 10) / 10
    frame = pl.DataFrame(
        {
            "id": [f"{side[0]}{i:07}" for i in chance.permutation(count).tolist()],
            "organisation": [f"o{i}" for i in chance.integers(0, max(count // 4, 1), count).tolist()],
            "type": pl.Series(names)[kind.tolist()],
            "quantity": pl.Series(amounts).set(pl.Series(chance.random(count) < 0.05), None),
            "unit": pl.repeat("t", count, eager=True),
            "start": _days(starts).set(pl.Series(~windowed), None),
            "end": _days(days).set(pl.Series(~windowed), None),
            "x": pl.Series(places[:, 0]).set(pl.Series(~placed), None),
            "y": pl.Series(places[:, 1]).set(pl.Series(~placed), None),
            "max_distance": pl.Series(chance.choice([20_000.0, 50_000.0, 100_000.0], count)),
        }
    )
    if not texts:
        return frame
    called = [knowledge.types[name].name for name in names]
    text = [
        f"{called[k]} fra {WHERE_FROM[f]}, {HOW[h]}"
        for k, f, h in zip(
            kind.tolist(),
            chance.integers(0, len(WHERE_FROM), count).tolist(),
            chance.integers(0, len(HOW), count).tolist(),
            strict=True,
        )
    ]
    untyped = pl.Series(chance.random(count) < 0.02)
    return frame.with_columns(text=pl.Series(text), type=frame["type"].set(untyped, ""))


def _days(numbers: object) -> pl.Series:
    return (pl.Series(numbers).cast(pl.Int32) + (FIRST_DAY - date(1970, 1, 1)).days).cast(pl.Date)


def given(frame: pl.DataFrame) -> Given:
    """The frame's columns as the engine reads them; what is not in it is unknown."""

    def coded(name: str) -> Coded:
        if name not in frame.columns:
            return Coded(np.zeros(frame.height, dtype=np.int64), [""])
        column = frame[name].fill_null("")
        values = column.unique(maintain_order=True)
        return Coded(column.cast(pl.Enum(values)).to_physical().cast(pl.Int64).to_numpy(), values.to_list())

    def number(name: str) -> Array:
        if name not in frame.columns:
            return np.full(frame.height, np.nan)
        return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def day(name: str, unknown: int) -> Array:
        days = frame[name].to_physical().cast(pl.Int64) + date(1970, 1, 1).toordinal()
        return days.fill_null(unknown).to_numpy()

    return Given(
        ids=frame["id"],
        order=frame["id"].rank("ordinal").cast(pl.Int64).to_numpy() - 1,
        **{name: coded(name) for name in ("organisation", "type", "text", "lang", "unit", "period")},
        **{name: number(name) for name in ("quantity", "x", "y", "max_distance", "unit_weight", "price")},
        start=day("start", FAR_PAST),
        end=day("end", FAR_FUTURE),
        **{name: number(name) for name in ("food_grade", "organic", "hazardous", "permit")},
        broker_only=np.zeros(frame.height, dtype=bool),
        rest=np.zeros(frame.height, dtype=bool),
    )
