# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""Which of 100,000 firms fit a scheme, a wide and a narrow one: one question to the database beside asking firm by firm.

    .venv/bin/python -m benchmarks.scheme_firms [100000 | --quick]

Fills a scratch database beside the configured one (`DATABASE_URL`), which is dropped again, and takes the delivered schemes
into use. Of those with criteria that fit somebody the one that fits most firms is the wide and the one that fits fewest the narrow. Ours is what
a scheme's page asks: how many fit, and the first 25 by name. The named alternative puts each criterion to each firm, as the
firm's own page does; on the first firms of the register both must find the same ones. Rates are firms a second.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

from django.db import connection

from benchmarks import load_register
from benchmarks.databases import scratch
from benchmarks.report import record
from brobygger.accounts.models import Operator
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import shipped
from brobygger.blueprints.services import adopt_shipped
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.queries import schemes
from brobygger.market.queries.listings import QuickPaginator
from brobygger.register.models import Organisation

QUICK = "--quick" in sys.argv
SIZE = 3_000 if QUICK else int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
SAMPLE = 500 if QUICK else 5_000
TIMES = 7
PEER = "hver virksomhed spurgt for sig"


def as_the_page_asks(scheme: Definition) -> int:
    """How many fit, as far as the page counts, and the first 25 of them."""
    rows = schemes.firms_of(scheme)
    page = QuickPaginator(rows.order_by("sort_name", "pk").values_list("pk", flat=True), 25).get_page(1)
    schemes.fetch(list(page.object_list))
    return int(page.paginator.count)


def firm_by_firm(firms: list[Organisation], scheme: Definition) -> set[int]:
    """The named alternative."""
    asked = (firm for firm in firms if firm.is_active and firm.kind in schemes.FIRMS)
    return {firm.pk for firm in asked if schemes.fit(firm, scheme).outcome == schemes.FITS}


def measure(how: str, scheme: Definition, firms: list[Organisation]) -> None:
    """One scheme, both ways."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        as_the_page_asks(scheme)
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    theirs = firm_by_firm(firms, scheme)
    peer = len(firms) / (time.perf_counter() - began)
    mine = set(
        schemes.firms_of(scheme).filter(pk__in=[firm.pk for firm in firms]).values_list("pk", flat=True)
    )
    seconds = statistics.median(times)
    record(
        f"schemes: {how} ({connection.vendor})", SIZE, SIZE / seconds, peer, PEER, "virksomheder/s", mine == theirs,
        scheme=scheme.title, milliseconds=round(1000 * seconds, 1), fits=schemes.firms_of(scheme).count(),
    )  # fmt: skip


def main() -> None:
    with scratch():
        office = Operator.objects.create(name="Prøvekontoret", slug="proeve")
        neighbour = Operator.objects.create(name="Naboen", slug="nabo")
        load_register.fill(office, neighbour, SIZE, random.Random(1))
        adopted = [adopt_shipped(office, KIND, one.content.key, user=None) for one in shipped(KIND)]
        asking = [scheme for scheme in adopted if scheme.content.criteria]
        sizes = {scheme.pk: schemes.firms_of(scheme).count() for scheme in asking}
        by_size = sorted((one for one in asking if sizes[one.pk]), key=lambda one: sizes[one.pk])
        firms = list(Organisation.objects.filter(operator=office).order_by("pk")[:SAMPLE])
        measure("the widest", by_size[-1], firms)
        measure("the narrowest", by_size[0], firms)


if __name__ == "__main__":
    main()
