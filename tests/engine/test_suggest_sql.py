# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`suggest` gives the lists of a DuckDB query that computes the same score for every pair."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.engine_suggest import sides, table
from benchmarks.listings_invented import listings
from benchmarks.suggest_sql import best_by_sql
from brobygger.engine.matches import match
from brobygger.knowledge import load


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("top", [1, 10])
def test_a_query_over_every_pair_gives_the_same_lists(tmp_path: Path, seed: int, top: int) -> None:
    frames = tuple(listings(side, 1500, load(), texts=False, seed=seed) for side in ("have", "need"))
    found = match(*sides(frames), load(), top=top)
    expected = best_by_sql(duckdb.connect(), *frames, load(), tmp_path, top)()()
    assert expected.height > 500
    assert table(found, frames).cast({"rank": pl.Int64}).equals(expected)


def test_one_thread_and_two_give_the_same_lists() -> None:
    frames = tuple(listings(side, 6000, load(), texts=True) for side in ("have", "need"))
    haves, needs = sides(frames)
    one, two = (match(haves, needs, load(), both=True, threads=threads) for threads in (1, 2))
    for mine, other in zip(one.pairs, two.pairs, strict=True):
        assert (mine == other).all()
