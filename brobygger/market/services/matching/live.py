# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The live index inside a process of the product: whom a listing could meet, found among all in a millisecond.

Each web process and worker holds its own. It is only ever asked for candidates: what is shown and stored is read from
the database and weighed there and then. Right while others write: the history of listings has a row for each that is
saved or removed, numbered as they come, and before each answer the process reads what was numbered since its last
look. Nothing of it is kept on disk: after a crash it is built anew from the database.

Until it is built, where it would not pay (`WORTH_IT`), and for hazardous waste, which only few may take, the database
answers alone, see `candidates`. It is built in a thread; nobody waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from time import monotonic
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import connection, connections, transaction
from django.utils import timezone

from brobygger.engine.listing import InvalidListing
from brobygger.engine.listing import Listing as Row
from brobygger.engine.live import EVERYTHING, LiveIndex
from brobygger.engine.live.index import Side
from brobygger.knowledge import load
from brobygger.market.models import Listing
from brobygger.market.services.matching.candidates import reachable
from brobygger.market.services.matching.changes import Changes, LostTrack
from brobygger.market.services.matching.permits import is_hazardous, receivers
from brobygger.market.services.matching.tables import listing_row
from brobygger.market.services.matching.weights import Weights

log = structlog.get_logger("brobygger.market.live")

WORTH_IT = 2_000
"""Fewer listings than this are found as quickly in the database."""
CHUNK = 2_000
MOST_AT_ONCE = 20_000
"""After more changes than this, building the index anew is quicker."""
MOST_UNSETTLED = 500
"""With more changes than this inside the transaction of the question, the database answers."""
PAUSE = 600.0
"""Seconds before it is tried or asked about again, where the index could not be built or would not pay."""
_OTHER: dict[str, Side] = {Listing.Side.HAVE: "need", Listing.Side.NEED: "have"}


class Promising(NamedTuple):
    """Ids of candidates, and the best score of anybody left out."""

    ids: list[UUID]
    left_out: float


