# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Symbiosis plans (catalogue of good practice, case 18): begun from a residue that is offered, or from a match, with the takers that were found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.cases import rights
from brobygger.cases.errors import Conflicted, NotYours
from brobygger.cases.models import Case
from brobygger.cases.services import contents
from brobygger.cases.services.opening import open_case
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.wording import type_name
from brobygger.register.models import Organisation

KEY = "symbiosis_plan"
MOST_TAKERS = 6
_A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
_TONNES = {"t": Decimal(1), "kg": Decimal("0.001")}


@transaction.atomic
def from_listing(listing: Listing, *, user: User) -> Case:
    """Begin a plan for a residue: what it is and how much a year, and the possible takers that the engine found, best first.
    Pressed twice it is the same case. Raises NotYours, NotAdopted, Conflicted."""
    _office_only(user, listing.operator_id)
    listing = (
        Listing.objects.select_for_update(of=("self",))
        .select_related("organisation", "operator")
        .get(pk=listing.pk)
    )
    if held := _open_for(listing.operator_id, listing=str(listing.pk)):
        return _not_partial(user, held)
    found = Suggestion.objects.filter(
        have=listing, state__in=[Suggestion.State.NEW, Suggestion.State.ACCEPTED]
    ).order_by("-score", "pk")
    takers: dict[int, Organisation] = {}
    for suggestion in found.select_related("need__organisation", "organisation")[: MOST_TAKERS * 3]:
        taker = suggestion.need.organisation if suggestion.need else suggestion.organisation
        if taker and taker.operator_id == listing.operator_id:
            takers.setdefault(taker.pk, taker)
    return _begin(listing, list(takers.values())[:MOST_TAKERS], user, {"listing": str(listing.pk)})


@transaction.atomic
def from_match(match: Match, *, user: User) -> Case:
    """Begin a plan for two who have been matched. Raises NotYours, NotAdopted, Conflicted."""
    _office_only(user, match.operator_id)
    match = Match.objects.select_for_update(of=("self",)).select_related("have", "taker").get(pk=match.pk)
    if held := _open_for(match.operator_id, match=str(match.pk)):
        return _not_partial(user, held)
    takers = [match.taker] if match.taker.operator_id == match.operator_id else []
    return _begin(match.have, takers, user, {"match": str(match.pk), "listing": str(match.have_id)})


def _office_only(user: User, operator_id: int) -> None:
    if not user.is_staff_of(operator_id):
        raise NotYours


def _not_partial(user: User, case: Case) -> Case:
    """The plan that is begun already, for somebody who may handle it. Raises Conflicted."""
    if rights.has_conflict(user, case):
        raise Conflicted
    return case


def _open_for(operator_id: int, **origin: str) -> Case | None:
    """The open plan of the same origin."""
    wanted = {f"values__{name}": key for name, key in origin.items()}
    return Case.objects.filter(operator_id=operator_id, type_key=KEY, is_open=True, **wanted).first()


def _begin(listing: Listing, takers: list[Organisation], user: User, origin: dict[str, str]) -> Case:
    residue = type_name(listing.resource_type) or listing.title
    ours = listing.organisation if listing.organisation.operator_id == listing.operator_id else None
    values: dict[str, Any] = {"residue": residue, "tonnes_year": tonnes_a_year(listing), **origin}
    case = open_case(
        listing.operator, KEY, title=_("%(residue)s fra %(firm)s") % {"residue": residue, "firm": listing.organisation},
        user=user, organisation=ours, officer=user, values=values,
    )  # fmt: skip
    for taker in takers:
        if taker.pk != listing.organisation_id:
            contents.add_party(case, "taker", user=user, organisation=taker)
    return Case.objects.get(pk=case.pk)


def tonnes_a_year(listing: Listing) -> Decimal | None:
    """Where the listing tells a weight by a period; else not known."""
    each, times = _TONNES.get(listing.unit), _A_YEAR.get(listing.period)
    if listing.quantity is None or each is None or times is None:
        return None
    return (listing.quantity * each * times).quantize(Decimal("0.1"))
