# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The databases that are measured on: SQLite always, PostgreSQL where `BENCHMARK_POSTGRESQL` names one.

The full ones are filled once by `benchmarks.load_data` and kept in `var/benchmarks` for the next run, which fills them again only
when another size is asked for. Emptying is left to a person: delete the folder, or the PostgreSQL database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

KEPT = Path(os.environ.get("BENCHMARK_DATA", Path(__file__).resolve().parents[1] / "var" / "benchmarks"))
FULL = ("--organisations", "100000", "--listings", "200000", "--suggestions", "100000", "--matches", "5000",
        "--interactions", "300000", "--cases", "20000")  # fmt: skip
QUICK = ("--organisations", "5000", "--listings", "10000", "--suggestions", "5000", "--matches", "500",
         "--interactions", "15000", "--cases", "1000")  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A database full of invented records."""

    vendor: str
    environment: dict[str, str]
    facts: dict[str, Any]
    """See `load_facts`: the session, and what to open and search."""

    @property
    def size(self) -> str:
        """`100000 firms, 200000 listings`."""
        size = self.facts["size"]
        return f"{size['organisations']} firms, {size['listings']} listings"


def filled(*, quick: bool) -> list[Filled]:
    """The databases, filled. With `quick` a small SQLite one only."""
    urls = {"sqlite": ""}
    if (url := os.environ.get("BENCHMARK_POSTGRESQL")) and not quick:
        urls["postgresql"] = url
    return [_fill(vendor, url, quick=quick) for vendor, url in urls.items()]


def _fill(vendor: str, url: str, *, quick: bool) -> Filled:
    folder = KEPT / (f"{vendor}-quick" if quick else vendor)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "BROBYGGER_DATA": str(folder),
        "ALLOWED_HOSTS": "127.0.0.1",
        **({"DATABASE_URL": url} if url else {}),
    }
    print(f"{vendor}: {folder}", flush=True)
    command = [sys.executable, "-m", "benchmarks.load_data", *(QUICK if quick else FULL)]
    subprocess.run(command, env=environment, check=True)
    return Filled(vendor, environment, json.loads((folder / "load.json").read_text()))


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty, migrated database beside the configured one, and a folder for files; both are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/scratch.sqlite3"
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield Path(folder)
        finally:
            connection.creation.destroy_test_db(str(name), verbosity=0)
