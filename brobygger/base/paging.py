# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of long lists."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db.models import Count, Window

MOST_COUNTED = 10_000
"""Beyond this nobody turns pages, and counting on would cost more than the page."""
REMEMBERED = 60
"""Seconds that a list known to be that long is not counted again."""


def counted(rows: Any, most: int) -> int:
    """How many rows of the queryset there are, no further than `most`. That there are so many is remembered for a minute."""
    rows = rows.order_by()
    try:
        mark = hashlib.sha256(repr((most, *rows.query.sql_with_params())).encode()).hexdigest()
    except EmptyResultSet:
        return 0
    if caches["process"].get(f"base.counted:{mark}"):
        return most
    found = int(rows[:most].count())
    if found == most:
        caches["process"].set(f"base.counted:{mark}", True, REMEMBERED)
    return found


class QuickPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `most`. The rows have an `operator`."""

    most = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return counted(rows.values("operator_id"), self.most)  # all in one index


def first_and_all(rows: Any, most: int) -> tuple[list[Any], int]:
    """Keys of the first `most` rows in their order, and how many rows there are: one question for both.

    For a list whose first rows cost as much as all of them, as of a word that thousands of records have.
    """
    found = list(rows.annotate(in_all=Window(Count("*"))).values_list("pk", "in_all")[:most])
    return [key for key, _ in found], found[0][1] if found else 0


class CountedAlong(QuickPaginator):
    """Pages of primary keys of such a list: counted when its first page is read."""

    @cached_property
    def _first(self) -> tuple[list[Any], int]:
        return first_and_all(self.object_list, self.per_page)

    @cached_property
    def count(self) -> int:
        return min(self._first[1], self.most)

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        return Page(self._first[0], number, self) if number == 1 else super().page(number)


class CountedShort(QuickPaginator):
    """Pages of a list in which each row is looked at on the way."""

    most = 1_000
