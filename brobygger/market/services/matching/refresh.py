# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who should meet whom: the suggestions of a listing, found while a person waits.

What the engine finds is written as suggestions of the listing's operator: its ten best, and its place among the ten
best of those it met (in the other side's own operator's suggestions too, where it is open). A suggestion lives while
one of its two listings ranks it; decisions are kept. Two refreshes at once do not make two of anything: the work is
done outside the transaction, the writing inside a short one that holds the operators' rows, and when the listing was
changed in between it is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from brobygger.accounts.models import Operator
from brobygger.engine import suggest
from brobygger.engine.learning import rescored
from brobygger.engine.listing import SuggestionRow
from brobygger.engine.parts import WEIGHTS, rounded
from brobygger.knowledge import load
from brobygger.market.models import Listing, Suggestion
from brobygger.market.services.matching import store
from brobygger.market.services.matching.candidates import current, fits_of, most_promising, reachable
from brobygger.market.services.matching.left import Left, in_force, left_of
from brobygger.market.services.matching.live import live
from brobygger.market.services.matching.memory import recall
from brobygger.market.services.matching.permits import may_receive, receivers
from brobygger.market.services.matching.tables import listing_row
from brobygger.market.services.matching.takers import refresh_takers
from brobygger.market.services.matching.weights import Weights, weights_in_use, weights_of

TOP = 10
FIRST_LOOK, LAST_LOOK = 150, 1200
"""So many candidates are weighed at first; more only while one left out could still be among the ten best."""
LIVE_LOOK = 60
"""So many where the live index names them: they are the best, not those that could be."""
SPREAD = 40
"""The listing is offered to so many of those it met, the best first; the nightly run does the rest."""
ATTEMPTS = 3
State = Suggestion.State


@dataclass(frozen=True, slots=True)
class Meeting:
    """A have and a need that the engine brought together, and what is `left` of listings that agreements take from."""

    have: Listing
    need: Listing
    row: SuggestionRow
    left: Left

    def other(self, listing: Listing) -> Listing:
        return self.need if listing.side == Listing.Side.HAVE else self.have


def refresh_listing(listing: Listing) -> int:
    """Find the listing's suggestions again and store them. Returns how many pairs are alive for its operator.

    Call after the listing is saved (inside or after the transaction). A listing that is not current loses its new
    suggestions. Nothing the person must fix: raises no errors of its own.
    """
    for _attempt in range(ATTEMPTS):
        fresh = Listing.objects.select_related("organisation").filter(pk=listing.pk).first()
        if fresh is None:
            return 0
        meetings = meetings_of(fresh) if fresh.is_current else []
        written = _write(fresh, meetings)
        if written is not None:
            refresh_takers(fresh, fresh.is_current)
            return written
    return 0


def meetings_of(listing: Listing) -> list[Meeting]:
    """Everyone the listing could meet, the best first; at least its ten best are exact."""
    left = left_of([listing]).get(listing.pk)
    partners = [*_partners(listing), *_short_of_less(listing)]
    weights = weights_in_use(listing.operator_id)
    look = LIVE_LOOK if live.built else FIRST_LOOK
    while True:
        ids, left_out = live.most_promising(listing, look, weights, left) or most_promising(
            listing, look, weights
        )
        found = weigh([listing], fetch({*ids, *partners}), weights)
        shown = [m for m in found if may_be_shown(m, listing.operator_id)]
        enough = len(shown) >= TOP and shown[TOP - 1].row.score >= left_out
        if enough or left_out == 0.0 or look >= LAST_LOOK:
            return found
        look *= 3


def _partners(listing: Listing) -> list[UUID]:
    """Those it already has a living suggestion with: they are weighed again whatever the bound says."""
    mine, other = ("have", "need_id") if listing.side == Listing.Side.HAVE else ("need", "have_id")
    rows = Suggestion.objects.filter(
        **{mine: listing}, kind=Suggestion.Kind.PAIR, state__in=[State.NEW, State.PUT_OFF]
    )
    return list(rows.values_list(other, flat=True))


def _short_of_less(listing: Listing) -> list[UUID]:
    """Needs that agreements cover in part: what is had covers more of what is left than the live index knows."""
    if listing.side != Listing.Side.HAVE:
        return []
    needs = in_force().exclude(match__need=None).values("match__need")
    found = reachable(listing, pk__in=needs, resource_type__in=list(fits_of(listing)))
    return list(found.values_list("pk", flat=True))


def fetch(ids: Iterable[UUID]) -> list[Listing]:
    """The current listings among those, in a fixed order."""
    found = Listing.objects.filter(current(), pk__in=list(ids)).select_related("organisation")
    return list(found.order_by("pk"))


