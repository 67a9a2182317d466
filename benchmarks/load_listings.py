# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented listings for the measured region: a few types are common and most are rare."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from benchmarks.batches import BATCH, batches
from brobygger.knowledge import resource_types
from brobygger.market.models import Listing
from brobygger.register.models import Organisation

_AFTER = (
    "fra produktionen", "som kan hentes hver fredag", "til videre brug", "i god stand", "på paller",
    "tæt på motorvejen", "året rundt", "efter nedrivning", "til en fast aftager", "så snart det kan lade sig gøre",
)  # fmt: skip


def fill(count: int, chance: random.Random) -> None:
    """Half offered, half sought; a few types are common and most are rare, as in life."""
    nodes = [node for node in resource_types().values() if node.parent is not None]
    chance.shuffle(nodes)
    weights = [1 / (rank + 5) ** 0.7 for rank in range(len(nodes))]
    owners = list(
        Organisation.objects.filter(status=Organisation.Status.ACTIVE).values_list(
            "pk", "operator_id", "postal_code", "latitude", "longitude", "x", "y"
        )
    )
    now = timezone.now()
    Listing._meta.get_field("created_at").auto_now_add = False  # so that they are not all created now

    def one(number: int) -> Listing:
        owner, operator, postal_code, latitude, longitude, x, y = chance.choice(owners)
        node = chance.choices(nodes, weights)[0]
        side = Listing.Side.HAVE if number % 2 else Listing.Side.NEED
        quantity = Decimal(chance.randrange(1, 400)) / 4
        verb = "Vi har" if side == Listing.Side.HAVE else "Vi søger"
        return Listing(
            operator_id=operator,
            organisation_id=owner,
            side=side,
            kind=node.kind,
            resource_type=node.id if chance.random() < 0.97 else "",
            text=f"{verb} {quantity:f} {node.unit} {chance.choice((node.name, *node.synonyms)).lower()} {chance.choice(_AFTER)}",
            quantity=quantity,
            unit=node.unit,
            period=chance.choice(Listing.Period.values),
            starts_on=date(2026, 1, 1) + timedelta(days=chance.randrange(300))
            if chance.random() < 0.3
            else None,
            ends_on=date(2028, 1, 1) + timedelta(days=chance.randrange(300))
            if chance.random() < 0.3
            else None,
            postal_code=postal_code,
            latitude=latitude,
            longitude=longitude,
            x=x,
            y=y,
            reach_km=chance.choice((None, None, 10, 25, 50)),
            food_grade=chance.random() < 0.05,
            hazardous=node.hazardous,
            price_kind=chance.choice(Listing.Price.values),
            visibility=chance.choices(Listing.Visibility.values, (6, 3, 1))[0],
            status=chance.choices(Listing.Status.values, (85, 5, 5, 5))[0],
            invented=True,
            created_at=now - timedelta(minutes=chance.randrange(60 * 24 * 365)),
        )

    for numbers in batches(range(count)):
        stored = Listing.objects.bulk_create([one(number) for number in numbers])
        for listing in stored:
            listing._history_date = listing.created_at
        Listing.history.bulk_history_create(stored, batch_size=BATCH)
