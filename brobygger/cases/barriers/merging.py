# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of possible customers when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.register import merging
from brobygger.register.models import Organisation

_WEIGHT = {"connected": 4, "talking": 3, "contacted": 2, "irrelevant": 1, "listed": 0}


def how_far_it_came(mine: PotentialCustomer, other: PotentialCustomer) -> dict[str, Any]:
    """Of two on one list, the one that stands on it, and of these the one that came furthest."""

    def weight(row: PotentialCustomer) -> tuple[bool, int]:
        return row.removed_at is None, _WEIGHT[row.state]

    if weight(other) <= weight(mine):
        return {}
    return {name: getattr(other, name) for name in ("state", "state_on", "note", "dkk", "removed_at")}


merging.combines(PotentialCustomer, "organisation", same=("case",), rule=how_far_it_came)


@merging.afterwards
def nobody_is_its_own_customer(journal: merging.Journal, kept: Organisation) -> None:
    """A firm that was laid together with a customer of its list cannot sell to itself."""
    rows = PotentialCustomer.objects.listed().filter(organisation=kept, case__organisation=F("organisation"))
    for customer in rows:
        journal.change_one(customer, {"removed_at": timezone.now()})
