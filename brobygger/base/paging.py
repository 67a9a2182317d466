# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of long lists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator

MOST_COUNTED = 10_000
"""Beyond this nobody turns pages, and counting on would cost more than the page."""
REMEMBERED = 60
"""Seconds that a list known to be that long is not counted again."""


def counted(rows: Any, most: int) -> int:
    """How many rows of the queryset there are, no further than `most`. That there are so many is remembered for a minute."""
    rows = rows.order_by()
    try:
        return count_or_recall(rows.query.sql_with_params(), most, lambda: int(rows[:most].count()))
    except EmptyResultSet:
        return 0


def count_or_recall(asked: tuple[str, Sequence[Any]], most: int, count: Callable[[], int]) -> int:
    """What `count` gives, no more than `most`; for a minute after it gave `most` it is not called again for the same question."""
    mark = hashlib.sha256(repr((most, *asked)).encode()).hexdigest()
    if caches["process"].get(f"base.counted:{mark}"):
        return most
    found = count()
    if found >= most:
        caches["process"].set(f"base.counted:{mark}", True, REMEMBERED)
    return min(found, most)


class QuickPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `most`. The rows have an `operator`."""

    most = MOST_COUNTED

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return counted(rows.values("operator_id"), self.most)  # all in one index
