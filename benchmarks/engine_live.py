# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One new listing against a million that come and go: the live index beside SQLite in memory, with equal answers.

Run: ``python -m benchmarks.engine_live [--quick]``. Types, quantities, windows and places count in both; there are no texts and no
hazardous waste in the bare run, for SQLite has neither words nor permits to compare. With texts, the index is asked alone. Half
the questions come right after a listing was inserted and another removed, so that what is measured is an index in use. Times are
of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import math
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from benchmarks.report import record
from brobygger.engine.compatibility import Compatibility
from brobygger.engine.listing import Listing
from brobygger.engine.live import LiveIndex, warm_up
from brobygger.knowledge import load

ASKED, COMPARED = 2_000, 100
CHUNK = 50_000
WIDE, HIGH = 400_000, 350_000
"""A country as large as Denmark, in metres."""
PEER = "SQLite in memory, index on type"
_WORDS = [
    "frisk",
    "tør",
    "ren",
    "blandet",
    "hentes",
    "leveres",
    "på",
    "paller",
    "i",
    "løs",
    "vægt",
    "hver",
    "uge",
    "året",
    "rundt",
    "fra",
    "produktionen",
]


def invented(count: int, prefix: str, types: list[str], texts: bool, seed: int) -> Iterator[Listing]:
    """Listings all over the country; the types as uneven as in life (the commonest is a tenth)."""
    chance = random.Random(seed)
    names = {node.id: node.name for node in load().types.values()}
    shares = [1 / (rank + 3) for rank in range(len(types))]
    first = date(2026, 1, 1)
    for number, kind in enumerate(chance.choices(types, shares, k=count)):
        start = first + timedelta(days=chance.randrange(300)) if chance.random() < 0.5 else None
        yield Listing(
            id=f"{prefix}{number:08}",
            organisation=f"{prefix}{number}",
            type=kind if not texts or chance.random() < 0.9 else "",
            text=f"{names[kind]} {' '.join(chance.sample(_WORDS, 4))}" if texts else "",
            quantity=chance.choice((None, 1, 2, 5, 10, 40)),
            unit="t",
            period="week",
            start=start,
            end=start + timedelta(days=chance.randrange(30, 300)) if start else None,
            x=chance.uniform(0, WIDE),
            y=chance.uniform(0, HIGH),
            max_distance=chance.choice((None, None, 50_000)),
        )


def filled(haves: int, types: list[str], texts: bool) -> tuple[LiveIndex, float]:
    """An index of invented haves, and the seconds it took."""
    index, spent, chunk = LiveIndex(load()), 0.0, []
    for listing in invented(haves, "h", types, texts, 1):
        chunk.append(listing)
        if len(chunk) == CHUNK:
            spent += _put(index, chunk)
            chunk = []
    spent += _put(index, chunk)
    return index, spent


def _put(index: LiveIndex, chunk: list[Listing]) -> float:
    began = time.thread_time()
    index.put_many("have", chunk)
    return time.thread_time() - began


def in_sqlite(haves: int, types: list[str]) -> sqlite3.Connection:
    """The same haves in a table."""
    table = sqlite3.connect(":memory:")
    table.create_function("sqrt", 1, math.sqrt, deterministic=True)
    table.execute(
        "CREATE TABLE have (id TEXT, type TEXT, x REAL, y REAL, t REAL, first INT, last INT, reach REAL)"
    )
    rows = (
        (h.id, h.type, h.x, h.y, None if h.quantity is None else h.quantity * 52,
         *((h.start.toordinal(), h.end.toordinal()) if h.start and h.end else (None, None)),
         h.max_distance if h.max_distance is not None else 1e12)
        for h in invented(haves, "h", types, False, 1)
    )  # fmt: skip
    table.executemany("INSERT INTO have VALUES (?,?,?,?,?,?,?,?)", rows)
    table.execute("CREATE INDEX by_type ON have (type)")
    table.execute("CREATE TABLE link (type TEXT, fit REAL)")
    return table


