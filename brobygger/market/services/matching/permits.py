# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Hazardous waste goes to nobody without a permit on record that covers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils import timezone

from brobygger.knowledge import load
from brobygger.market.models import Listing
from brobygger.register.models import Permit

Permits = Mapping[int, list[frozenset[str]]]
"""Organisation id → for each valid permit the waste codes it covers; an empty set covers all."""


def receivers(organisations: Iterable[int]) -> Permits:
    """Who of the organisations may receive hazardous waste today, and of which codes."""
    today = timezone.localdate()
    rows = Permit.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=today),
        Q(valid_until=None) | Q(valid_until__gte=today),
        kind=Permit.Kind.HAZARDOUS_WASTE,
        organisation_id__in=set(organisations),
    )
    found: dict[int, list[frozenset[str]]] = {}
    for organisation_id, codes in rows.values_list("organisation_id", "waste_codes"):
        found.setdefault(organisation_id, []).append(frozenset(codes.split()))
    return found


def is_hazardous(have: Listing) -> bool:
    """The owner says so, or its type is."""
    node = load().types.get(have.resource_type)
    return have.hazardous or bool(node and node.hazardous)


def may_receive(need: Listing, have: Listing, permits: Permits) -> bool:
    """Whether the need's organisation may take the have: not hazardous, or a permit that covers its waste code."""
    return not is_hazardous(have) or covers(permits.get(need.organisation_id, []), have.waste_code)


def covers(permits: Iterable[frozenset[str]], waste_code: str) -> bool:
    """Whether one of the permits covers the code; a code nobody wrote is covered only by a permit for all."""
    return any(not codes or waste_code in codes for codes in permits)
