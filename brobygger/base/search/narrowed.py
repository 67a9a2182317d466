# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A list in its own order, narrowed to what a search found."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL

from brobygger.base.among import among
from brobygger.base.paging import MOST_COUNTED, QuickPaginator, count_or_recall
from brobygger.base.search import kinds
from brobygger.base.search.finding import Found, as_key, hits, hits_sql

MOST_MET = 500
"""Of a word that so many records have, no more are counted."""
FIRST_WALKED, MOST_WALKED = 500, 2_000
"""Rows of a list that are looked at, one after the other: so many to learn how close the hits stand, and no more than so many
before all hits are gathered instead."""


class Narrowed:
    """The rows of a list that a search found, in the list's order, without gathering all of them for a page.

    Of a word that thousands have, some hits are fetched in any order: either they are all that the list's filters leave, or there
    are so many that they are counted no further. Then a page is found soonest by reading the list along its order and asking
    for each row whether it is a hit: of a word that every twentieth record has, 25 lie among the first 500.
    """

    def __init__(
        self, rows: QuerySet[Any], kind: str, found: Found, *, scopes: Collection[str], along: bool = True
    ) -> None:
        """`rows`: of the kind's model, in order. `along`: whether an index has that order, so that its first rows cost little."""
        self.rows, self.found, self.along = rows, found, along
        self._kind, self._scopes = kinds.get(kind), scopes

    @property
    def every(self) -> QuerySet[Any]:
        """All of them, to be filtered, counted or exported."""
        return self.rows.filter(pk__in=hits(self._kind.key, self.found, scopes=self._scopes))

    @property
    def most(self) -> int:
        """They are counted no further: with so many there may be more."""
        return MOST_MET if self.found.more else MOST_COUNTED

    @cached_property
    def count(self) -> int:
        """How many there are, no further than `most`."""
        if not self.found.more:
            return QuickPaginator(self.every, 1).count
        try:
            mark = self._some_of_them()
        except EmptyResultSet:  # the list itself has nothing
            return 0
        return count_or_recall(mark, MOST_MET, lambda: len(self._some))

    def keys(self, first: int, last: int) -> list[Any]:
        """Primary keys from one place in the order to another."""
        if not self.found.more:
            return self._in_order(self.every, first, last)
        if not self.count:
            return []
        if self.count < MOST_MET:
            rows = self.rows.filter(pk__in=among(self._kind.model, self._some))
            return self._in_order(rows, first, last)
        return self._met_on_the_way(first, last) or self._in_order(self.every, first, last)

    def _met_on_the_way(self, first: int, last: int) -> list[Any]:
        """The same by looking at each row in turn; nothing where that is not likely to pay."""
        if not self.along:
            return []
        met = self._walked(last, FIRST_WALKED)
        if len(met) < last and len(met) * MOST_WALKED >= last * FIRST_WALKED:
            met = self._walked(last, MOST_WALKED)
        return met[first:] if len(met) == last else []

    @staticmethod
    def _in_order(rows: QuerySet[Any], first: int, last: int) -> list[Any]:
        return list(rows.values_list("pk", flat=True)[first:last])

    @cached_property
    def _some(self) -> list[Any]:
        """Up to `MOST_MET` of them, in any order."""
        return self._ask(*self._some_of_them())

    def _some_of_them(self) -> tuple[str, list[Any]]:
        """Document by document: a join would be planned as if the whole list were wanted."""
        sql, parameters = hits_sql(self._kind, self.found, self._scopes)
        own = self.rows.order_by().filter(pk=RawSQL(as_key(self._kind), []))  # noqa: S611 (a column and its type)
        listed, given = own.values_list(Value(1))[:1].query.sql_with_params()
        return f"{sql} AND ({listed}) = 1 LIMIT {MOST_MET}", [*parameters, *given]

    def _walked(self, most: int, rows_looked_at: int) -> list[Any]:
        """Up to `most` hits among the first rows of the list. Both databases keep the order in which a subquery is read."""
        rows = self.rows.values(key=F("pk"))[:rows_looked_at]
        listed, given = rows.query.sql_with_params()
        sql, parameters = hits_sql(self._kind, self.found, self._scopes, column="d.id")
        if connection.vendor == "sqlite":
            document = f"SELECT id FROM base_searchdocument WHERE kind = '{self._kind.key}' AND object_id = CAST(listed.key AS text)"  # noqa: S608
            is_hit = f"({document}) IN ({sql})"
        else:
            is_hit = f"EXISTS ({sql} AND d.object_id = listed.key::varchar OFFSET 0)"
        return self._ask(
            f"SELECT key FROM ({listed}) AS listed WHERE {is_hit} LIMIT {most}",  # noqa: S608
            [*given, *parameters],
        )

    def _ask(self, sql: str, parameters: list[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return [self._kind.model._meta.pk.to_python(key) for (key,) in cursor.fetchall()]


class Pages(QuickPaginator):
    """Pages of primary keys of such a list."""

    def __init__(self, narrowed: Narrowed, per_page: int) -> None:
        super().__init__((), per_page)
        self._narrowed, self.most = narrowed, narrowed.most

    @cached_property
    def count(self) -> int:
        """How many rows there are, no further than `most`."""
        return self._narrowed.count

    def page(self, number: Any) -> Page[Any]:
        """The keys of one page."""
        number = self.validate_number(number)
        last = min(number * self.per_page, self.count)
        return Page(self._narrowed.keys((number - 1) * self.per_page, last), number, self)
