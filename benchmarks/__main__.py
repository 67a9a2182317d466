# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every benchmark, each beside its named alternative in the same run.

    .venv/bin/python -m benchmarks                 all of them (`make bench`)
    .venv/bin/python -m benchmarks loops pages     some of them
    .venv/bin/python -m benchmarks costs cluster   where the time goes in pages and in the parts of a cluster's search
    .venv/bin/python -m benchmarks --quick         small sizes, a few minutes; results.jsonl is left alone

Each runs in a process of its own. A table is shown, and `benchmarks/results.jsonl` is rewritten with the rows of what
was run; a run of some keeps the rows of the others. `BENCHMARK_POSTGRESQL` names an empty PostgreSQL database
(`postgres://…`) for the benchmarks that need one; without it they measure SQLite alone. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.report import RESULTS, ROWS, heading, line

BENCHMARKS = {
    "suggest": "benchmarks.engine_suggest",
    "allocate": "benchmarks.engine_allocate",
    "pair": "benchmarks.engine_pair",
    "compose": "benchmarks.engine_compose",
    "loops": "benchmarks.engine_loops",
    "live": "benchmarks.engine_live",
    "text": "benchmarks.engine_text",
    "takers": "benchmarks.takers_quality",
    "search": "benchmarks.register_search",
    "cvr": "benchmarks.cvr_import",
    "building": "benchmarks.building_cases",
    "suggestions": "benchmarks.suggestions",
    "pages": "benchmarks.pages",
    "talks": "benchmarks.talks",
    "import": "benchmarks.talk_import",
    "duplicates": "benchmarks.duplicates",
    "schemes": "benchmarks.scheme_firms",
}
"""Name → module. Each takes `--quick` and begins the names of its rows with its own."""
WHEN_NAMED = {"costs": "benchmarks.page_costs", "cluster": "benchmarks.engine_cluster"}
"""Those that only explain where the time goes: run where they are named, compared with nothing, and no row is kept."""
ALL = BENCHMARKS | WHEN_NAMED


def run(name: str, *, quick: bool) -> tuple[list[dict[str, Any]], bool]:
    """The rows of one benchmark, and whether it came through."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        rows.touch()
        command = [sys.executable, "-m", ALL[name], *(["--quick"] if quick else [])]
        done = subprocess.run(command, env={**os.environ, ROWS: str(rows)}, check=False)
        return [
            json.loads(text) for text in rows.read_text(encoding="utf-8").splitlines()
        ], not done.returncode


def stored() -> list[dict[str, Any]]:
    """The rows of the last run."""
    if not RESULTS.exists():
        return []
    return [json.loads(text) for text in RESULTS.read_text(encoding="utf-8").splitlines()]


def _benchmark_of(row: dict[str, Any]) -> str:
    """`pages: today …` and `pages, today …` are of `pages`."""
    return re.split("[:,]", str(row["name"]))[0]


def main() -> int:
    """Run what was asked for. Returns 1 when a benchmark failed, 0 otherwise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--quick", action="store_true", help="small sizes")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(ALL):
        parser.error(f"no benchmark named {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    names = [name for name in ALL if name in (asked.names or BENCHMARKS)]
    measured: list[dict[str, Any]] = []
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        rows, well = run(name, quick=asked.quick)
        measured += rows
        failed += [] if well else [name]
    print("", heading(), *map(line, measured), sep="\n")
    if not asked.quick:
        kept = [row for row in stored() if _benchmark_of(row) not in names] if asked.names else []
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in [*kept, *measured])
        RESULTS.write_text(text, encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
