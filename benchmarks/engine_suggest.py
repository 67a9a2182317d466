# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`suggest` beside one DuckDB query with the same score. Run: ``python -m benchmarks.engine_suggest [--quick]``.

Both begin with listings that are read into memory and end with the ten best of each need there. Reading the texts is
shown for itself. Seconds of processor time on all cores, which hold on busy machines too; the time on the clock is shown.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks.listings_invented import given, listings
from benchmarks.report import record
from benchmarks.suggest_sql import best_by_sql
from benchmarks.timing import UNIT
from brobygger import knowledge
from brobygger.engine.columns import Side, Vocabulary, read_given
from brobygger.engine.matches import Matches, match

TOP = 10


def sides(frames: tuple[pl.DataFrame, pl.DataFrame]) -> tuple[Side, Side]:
    """The haves and the needs, read."""
    words = Vocabulary()
    haves, needs = (read_given(given(frame), knowledge.load(), words) for frame in frames)
    return haves, needs


def table(matches: Matches, frames: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    """need, have, rank, score in whole millionths, as the query gives them."""
    pairs = matches.pairs
    columns = {"need": frames[1]["id"][pairs.need], "have": frames[0]["id"][pairs.have]}
    return pl.DataFrame(columns | {"rank": pairs.rank, "score": pairs.score}).sort("need", "rank")


def clocked(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the clock, seconds of processor time, and what came out."""
    began, busy = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - began, time.process_time() - busy, answer


def warm() -> None:
    """Everything once, on few listings: it compiles, or reads what is kept on disk, before any clock runs."""
    known = knowledge.load()
    for texts in (False, True):
        haves, needs = sides(tuple(listings(side, 100, known, texts=texts) for side in ("have", "need")))
        match(haves, needs, known, top=TOP, both=texts)


def compared(count: int) -> None:
    """The bare job beside DuckDB, which joins every pair of fitting types: minutes from 200,000 on."""
    known = knowledge.load()
    frames = tuple(listings(side, count, known, texts=False) for side in ("have", "need"))
    haves, needs = sides(frames)
    ours, busy, found = clocked(lambda: match(haves, needs, known, top=TOP))
    with tempfile.TemporaryDirectory() as folder:
        query = best_by_sql(duckdb.connect(), *frames, known, Path(folder), TOP)
        theirs, their_busy, answer = clocked(query)
        same = answer().equals(table(found, frames).cast({"rank": pl.Int64}))
    record(
        "suggest: needs → haves, no text", f"{count} x {count}", busy, their_busy, "DuckDB", UNIT, same,
        clock=f"{ours:.2f} / {theirs:.2f} s",
    )  # fmt: skip


def worded(count: int) -> None:
    """Both directions with texts and reasons, beside the bare job on the same listings without texts."""
    known = knowledge.load()
    plain = sides(tuple(listings(side, count, known, texts=False) for side in ("have", "need")))
    bare, bare_busy, _ = clocked(lambda: match(*plain, known, top=TOP))
    frames = tuple(listings(side, count, known, texts=True) for side in ("have", "need"))
    reading, _, (haves, needs) = clocked(lambda: sides(frames))

    def work() -> int:
        matches = match(haves, needs, known, top=TOP, both=True)
        for start in range(0, len(matches), 250_000):
            block = matches.block(start, min(start + 250_000, len(matches)))
            columns = [pl.Series(c.values)[c.codes] for c in block.wording.clauses]
            pl.select(pl.concat_str([pl.lit(column) for column in columns]))
        return len(matches)

    ours, busy, rows = clocked(work)
    record(
        "suggest: both ways, text and reasons", f"{count} x {count}", busy, bare_busy, "the bare job", UNIT, None,
        clock=f"{ours:.2f} / {bare:.2f} s", rows=rows, reading_texts=f"{reading:.1f} s",
    )  # fmt: skip


def alone(count: int) -> None:
    """The bare job in a process of its own, with its peak of memory."""
    known = knowledge.load()
    warm()
    haves, needs = sides(tuple(listings(side, count, known, texts=False) for side in ("have", "need")))
    ours, busy, _ = clocked(lambda: match(haves, needs, known, top=TOP))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = f"{count} x {count}"
    record("suggest: bare, alone", size, busy, None, "-", UNIT, None, clock=f"{ours:.2f} s")
    record("suggest: bare, peak memory", size, peak, None, "-", "MB", None)


def main() -> None:
    """Small sizes with `--quick`; `--alone N` is what the rows on memory run."""
    if "--alone" in sys.argv:
        alone(int(sys.argv[sys.argv.index("--alone") + 1]))
        return
    quick = "--quick" in sys.argv
    warm()
    for count in (1_000, 5_000) if quick else (1_000, 5_000, 20_000):
        compared(count)
    worded(5_000 if quick else 200_000)
    for count in (20_000,) if quick else (200_000, 1_000_000):
        subprocess.run([sys.executable, "-m", "benchmarks.engine_suggest", "--alone", str(count)], check=True)


if __name__ == "__main__":
    main()
