# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading listings: lists that stay quick with hundreds of thousands, one listing, and what an organisation has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Power
from django.utils.functional import cached_property

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.market import search as listing_search
from brobygger.market import type_choice
from brobygger.market.models import Listing
from brobygger.market.models.listing import ListingQuerySet
from brobygger.register.models import Organisation
from brobygger.register.places import find_place

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
    best_first: tuple[Any, ...] = ()
    """Primary keys by how well the words fit; empty when another order was asked for or nothing was searched."""


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
    rows = _ordered(_nearby(rows.filter(_facts(wanted)), wanted), wanted)
    if not wanted.words.strip():
        return Hits(rows)
    found = search.find(listing_search.KIND, wanted.words, scopes=scopes)
    chosen = Q(
        pk__in=search.matching(listing_search.KIND, found, scopes=scopes) if found.more else found.keys
    )
    own = _own_hits(owner, wanted.words) if owner is not None else []
    ranked = () if wanted.order or found.more else tuple(dict.fromkeys([*own, *found.keys]))
    return Hits(rows.filter(chosen | Q(pk__in=own)), found.corrected, found.some_words, ranked)


def page_of(hits: Hits, number: Any) -> Page[Any]:
    """One page of the list, with what its lines show. The best fitting first where words were searched."""
    if not hits.best_first:
        return QuickPaginator(for_rows(hits.listings), settings.PAGE_SIZE).get_page(number)
    fitting = set(hits.listings.order_by().values_list("pk", flat=True))
    keys = [key for key in hits.best_first if key in fitting]
    page = Paginator(keys, settings.PAGE_SIZE).get_page(number)
    rows = for_rows(hits.listings).in_bulk(list(page.object_list))
    page.object_list = [rows[key] for key in page.object_list if key in rows]
    return page


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
    middle = find_place(wanted.near) if wanted.near else None
    if middle is None:
        return rows
    squared = Power(F("x") - middle.x, 2) + Power(F("y") - middle.y, 2)
    measured: Any = rows.annotate(distance_squared=squared)
    if wanted.within_km:
        metres = wanted.within_km * 1000
        measured = measured.filter(
            x__range=(middle.x - metres, middle.x + metres),
            y__range=(middle.y - metres, middle.y + metres),
            distance_squared__lte=float(metres) ** 2,
        )
    return cast(ListingQuerySet, measured)


def _own_hits(user: User, words: str) -> list[Any]:
    own = Organisation.objects.acted_for_by(user).values("pk")
    rows = Listing.objects.filter(organisation_id__in=own, text__icontains=words.strip()[:200])
    return list(rows.values_list("pk", flat=True)[:MOST_OWN])


def _ordered(rows: ListingQuerySet, wanted: Wanted) -> ListingQuerySet:
    if wanted.order == "naermest" and "distance_squared" in rows.query.annotations:
        return rows.order_by(F("distance_squared").asc(nulls_last=True), "pk")
    return rows.order_by(*SORTS.get(wanted.order, SORTS["nyeste"]))


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
