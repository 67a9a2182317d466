# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How quickly, and how well, organisations are found among 100,000: our search beside LIKE '%…%'.

    .venv/bin/python -m benchmarks.register_search [--quick]

Measured in the databases of `benchmarks.databases`. Queries are made from names in the register as a person types them:
right, half, inflected, misspelt, and CVR numbers. The named alternative is what a list usually has: each word in
`name ILIKE '%…%' OR city ILIKE '%…%' OR cvr LIKE '%…%'`, by name. Times are the 95th percentile. "Missed" is the share
of queries whose own organisation's name is not among the first 1,000 hits.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.databases import filled
from benchmarks.invented import misspelt
from benchmarks.report import record

EACH = 50
"""Queries of each kind."""
PEER = "LIKE '%…%'"


def queries(chance: random.Random, rows: list[Any]) -> dict[str, list[tuple[str, str]]]:
    """Kind of query → (typed, name that it was made from)."""

    def words(name: str) -> list[str]:
        return [word for word in name.split() if len(word) > 4] or name.split()

    def made(change: Callable[[Any], str]) -> list[tuple[str, str]]:
        return [(change(row), row.name) for row in chance.sample(rows, EACH)]

    return {
        "a word": made(lambda row: chance.choice(words(row.name))),
        "two words": made(lambda row: " ".join(words(row.name)[:2])),
        "half a word": made(lambda row: words(row.name)[0][:-2]),
        "inflected": made(lambda row: words(row.name)[-1].lower() + "et"),
        "misspelt": made(lambda row: misspelt(words(row.name)[0], chance)),
        "CVR number": made(lambda row: row.cvr or ""),
    }


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def measure(vendor: str, size: str) -> None:
    """In a process that is connected to a filled database: search, and report."""
    import django

    django.setup()
    from django.db.models import Q

    from brobygger.accounts.models import Operator
    from brobygger.base import search
    from brobygger.register.models import Organisation
    from brobygger.register.search import KIND, scope_of

    operator = Operator.objects.order_by("pk")[0]
    office = Organisation.objects.filter(operator=operator)
    rows = list(office.order_by("pk").only("name", "cvr")[:20_000])

    def ours(text: str) -> list[int]:
        return search.find(KIND, text, scopes=[scope_of(operator.pk)]).keys

    def theirs(text: str) -> list[int]:
        found = office
        for word in text.split():
            found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(cvr__contains=word))
        return list(found.order_by("sort_name", "pk").values_list("pk", flat=True)[:1000])

    def finds(keys: list[int], name: str) -> bool:
        return Organisation.objects.filter(pk__in=keys, name=name).exists()

    ours("opvarmning"), theirs("opvarmning")
    for label, asked in queries(random.Random(2), rows).items():
        our_times = [milliseconds(lambda text=text: ours(text)) for text, _ in asked]
        their_times = [milliseconds(lambda text=text: theirs(text)) for text, _ in asked]
        record(f"search: {label}, {vendor}", size, p95(our_times), p95(their_times), PEER, "ms", False)
        missed = 100 * sum(not finds(ours(text), name) for text, name in asked) / len(asked)
        others = 100 * sum(not finds(theirs(text), name) for text, name in asked) / len(asked)
        record(f"search: {label}, missed, {vendor}", size, missed, others, PEER, "%", False)


def main() -> int:
    """Measure in every filled database, each in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--inside", nargs=2, metavar=("VENDOR", "SIZE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        measure(*asked.inside)
        return 0
    for database in filled(quick=asked.quick):
        command = [
            sys.executable,
            "-m",
            "benchmarks.register_search",
            "--inside",
            database.vendor,
            database.size,
        ]
        environment = {"DJANGO_SETTINGS_MODULE": "brobygger.config.settings", **database.environment}
        subprocess.run(command, env=environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
