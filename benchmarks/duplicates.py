# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""How quickly, and how well, firms that stand twice are found among 100,000: ours beside names alone.

    .venv/bin/python -m benchmarks.duplicates [100000 | --quick]

Fills a scratch database beside the configured one (`DATABASE_URL`), which is dropped again, and enters one firm in two
hundred once more as a person types it who did not look first: a slip in the name, no CVR number, the same street. The named
alternative compares each name with every other of the same postal code (RapidFuzz, `fuzz.ratio` of at least 90), without
blocks, and without looking at anything but the name. Seconds are for the whole register; "found" is the share of those
entered twice.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import defaultdict

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

import numpy
from django.db import connection
from rapidfuzz import fuzz, process

from benchmarks import load_register
from benchmarks.databases import scratch
from benchmarks.invented import misspelt
from benchmarks.report import record
from brobygger.accounts.models import Operator
from brobygger.base.danish import sort_key
from brobygger.register.duplicates import finding
from brobygger.register.models import Organisation, PossibleDuplicate

QUICK = "--quick" in sys.argv
SIZE = 3_000 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
EACH = 200
"""One firm in so many stands twice."""
ALIKE = 90
PEER = "RapidFuzz inden for postnummeret"
Pairs = set[tuple[int, int]]


def entered_twice(office: Operator, chance: random.Random) -> Pairs:
    """Some firms once more; the pairs."""
    rows = list(Organisation.objects.filter(operator=office).order_by("pk")[::EACH])
    twins = []
    for row in rows:
        first, _space, rest = row.name.partition(" ")
        name = f"{misspelt(first, chance)} {rest}"
        twins.append(
            Organisation(
                operator=office, name=name, sort_name=sort_key(name), street=row.street, invented=True,
                postal_code=row.postal_code, city=row.city, municipality_code=row.municipality_code,
            )
        )  # fmt: skip
    stored = Organisation.objects.bulk_create(twins)
    return {(row.pk, twin.pk) for row, twin in zip(rows, stored, strict=True)}


def by_names(office: Operator) -> Pairs:
    """The named alternative."""
    here: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = Organisation.objects.filter(operator=office).order_by("pk")
    for pk, name, code in rows.values_list("pk", "name", "postal_code"):
        here[code].append((pk, name))
    found: Pairs = set()
    for firms in here.values():
        names = [name for _pk, name in firms]
        for start in range(0, len(names), 500):
            scores = process.cdist(
                names[start : start + 500], names, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=numpy.uint8
            )
            for at, other in zip(*numpy.nonzero(scores), strict=True):
                if start + at < other:
                    found.add((firms[start + at][0], firms[other][0]))
    return found


def ours(office: Operator) -> Pairs:
    """What the nightly job puts on the worklist."""
    finding.find(office)
    rows = PossibleDuplicate.objects.filter(operator=office).values_list("first_id", "second_id")
    return {(min(pair), max(pair)) for pair in rows}


def main() -> None:
    with scratch():
        chance = random.Random(1)
        office = Operator.objects.create(name="Prøvekontoret", slug="proeve")
        neighbour = Operator.objects.create(name="Naboen", slug="nabo")
        load_register.fill(office, neighbour, SIZE, chance)
        twice = entered_twice(office, chance)
        began = time.perf_counter()
        mine = ours(office)
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        theirs = by_names(office)
        peer = time.perf_counter() - began
    vendor = connection.vendor
    record(f"duplicates: the whole register ({vendor})", SIZE, seconds, peer, PEER, "s", None,
           pairs=len(mine), pairs_by_names=len(theirs))  # fmt: skip
    record(f"duplicates: found of those entered twice ({vendor})", len(twice), len(mine & twice) / len(twice),
           len(theirs & twice) / len(twice), PEER, "share", None)  # fmt: skip


if __name__ == "__main__":
    main()
