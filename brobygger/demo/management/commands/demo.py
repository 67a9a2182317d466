# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger demo`: the demo municipality, its matches, and who can sign in. Run again, it keeps what was entered."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import about_kroner, distance, number
from brobygger.demo import actors, boards_year, moments, year
from brobygger.market.models import Suggestion
from brobygger.market.services.matching import refresh_all
from brobygger.register import search
from brobygger.register.models import Affiliation

SIGN_INS = (
    ("Konsulent", ["konsulent@demo.invalid"]),
    ("Chef", ["chef@demo.invalid"]),
    ("Virksomhed: bryggeriet", ["virksomhed@demo.invalid"]),
    ("Virksomheder, der byder", [f"bydende{number}@demo.invalid" for number in (1, 2)]),
    ("Medlem af erhvervsrådet", [boards_year.MEMBER]),
    ("Långivere og business angels", [f"partner{number}@demo.invalid" for number in (1, 2, 3, 4)]),
    ("Nabokontorets konsulent", ["nabokonsulent@demo.invalid"]),
    ("Administrator", ["admin@demo.invalid"]),
)
"""Who can sign in, by role."""


class Command(BaseCommand):
    help = "Indlæs demokommunen og find match."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if Operator.objects.filter(slug=actors.OFFICE).exists():
            self.stdout.write(
                "Demokommunen er der allerede; det, du har skrevet, bliver stående. Finder match …"
            )
            self._match()
        else:
            self.stdout.write(
                "Opretter demokommunen: Lejre og naboer, kildernes aktører og opdigtede firmaer …"
            )
            with transaction.atomic():
                with moments.then(actors.BEGAN):
                    offices = actors.create_offices()
                    people = actors.create_people(offices, demo_password())
                    made = actors.create_actors(offices, people)
                    actors.create_invented_firms(offices)
                self._match()
                actors.found_when_posted()
                year.tell(offices, people, made)
                search.index(sorted(set(Affiliation.objects.values_list("organisation_id", flat=True))))
        self._show_best()
        self._show_sign_ins()
        self.stdout.write(f"Klar på {time.monotonic() - started:.0f} sekunder.")

    def _match(self) -> None:
        for office in Operator.objects.filter(slug__in=[actors.OFFICE, actors.NEIGHBOUR]):
            self.stdout.write(f"  {office}: {refresh_all(office)} har og mangler sammenholdt")

    def _show_best(self) -> None:
        """The best match of each listing that has something, so that ten tell more than one."""
        pairs = Suggestion.objects.filter(
            operator__slug=actors.OFFICE,
            kind=Suggestion.Kind.PAIR,
            state__in=[Suggestion.State.NEW, Suggestion.State.ACCEPTED],
        ).select_related("have__organisation", "need__organisation")
        best: dict[tuple[str, str], Suggestion] = {}
        for pair in pairs.exclude(have__visibility="broker").exclude(need__visibility="broker")[:300]:
            best.setdefault((pair.have.resource_type, pair.need.resource_type if pair.need else ""), pair)
        rows = list(best.values())[:10]
        self.stdout.write("\nDe ti bedste match:")
        for place, row in enumerate(rows, 1):
            if row.need is None:  # a pair has both
                continue
            self.stdout.write(
                f"{place:3}. {row.score:.2f}  {row.have.organisation} → {row.need.organisation}"
                f"  ({distance(row.distance_m)})\n     {row.have} ⇄ {row.need}\n     {row.reason}"
            )
            if row.tonnes_year:
                worth = [f"{number(row.tonnes_year)} tons {row.per}"]
                if row.dkk_year is not None:
                    worth.append(about_kroner(row.dkk_year))
                if row.co2e_kg_year is not None:
                    worth.append(f"{number(row.co2e_kg_year)} kg CO2e")
                self.stdout.write(f"     Værd: {', '.join(worth)}")

    def _show_sign_ins(self) -> None:
        self.stdout.write("\nLog ind med (alle personer er opdigtede):")
        for role, addresses in sign_ins():
            self.stdout.write(f"  {role:32} {addresses}")
        self.stdout.write(f"  Adgangskode til dem alle: {demo_password()}\n")


def sign_ins() -> list[tuple[str, str]]:
    """(role in words, the addresses that sign in so) of those the demo has."""
    known = set(User.objects.filter(email__endswith="@demo.invalid").values_list("email", flat=True))
    named = [(role, [email for email in emails if email in known]) for role, emails in SIGN_INS]
    return [(role, ", ".join(emails)) for role, emails in named if emails]


def demo_password() -> str:
    """From DEMO_PASSWORD, else made once and kept in the data folder."""
    given: str = environ.Env()("DEMO_PASSWORD", default="")
    if given:
        return given
    kept = Path(settings.DATA_DIR) / "demo_password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(f"brobygger-{secrets.token_hex(4)}")
    return kept.read_text().strip()
