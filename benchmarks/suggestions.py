# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a person waits for when a listing is saved among 200,000, and how quickly all are matched again.

Run: ``python -m benchmarks.suggestions [--quick]``. Measured in the databases of `benchmarks.databases`, inside a transaction
that is rolled back. The named alternative weighs every current listing of the other side with the same engine, which
is what one does without choosing candidates first; it gives the same ten best.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.databases import filled
from benchmarks.report import record

SAVED, COMPARED, REFRESHED = 40, 3, 400
"""Listings saved; of those compared with the alternative; and listings of the nightly run that are timed."""
PEER = "weighing every listing"


def measure(vendor: str, size: str) -> None:
    """In a process that is connected to a filled database: save, compare, refresh, report."""
    import django

    django.setup()
    from django.db import transaction

    from brobygger.accounts.models import Operator
    from brobygger.market.models import Listing
    from brobygger.market.services.listings import create_listing
    from brobygger.market.services.matching.candidates import current, warm_up
    from brobygger.market.services.matching.nightly import _chunks, _refresh_chunk
    from brobygger.market.services.matching.refresh import TOP, may_be_shown, meetings_of, weigh

    operator = Operator.objects.order_by("pk")[0]
    warm_up()
    mine = Listing.objects.filter(current(), operator=operator).exclude(resource_type="")
    models = list(mine.select_related("organisation").order_by("pk")[: SAVED + 5])

    def saved(model: Listing) -> Listing:
        return create_listing(
            organisation=model.organisation, by=None, side=model.side, kind=model.kind, text=model.text,
            resource_type=model.resource_type, quantity=model.quantity, unit=model.unit, period=model.period,
            reach_km=model.reach_km, visibility=model.visibility,
        )  # fmt: skip

    def best(meetings: list[Any], listing: Listing) -> list[tuple[str, str]]:
        shown = [m for m in meetings if may_be_shown(m, listing.operator_id)][:TOP]
        return [(str(m.have.pk), str(m.need.pk)) for m in shown]

    with transaction.atomic():
        for model in models[SAVED:]:
            saved(model)
        times, made = [], []
        for model in models[:SAVED]:
            began = time.perf_counter()
            made.append(saved(model))
            times.append((time.perf_counter() - began) * 1000)
        ours, theirs, same = [], [], True
        for listing in made[:COMPARED]:
            began = time.perf_counter()
            found = best(meetings_of(listing), listing)
            ours.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            others = Listing.objects.filter(current()).exclude(side=listing.side)
            everyone = others.exclude(organisation_id=listing.organisation_id)
            same &= best(weigh([listing], list(everyone)), listing) == found
            theirs.append((time.perf_counter() - began) * 1000)
        transaction.set_rollback(True)
    times.sort()
    record(f"suggestions: save a listing, p50 ({vendor})", size, times[SAVED // 2], None, "-", "ms", None)
    record(
        f"suggestions: save a listing, p95 ({vendor})", size, times[SAVED * 95 // 100], None, "-", "ms", None
    )
    record(f"suggestions: find ({vendor})", size, sorted(ours)[1], sorted(theirs)[1], PEER, "ms", same)
    with transaction.atomic():
        began, done = time.perf_counter(), 0
        for chunk in _chunks(operator):
            _refresh_chunk(operator, chunk)
            done += len(chunk)
            if done >= REFRESHED:
                break
        rate = done / (time.perf_counter() - began)
        transaction.set_rollback(True)
    peer_rate = 1000 / sorted(theirs)[1]
    record(f"suggestions: refresh all ({vendor})", size, rate, peer_rate, PEER, "listings/s", same)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record(f"suggestions: memory ({vendor})", size, memory, None, "-", "MB", None)


def main() -> int:
    """Measure in every filled database, each in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--inside", nargs=2, metavar=("VENDOR", "SIZE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
        measure(*asked.inside)
        return 0
    for database in filled(quick=asked.quick):
        command = [sys.executable, "-m", "benchmarks.suggestions", "--inside", database.vendor, database.size]
        subprocess.run(command, env=database.environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
