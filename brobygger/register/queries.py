# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every read of the register worth naming."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet

from brobygger.accounts.models import STAFF, Operator, Role, User
from brobygger.base import search
from brobygger.base.among import among
from brobygger.base.prepared import prepared
from brobygger.register import filters
from brobygger.register.models import Affiliation, Establishment, Organisation, Permit, Tag
from brobygger.register.places import Place
from brobygger.register.search import KIND, scope_of

MOST_COUNTED = 10_000
"""Beyond this nobody turns pages, and counting on would cost more than the page."""
BY_NAME = ("sort_name", "pk")
MOST_POINTS = 500
"""So many places a map can show before it is a blot."""
_ROW = (
    "pk",
    "operator_id",
    "name",
    "kind",
    "cvr",
    "industry",
    "employees",
    "employees_text",
    "founded_on",
    "dissolved_on",
    "status",
    "street",
    "postal_code",
    "city",
    "municipality_code",
    "latitude",
    "longitude",
    "x",
    "y",
    "ad_protected",
    "invented",
)


Point = tuple[int, str, float | None, float | None]
"""(key, name, latitude, longitude)."""


class Ordered:
    """Organisations in an order, as a paginator reads them: the asked page, or the beginning for a map, no more."""

    def __init__(
        self,
        every: QuerySet[Organisation],
        order: tuple[Any, ...],
        nearest: QuerySet[Organisation] | None = None,
        searched: search.Narrowed | None = None,
    ) -> None:
        """`nearest`: where the nearest come first, those within a third of the distance: often all that is read.
        `searched`: where thousands have the words that were searched."""
        self.every, self.order, self.nearest, self.searched = every, order, nearest, searched
        self.most = searched.most if searched else MOST_COUNTED

    def keys(self, first: int, last: int) -> list[int]:
        """Primary keys from one place in the order to another. The order is settled by what an index holds."""
        if self.nearest is not None:
            keys = list(self.nearest.order_by(*self.order).values_list("pk", flat=True)[first:last])
            if len(keys) == last - first:
                return keys
        if self.searched is not None:
            return self.searched.keys(first, last)
        return list(self.every.order_by(*self.order).values_list("pk", flat=True)[first:last])

    def beginning(self) -> list[Point]:
        """The first `MOST_POINTS`."""
        keys = self.keys(0, MOST_POINTS)
        rows = Organisation.objects.filter(pk__in=among(Organisation, keys)).order_by()
        found = {row[0]: row for row in rows.values_list("pk", "name", "latitude", "longitude")}
        return [found[key] for key in keys if key in found]

    @cached_property
    def _count(self) -> int:
        if self.searched is not None:
            return self.searched.count
        return int(self.every.order_by().values("operator_id")[:MOST_COUNTED].count())  # all in one index

    def count(self) -> int:
        """How many there are in all, no further than `most`."""
        return self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> list[Organisation]:
        rows = Organisation.objects.only(*_ROW).prefetch_related("tags")
        keys = self.keys(part.start, part.stop)  # those that the person may see
        by_key = {row.pk: row for row in rows.filter(pk__in=keys)}
        return [by_key[key] for key in keys if key in by_key]


class Ranked(Ordered):
    """Organisations in the order of a search."""

    def __init__(self, every: QuerySet[Organisation], ranked: list[int]) -> None:
        super().__init__(every, ())
        fitting = set(every.order_by().values_list("pk", flat=True))
        self.ranked = [key for key in ranked if key in fitting]

    def keys(self, first: int, last: int) -> list[int]:
        return self.ranked[first:last]

    @cached_property
    def _count(self) -> int:
        return len(self.ranked)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of organisations. `rows` is what a paginator takes, `every` all of them without order."""

    rows: Ordered
    every: QuerySet[Organisation]
    text: str
    found: search.Found | None
    filter: filters.OrganisationFilter

    @property
    def place(self) -> Place | None:
        return self.filter.place

    def points(self) -> list[Point]:
        """Those of the first `MOST_POINTS` that have a position, in the list's order."""
        return [point for point in self.rows.beginning() if point[2] is not None]


