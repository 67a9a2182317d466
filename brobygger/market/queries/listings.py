# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading listings: lists that stay quick with hundreds of thousands, one listing, and what an organisation has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Power
from django.utils.functional import cached_property

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.market import search as listing_search
from brobygger.market import type_choice
from brobygger.market.models import Listing
from brobygger.market.models.listing import ListingQuerySet
from brobygger.market.places import middle_of
from brobygger.register.models import Organisation

MOST_COUNTED = 10_000
"""Beyond this nobody turns pages, and counting on would cost more than the page."""
MOST_OWN = 500
SORTS = {
    "nyeste": ("-created_at", "pk"),
    "aeldste": ("created_at", "pk"),
    "virksomhed": ("organisation__sort_name", "pk"),
}


@dataclass(frozen=True)
class Wanted:
    """What a person asked of the list. Empty means all; `status` empty means those on offer or sought now."""

    words: str = ""
    side: str = ""
    kind: str = ""
    branch: str = ""
    municipality: str = ""
    near: str = ""
    within_km: int | None = None
    visibility: str = ""
    status: str = ""
    organisation: int | None = None
    order: str = ""
    others: bool = False
    """The open ones of other offices instead of our own."""


@dataclass(frozen=True)
class Hits:
    """The listings that were found, and how the words were understood when they had to be mended."""

    listings: ListingQuerySet
    corrected: str = ""
    some_words: bool = False
    by_relevance: list[Any] = field(default_factory=list)


class QuickPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `MOST_COUNTED`."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


def listings_of(user: User, operator: Operator, *, others: bool = False) -> ListingQuerySet:
    """What a person sees of an operator's listings, or (`others`) the open ones of other operators.

    The rule of `visible_to` in a form that an index answers: an operator's own consultants see all of it.
    """
    if others:
        return Listing.objects.filter(
            visibility=Listing.Visibility.OPEN, status=Listing.Status.ACTIVE
        ).exclude(operator=operator)
    if user.is_staff_of(operator.pk):
        return Listing.objects.filter(operator=operator)
    return Listing.objects.visible_to(user).filter(operator=operator)


def public_listings() -> ListingQuerySet:
    """What everybody may see: open, on offer or sought now, of operators whose public site is on."""
    return Listing.objects.filter(
        visibility=Listing.Visibility.OPEN, status=Listing.Status.ACTIVE, operator__portal_open=True
    )


def search_scopes(user: User, operator: Operator, *, others: bool) -> list[str]:
    """The parts of the text index that the same list may search."""
    if others:
        ids = Operator.objects.exclude(pk=operator.pk).values_list("pk", flat=True)
        return listing_search.open_scopes(ids)
    return listing_search.scopes_for(user, operator.pk)


def narrowed(rows: ListingQuerySet, wanted: Wanted, *, scopes: list[str], owner: Any = None) -> Hits:
    """The rows that fit everything wanted, in the wanted order.

    `scopes` is where words are searched; `owner` (a user) also finds in their own organisations' listings, which are
    outside the shared index while they are confidential.
    """
    rows = rows.filter(_facts(wanted))
    rows = _nearby(rows, wanted)
    hits = _worded(rows, wanted, scopes, owner)
    return Hits(_ordered(hits, wanted), hits.corrected, hits.some_words, hits.by_relevance)


def _facts(wanted: Wanted) -> Q:
    chosen = Q()
    if wanted.status != "alle":
        chosen &= Q(status=wanted.status or Listing.Status.ACTIVE)
    for name in ("side", "kind", "visibility"):
        if value := getattr(wanted, name):
            chosen &= Q(**{name: value})
    if wanted.branch:
        chosen &= Q(resource_type__in=type_choice.within(wanted.branch))
    if wanted.municipality:
        chosen &= Q(organisation__municipality_code=wanted.municipality)
    if wanted.organisation:
        chosen &= Q(organisation_id=wanted.organisation)
    return chosen


def _nearby(rows: ListingQuerySet, wanted: Wanted) -> ListingQuerySet:
    middle = middle_of(wanted.near) if wanted.near else None
    if middle is None or middle.x is None or middle.y is None:
        return rows
    rows = rows.annotate(distance_squared=Power(F("x") - middle.x, 2) + Power(F("y") - middle.y, 2))
    if not wanted.within_km:
        return rows
    metres = wanted.within_km * 1000
    return rows.filter(
        x__range=(middle.x - metres, middle.x + metres),
        y__range=(middle.y - metres, middle.y + metres),
        distance_squared__lte=float(metres) ** 2,
    )


def _worded(rows: ListingQuerySet, wanted: Wanted, scopes: list[str], owner: Any) -> Hits:
    if not wanted.words.strip():
        return Hits(rows)
    found = search.find(listing_search.KIND, wanted.words, scopes=scopes)
    condition = (
        Q(pk__in=search.matching(listing_search.KIND, found, scopes=scopes))
        if found.more
        else Q(pk__in=found.keys)
    )
    if owner is not None:
        condition |= Q(pk__in=_own_hits(owner, wanted.words))
    return Hits(rows.filter(condition), found.corrected, found.some_words, found.keys)


def _own_hits(user: User, words: str) -> list[Any]:
    own = Organisation.objects.acted_for_by(user).values("pk")
    rows = Listing.objects.filter(organisation_id__in=own, text__icontains=words.strip()[:200])
    return list(rows.values_list("pk", flat=True)[:MOST_OWN])


def _ordered(hits: Hits, wanted: Wanted) -> ListingQuerySet:
    if wanted.order == "naermest" and "distance_squared" in hits.listings.query.annotations:
        return hits.listings.order_by(F("distance_squared").asc(nulls_last=True), "pk")
    return hits.listings.order_by(*SORTS.get(wanted.order, SORTS["nyeste"]))


def for_rows(rows: ListingQuerySet) -> ListingQuerySet:
    """With what a line of a list shows."""
    return rows.select_related("organisation", "operator")


def one(user: Any, pk: Any) -> QuerySet[Listing]:
    """One listing with what its page shows, if the person may see it."""
    return (
        Listing.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("organisation", "operator", "establishment", "contact", "created_by")
    )


def of_organisation(user: User, organisation: Organisation, most: int = 20) -> ListingQuerySet:
    """The organisation's listings that this person may see, the current ones first."""
    return (
        Listing.objects.visible_to(user)
        .filter(organisation=organisation)
        .exclude(status=Listing.Status.WITHDRAWN)
        .order_by("status", "-created_at")[:most]
    )