_QUERY = """
WITH near AS (
  SELECT id, fit, t, first, last,
         sqrt((x - :x) * (x - :x) + (y - :y) * (y - :y)) AS metres, reach
  FROM link CROSS JOIN have ON have.type = link.type
)
SELECT round(fit * (
    0.35 / (1 + metres / 25000.0)
  + 0.25 * CASE WHEN :t IS NULL OR t IS NULL THEN 0.5 ELSE min(t / :t, 1.0) END
  + 0.15 * CASE WHEN :first IS NULL OR first IS NULL THEN 0.5
           ELSE max(min(last, :last) - max(first, :first) + 1, 1) * 1.0 / (:last - :first + 1) END
  + 0.15 * 0.75 + 0.10), 6) AS score, id
FROM near
WHERE metres <= min(reach, :reach) AND (:first IS NULL OR first IS NULL OR (first <= :last AND last >= :first))
ORDER BY score DESC, metres, id LIMIT 10
"""


def ask_sqlite(table: sqlite3.Connection, need: Listing, compatibility: Compatibility) -> list[float]:
    """The ten best scores."""
    links = compatibility.accepts(need.type)
    table.execute("DELETE FROM link")
    table.executemany("INSERT INTO link VALUES (?,?)", [(have, link.fit) for have, link in links.items()])
    windowed = need.start is not None and need.end is not None
    given = {
        "x": need.x, "y": need.y, "t": None if need.quantity is None else need.quantity * 52,
        "first": need.start.toordinal() if windowed and need.start else None,
        "last": need.end.toordinal() if windowed and need.end else None,
        "reach": need.max_distance if need.max_distance is not None else 1e12,
    }  # fmt: skip
    return [score for score, _ in table.execute(_QUERY, given)]


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    return float(np.percentile(seconds, 50) * 1000), float(np.percentile(seconds, 99) * 1000)


def run(haves: int = 1_000_000) -> None:
    """Bare, beside SQLite; then with texts."""
    warm_up()
    knowledge = load()
    uses = {rule.need for rule in knowledge.conversions} | {rule.have for rule in knowledge.conversions}
    harmless = sorted(name for name in uses if not knowledge.types[name].hazardous)
    types = random.Random(7).sample(harmless, len(harmless))
    size = f"{haves} haves, {len(types)} types"
    compatibility = Compatibility(knowledge)
    for texts in (False, True):
        what = "live with texts" if texts else "live"
        index, spent = filled(haves, types, texts)
        needs = list(invented(ASKED, "n", types, texts, 2))
        more = list(invented(ASKED, "m", types, texts, 3))
        for need in needs[:50]:
            index.best("need", need)
        times, changes = [], []
        for number, need in enumerate(needs):
            if number % 2:
                began = time.thread_time()
                index.put("have", more[number])
                index.remove("have", more[number - 1 if number > 1 else number].id)
                changes.append(time.thread_time() - began)
            began = time.thread_time()
            index.best("need", need)
            times.append(time.thread_time() - began)
        for listing in more:
            index.remove("have", listing.id)
        p50, p99 = percentiles(times)
        theirs50 = theirs99 = same = None
        if not texts:
            table = in_sqlite(haves, types)
            theirs, same = [], True
            for need in needs[:COMPARED]:
                began = time.thread_time()
                scores = ask_sqlite(table, need, compatibility)
                theirs.append(time.thread_time() - began)
                ours = [hit.score for hit in index.best("need", need)]
                same &= len(ours) == len(scores) and all(
                    abs(a - b) < 1.5e-6 for a, b in zip(ours, scores, strict=True)
                )
            theirs50, theirs99 = percentiles(theirs)
            table.close()
        peer = "-" if texts else PEER
        record(f"{what}: one new listing, p50", size, p50, theirs50, peer, "ms", same)
        record(f"{what}: one new listing, p99", size, p99, theirs99, peer, "ms", same)
        record(
            f"{what}: insert one and remove one, p99", size, percentiles(changes)[1], None, "-", "ms", None
        )
        record(f"{what}: fill", size, spent, None, "-", "s", None)
        record(f"{what}: memory a listing", size, index.nbytes / len(index), None, "-", "bytes", None)
        del index


if __name__ == "__main__":
    run(50_000 if "--quick" in sys.argv else 1_000_000)
