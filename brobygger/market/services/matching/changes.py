# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which listings were written since the last look, by whatever process: read from the numbered rows of their history.

SQLite lets one transaction write at a time, so numbers become visible in order. On PostgreSQL a number may become visible
after a higher one; the numbers that were skipped are remembered and asked for again until every transaction that ran
when they were noticed has ended: then they are there, or were taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from brobygger.market.models import Listing

LOOK_BACK = 5_000
"""So many numbers before the beginning are looked through for some that are still to come."""
PATIENCE = 10.0
"""Seconds that a skipped number is asked for at the least."""
FIRST_NUMBERS = 500
"""Placeholders of one question."""


class LostTrack(Exception):
    """The history no longer holds what was read last: the database was emptied or restored."""


class Changes:
    """A place in the history of listings."""

    def __init__(self) -> None:
        self._last: tuple[int, UUID] | None = None
        self._skipped: dict[int, tuple[int, float]] = {}
        """Number → (the first transaction that had not begun when it was noticed, when that was)."""

    def begin(self) -> None:
        """From here on. Call before reading the listings themselves."""
        newest = _rows().order_by("-history_id").values_list("history_id", "id").first()
        self._last, self._skipped = newest, {}
        if newest is not None and connection.vendor == "postgresql":
            low = max(0, newest[0] - LOOK_BACK)
            there = _rows().filter(history_id__gt=low, history_id__lte=newest[0])
            self._note_skipped(set(there.values_list("history_id", flat=True)), low, newest[0])

    def peek(self) -> set[UUID]:
        """The listings written since, without moving on. Raises LostTrack."""
        return {listing_id for _, listing_id in self._since()}

    def take(self) -> set[UUID]:
        """The listings written since, and from here on. Raises LostTrack."""
        oldest_running = _running()[0] if self._skipped else 0
        rows = self._since()
        if not rows and not self._skipped:
            return set()
        before = self._last[0] if self._last is not None else 0
        numbers = {number for number, _ in rows}
        now = monotonic()
        for number, (horizon, noticed) in list(self._skipped.items()):
            if number in numbers or (horizon <= oldest_running and now - noticed > PATIENCE):
                del self._skipped[number]
        newest = max(rows, default=None)
        if newest is not None and newest[0] > before:
            self._last = newest
            if connection.vendor == "postgresql":
                self._note_skipped(numbers, before, newest[0])
        return {listing_id for _, listing_id in rows}

    def _since(self) -> list[tuple[int, UUID]]:
        """(number, listing) of every row since the last and of those skipped before."""
        if self._last is None:
            return list(_rows().values_list("history_id", "id"))
        found = dict(_rows().filter(history_id__gte=self._last[0]).values_list("history_id", "id"))
        if found.pop(self._last[0], None) != self._last[1]:
            raise LostTrack
        skipped = sorted(self._skipped)
        for start in range(0, len(skipped), FIRST_NUMBERS):
            some = Q(history_id__in=skipped[start : start + FIRST_NUMBERS])
            found.update(_rows().filter(some).values_list("history_id", "id"))
        return list(found.items())

    def _note_skipped(self, there: Iterable[int], low: int, high: int) -> None:
        missing = set(range(low + 1, high + 1)) - set(there)
        if missing:
            noticed = (_running()[1], monotonic())
            self._skipped |= dict.fromkeys(missing, noticed)


def _rows() -> QuerySet[Any]:
    rows: QuerySet[Any] = Listing.history.model.objects.order_by()
    return rows


def _running() -> tuple[int, int]:
    """(the oldest transaction that still runs, the first that has not begun)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
            " FROM pg_current_snapshot() AS s"
        )
        oldest, first = cursor.fetchone()
    return int(oldest), int(first)
