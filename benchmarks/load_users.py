# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented offices and users for the measured region, and what the firms' users wrote."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from benchmarks.invented import MUNICIPALITIES
from brobygger.accounts.models import Membership, Operator, Role, ServedMunicipality, User
from brobygger.market.models import Listing, MatchNote, Suggestion

FIRM_USERS = 300


def offices() -> tuple[Operator, Operator, User]:
    """The office that is measured, a neighbour with a tenth of the firms, and a consultant."""
    office = Operator.objects.create(name="Målekontoret", slug="maaling", email="kontor@example.invalid")
    neighbour = Operator.objects.create(name="Nabokontoret", slug="nabo", email="nabo@example.invalid")
    for code in MUNICIPALITIES:
        ServedMunicipality.objects.create(operator=office, code=code)
    consultant = User.objects.create_user("konsulent@example.invalid", name="Målekonsulent")
    Membership.objects.create(user=consultant, operator=office, role=Role.CONSULTANT)
    return office, neighbour, consultant


def written_by_firms(office: Operator, chance: random.Random) -> None:
    """Firm users, and what they wrote themselves: a tenth of the listings, a few words and noes."""
    users = User.objects.bulk_create(
        User(email=f"firma{number}@example.invalid", name=f"Firmabruger {number}", password="!")
        for number in range(FIRM_USERS)
    )
    Membership.objects.bulk_create(Membership(user=user, operator=office, role=Role.FIRM) for user in users)
    for model, person, share in (
        (Listing.history.model, "history_user_id", 0.1),
        (MatchNote, "by_id", 0.1),
        (Suggestion, "decided_by_id", 0.05),
    ):
        rows = model.objects.filter(state=Suggestion.State.DECLINED) if model is Suggestion else model.objects
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        chosen = [
            model(pk=key, **{person: chance.choice(users).pk}) for key in keys if chance.random() < share
        ]
        if model is Suggestion:
            for row in chosen:
                row.decided_at = timezone.now() - timedelta(minutes=chance.randrange(60 * 24 * 60))
        fields = [person.removesuffix("_id"), *(["decided_at"] if model is Suggestion else [])]
        model.objects.bulk_update(chosen, fields, batch_size=500)
