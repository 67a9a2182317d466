# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How quickly the visit plan answers with 10,000 firms in the office, 1,000 of them in the portfolio and 20 consultants.

Run: ``python -m benchmarks.outreach``. Makes its own SQLite file; the pages are opened in the process itself, without a server.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

FIRMS, PORTFOLIO, TALKS, CONSULTANTS, TIMES = 10_000, 1_000, 12_000, 20, 7


def main() -> None:
    os.environ["BROBYGGER_DATA"] = tempfile.mkdtemp()
    os.environ["DEBUG"] = "true"  # static files without collecting them
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brobygger.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    office, user = _fill()
    _measure(office, user)


def _fill() -> tuple[Any, Any]:
    from brobygger.accounts.models import Membership, Operator, Role, User
    from brobygger.blueprints.services import adopt_shipped
    from brobygger.dialogue.models import Assessment, Interaction
    from brobygger.dialogue.services import portfolio, visits
    from brobygger.register.models import Organisation

    made, today = random.Random(2026), visits.timezone.localdate()
    office = Operator.objects.create(name="Prøve", slug="proeve")
    people = [User.objects.create(email=f"k{n}@example.invalid", name=f"K {n}") for n in range(CONSULTANTS)]
    Membership.objects.bulk_create(
        [Membership(user=person, operator=office, role=Role.HEAD) for person in people]
    )
    Organisation.objects.bulk_create(
        [
            Organisation(
                operator=office, name=f"Firma {n}", sort_name=f"{n:08d}", employees=made.randint(0, 90),
                industry=made.choice(("250000", "620100", "410000", "471100", "011100")), municipality_code="0851",
                x=550_000.0 + made.random() * 40_000, y=6_310_000.0 + made.random() * 40_000,
                latitude=57.0, longitude=9.9,
            )
            for n in range(FIRMS)
        ],
        batch_size=1000,
    )  # fmt: skip
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    tools = [adopt_shipped(office, kind, key, user=None) for kind, key in
             (("instrument", "virksomhedsprofil"), ("funnel", "virksomhedstragt"))]  # fmt: skip
    portfolio.add_many(office, keys[:PORTFOLIO], user=people[0])
    Interaction.objects.bulk_create(
        [
            Interaction(
                operator=office, kind=made.choice(("visit", "call", "note", "meeting")), by=people[0], text="x",
                on=today - timedelta(days=made.randint(0, 1500)),
            )
            for _ in range(TALKS)
        ],
        batch_size=1000,
    )  # fmt: skip
    link = Interaction.organisations.through
    pool = keys[: PORTFOLIO * 3 // 4] + keys[PORTFOLIO : PORTFOLIO * 4]
    link.objects.bulk_create(
        [link(interaction_id=pk, organisation_id=made.choice(pool))
         for pk in Interaction.objects.values_list("pk", flat=True)],
        batch_size=2000,
    )  # fmt: skip
    Assessment.objects.bulk_create(
        [
            Assessment(
                operator=office, organisation_id=key, instrument=tools[0], instrument_key=tools[0].key,
                on=today - timedelta(days=made.randint(0, 900)), by=people[0], scores={"product": 4},
                results={"growth_potential": made.uniform(1, 5), "will": made.uniform(1, 5)},
                main_result=made.random(),
            )
            for key in keys[: PORTFOLIO // 2]
        ],
        batch_size=1000,
    )  # fmt: skip
    return office, people[0]


def _measure(office: Any, user: Any) -> None:
    from django.test import Client

    from brobygger.dialogue.models import PlannedVisit
    from brobygger.dialogue.services import visits

    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    week = visits.monday(visits.timezone.localdate())
    started = time.perf_counter()
    made = visits.propose(office, week, user=user)
    print(f"foreslå ugen: {made} besøg til {CONSULTANTS} konsulenter, {_ms(time.perf_counter() - started)}")
    assert made == PlannedVisit.objects.count() == CONSULTANTS * 4
    for page in ("besoeg/", "", "?forfalden=on&sorter=laengst", "klar/", "ikke-brugere/"):
        told = f"/portefoelje/{page}"
        print(f"{told}: {_ms(median(_seconds(lambda a=told: client.get(a)) for _ in range(TIMES)))}")


def _seconds(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    answer = act()
    assert answer.status_code == 200, answer.status_code
    return time.perf_counter() - started


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
