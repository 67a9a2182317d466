# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing what was found as suggestions, keeping what people decided.

New ones are made, living ones brought up to date, those that nobody ranks any more become stale. A chosen suggestion
is never touched; a declined one only comes back when the caller has asked the memory first; one that was put off
stays put off. Called with the operator's row locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from brobygger.engine.listing import SuggestionRow
from brobygger.knowledge import load
from brobygger.market.models import Listing, Suggestion
from brobygger.market.services.matching.left import Left
from brobygger.market.services.matching.precedents import precedents
from brobygger.market.services.matching.value import value_of

State = Suggestion.State
LIVING = (State.NEW, State.PUT_OFF)
_WRITTEN = (
    "score", "parts", "reason", "confidence", "via", "process", "precedents", "distance_m", "tonnes_year",
    "dkk_year", "co2e_kg_year", "factor_source", "have_rank", "need_rank", "state", "found_at",
)  # fmt: skip
BATCH = 200


class Meeting(Protocol):
    """A have and a need with the engine's word on them."""

    @property
    def have(self) -> Listing: ...
    @property
    def need(self) -> Listing: ...
    @property
    def row(self) -> SuggestionRow: ...
    @property
    def left(self) -> Left: ...


class _Seen:
    """Names of fields and of the other side, seen from the listings that are being refreshed."""

    def __init__(self, side: str) -> None:
        self.mine, self.theirs = ("have", "need") if side == Listing.Side.HAVE else ("need", "have")
        self.my_rank, self.their_rank = f"{self.mine}_rank", f"{self.theirs}_rank"

    def me(self, meeting: Meeting) -> Listing:
        return meeting.have if self.mine == "have" else meeting.need

    def other(self, meeting: Meeting) -> Listing:
        return meeting.need if self.mine == "have" else meeting.have


def replace(
    operator_id: int, found: Mapping[UUID, Sequence[Meeting]], side: str, *, top: int, spread: int = 0
) -> None:
    """Store the meetings (the best first) of each refreshed listing, all of one side.

    Each listing ranks its `top`. With `spread`, so many of its meetings with listings of the same operator are also
    tried for a place among the other's `top`.
    """
    _settle(operator_id, found, _Seen(side), top=top, spread=spread)


def offer(operator_id: int, listing: Listing, meetings: Sequence[Meeting], top: int) -> None:
    """Try a neighbour's open listing for a place among the best of the operator's own listings."""
    _settle(
        operator_id, {listing.pk: meetings}, _Seen(listing.side), top=top, spread=len(meetings), own=False
    )


def withdraw_elsewhere(listing: Listing, keep: Iterable[UUID]) -> None:
    """In other operators' suggestions: what no longer meets the listing, or may not see it, is no longer proposed."""
    seen = _Seen(listing.side)
    Suggestion.objects.filter(**{seen.mine: listing}, state=State.NEW).exclude(
        operator_id=listing.operator_id
    ).exclude(**{f"{seen.theirs}__in": list(keep)}).update(
        state=State.STALE, have_rank=None, need_rank=None, refreshed_at=timezone.now()
    )


def no_longer_silent(need: Listing, haves: Iterable[UUID]) -> None:
    """The firm now asks for it itself: it is no taker that posted nothing any more."""
    Suggestion.objects.filter(
        kind=Suggestion.Kind.TAKER,
        organisation_id=need.organisation_id,
        have__in=list(haves),
        state=State.NEW,
    ).update(state=State.STALE, have_rank=None, refreshed_at=timezone.now())


def alive(listing: Listing) -> QuerySet[Suggestion]:
    """The operator's pairs of the listing that are new, put off or chosen."""
    seen = _Seen(listing.side)
    return Suggestion.objects.filter(
        **{seen.mine: listing},
        operator_id=listing.operator_id,
        kind=Suggestion.Kind.PAIR,
        state__in=[*LIVING, State.ACCEPTED],
    )


