# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Hazardous waste goes to nobody without a permit on record that covers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError
from brobygger.knowledge import load
from brobygger.market.models import Listing
from brobygger.register.models import Organisation, Permit

Permits = Mapping[int, list[frozenset[str]]]
"""Organisation id → for each valid permit the waste codes it covers; an empty set covers all."""


class NeedsPermit(UserError):
    """The receiver has no valid permit on record for this hazardous waste."""

    def __init__(self, have: Listing, taker: Organisation, on: date) -> None:
        text = (
            _(
                "»%(what)s« er farligt affald, og %(who)s har ingen tilladelse, der dækker affaldskode %(code)s den %(day)s. Skriv tilladelsen ind på virksomhedens side først."
            )
            if have.waste_code
            else _(
                "»%(what)s« er farligt affald uden affaldskode, og %(who)s har ingen tilladelse, der dækker alle koder den %(day)s. Skriv affaldskoden på det, eller tilladelsen på virksomhedens side, først."
            )
        )
        day = formats.date_format(on, "SHORT_DATE_FORMAT")
        super().__init__(text % {"what": have.title, "who": taker, "code": have.waste_code, "day": day})


def check_may_receive(have: Listing, taker: Organisation, on: date | None = None) -> None:
    """Raises `NeedsPermit` where the have is hazardous and the taker has no permit that covers it on that day
    (today when left out)."""
    day = on or timezone.localdate()
    if is_hazardous(have) and not covers(receivers([taker.pk], day).get(taker.pk, []), have.waste_code):
        raise NeedsPermit(have, taker, day)


def receivers(organisations: Iterable[int], on: date | None = None) -> Permits:
    """Who of the organisations may receive hazardous waste that day (today when left out), and of which codes."""
    today = on or timezone.localdate()
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
