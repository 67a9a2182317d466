# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""How quickly a file of building cases comes in: ours beside each case taken through the services by itself.

    .venv/bin/python -m benchmarks.building_cases [20000 | --quick]

Writes a file of that many invented cases (most of them decided, a third with waiting, one in a hundred with a fault) and
imports it four times into a scratch database beside the configured one (`DATABASE_URL`), which is dropped again: first
everything is new, then nothing has changed, then one case in twenty has been decided since, then a tenth has changed (its
title, its dates, its waiting or its decision). The named alternative takes the cases that are new or have changed one by one
through the services that a person's work goes through; it is measured on a sample, since it is slow. Rates are rows a second.
"""

from __future__ import annotations

import os
import random
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

from django.db import connection, transaction

from benchmarks.databases import scratch
from benchmarks.invented_cases import rows, written
from benchmarks.report import record
from brobygger.accounts.models import Operator
from brobygger.base.errors import UserError
from brobygger.blueprints.queries import current
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.building import importing
from brobygger.cases.building.by_services import KEY
from brobygger.cases.building.by_services import one_by_one as through_services
from brobygger.cases.building.rows import COLUMNS, Reader
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services import opening
from brobygger.cases.services.correcting import DATED
from brobygger.register.imports.columns import Table
from brobygger.register.imports.errors import LeftOut
from brobygger.register.imports.importers import Order, no_progress

QUICK = "--quick" in sys.argv
SIZE = 2_000 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
SAMPLE = 200 if QUICK else 1_000


def bring_in(operator: Operator, path: Path) -> tuple[float, Any]:
    """Rows a second, and the report."""
    began = time.perf_counter()
    report = importing.carry_out(Order(operator, path, path.name), no_progress)
    return report.read / (time.perf_counter() - began), report


def one_by_one(operator: Operator, path: Path) -> float:
    """The named alternative on the first rows of the file. Rows a second."""
    began = time.perf_counter()
    reader, done = Reader(current(operator, opening.KIND, KEY).content), 0
    for row in islice(Table(path, COLUMNS, path.name).rows(), SAMPLE):
        done += 1
        try:
            facts = reader.facts(row)
            case = Case.objects.filter(operator=operator, type_key=KEY, external_ref=facts.ref).first()
            if case and case.source_digest == facts.digest():
                continue
            with transaction.atomic():
                through_services(operator, facts, case=case, firm=None, officer=None)
        except (LeftOut, UserError):
            continue
    return done / (time.perf_counter() - began)


def standing(operator: Operator, count: int) -> tuple[list[Any], list[Any]]:
    """What is compared: the first rows' cases as they stand, and what happened in them. Of what was put right the day counts:
    it is written with the moment of the import."""
    refs = [f"S-{number}" for number in range(count)]
    cases = Case.objects.filter(operator=operator, external_ref__in=refs).order_by("external_ref")
    events = CaseEvent.objects.filter(case__in=cases).order_by("case__external_ref", "pk")
    told = events.values_list("case__external_ref", "kind", "name", "at", "data", "reason")
    return (
        list(cases.values_list("external_ref", "title", "stage", "outcome", "opened_on", "decided_on", "days_used",
                               "goal_days", "due_on", "values")),
        [(ref, kind, name, at if kind in DATED else at.date(), data, reason) for ref, kind, name, at, data, reason in told],
    )  # fmt: skip


def run(folder: Path) -> None:
    """Write the files, import, compare, report."""
    path = written(folder / "sager.csv", rows(SIZE, random.Random(1)))
    later = written(folder / "senere.csv", rows(SIZE, random.Random(1), later=True))
    changed = written(folder / "rettet.csv", rows(SIZE, random.Random(1), later=True, changed=True))
    ours, theirs = (Operator.objects.create(name=name, slug=name) for name in ("ours", "theirs"))
    for office in (ours, theirs):
        adopt_shipped(office, "case_type", KEY, user=None)
    vendor = connection.vendor
    peer = one_by_one(theirs, path)
    rate, report = bring_in(ours, path)
    same = standing(ours, SAMPLE) == standing(theirs, SAMPLE)
    record(
        f"building: alt er nyt ({vendor})", SIZE, rate, peer, "sag for sag gennem tjenesterne", "rækker/s", same,
        peer_size=SAMPLE, created=report.created, skipped=report.skipped, seconds=round(SIZE / rate, 1),
    )  # fmt: skip
    rate, report = bring_in(ours, path)
    nothing = report.unchanged == SIZE - report.skipped
    record(
        f"building: intet er ændret ({vendor})", SIZE, rate, None, "-", "rækker/s", nothing,
        seconds=round(SIZE / rate, 1),
    )  # fmt: skip
    rate, report = bring_in(ours, later)
    peer = one_by_one(theirs, later)
    same = standing(ours, SAMPLE) == standing(theirs, SAMPLE)
    record(
        f"building: hver tyvende er afgjort siden ({vendor})", SIZE, rate, peer, "sag for sag gennem tjenesterne",
        "rækker/s", same, peer_size=SAMPLE, changed=report.changed, seconds=round(SIZE / rate, 1),
    )  # fmt: skip
    rate, report = bring_in(ours, changed)
    peer = one_by_one(theirs, changed)
    same = standing(ours, SAMPLE) == standing(theirs, SAMPLE)
    record(
        f"building: hver tiende er ændret ({vendor})", SIZE, rate, peer, "sag for sag gennem tjenesterne", "rækker/s", same,
        peer_size=SAMPLE, changed=report.changed, skipped=report.skipped, seconds=round(SIZE / rate, 1),
    )  # fmt: skip


def main() -> None:
    with scratch() as folder:
        run(folder)


if __name__ == "__main__":
    main()
