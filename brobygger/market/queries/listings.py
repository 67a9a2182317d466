# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading listings: lists that stay quick with hundreds of thousands, one listing, and what an organisation has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.base.paging import MOST_COUNTED as MOST_COUNTED
from brobygger.base.paging import QuickPaginator as QuickPaginator
from brobygger.base.prepared import padded, prepared
from brobygger.market import search as listing_search
from brobygger.market import type_choice
from brobygger.market.models import Listing
from brobygger.market.models.listing import ListingQuerySet
from brobygger.register.models import Organisation
from brobygger.register.places import find_place

MOST_OWN = 500
_SHOWN_TO_MEMBERS = {Listing.Visibility.OPEN, Listing.Visibility.MEMBERS}
_HIDDEN = [value for value in Listing.Visibility.values if value not in _SHOWN_TO_MEMBERS]
_NOT_CURRENT = [value for value in Listing.Status.values if value != Listing.Status.ACTIVE]
ON_A_LINE = (
    "operator", "side", "kind", "resource_type", "text", "quantity", "unit", "period", "ends_on", "postal_code", "latitude",
    "longitude", "visibility", "status", "invented", "organisation__name", "organisation__postal_code", "organisation__city",
)  # fmt: skip
"""What a line of a list, and the point on the map beside it, says about a listing."""
SORTS = {
    "nyeste": ("-created_at", "pk"),
    "aeldste": ("created_at", "pk"),
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
    within_km: float | None = None
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
    nearest: ListingQuerySet | None = None
    """Where the nearest come first within a distance: those within a third of it, which most first pages are made of."""
    operator: Operator | None = None
    """Whose they all are; None where they are of several operators."""
    searched: search.Narrowed | None = None
    """Where thousands have the words: the same listings, page by page."""


class NearestFirst(QuickPaginator):
    """Pages of the nearest first. All within a third of the distance are nearer than the rest, and far fewer."""

    def __init__(self, rows: Any, nearest: Any, per_page: int) -> None:
        super().__init__(rows, per_page)
        self.nearest = nearest

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        end = number * self.per_page
        keys = list(self.nearest[end - self.per_page : end])
        if len(keys) < self.per_page:
            keys = list(self.object_list[end - self.per_page : end])
        return Page(keys, number, self)


def listings_of(user: User, operator: Operator, *, others: bool = False) -> ListingQuerySet:
    """What a person sees of an operator's listings, or (`others`) the open ones of other operators.

    The rule of `visible_to` in a form that is read along one index in the order of the list: an operator's own
    consultants see all of it, and what others do not see is said by exclusion, which no planner takes apart.
    """
    if others:
        return _open_now().exclude(operator=operator)
    rows = Listing.objects.filter(operator=operator)
    if user.is_staff_of(operator.pk):
        return rows
    own = list(Organisation.objects.acted_for_by(user).values_list("pk", flat=True)[:MOST_OWN])
    if operator.pk not in user.roles:
        return rows.filter(organisation_id__in=own)
    hidden = Q(visibility__in=_HIDDEN) | Q(status__in=_NOT_CURRENT)
    return rows.filter(~hidden | Q(organisation_id__in=own))


def public_listings() -> ListingQuerySet:
    """What everybody may see: open, on offer or sought now, of operators whose public site is on."""
    closed = list(Operator.objects.filter(portal_open=False).values_list("pk", flat=True))
    return _open_now().exclude(operator_id__in=closed)


def _open_now() -> ListingQuerySet:
    return Listing.objects.filter(visibility=Listing.Visibility.OPEN, status=Listing.Status.ACTIVE)


def search_scopes(user: User, operator: Operator, *, others: bool) -> list[str]:
    """The parts of the text index that the same list may search."""
    if others:
        ids = Operator.objects.exclude(pk=operator.pk).values_list("pk", flat=True)
        return listing_search.open_scopes(ids)
    return listing_search.scopes_for(user, operator.pk)


def sought(user: User, operator: Operator, wanted: Wanted) -> Hits:
    """What a person finds of an operator's listings, or of other operators' open ones.

    Whoever advises finds all of the operator's in its index, so their own need no search apart.
    """
    hits = narrowed(
        listings_of(user, operator, others=wanted.others),
        wanted,
        scopes=search_scopes(user, operator, others=wanted.others),
        owner=None if user.is_staff_of(operator.pk) else user,
    )
    return hits if wanted.others else replace(hits, operator=operator)


def narrowed(rows: ListingQuerySet, wanted: Wanted, *, scopes: list[str], owner: Any = None) -> Hits:
    """The rows that fit everything wanted, in the wanted order.

    `scopes` is where words are searched; `owner` (a user) also finds in their own organisations' listings, which are
    outside the shared index while they are confidential.
    """
    facts = rows.filter(_facts(wanted))
    rows = _ordered(_nearby(facts, wanted), wanted)
    if not wanted.words.strip():
        if wanted.order == "naermest" and wanted.within_km:
            third = replace(wanted, within_km=wanted.within_km / 3)
            return Hits(rows, nearest=_ordered(_nearby(facts, third), third))
        return Hits(rows)
    found = search.find_all(listing_search.KIND, wanted.words, scopes=scopes)
    searched = search.Narrowed(
        rows, listing_search.KIND, found, scopes=scopes, along=wanted.order != "naermest"
    )
    own = _own_hits(owner, wanted.words) if owner is not None else []
    if own:
        rows = rows.filter(Q(pk__in=search.hits(listing_search.KIND, found, scopes=scopes)) | Q(pk__in=own))
        ranked = [] if found.more else list(dict.fromkeys([*own, *found.keys]))
    else:
        rows, ranked = cast(ListingQuerySet, searched.every), found.keys
    return Hits(
        rows,
        found.corrected,
        found.some_words,
        () if wanted.order else tuple(ranked),
        searched=searched if found.more and not own else None,
    )


def page_of(hits: Hits, number: Any) -> Page[Any]:
    """One page of the list, with what its lines show. The best fitting first where words were searched."""
    if hits.best_first:
        fitting = set(hits.listings.order_by().values_list("pk", flat=True))
        page = Paginator([key for key in hits.best_first if key in fitting], settings.PAGE_SIZE).get_page(
            number
        )
    elif hits.searched is not None:
        page = search.Pages(hits.searched, settings.PAGE_SIZE).get_page(number)
    elif hits.nearest is not None:
        rows, nearest = (found.values_list("pk", flat=True) for found in (hits.listings, hits.nearest))
        page = NearestFirst(rows, nearest, settings.PAGE_SIZE).get_page(number)
    else:
        page = QuickPaginator(hits.listings.values_list("pk", flat=True), settings.PAGE_SIZE).get_page(number)
    page.object_list = lines(list(page.object_list), hits.operator)
    return page


def lines(keys: Sequence[Any], operator: Operator | None = None) -> list[Listing]:
    """These listings, in this order, with what a line shows; `operator` where they are all of one that is known.

    Sorting keys first keeps the joins to one page's rows. Operators are never joined: so small a table leads SQLite to
    begin there, with every listing.
    """
    rows = {row.pk: row for row in _lines(*padded(keys))}
    found = [rows[key] for key in keys if key in rows]
    if operator is None:
        prefetch_related_objects(found, "operator")
    else:
        for row in found:
            row.operator = operator
    return found


@prepared
def _lines(*keys: Any) -> QuerySet[Listing]:
    return Listing.objects.select_related("organisation").filter(pk__in=keys).only(*ON_A_LINE).order_by()


def fetch(keys: Sequence[Any]) -> list[Listing]:
    """These listings, in this order, whole, with their organisations and operators."""
    rows = Listing.objects.select_related("organisation").prefetch_related("operator").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


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
    across, up = F("x") - middle.x, F("y") - middle.y
    measured: Any = rows.annotate(distance_squared=across * across + up * up)
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


def opened(user: Any, pk: Any) -> Listing:
    """One listing with what its page shows. Raises Http404 where the person may not see it."""
    found = _opened(user, pk) if user.is_authenticated else list(one(user, pk))
    if not found:
        raise Http404
    return found[0]


@prepared
def _opened(user: Any, pk: Any) -> QuerySet[Listing]:
    return one(user, pk)


def one(user: Any, pk: Any) -> QuerySet[Listing]:
    """One listing with what its page shows, if the person may see it."""
    return (
        Listing.objects.visible_to(user)
        .filter(pk=pk)
        .select_related("organisation", "operator", "establishment", "contact", "created_by")
    )


def of_organisation(user: User, organisation: Organisation, most: int = 20) -> list[Listing]:
    """The organisation's listings that this person may see, the current ones first."""
    return _of_organisation(user, organisation.pk, most=most)


@prepared
def _of_organisation(user: Any, organisation: Any, *, most: int) -> ListingQuerySet:
    return (
        Listing.objects.visible_to(user)
        .filter(organisation=organisation)
        .exclude(status=Listing.Status.WITHDRAWN)
        .order_by("status", "-created_at")[:most]
    )