def weigh(
    listings: Sequence[Listing], others: Sequence[Listing], weights: Weights = WEIGHTS
) -> list[Meeting]:
    """The engine's word on every allowed pair of listings (of one side) and others, the best first."""
    if not listings or not others:
        return []
    return sorted(meet(listings, others, weights, top=max(len(listings), len(others))), key=_order)


def meet(
    listings: Sequence[Listing],
    others: Sequence[Listing],
    weights: Weights,
    *,
    top: int,
    both: bool = False,
    wanted: Callable[[SuggestionRow], int | None] = lambda row: row.rank,
) -> list[Meeting]:
    """The engine's rows with a place (`wanted`) as meetings, in the order of their places, without what may not be received.

    What agreements take is taken off first; who has nothing left, or is short of nothing more, meets nobody.
    """
    left = left_of([*listings, *others])
    listings, others = ([side for side in sides if left.get(side.pk) != 0] for sides in (listings, others))
    if not listings or not others:
        return []
    haves, needs = (listings, others) if listings[0].side == Listing.Side.HAVE else (others, listings)
    permits = receivers(need.organisation_id for need in needs)
    by_id = {str(side.pk): side for side in (*haves, *needs)}
    rows = suggest(
        [listing_row(have, left=left.get(have.pk)) for have in haves],
        [listing_row(need, permits, left.get(need.pk)) for need in needs],
        load(),
        top=top,
        both=both,
        weights=weights,
    )
    placed = sorted((row for row in rows if wanted(row)), key=lambda row: wanted(row) or 0)
    meetings = (Meeting(by_id[row.have], by_id[row.need], row, left) for row in placed)
    return [m for m in meetings if may_receive(m.need, m.have, permits)]


def _order(meeting: Meeting) -> tuple[float, float, str, str]:
    metres = float("inf") if meeting.row.metres is None else meeting.row.metres
    return (-meeting.row.score, metres, meeting.row.have, meeting.row.need)


def may_be_shown(meeting: Meeting, operator_id: int) -> bool:
    """An operator's suggestions hold its own listings and its neighbours' open ones, nothing else."""
    return all(
        side.operator_id == operator_id or side.visibility == Listing.Visibility.OPEN
        for side in (meeting.have, meeting.need)
    )


def _write(listing: Listing, meetings: list[Meeting]) -> int | None:
    """Store the meetings; None when the listing was changed since they were found."""
    own = listing.operator_id
    elsewhere: dict[int, list[Meeting]] = {}
    for meeting in meetings:
        office = meeting.other(listing).operator_id
        if office != own and may_be_shown(meeting, office):
            elsewhere.setdefault(office, []).append(meeting)
    elsewhere = _by_their_own_weights(own, elsewhere)
    with transaction.atomic():
        offices = Operator.objects.select_for_update(no_key=True).filter(pk__in=[own, *elsewhere])
        list(offices.order_by("pk"))
        if not Listing.objects.filter(pk=listing.pk, changed_at=listing.changed_at).exists():
            return None
        mine = undecided(own, [listing], [m for m in meetings if may_be_shown(m, own)])
        store.replace(own, {listing.pk: mine}, listing.side, top=TOP, spread=SPREAD)
        for office, theirs in sorted(elsewhere.items()):
            store.offer(office, listing, undecided(office, [listing], theirs[:SPREAD]), TOP)
        store.withdraw_elsewhere(
            listing, keep={m.other(listing).pk for theirs in elsewhere.values() for m in theirs}
        )
        if listing.side == Listing.Side.NEED:
            store.no_longer_silent(listing, (m.have.pk for m in meetings))
        return store.alive(listing).count()


def _by_their_own_weights(own: int, elsewhere: dict[int, list[Meeting]]) -> dict[int, list[Meeting]]:
    """Neighbours' meetings as their own weights score them: what one office has learned decides nothing at another."""
    weights = weights_of([own, *elsewhere]) if elsewhere else {}
    return {
        office: meetings if weights[office] == weights[own] else _weighed_anew(meetings, weights[office])
        for office, meetings in elsewhere.items()
    }


def _weighed_anew(meetings: Iterable[Meeting], weights: Weights) -> list[Meeting]:
    scored = (
        replace(m, row=replace(m.row, score=float(rounded(rescored(m.row.type, _parts_in(m.row), weights)))))
        for m in meetings
    )
    return sorted(scored, key=_order)


def _parts_in(row: SuggestionRow) -> dict[str, float | None]:
    """The weighted parts of an engine's row, by name."""
    return {name: getattr(row, name) for name in WEIGHTS}


def undecided(operator_id: int, listings: Sequence[Listing], meetings: list[Meeting]) -> list[Meeting]:
    """The meetings that the operator has not decided against."""
    if not meetings:
        return []
    organisations = {side.organisation_id for m in meetings for side in (m.have, m.need)}
    memory = recall(operator_id, listings, organisations)
    return [m for m in meetings if not memory.forbids(m.have, m.need)]