def _settle(
    operator_id: int,
    found: Mapping[UUID, Sequence[Meeting]],
    seen: _Seen,
    *,
    top: int,
    spread: int,
    own: bool = True,
) -> None:
    now = timezone.now()
    existing = _existing(operator_id, found, seen)
    made: list[Suggestion] = []
    changed: list[Suggestion] = []
    for listing_id, meetings in found.items():
        known = existing.get(listing_id, {})
        places, displaced = _places(operator_id, listing_id, meetings, known, seen, top, spread)
        changed += displaced
        met = set()
        for rank, meeting in _ranked(meetings, seen):
            other_id = seen.other(meeting).pk
            met.add(other_id)
            row = known.get(other_id)
            my_rank = rank if own and rank <= top else None
            their_rank = places.get(other_id, getattr(row, seen.their_rank) if row and not spread else None)
            if row is None and my_rank is None and their_rank is None:
                continue
            if row is not None and row.state == State.ACCEPTED:
                continue
            suggestion = row or Suggestion(
                operator_id=operator_id, kind=Suggestion.Kind.PAIR, have=meeting.have, need=meeting.need
            )
            before = None if row is None else _values(row)
            _describe(suggestion, meeting)
            setattr(suggestion, seen.my_rank, my_rank)
            setattr(suggestion, seen.their_rank, their_rank)
            _live_or_fade(suggestion, my_rank is not None or their_rank is not None)
            if row is None:
                made.append(suggestion)
            elif _values(row) != before:
                changed.append(row)
        for other_id, row in known.items():
            if other_id not in met and row.state in LIVING and _unranked(row):
                changed.append(row)
    made.sort(key=lambda row: (str(row.have_id), str(row.need_id)))
    Suggestion.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    unique = {row.pk: row for row in changed}
    Suggestion.objects.bulk_update([unique[pk] for pk in sorted(unique)], list(_WRITTEN), batch_size=BATCH)
    Suggestion.objects.filter(
        **{f"{seen.mine}__in": list(found)}, operator_id=operator_id, state__in=LIVING
    ).update(refreshed_at=now)


def _ranked(meetings: Sequence[Meeting], seen: _Seen) -> Iterator[tuple[int, Meeting]]:
    """Each meeting with its place. A confidential one takes nobody's place, or it would show by what is missing."""
    places = 0
    for meeting in meetings:
        confidential = seen.other(meeting).is_confidential
        places += not confidential
        yield (places + 1 if confidential else places), meeting


def _existing(operator_id: int, found: Mapping[UUID, Any], seen: _Seen) -> dict[UUID, dict[UUID, Suggestion]]:
    """Listing id → other side's id → the stored suggestion."""
    out: dict[UUID, dict[UUID, Suggestion]] = {}
    rows = Suggestion.objects.filter(
        **{f"{seen.mine}__in": list(found)}, operator_id=operator_id, kind=Suggestion.Kind.PAIR
    )
    for row in rows:
        out.setdefault(getattr(row, f"{seen.mine}_id"), {})[getattr(row, f"{seen.theirs}_id")] = row
    return out


