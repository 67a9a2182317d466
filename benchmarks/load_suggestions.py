# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented suggestions for the measured region."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from benchmarks.batches import batches
from brobygger.accounts.models import Operator
from brobygger.market.models import Listing, Suggestion
from brobygger.register.models import Organisation


def fill(office: Operator, count: int, chance: random.Random) -> None:
    """Haves with needs of the same type, and a fifth of them with firms that posted nothing."""
    mine = Listing.objects.filter(operator=office, status=Listing.Status.ACTIVE).exclude(resource_type="")
    needs: dict[str, list[Any]] = {}
    for type_id, pk in mine.filter(side=Listing.Side.NEED).values_list("resource_type", "pk"):
        needs.setdefault(type_id, []).append(pk)
    haves = [
        row
        for row in mine.filter(side=Listing.Side.HAVE).values_list("pk", "resource_type")
        if row[1] in needs
    ]
    firms = list(Organisation.objects.filter(operator=office).values_list("pk", flat=True)[:20_000])
    made: set[tuple[Any, Any]] = set()

    def one() -> Suggestion:
        while True:
            have, type_id = chance.choice(haves)
            taker = chance.random() < 0.2
            other: Any = chance.choice(firms) if taker else chance.choice(needs[type_id])
            if (have, other) not in made:
                break
        made.add((have, other))
        state = chance.choices(Suggestion.State.values, (70, 5, 5, 10, 10))[0]
        tonnes = Decimal(chance.randrange(1, 50_000)) / 10 if chance.random() < 0.6 else None
        return Suggestion(
            operator=office,
            kind=Suggestion.Kind.TAKER if taker else Suggestion.Kind.PAIR,
            have_id=have,
            need_id=None if taker else other,
            organisation_id=other if taker else None,
            score=round(chance.betavariate(4, 2), 6),
            parts={name: round(chance.random(), 3) for name in ("type", "text", "quantity", "time", "distance", "conditions")},
            reason="Det er det samme, mængden rækker til det hele, og der er kort mellem dem.",
            confidence="documented",
            via="industry" if taker else "same",
            precedents=[{"text": "Mask til kvægfoder", "source": "https://example.invalid"}],
            distance_m=chance.uniform(200, 60_000),
            tonnes_year=tonnes,
            dkk_year=tonnes and tonnes * 400,
            co2e_kg_year=tonnes and tonnes * 120,
            have_rank=chance.randrange(1, 11),
            state=state,
            put_off_until=timezone.localdate() + timedelta(days=chance.randrange(-10, 30))
            if state == Suggestion.State.PUT_OFF
            else None,
            decline_reason=Suggestion.Decline.TOO_FAR if state == Suggestion.State.DECLINED else "",
            giver_interested_at=timezone.now() if chance.random() < 0.01 else None,
            found_at=timezone.now() - timedelta(minutes=chance.randrange(60 * 24 * 60)),
        )  # fmt: skip

    for numbers in batches(range(count)):
        Suggestion.objects.bulk_create([one() for _ in numbers])
