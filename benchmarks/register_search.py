# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# ruff: noqa: E402 (Django is set up before its models are read)
"""How quickly, and how well, organisations are found among 100,000: our search beside LIKE '%…%'.

    .venv/bin/python -m benchmarks.register_search [100000]

Works in a scratch database beside the configured one (`DATABASE_URL`), which is dropped again. Queries are words of
names in the register as a person types them: right, half, inflected, compounded, misspelt, and numbers. The named
alternative is what a list usually has: `name ILIKE '%…%' OR city ILIKE '%…%' OR cvr LIKE '%…%'`, by name.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
django.setup()

from django.db import connection
from django.db.models import Q

from benchmarks.report import record
from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.base.danish import sort_key
from brobygger.knowledge.geography import postal_codes_in
from brobygger.knowledge.industries import db25_codes
from brobygger.register import places
from brobygger.register.models import Organisation
from brobygger.register.search import KIND, scope_of

FIRST = [
    "Skov",
    "Bak",
    "Lind",
    "Høj",
    "Sø",
    "Møl",
    "Kirke",
    "Nør",
    "Sønder",
    "Vester",
    "Øster",
    "Gammel",
    "Ny",
    "Lille",
    "Store",
    "Birke",
    "Ege",
    "Bøge",
    "Rør",
    "Sten",
    "Hav",
    "Dal",
    "Eng",
    "Mark",
]
SECOND = [
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
    "toft",
    "skov",
    "kilde",
    "høj",
    "næs",
]
TRADE = [
    "Bryghus",
    "Bryggeri",
    "Bageri",
    "Mejeri",
    "Gartneri",
    "Maskinfabrik",
    "Tømrerfirma",
    "Smedje",
    "Autoværksted",
    "Planteskole",
    "Vognmandsforretning",
    "Slagteri",
    "Kvægbrug",
    "Svinefarm",
    "Gulerødder",
    "Frugtplantage",
    "Snedkeri",
    "Murerfirma",
    "Malerfirma",
    "Rengøring",
    "Ejendomsselskab",
    "Konsulenthus",
    "Frisør",
    "Café",
    "Kro",
    "Byggemarked",
    "Eddikebryggeri",
    "Chokolade",
    "Isværk",
    "Savværk",
    "Genbrug",
    "Metalvarefabrik",
    "Trykkeri",
]
FORM = ["ApS", "A/S", "I/S", "IVS", "K/S"] + [""]
SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
QUERIES = 300


def organisations(operator: Operator, count: int, chance: random.Random) -> Iterator[Organisation]:
    """Invented organisations."""
    towns = [code for place in ("0350", "0265", "0316", "0326", "0259") for code in postal_codes_in(place)]
    industries = list(db25_codes())
    for number in range(count):
        town = chance.choice(towns)
        name = f"{chance.choice(FIRST)}{chance.choice(SECOND)} {chance.choice(TRADE)} {chance.choice(FORM)}".strip()
        yield Organisation(
            operator=operator,
            name=name,
            sort_name=sort_key(name),
            cvr=str(91_000_000 + number),
            industry=chance.choice(industries),
            street=f"{chance.choice(FIRST)}vej {chance.randrange(1, 200)}",
            postal_code=town.code,
            employees=int(chance.paretovariate(1)),
            invented=True,
        )


def queries(chance: random.Random, sample: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Kind of query → (typed, name that it was made from)."""

    def words(name: str) -> list[str]:
        return [word for word in name.split() if len(word) > 4]

    def made(change: Callable[[str], str]) -> list[tuple[str, str]]:
        return [(change(name), name) for name in chance.sample(sample, QUERIES // 6)]

    return {
        "ord": made(lambda name: chance.choice(words(name))),
        "to ord": made(lambda name: " ".join(words(name)[:2])),
        "halvt ord": made(lambda name: words(name)[0][:-2]),
        "bøjet": made(lambda name: words(name)[-1].lower() + "et"),
        "stavefejl": made(lambda name: _misspell(words(name)[0], chance)),
    }


def _misspell(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + "x" + word[at + 1 :],
        ]
    )


def like(operator: Operator, text: str) -> list[int]:
    """The named alternative: each word somewhere in name, city or CVR number."""
    found = Organisation.objects.filter(operator=operator)
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(cvr__contains=word))
    return list(found.order_by("sort_name", "pk").values_list("pk", flat=True)[:1000])


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def run() -> None:
    """Fill the scratch database, measure, report."""
    chance = random.Random(1)
    operator = Operator.objects.create(name="Måling", slug="maaling")
    rows = list(organisations(operator, SIZE, chance))
    places.locate_all(rows)
    Organisation.objects.bulk_create(rows, batch_size=2000)
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    indexing = timed(lambda: search.index(KIND, keys)) / 1000
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    record(f"register: indeksér ({connection.vendor})", SIZE, SIZE / indexing, None, "-", "poster/s", None)
    scopes = [scope_of(operator.pk)]
    kinds = queries(chance, [row.name for row in rows])
    kinds["CVR"] = [(row.cvr or "", row.name) for row in chance.sample(rows, QUERIES // 6)]
    search.find(KIND, "opvarmning", scopes=scopes)
    everything: tuple[list[float], list[float]] = ([], [])
    for label, asked in kinds.items():
        ours = [timed(lambda text=text: search.find(KIND, text, scopes=scopes)) for text, _ in asked]
        peer = [timed(lambda text=text: like(operator, text)) for text, _ in asked]
        everything[0].extend(ours)
        everything[1].extend(peer)
        found = sum(_finds(search.find(KIND, text, scopes=scopes).keys, name) for text, name in asked)
        theirs = sum(_finds(like(operator, text), name) for text, name in asked)
        record(
            f"register: søg, {label}, p95 ({connection.vendor})",
            SIZE,
            p95(ours),
            p95(peer),
            "LIKE '%…%'",
            "ms",
            False,
            found=f"{found}/{len(asked)}",
            peer_found=f"{theirs}/{len(asked)}",
        )
        print(f"{'':44} fundet: {found} af {len(asked)}; LIKE: {theirs} af {len(asked)}")
    record(
        f"register: søg, alle, p95 ({connection.vendor})",
        SIZE,
        p95(everything[0]),
        p95(everything[1]),
        "LIKE '%…%'",
        "ms",
        False,
    )


def _finds(keys: list[int], name: str) -> bool:
    """Whether an organisation of that name is among the hits."""
    return Organisation.objects.filter(pk__in=keys, name=name).exists()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/scratch.sqlite3"
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            run()
        finally:
            connection.creation.destroy_test_db(str(name), verbosity=0)


if __name__ == "__main__":
    main()
