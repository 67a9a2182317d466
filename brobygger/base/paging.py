# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of long lists."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

from django.core.cache import cache
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
        mark = hashlib.sha256(repr((most, *rows.query.sql_with_params())).encode()).hexdigest()
    except EmptyResultSet:
        return 0
    if cache.get(f"base.counted:{mark}"):
        return most
    found = int(rows[:most].count())
    if found == most:
        cache.set(f"base.counted:{mark}", True, REMEMBERED)
    return found


class QuickPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than `MOST_COUNTED`. The rows have an `operator`."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return counted(rows.values("operator_id"), MOST_COUNTED)  # all in one index
