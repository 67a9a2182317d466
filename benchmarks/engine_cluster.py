# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the parts of `suggest --cluster` cost, searched one after the other in this process.

Run: ``python -m benchmarks.engine_cluster [--quick | 200000 8]`` (listings on each side, workers). Shows how even the parts are, how often
a listing is read in all, and the processor time of all parts beside that of one search; both ways, with texts.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.listings_invented import listings
from brobygger import knowledge
from brobygger.engine.cli_listings import read_listings, read_side
from brobygger.engine.cluster import plan, run, work
from brobygger.engine.columns import Vocabulary
from brobygger.engine.match_tables import tables
from brobygger.engine.matches import match


class AtOnce:
    """Does the work when it is submitted, and keeps the processor time of each part."""

    def __init__(self) -> None:
        self.parts: list[tuple[plan.Part, float]] = []

    def submit(self, function: Any, *arguments: Any, **_: object) -> Any:
        """Dask's form."""
        began = time.process_time()
        answer = function(*arguments)
        if function is work.search_part:
            self.parts.append((arguments[2], time.process_time() - began))
        return answer

    def gather(self, futures: list[Any]) -> list[Any]:
        """Dask's form."""
        return futures


def main(count: int, workers: int) -> None:
    """One comparison."""
    known = knowledge.load()
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for side in ("have", "need"):
            path = Path(folder) / f"{side}.parquet"
            listings(side, count, known, texts=True).write_parquet(path)
            sides.append(read_listings(path, None))
        began, words = time.process_time(), Vocabulary()
        read = [read_side(side, known, words) for side in sides]
        alone = sum(frame.height for frame in tables(match(*read, known, top=10, both=True)))
        one = time.process_time() - began
        (Path(folder) / work.KNOWLEDGE).write_bytes(pickle.dumps(known))
        client = AtOnce()
        haves, needs = (side.frame for side in sides)
        found = run.in_parts(client, workers, folder, haves, needs, known, compat=None, top=10, both=True)
        together = sum(frame.height for frame in found)
    told = pl.DataFrame(
        {
            "work": [part.work for part, _ in client.parts],
            "read": [sum(last - first for first, last in part.theirs) for part, _ in client.parts],
            "seconds": [seconds for _, seconds in client.parts],
        }
    )
    busiest = plan.balance([part for part, _ in client.parts], workers)["busiest"]
    print(f"{count} x {count}, {workers} workers: {told.height} parts, rows {together} (one search {alone})")
    print(
        f"busiest worker {busiest / (told['work'].sum() / workers):.2f} times its fair share of the work planned"
    )
    print(f"each listing read {told['read'].sum() / (2 * count):.1f} times besides its own part")
    rate = told["seconds"] / told["work"] * 1e6
    print(f"microseconds for a unit of planned work: median {rate.median():.1f}, greatest {rate.max():.1f}")
    print(f"processor time: parts {told['seconds'].sum():.1f} s, one search {one:.1f} s")


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:] if number != "--quick"]
    main(*(given or ((2_000, 4) if "--quick" in sys.argv else (200_000, 8))))