def _places(
    operator_id: int,
    listing_id: UUID,
    meetings: Sequence[Meeting],
    known: Mapping[UUID, Suggestion],
    seen: _Seen,
    top: int,
    spread: int,
) -> tuple[dict[UUID, int | None], list[Suggestion]]:
    """The listing's place among the best of those it met, and the suggestions that lose theirs by it.

    Confidential listings neither take places nor lose them to others, see `_ranked`.
    The places of those in between are set right when their own listing is refreshed.
    """
    tried = [
        meeting
        for number, meeting in enumerate(meetings)
        if spread
        and seen.other(meeting).operator_id == operator_id
        and (number < spread or seen.other(meeting).pk in known)
    ]
    if not tried:
        return {}, []
    rivals: dict[UUID, list[Suggestion]] = {}
    ids = [seen.other(meeting).pk for meeting in tried]
    ranked = Suggestion.objects.filter(
        **{f"{seen.theirs}__in": ids, f"{seen.their_rank}__isnull": False},
        operator_id=operator_id,
        kind=Suggestion.Kind.PAIR,
        state__in=LIVING,
    ).exclude(**{f"{seen.mine}_id": listing_id})
    for row in ranked.select_related(seen.mine):
        rivals.setdefault(getattr(row, f"{seen.theirs}_id"), []).append(row)
    places: dict[UUID, int | None] = {}
    displaced = []
    for meeting in tried:
        other_id = seen.other(meeting).pk
        mine = _key(meeting.row.score, meeting.row.metres, str(listing_id))
        order = sorted(
            (row for row in rivals.get(other_id, []) if not getattr(row, seen.mine).is_confidential),
            key=lambda row: _key(row.score, row.distance_m, str(getattr(row, f"{seen.mine}_id"))),
        )
        better = sum(
            _key(row.score, row.distance_m, str(getattr(row, f"{seen.mine}_id"))) < mine for row in order
        )
        places[other_id] = better + 1 if better < top else None
        if places[other_id] is not None and not seen.me(meeting).is_confidential:
            for row in order[top - 1 :]:
                setattr(row, seen.their_rank, None)
                _live_or_fade(row, getattr(row, seen.my_rank) is not None)
                displaced.append(row)
    return places, displaced


def _key(score: float, metres: float | None, partner: str) -> tuple[float, float, str]:
    return (-score, float("inf") if metres is None else metres, partner)


def _describe(suggestion: Suggestion, meeting: Meeting) -> None:
    """Copy the engine's word and what it is worth onto the suggestion."""
    row = meeting.row
    knowledge = load()
    value = value_of(meeting.have, meeting.need, knowledge, meeting.need.organisation, meeting.left)
    suggestion.score = row.score
    suggestion.parts = parts_of(meeting)
    suggestion.reason = row.reason
    suggestion.confidence = row.confidence
    suggestion.via = row.via
    suggestion.process = row.process[:120]
    suggestion.precedents = precedents(row.precedents, meeting.have.resource_type, meeting.need.resource_type)
    suggestion.distance_m = row.metres
    suggestion.tonnes_year = value.tonnes
    suggestion.dkk_year = value.dkk
    suggestion.co2e_kg_year = value.co2e_kg
    suggestion.factor_source = value.source


def parts_of(meeting: Meeting) -> dict[str, float | None]:
    """The parts of the score; None where the engine had to take a part as unknown (it reckons one half)."""
    row, have, need = meeting.row, meeting.have, meeting.need
    timed = all(side.starts_on or side.ends_on for side in (have, need))
    amounts = row.have_per_year is not None and row.need_per_year is not None
    return {
        "type": row.type,
        "text": row.text,
        "quantity": row.quantity if amounts else None,
        "time": row.time if timed else None,
        "distance": row.distance if row.metres is not None else None,
        "conditions": row.conditions,
    }


def _live_or_fade(suggestion: Suggestion, ranked: bool) -> None:
    """A ranked one is proposed (again); one that nobody ranks is stale. What was put off stays so."""
    if not ranked and suggestion.state == State.NEW:
        suggestion.state = State.STALE
    elif ranked and suggestion.state in (State.STALE, State.DECLINED):
        suggestion.state = State.NEW
        suggestion.found_at = timezone.now()


def _unranked(row: Suggestion) -> bool:
    """Takes both places away from one that is no longer found. True when that changed anything."""
    before = _values(row)
    row.have_rank = row.need_rank = None
    _live_or_fade(row, False)
    return _values(row) != before


def _values(row: Suggestion) -> tuple[Any, ...]:
    return tuple(_plain(getattr(row, name)) for name in _WRITTEN)


def _plain(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) else value
