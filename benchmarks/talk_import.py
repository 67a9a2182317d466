# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""How quickly a spreadsheet of old talks comes in: ours beside each row written through the services by itself.

    .venv/bin/python -m benchmarks.talk_import [50000 | --quick]

Writes a file of that many invented talks with 5,000 firms (found by CVR number or by name; one row in a hundred has a day
that nobody can read) and imports it twice into a scratch database beside the configured one (`DATABASE_URL`), which is
dropped again: first everything is new, then nothing has changed. The named alternative reads the first 1,000 rows with the
same reader, finds the firm of each, and writes it through the service that a person's note goes through, into another
office's register; both offices must then have the same talks. Rates are rows a second.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

from django.db import connection

from benchmarks.databases import scratch
from benchmarks.report import record
from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base.danish import sort_key
from brobygger.base.errors import UserError
from brobygger.dialogue import imports
from brobygger.dialogue.imports.reading import COLUMNS, Reader
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services import interactions
from brobygger.register.imports.columns import Table
from brobygger.register.imports.errors import LeftOut
from brobygger.register.imports.firms import Firms
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Organisation

QUICK = "--quick" in sys.argv
SIZE = 2_000 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
SAMPLE = 200 if QUICK else 1_000
FIRMS = 200 if QUICK else 5_000
HEADER = "dato;cvr;virksomhed;art;tekst;deltagere;id"
KINDS = ("Besøg", "Telefon", "Møde", "Mail")
SAID = (
    "De bygger nyt lager",
    "Vil gerne ansætte",
    "Mangler en aftager til mask",
    "Spurgte til tilskud",
    "Rundvisning",
)
FIRST = date(2016, 1, 4)


def rows(chance: random.Random) -> Iterator[str]:
    """Invented talks; every third names its firm by name, the others by CVR number."""
    for number in range(SIZE):
        firm = chance.randrange(FIRMS)
        day = (
            "i går eller forgårs"
            if number % 100 == 99
            else str(FIRST + timedelta(days=chance.randrange(3_600)))
        )
        named = f";Prøvefirma {firm} ApS" if number % 3 == 0 else f"{99_000_000 + firm};"
        yield f"{day};{named};{chance.choice(KINDS)};{chance.choice(SAID)} ({number});Kollega;T-{number}"


def office(name: str) -> tuple[Operator, User]:
    """An office with its firms and one consultant."""
    operator = Operator.objects.create(name=name, slug=name)
    user = User.objects.create_user(email=f"{name}@example.invalid", name=name, password="x" * 20)
    Membership.objects.create(user=user, operator=operator, role=Role.CONSULTANT)
    firms = (
        Organisation(operator=operator, name=name, sort_name=sort_key(name), cvr=str(99_000_000 + key))
        for key in range(FIRMS)
        for name in [f"Prøvefirma {key} ApS"]
    )
    Organisation.objects.bulk_create(firms, batch_size=2_000)
    return operator, user


def bring_in(operator: Operator, user: User, path: Path) -> tuple[float, Report]:
    """Rows a second, and the report."""
    began = time.perf_counter()
    report = imports.carry_out(Order(operator, path, path.name, by=user), no_progress)
    return report.read / (time.perf_counter() - began), report


def one_by_one(operator: Operator, user: User, path: Path) -> float:
    """The named alternative on the first rows of the file. Rows a second."""
    reader, done = Reader({}, Report()), 0
    began = time.perf_counter()
    for row in islice(Table(path, COLUMNS, path.name).rows(), SAMPLE):
        done += 1
        try:
            entry = reader.entry(row)
            firm, _fault = Firms(operator, [entry]).find(entry)
            if firm is None:
                continue
            note = interactions.Note(
                kind=entry.kind, on=entry.on, by=user, organisations=[firm], text=entry.text,
                participants=entry.participants, private=entry.private,
            )  # fmt: skip
            interactions.write(note, user=user)
        except (LeftOut, UserError):
            continue
    return done / (time.perf_counter() - began)


def standing(operator: Operator, upto: int) -> list[Any]:
    """What is compared: the talks of the first rows."""
    told = Interaction.objects.filter(operator=operator).values_list(
        "on", "kind", "text", "participants", "private", "organisations__cvr"
    )
    return sorted(row for row in told if int(row[2].rpartition("(")[2].rstrip(")")) < upto)


def run(folder: Path) -> None:
    """Write the file, import, compare, report."""
    path = folder / "samtaler.csv"
    path.write_text("\n".join([HEADER, *rows(random.Random(1))]), encoding="utf-8")
    (ours, user), (theirs, other) = office("ours"), office("theirs")
    vendor = connection.vendor
    peer = one_by_one(theirs, other, path)
    rate, report = bring_in(ours, user, path)
    same = standing(ours, SAMPLE) == standing(theirs, SAMPLE)
    named = "50,000" if SIZE == 50_000 else f"{SIZE:,}"
    record(
        f"import of {named} talks: alt er nyt ({vendor})", SIZE, rate, peer, "række for række gennem tjenesterne",
        "rækker/s", same, peer_size=SAMPLE, created=report.created, skipped=report.skipped,
        seconds=round(SIZE / rate, 1),
    )  # fmt: skip
    rate, report = bring_in(ours, user, path)
    record(
        f"import of {named} talks: intet er ændret ({vendor})", SIZE, rate, None, "-", "rækker/s",
        report.unchanged == SIZE - report.skipped, seconds=round(SIZE / rate, 1),
    )  # fmt: skip


def main() -> None:
    with scratch() as folder:
        run(folder)


if __name__ == "__main__":
    main()