class Live:
    """The index of one process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._index: LiveIndex | None = None
        self._changes = Changes()
        self._database = ""
        self._building: threading.Thread | None = None
        self._not_before = 0.0

    @property
    def built(self) -> bool:
        """Whether there is an index."""
        return self._index is not None

    def most_promising(
        self, listing: Listing, most: int, weights: Weights, left: Decimal | None = None
    ) -> Promising | None:
        """The `most` best for the listing (for what is `left` of it), exactly; those of its neighbours' that it may meet
        among them. What agreements take of the others is not reckoned with.

        None where the index has no answer: ask `candidates.most_promising`.
        """
        if listing.side == Listing.Side.HAVE and is_hazardous(listing):
            return None
        with self._lock:
            unsettled = self._caught_up()
            if self._index is None or unsettled is None:
                return None
            return self._promising(self._index, listing, most, weights, unsettled, left)

    def build(self) -> None:
        """Build the index from the database now, outside a transaction: what may be taken back must not be in it.

        Those who ask meanwhile are answered from the database.
        """
        if connection.in_atomic_block:
            raise transaction.TransactionManagementError("the live index is built from what is committed")
        changes = Changes()
        changes.begin()
        index = LiveIndex(load())
        began, last = monotonic(), None
        while chunk := _after(last):
            _enter(index, chunk)
            last = chunk[-1].pk
        with self._lock:
            self._index, self._changes, self._database = index, changes, _database()
        log.info("live index built", listings=len(index), seconds=round(monotonic() - began, 1))

    def forget(self) -> None:
        """Let the index go."""
        with self._lock:
            self._index, self._not_before = None, 0.0

    def _promising(
        self,
        index: LiveIndex,
        listing: Listing,
        most: int,
        weights: Weights,
        unsettled: Collection[UUID],
        left: Decimal | None,
    ) -> Promising:
        row = listing_row(listing, receivers([listing.organisation_id]), left)
        side: Side = "have" if listing.side == Listing.Side.HAVE else "need"
        asked = most + len(unsettled)
        today = timezone.localdate()
        own = index.best(side, row, asked, weights=weights, seen_by=listing.operator_id, on=today)
        found = {hit.id for hit in own}
        if (
            listing.visibility == Listing.Visibility.OPEN
        ):  # a neighbour's confidential listing may meet it, at the neighbour's
            found |= {
                hit.id for hit in index.best(side, row, asked, weights=weights, seen_by=EVERYTHING, on=today)
            }
        known = [UUID(pk) for pk in found if UUID(pk) not in unsettled]
        own_changes = (
            reachable(listing, pk__in=list(unsettled)).values_list("pk", flat=True) if unsettled else []
        )
        return Promising([*known, *own_changes], own[-1].score if len(own) == asked else 0.0)

    def _caught_up(self) -> Collection[UUID] | None:
        """Bring the index up to date. The listings that must be read from the database beside it; None: do not use it.

        Inside a transaction nothing is entered: what this transaction wrote may still be taken back.
        """
        if self._index is not None and self._database != _database():
            self.forget()
        if self._index is None:
            self._start_building()
            return None
        try:
            if connection.in_atomic_block:
                unsettled = self._changes.peek()
                return unsettled if len(unsettled) <= MOST_UNSETTLED else None
            changed = self._changes.take()
        except LostTrack:
            self.forget()
            self._start_building()
            return None
        if len(changed) > MOST_AT_ONCE:
            self.forget()
            self._start_building()
            return None
        self._enter_changes(self._index, changed)
        return ()

    def _enter_changes(self, index: LiveIndex, changed: Collection[UUID]) -> None:
        ids = list(changed)
        for start in range(0, len(ids), CHUNK):
            batch = ids[start : start + CHUNK]
            for pk in batch:
                index.remove("have", str(pk))
                index.remove("need", str(pk))
            _enter(index, list(Listing.objects.filter(pk__in=batch, status=Listing.Status.ACTIVE)))

    def _start_building(self) -> None:
        """In a thread of its own, once at a time, where it pays."""
        if connection.in_atomic_block or monotonic() < self._not_before:
            return
        if self._building is not None and self._building.is_alive():
            return
        self._not_before = monotonic() + PAUSE
        active = Listing.objects.filter(status=Listing.Status.ACTIVE)
        if active.order_by("pk").values("pk")[WORTH_IT : WORTH_IT + 1].exists():
            self._building = threading.Thread(target=self._build_aside, daemon=True, name="live index")
            self._building.start()

    def _build_aside(self) -> None:
        try:
            self.build()
        except Exception:
            log.exception("the live index could not be built")
        finally:
            connections.close_all()


def _after(last: UUID | None) -> list[Listing]:
    """The next active listings by primary key."""
    rows = Listing.objects.filter(status=Listing.Status.ACTIVE).order_by("pk")
    return list((rows.filter(pk__gt=last) if last is not None else rows)[:CHUNK])


def _enter(index: LiveIndex, listings: Sequence[Listing]) -> None:
    """Put them in; one that cannot be reasoned about is left out, and does not stop the others."""
    for side in ("have", "need"):
        rows = [listing for listing in listings if listing.side == side]
        try:
            index.put_many(side, *_as_rows(rows))
        except InvalidListing:
            for listing in rows:
                try:
                    index.put_many(side, *_as_rows([listing]))
                except InvalidListing as fault:
                    log.warning(
                        "listing left out of the live index", listing=str(listing.pk), fault=str(fault)
                    )


def _as_rows(listings: Iterable[Listing]) -> tuple[list[Row], list[int | None]]:
    kept = list(listings)
    open_to_all = Listing.Visibility.OPEN
    offices = [None if row.visibility == open_to_all else row.operator_id for row in kept]
    return [listing_row(listing) for listing in kept], offices


def _database() -> str:
    return str(connection.settings_dict["NAME"])


live = Live()
"""This process's."""
