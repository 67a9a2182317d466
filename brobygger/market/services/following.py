# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Listings follow their organisation (where it is, and the words it is found by), and what is agreed about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from brobygger.base import search
from brobygger.market.models import Listing, Match
from brobygger.market.places import place_of
from brobygger.market.search import KIND
from brobygger.market.services import matching

BATCH = 500
MOST_AT_ONCE = 25
"""So many listings find new suggestions while a person waits; the rest do so the following night."""
_POSITION = ("postal_code", "x", "y", "latitude", "longitude")
Key = tuple[object, ...]


@transaction.atomic
def follow(
    organisations: Mapping[int, str], establishments: Collection[int], *, find_suggestions: bool
) -> int:
    """Move the listings of organisations and places of work that moved, and find all of them by their new words.

    `organisations`: primary key → the postal code before; a listing there was at the organisation's own address, and one
    elsewhere stays where it is. Bounded memory, some hundred listings at a time. Returns how many moved.
    """
    owned = Q(organisation_id__in=list(organisations)) | Q(establishment_id__in=list(establishments))
    keys = list(Listing.objects.filter(owned).order_by("pk").values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        listings = Listing.objects.filter(pk__in=batch).select_related("organisation", "establishment")
        found = [listing for listing in listings if _move(listing, organisations)]
        _store(found)
        search.index(KIND, batch)
        moved += len(found)
        if find_suggestions and moved <= MOST_AT_ONCE:
            for listing in found:
                transaction.on_commit(partial(matching.refresh_listing, listing))
    return moved


def find_again(organisations: Collection[int], keys: Collection[Any]) -> None:
    """After two organisations were laid together: all their listings by their new words, and the suggestions of those
    that moved (`keys`) anew when the transaction is over, the first now and the rest at night."""
    theirs = Listing.objects.filter(organisation_id__in=list(organisations)).values_list("pk", flat=True)
    search.index(KIND, list(theirs))
    for listing in Listing.objects.filter(pk__in=list(keys)).order_by("pk")[:MOST_AT_ONCE]:
        transaction.on_commit(partial(matching.refresh_listing, listing))


def seek_again(organisation_id: int) -> None:
    """The suggestions of what an organisation needs anew when the transaction is over, the first now and the rest at
    night."""
    sought = Listing.objects.filter(
        organisation_id=organisation_id, side=Listing.Side.NEED, status=Listing.Status.ACTIVE
    )
    for listing in sought.order_by("pk")[:MOST_AT_ONCE]:
        transaction.on_commit(partial(matching.refresh_listing, listing))


def agreed_anew(match: Match) -> None:
    """The suggestions of a match's two listings anew when the transaction is over: an agreement takes of both, or has let
    go of them."""
    for listing in (match.have, match.need):
        if listing is not None:
            transaction.on_commit(partial(matching.refresh_listing, listing))


def _move(listing: Listing, organisations: Mapping[int, str]) -> bool:
    """Set the listing's place anew; whether it is another."""
    place = place_now(listing, organisations)
    if place == {name: getattr(listing, name) for name in _POSITION}:
        return False
    for name, value in place.items():
        setattr(listing, name, value)
    listing.changed_at = timezone.now()
    return True


def place_now(listing: Listing, organisations: Mapping[int, str]) -> dict[str, Any]:
    """Where the listing is now, by column; `organisations` as in `follow`."""
    owner = listing.organisation
    at_home = listing.establishment_id or listing.postal_code in {
        "",
        organisations.get(owner.pk, owner.postal_code),
    }
    place = place_of(owner, listing.establishment, "" if at_home else listing.postal_code)
    return {name: getattr(place, name) for name in _POSITION}


def _store(listings: Sequence[Listing]) -> None:
    """Keep the new places; the history tells of each, by whoever changed the organisation."""
    if listings:
        bulk_update_with_history(listings, Listing, [*_POSITION, "changed_at"], batch_size=BATCH)
