# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented talks for the measured region: most firms have a few, some have very many."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from benchmarks.batches import batches
from brobygger.accounts.models import Operator, User
from brobygger.dialogue.models import Interaction
from brobygger.register.models import Organisation

YEARS = 8
_WORDS = (
    "kredit", "byggesag", "rekruttering", "mask", "emballage", "eksport", "lærling", "strøm", "varmepumpe", "lokaler",
    "genbrug", "transport", "økologi", "ejerskifte", "investering", "netværk", "messe", "tilskud", "paller", "spåner",
)  # fmt: skip


def fill(office: Operator, consultant: User, count: int) -> None:
    """So many talks over eight years, with their firms."""
    chance = random.Random(3)
    firms = list(Organisation.objects.filter(operator=office).order_by("pk").values_list("pk", flat=True))
    today = timezone.localdate()
    through: Any = Interaction.organisations.through
    for numbers in batches(range(count)):
        talks = Interaction.objects.bulk_create(
            Interaction(
                operator=office,
                kind=chance.choices(Interaction.Kind.values, (35, 15, 20, 1, 4, 15, 10))[0],
                on=today - timedelta(days=chance.randrange(365 * YEARS)),
                by=consultant,
                text="Vi talte om "
                + " og ".join(chance.sample(_WORDS, 3))
                + ". De vender tilbage efter ferien.",
                private=chance.random() < 0.8,
            )
            for _ in numbers
        )
        through.objects.bulk_create(
            through(interaction=talk, organisation_id=firms[int(len(firms) * chance.random() ** 2)])
            for talk in talks
        )


def firms(office: Operator) -> list[int]:
    """Firms with talks, chosen by the same chance each time."""
    keys = list(
        Organisation.objects.filter(operator=office, interactions__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()[:5000]
    )
    return random.Random(4).sample(keys, min(60, len(keys)))
