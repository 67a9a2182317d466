# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One row for each measurement: on screen at once, and handed to `python -m benchmarks`, which keeps them all.

A row has exactly the fields `name`, `size`, `ours`, `peer`, `peer_name`, `unit`, `ratio` and `identical`. The name begins
with the benchmark's own (`pages: …`), so that a run of some benchmarks replaces just their rows.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.jsonl"
ROWS = "BENCHMARK_ROWS"
"""Environment variable: the file that rows are added to. Without it they are only shown."""
RATES = ("/s", "share")


def record(
    name: str,
    size: int | str,
    ours: float,
    peer: float | None,
    peer_name: str,
    unit: str,
    identical: bool | None,
    **shown: object,
) -> None:
    """Show a measurement, and keep it where the run collects them.

    `ours` and `peer` are in `unit`. `ratio` says how many times better ours is, so above 1 is in our favour whether
    the unit is a time or a rate. `identical`: whether both gave the same results; None when that cannot be asked.
    What else is given is shown and not kept.
    """
    row = {
        "name": name,
        "size": size,
        "ours": round(ours, 4),
        "peer": None if peer is None else round(peer, 4),
        "peer_name": peer_name,
        "unit": unit,
        "ratio": _ratio(ours, peer, unit),
        "identical": identical,
    }
    if where := os.environ.get(ROWS):
        with Path(where).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(line(row), *(f"{label}: {value}" for label, value in shown.items()), flush=True)


def _ratio(ours: float, peer: float | None, unit: str) -> float | None:
    if not ours or not peer:
        return None
    return round(ours / peer if unit.endswith(RATES) else peer / ours, 3)


def line(row: dict[str, Any]) -> str:
    """A row as a line of the table on screen."""
    peer = "-" if row["peer"] is None else f"{row['peer']:.2f}"
    ratio = "-" if row["ratio"] is None else f"{row['ratio']:.2f}"
    same = {True: "same", False: "differs", None: ""}[row["identical"]]
    return (
        f"{row['name']:52.52} {row['size']!s:>26.26} {row['ours']:>10.2f} {peer:>10} {row['unit']:10} "
        f"{ratio:>8} {same:8} {row['peer_name']}"
    )


def heading() -> str:
    """The table's first line."""
    return f"{'what':52} {'size':>26} {'ours':>10} {'peer':>10} {'unit':10} {'ratio':>8} {'results':8} beside"
