# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""How quickly, and in how much memory, a CVR file comes in: ours beside one `update_or_create` for each document.

    .venv/bin/python -m benchmarks.cvr_import [200000 | --quick]

Writes a file of that many invented documents (two fifths companies, three fifths places of work) and imports it twice
into a scratch database beside the configured one (`DATABASE_URL`), which is dropped again: first everything is new,
then nothing has changed. The named alternative reads the same documents and stores each by itself with Django's
`update_or_create`, history and search index as they come with it; it is measured on a sample, since it is slow.
Rates are documents a second; memory is the most that the process held itself, without the pages of the database file that
SQLite maps (megabytes).
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.databases import scratch
from benchmarks.report import record
from brobygger.accounts.models import Operator
from brobygger.base.danish import sort_key
from brobygger.knowledge.geography import postal_codes_in
from brobygger.knowledge.industries import db25_codes
from brobygger.register import places, search
from brobygger.register.cvr import files
from brobygger.register.cvr.reading import COMPANY, read_documents
from brobygger.register.cvr.shape import UnknownIndustry, company_of, site_of
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.models import Establishment, Organisation
from tests.register.cvr_documents import address, company, period, site

QUICK = "--quick" in sys.argv
SIZE = 5_000 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
SAMPLE = 500 if QUICK else 2_000
FIRST = (
    "Skov",
    "Bak",
    "Lind",
    "Høj",
    "Sø",
    "Møl",
    "Kirke",
    "Nør",
    "Birke",
    "Ege",
    "Bøge",
    "Sten",
    "Hav",
    "Dal",
    "Eng",
)
SECOND = (
    "lund",
    "gård",
    "ager",
    "mose",
    "bjerg",
    "borg",
    "dal",
    "strup",
    "lev",
    "rup",
    "torp",
    "holt",
    "bæk",
    "vang",
)
TRADE = (
    "Bryghus",
    "Bageri",
    "Mejeri",
    "Gartneri",
    "Maskinfabrik",
    "Smedje",
    "Vognmand",
    "Slagteri",
    "Snedkeri",
    "Café",
)


def documents(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Invented documents, companies and their places of work mixed."""
    towns = [code for place in ("0350", "0265", "0316", "0326", "0259") for code in postal_codes_in(place)]
    industries = list(db25_codes())
    companies = 0
    for number in range(count):
        town = chance.choice(towns)
        where = address(
            f"{chance.choice(FIRST)}vej",
            chance.randrange(1, 200),
            int(town.code),
            town.name,
            int(town.municipality),
        )
        name = [
            {
                "navn": f"{chance.choice(FIRST)}{chance.choice(SECOND)} {chance.choice(TRADE)} ApS",
                **period("2016-03-01"),
            }
        ]
        branch = [{"branchekode": chance.choice(industries), **period("2025-01-01")}]
        if number % 5 < 2:
            companies += 1
            yield company(
                91_000_000 + companies, navne=name, beliggenhedsadresse=[where], hovedbranche=branch
            )
        else:
            owner = 91_000_000 + chance.randrange(1, companies + 1)
            yield site(
                1_900_000_000 + number, owner, navne=name, beliggenhedsadresse=[where], hovedbranche=branch
            )


def bring_in(operator: Operator, path: Path) -> tuple[float, Any]:
    """Documents a second, and the report."""
    began = time.perf_counter()
    report = files.carry_out(Order(operator, path, path.name), no_progress)
    return report.read / (time.perf_counter() - began), report


def one_by_one(operator: Operator, path: Path) -> float:
    """The named alternative on the first documents of the file. Documents a second."""
    began = time.perf_counter()
    today, done = timezone.localdate(), 0
    for document in islice(read_documents(path), SAMPLE):
        unknown = UnknownIndustry()
        body: Any = document.body
        with transaction.atomic():
            if document.kind == COMPANY:
                facts: Any = company_of(body, today, unknown)
                values = {name: getattr(facts, name) for name in ("name", "street", "postal_code", "city", "municipality_code", "industry", "employees", "employees_text", "form_code", "founded_on", "dissolved_on", "status", "ad_protected", "email", "phone", "website")}  # fmt: skip
                stored, _ = Organisation.objects.update_or_create(
                    operator=operator, cvr=facts.cvr, defaults=values | {"sort_name": sort_key(facts.name)}
                )
                owner = stored.pk
            else:
                facts = site_of(body, today, unknown)
                owner = Organisation.objects.get(operator=operator, cvr=facts.cvr).pk
                values = {name: getattr(facts, name) for name in ("name", "street", "postal_code", "city", "municipality_code", "industry", "employees", "started_on", "ended_on", "ad_protected")}  # fmt: skip
                stored, _ = Establishment.objects.update_or_create(
                    operator=operator, p_number=facts.p_number, defaults=values | {"organisation_id": owner}
                )
            places.locate(stored)
            type(stored).objects.filter(pk=stored.pk).update(
                latitude=stored.latitude, longitude=stored.longitude, x=stored.x, y=stored.y
            )
            search.index([owner])
        done += 1
    return done / (time.perf_counter() - began)


def names_and_places(operator: Operator, keys: list[str]) -> set[tuple[Any, ...]]:
    """What is compared: the organisations of these CVR numbers, with their places of work."""
    rows = Organisation.objects.filter(operator=operator, cvr__in=keys)
    return set(
        rows.values_list("cvr", "name", "street", "postal_code", "industry", "x", "establishments__p_number")
    )


def memory() -> float:
    """The most this process ever held, megabytes: its own, and the pages of SQLite's file that it has mapped."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class OwnMemory(threading.Thread):
    """Looks twice a second at what the process holds itself, without mapped files (Linux's RssAnon). `most`: megabytes."""

    STATUS = Path("/proc/self/status")

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.5):
            found = (
                re.search(r"RssAnon:\s+(\d+) kB", self.STATUS.read_text()) if self.STATUS.exists() else None
            )
            self.most = max(self.most, int(found[1]) / 1024 if found else memory())

    def __enter__(self) -> OwnMemory:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def run(folder: Path) -> None:
    """Write the files, import, compare, report."""
    path, part = folder / "cvr.ndjson", folder / "part.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for document in documents(SIZE, random.Random(1)):
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    with path.open(encoding="utf-8") as file, part.open("w", encoding="utf-8") as first:
        first.writelines(islice(file, SAMPLE))
    ours, theirs, small = (
        Operator.objects.create(name=name, slug=name) for name in ("ours", "theirs", "small")
    )
    vendor = connection.vendor
    peer = one_by_one(theirs, path)
    _rate, _report = bring_in(small, part)
    keys = list(Organisation.objects.filter(operator=theirs).values_list("cvr", flat=True))
    same = names_and_places(small, keys) == names_and_places(theirs, keys)
    with OwnMemory() as own:
        rate, report = bring_in(ours, path)
    record(
        f"cvr: alt er nyt ({vendor})", SIZE, rate, peer, "update_or_create", "poster/s", same,
        peer_size=SAMPLE, created=report.created, file_mb=round(path.stat().st_size / 1e6),
    )  # fmt: skip
    record(
        f"cvr: hukommelse ({vendor})",
        SIZE,
        own.most,
        None,
        "-",
        "MB",
        None,
        with_mapped_file_mb=round(memory()),
    )
    rate, report = bring_in(ours, path)
    record(f"cvr: intet er ændret ({vendor})", SIZE, rate, None, "-", "poster/s", report.unchanged == SIZE)


def main() -> None:
    with scratch() as folder:
        run(folder)


if __name__ == "__main__":
    main()