def in_reach(user: User, operator: Operator | None) -> QuerySet[Organisation]:
    """The organisations that a person works with here: the office's all, a firm's own.

    For the office's own people it is the rule of `visible_to` in a form that an index answers.
    """
    offices = user.operators_as(STAFF | {Role.ADMIN})
    if operator is not None and operator.pk in offices:
        return Organisation.objects.filter(operator=operator)
    rows = Organisation.objects.visible_to(user)
    return rows.filter(operator=operator) if operator is not None and offices else rows


def organisations(user: User, operator: Operator | None, asked: Mapping[str, Any]) -> Listed:
    """The list as asked for: words (`q`), filters and order. Only what the person may see."""
    narrowed = filters.OrganisationFilter(asked, operator=operator, user=user)
    every = narrowed.narrow(in_reach(user, operator))
    text = str(asked.get("q", ""))[:200].strip()
    order = str(narrowed.chosen.get("sorter") or "")
    sorting = _order(order, narrowed.place)
    searched = _search(user, operator, every.order_by(*sorting), text) if text else None
    if searched:
        every = searched.every.order_by()
    elif text:
        every = every.filter(name__icontains=text)
    if searched and not searched.found.more and not order:
        return Listed(Ranked(every, searched.found.keys), every, text, searched.found, narrowed)
    nearest = narrowed.closer(every) if sorting[0] == "apart" else None
    many = searched if searched and searched.found.more else None
    return Listed(
        Ordered(every, sorting, nearest, many), every, text, searched.found if searched else None, narrowed
    )


def _search(
    user: User, operator: Operator | None, rows: QuerySet[Organisation], text: str
) -> search.Narrowed | None:
    """Rows with the words. None for a firm, whose own few are looked through by name: it has no part in the office's index."""
    if operator is None or not {*STAFF, Role.ADMIN} & user.roles.get(operator.pk, frozenset()):
        return None
    scopes = [scope_of(operator.pk)]
    found = search.find_all(KIND, text, scopes=scopes)
    return search.Narrowed(rows, KIND, found, scopes=scopes, along=rows.query.order_by == BY_NAME)


def _order(order: str, place: Place | None) -> tuple[Any, ...]:
    if order == filters.NEWEST:
        return (F("founded_on").desc(nulls_last=True), "sort_name", "pk")
    if order == filters.LARGEST:
        return (F("employees").desc(nulls_last=True), "sort_name", "pk")
    if place is not None and order in ("", filters.NEAREST):
        return ("apart", "sort_name", "pk")
    return BY_NAME


def metres_between(place: Place, organisation: Organisation) -> float | None:
    """Metres in a straight line, None where the organisation has no position."""
    if organisation.x is None or organisation.y is None:
        return None
    return math.hypot(organisation.x - place.x, organisation.y - place.y)


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation with what its page shows: open before closed, the main place and the contact first."""

    organisation: Organisation
    tags: list[Tag]
    permits: list[Permit]
    people: list[Affiliation]
    places: list[Establishment]


def organisation_page(user: User, pk: int) -> OrganisationPage:
    """One organisation with its people, places of work, permits and tags. Raises Organisation.DoesNotExist."""
    found = _organisation(user, pk)
    if not found:
        raise Organisation.DoesNotExist
    return OrganisationPage(found[0], _tags(pk), _permits(pk), _people(pk), _places(pk))


@prepared
def _organisation(user: Any, pk: Any) -> QuerySet[Organisation]:
    return Organisation.objects.visible_to(user).filter(pk=pk).select_related("operator")


@prepared
def _tags(organisation: Any) -> QuerySet[Tag]:
    return Tag.objects.filter(organisations=organisation)


@prepared
def _permits(organisation: Any) -> QuerySet[Permit]:
    return Permit.objects.filter(organisation=organisation)


@prepared
def _people(organisation: Any) -> QuerySet[Affiliation]:
    rows = Affiliation.objects.filter(organisation=organisation).select_related("person", "person__user")
    return rows.order_by(F("ended_on").asc(nulls_first=True), "-is_contact", "person__name")


@prepared
def _places(organisation: Any) -> QuerySet[Establishment]:
    rows = Establishment.objects.filter(organisation=organisation)
    return rows.order_by(F("ended_on").asc(nulls_first=True), "-is_main", "name")
