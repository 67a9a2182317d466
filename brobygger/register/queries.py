# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every read of the register worth naming."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from brobygger.accounts.models import STAFF, Operator, Role, User
from brobygger.base import search
from brobygger.register import filters
from brobygger.register.models import Affiliation, Establishment, Organisation
from brobygger.register.places import Place
from brobygger.register.search import KIND, scope_of

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


class Ranked:
    """Organisations in the order of a search, as a paginator reads them: only the asked page is fetched."""

    def __init__(self, rows: QuerySet[Organisation], keys: list[int]) -> None:
        self.rows, self.keys = rows, keys

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, part: slice) -> list[Organisation]:
        wanted = self.keys[part]
        by_key = {row.pk: row for row in self.rows.filter(pk__in=wanted)}
        return [by_key[key] for key in wanted if key in by_key]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of organisations. `rows` is what a paginator takes, `every` all of them without order."""

    rows: Any
    every: QuerySet[Organisation]
    text: str
    found: search.Found | None
    filter: filters.OrganisationFilter

    @property
    def place(self) -> Place | None:
        return self.filter.place

    def points(self) -> list[tuple[int, str, float, float]]:
        """(key, name, latitude, longitude) of the first `MOST_POINTS` that have a position, in the list's order."""
        names = ("pk", "name", "latitude", "longitude")
        if isinstance(self.rows, Ranked):
            keys = self.rows.keys[:MOST_POINTS]
            found = {row[0]: row for row in self.every.filter(pk__in=keys).order_by().values_list(*names)}
            return [found[key] for key in keys if key in found and found[key][2] is not None]
        placed = self.rows.filter(latitude__isnull=False).prefetch_related(None)
        return list(placed.values_list(*names)[:MOST_POINTS])


def in_reach(user: User, operator: Operator | None) -> QuerySet[Organisation]:
    """The organisations that a person works with here: the office's all, a firm's own."""
    rows = Organisation.objects.visible_to(user)
    if operator is not None and user.operators_as(STAFF | {Role.ADMIN}):
        return rows.filter(operator=operator)
    return rows


def organisations(user: User, operator: Operator | None, asked: Mapping[str, Any]) -> Listed:
    """The list as asked for: words (`q`), filters and order. Only what the person may see."""
    narrowed = filters.OrganisationFilter(asked, operator=operator, user=user)
    every = narrowed.narrow(in_reach(user, operator))
    text = str(asked.get("q", ""))[:200].strip()
    order = str(narrowed.chosen.get("sorter") or "")
    found = None
    if text:
        every, found = _search(user, operator, every, text)
    row = every.only(*_ROW).prefetch_related("tags")
    if found and found.keys and not found.more and not order:
        passing = set(every.order_by().values_list("pk", flat=True))
        ranked = Ranked(row, [key for key in found.keys if key in passing])
        return Listed(ranked, every, text, found, narrowed)
    return Listed(row.order_by(*_order(order, narrowed.place)), every, text, found, narrowed)


def _search(
    user: User, operator: Operator | None, rows: QuerySet[Organisation], text: str
) -> tuple[QuerySet[Organisation], search.Found | None]:
    """Rows with the words. A firm's own few are looked through by name: it has no part in the office's index."""
    if operator is None or not {*STAFF, Role.ADMIN} & user.roles.get(operator.pk, frozenset()):
        return rows.filter(name__icontains=text), None
    scopes = [scope_of(operator.pk)]
    found = search.find(KIND, text, scopes=scopes)
    if found.more:
        return rows.filter(pk__in=search.matching(KIND, found, scopes=scopes)), found
    return rows.filter(pk__in=found.keys), found


def _order(order: str, place: Place | None) -> tuple[Any, ...]:
    if order == filters.NEWEST:
        return (F("founded_on").desc(nulls_last=True), "sort_name", "pk")
    if order == filters.LARGEST:
        return (F("employees").desc(nulls_last=True), "sort_name", "pk")
    if place is not None and order in ("", filters.NEAREST):
        return ("apart", "sort_name", "pk")
    return ("sort_name", "pk")


def metres_between(place: Place, organisation: Organisation) -> float | None:
    """Metres in a straight line, None where the organisation has no position."""
    if organisation.x is None or organisation.y is None:
        return None
    return math.hypot(organisation.x - place.x, organisation.y - place.y)


def organisation_page(user: User, pk: int) -> Organisation:
    """One organisation with its people, places of work, permits and tags. Raises Organisation.DoesNotExist."""
    current_people = Affiliation.objects.select_related("person", "person__user").order_by(
        F("ended_on").asc(nulls_first=True), "-is_contact", "person__name"
    )
    sites = Establishment.objects.order_by(F("ended_on").asc(nulls_first=True), "-is_main", "name")
    return (
        Organisation.objects.visible_to(user)
        .select_related("operator")
        .prefetch_related(
            "tags",
            "permits",
            Prefetch("affiliations", queryset=current_people),
            Prefetch("establishments", queryset=sites),
        )
        .get(pk=pk)
    )
