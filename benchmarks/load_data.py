# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""Fills the configured database with an invented region, so that pages can be measured at full size.

    BROBYGGER_DATA=/tmp/load .venv/bin/python -m benchmarks.load_data --organisations 100000 --listings 200000

The database is the one that `DATABASE_URL` (or `BROBYGGER_DATA`) names. It must be empty: nothing is ever added to
a database that holds an operator. What the measuring needs to know (session, addresses, words) is written to
`load.json` in the data folder. Rows go in with `bulk_create`, a batch at a time; the search index is built after.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks import (
    load_cases,
    load_facts,
    load_listings,
    load_matches,
    load_register,
    load_suggestions,
    load_talks,
    load_users,
)
from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.base.statistics import count_anew

HERE = Path(settings.DATA_DIR) / "load.json"


@dataclass(frozen=True)
class Size:
    """How much of each."""

    organisations: int = 100_000
    listings: int = 200_000
    suggestions: int = 100_000
    matches: int = 5_000
    interactions: int = 300_000
    cases: int = 20_000


def fill(size: Size) -> dict[str, Any]:
    """Fill the empty database and return what the measuring needs. Raises SystemExit when it is not empty."""
    if Operator.objects.exists():
        raise SystemExit("the database is not empty; give an empty one in DATABASE_URL or BROBYGGER_DATA")
    chance = random.Random(1)
    office, neighbour, consultant = load_users.offices()
    with _told("organisations"):
        load_register.fill(office, neighbour, size.organisations, chance)
    with _told("listings"):
        load_listings.fill(size.listings, chance)
    with _told("suggestions"):
        load_suggestions.fill(office, size.suggestions, chance)
    with _told("matches"):
        load_matches.fill(office, consultant, size.matches, chance)
    with _told("interactions"):
        load_talks.fill(office, consultant, size.interactions)
    with _told("cases"):
        load_cases.fill(office, consultant, size.cases)
    load_users.written_by_firms(office, chance)
    for kind in ("organisation", "listing", "interaction"):
        with _told(f"search index of {kind}s"):
            search.reindex(kind)
    if not count_anew():
        with connection.cursor() as cursor:  # what PostgreSQL does by itself in time
            cursor.execute("VACUUM ANALYZE")
    return {"size": asdict(size), **load_facts.facts(office, consultant)}


class _told:
    """Says how long a step took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        print(f"  {self.what}: {time.perf_counter() - self.began:.0f} s", flush=True)


def main(told: Callable[[str], None] = print) -> None:
    """Migrate, fill, write `load.json`. A database that was filled to the same size before is left as it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in asdict(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    size = Size(**vars(parser.parse_args()))
    call_command("migrate", verbosity=0)
    if HERE.exists() and json.loads(HERE.read_text())["size"] == asdict(size) and Operator.objects.exists():
        told("filled before")
        return
    HERE.write_text(json.dumps(fill(size)))


if __name__ == "__main__":
    main()
