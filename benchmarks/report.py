# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One row for each measurement: on screen and in `benchmarks/results.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.jsonl"


def record(
    name: str,
    size: int | str,
    ours: float,
    peer: float | None,
    peer_name: str,
    unit: str,
    identical: bool | None,
    **more: Any,
) -> None:
    """Append a measurement and print it.

    `ours` and `peer` are in `unit`; `ratio` is peer / ours, so above 1 we are quicker when the unit is time.
    `identical`: whether both gave the same results; None when that cannot be asked.
    """
    ratio = round(peer / ours, 3) if peer is not None and ours else None
    row = {
        "name": name,
        "size": size,
        "ours": round(ours, 4),
        "peer": None if peer is None else round(peer, 4),
        "peer_name": peer_name,
        "unit": unit,
        "ratio": ratio,
        "identical": identical,
        **more,
    }
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    beside = "-" if peer is None else f"{peer:.2f}"
    print(f"{name:44} {size!s:>9} {ours:>10.2f} {beside:>10} {unit:8} {peer_name}", flush=True)
