# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every listing of an operator refreshed: each night, on request, and when thousands came in by file.

Listings are taken by side and resource type, so that those who share their candidates are weighed together; memory
is bounded by the chunk. Each chunk is one short transaction, so that a run that stops half-way has only done less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.market.models import Listing, Suggestion
from brobygger.market.services.matching import store
from brobygger.market.services.matching.candidates import current, most_promising
from brobygger.market.services.matching.refresh import TOP, Meeting, fetch, may_be_shown, meet, undecided
from brobygger.market.services.matching.takers import refresh_takers
from brobygger.market.services.matching.weights import Weights, weights_in_use

log = structlog.get_logger("brobygger.market")

CHUNK = 50
LOOK = 60
"""Candidates of each listing, by the best score still possible."""
SPARE = 3 * TOP
"""So many are kept of each listing's best before decisions and permits are looked up."""
Progress = Callable[[int, int | None], None]
State = Suggestion.State


def refresh_all(operator: Operator, progress: Progress | None = None, *, with_takers: bool = True) -> int:
    """Refresh every current listing of the operator. Returns how many. `progress(done, total)` is told as it goes.

    A listing that cannot be refreshed is passed over and told in the log. Safe to run again, and while people work.
    """
    fade_what_ended(operator)
    mine = Listing.objects.filter(current(), operator=operator)
    total = mine.count()
    done = 0
    for chunk in _chunks(operator):
        done += _refresh_what_can_be(operator, chunk, with_takers=with_takers)
        if progress is not None:
            progress(done, total)
    return done


def _refresh_what_can_be(operator: Operator, chunk: list[Listing], *, with_takers: bool) -> int:
    """Refresh a chunk; where that fails, one at a time, so that a listing nobody can refresh stops no other."""
    try:
        _refresh_chunk(operator, chunk)
        if with_takers:
            for listing in chunk:
                refresh_takers(listing, True)
    except OperationalError:
        raise  # the database is away or busy: that is no fault of a listing
    except Exception:
        if len(chunk) == 1:
            log.exception("a listing was not refreshed", listing=str(chunk[0].pk))
            return 0
        return sum(_refresh_what_can_be(operator, [one], with_takers=with_takers) for one in chunk)
    return len(chunk)


def fade_what_ended(operator: Operator) -> int:
    """New suggestions with a listing that is no longer current become stale. Returns how many."""
    now_current = Listing.objects.filter(current())
    fading = Suggestion.objects.filter(operator=operator, state=State.NEW)
    gone = fading.exclude(have__in=now_current) | fading.filter(need__isnull=False).exclude(
        need__in=now_current
    )
    ids = list(gone.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        Suggestion.objects.filter(pk__in=ids[start : start + 500]).update(
            state=State.STALE, have_rank=None, need_rank=None, refreshed_at=timezone.now()
        )
    return len(ids)


def _chunks(operator: Operator) -> Iterator[list[Listing]]:
    """The operator's current listings, a side and a type at a time."""
    mine = Listing.objects.filter(current(), operator=operator)
    kinds = mine.order_by("side", "resource_type").values_list("side", "resource_type").distinct()
    for side, resource_type in list(kinds):
        last: UUID | None = None
        while True:
            rows = mine.filter(side=side, resource_type=resource_type).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            chunk = list(rows.select_related("organisation")[:CHUNK])
            if not chunk:
                break
            last = chunk[-1].pk
            yield chunk


def _refresh_chunk(operator: Operator, chunk: list[Listing]) -> None:
    meetings = best_of_each(chunk, weights_in_use(operator.pk))
    side = chunk[0].side
    with transaction.atomic():
        list(Operator.objects.select_for_update(no_key=True).filter(pk=operator.pk))
        as_read = {listing.pk: listing.changed_at for listing in chunk}
        unchanged = {
            pk
            for pk, changed_at in Listing.objects.filter(pk__in=as_read).values_list("pk", "changed_at")
            if as_read[pk] == changed_at
        }
        shown = [m for m in meetings if may_be_shown(m, operator.pk)]
        found: dict[UUID, list[Meeting]] = {listing.pk: [] for listing in chunk if listing.pk in unchanged}
        for meeting in undecided(operator.pk, chunk, shown):
            mine = meeting.have if side == Listing.Side.HAVE else meeting.need
            if mine.pk in found:
                found[mine.pk].append(meeting)
        store.replace(operator.pk, found, side, top=TOP)


def best_of_each(chunk: list[Listing], weights: Weights) -> list[Meeting]:
    """The best meetings of each listing of a chunk (one side, one type), ordered so that each one's best come first."""
    ids = {pk for listing in chunk for pk in most_promising(listing, LOOK, weights)[0]}
    if chunk[0].side == Listing.Side.NEED:
        return meet(chunk, fetch(ids), weights, top=SPARE)
    return meet(chunk, fetch(ids), weights, top=SPARE, both=True, wanted=attrgetter("have_rank"))
