# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was declined stays declined, until what the reason was about has changed.

A decision keeps both sides as they were (`Suggestion.decline_facts`). Before a pair is proposed, the operator's
decisions about the same two organisations are looked up: the same pair of listings, or listings of the same two
types where somebody posted again. Of the facts only those that the reason is about are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from brobygger.market.models import Listing, Match, Suggestion
from brobygger.register.models import Organisation, Permit

Facts = Mapping[str, Any]
Decline = Suggestion.Decline

CONCERNS: dict[str, tuple[str, ...]] = {
    Decline.WRONG_THING: (),
    Decline.TOO_FAR: ("x", "y", "reach_km"),
    Decline.QUALITY: ("quality", "food_grade"),
    Decline.QUANTITY: ("quantity", "unit", "period", "lot"),
    Decline.TIMING: ("starts_on", "ends_on"),
    Decline.PRICE: ("price_kind", "price"),
    Decline.RULES: ("hazardous", "food_grade", "waste_code", "approvals", "permits"),
}
"""Reason → the facts it is about. All but "unwanted" are about the same two things between the same two; what is
not here, or is here without facts, does not wear off as long as it is those things."""
_FIELDS = (
    "x", "y", "reach_km", "quality", "food_grade", "quantity", "unit", "period", "lot", "starts_on",
    "ends_on", "price_kind", "price", "hazardous", "waste_code", "approvals",
)  # fmt: skip


def facts_of(have: Listing, other: Listing | Organisation, permits: Iterable[str]) -> dict[str, Any]:
    """Both sides as they are now, as plain JSON. `permits`: what the receiver holds, see `permits_of`."""
    taker = other.organisation_id if isinstance(other, Listing) else other.pk
    return {
        "giver": have.organisation_id,
        "taker": taker,
        "have": _side(have),
        "need": _side(other) | {"permits": sorted(permits)},
    }


def _side(record: Listing | Organisation) -> dict[str, Any]:
    """What a thing is called stands in for its type where nobody knows the type; a taker's thing is empty."""
    if isinstance(record, Organisation):
        return _plain(record, ("x", "y")) | {"thing": ""}
    return _plain(record, _FIELDS) | {"thing": record.resource_type or record.text.casefold()}


def _plain(record: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _json(getattr(record, name)) for name in names}


def _json(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return round(value)  # metres: a position that moves less than one has not moved
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    return str(value)


def permits_of(organisations: Iterable[int]) -> dict[int, list[str]]:
    """Organisation id → its permits as short texts, for comparing."""
    found: dict[int, list[str]] = {}
    for permit in Permit.objects.filter(organisation_id__in=list(organisations)):
        text = f"{permit.kind}|{permit.number}|{permit.waste_codes}|{permit.valid_from}|{permit.valid_until}"
        found.setdefault(permit.organisation_id, []).append(text)
    return found


@dataclass
class Memory:
    """An operator's decisions about some organisations. Ask `forbids`."""

    declined: dict[tuple[int, int], list[tuple[str, Facts]]] = field(default_factory=dict)
    """(giver, taker) → (reason, facts)."""
    matched: set[tuple[str, str]] = field(default_factory=set)
    """(have id, need id or "o" + organisation id) of matches that are open."""
    permits: dict[int, list[str]] = field(default_factory=dict)

    def forbids(self, have: Listing, other: Listing | Organisation) -> bool:
        """Whether the pair must stay away: it is being worked on, or was declined for a reason that still holds."""
        taker = other.organisation_id if isinstance(other, Listing) else other.pk
        if (str(have.pk), _key(other)) in self.matched:
            return True
        giver = have.organisation_id
        decided = self.declined.get((giver, taker), [])
        if any(reason == Decline.UNWANTED for reason, _ in self.declined.get((taker, giver), [])):
            return True
        if not decided:
            return False
        now = facts_of(have, other, self.permits.get(taker, ()))
        return any(still_holds(reason, before, now) for reason, before in decided)


def still_holds(reason: str, before: Facts, now: Facts) -> bool:
    """Whether a decision about these two organisations covers this pair, and what it was about is unchanged."""
    if reason == Decline.UNWANTED:
        return True
    if any(before[side]["thing"] != now[side]["thing"] for side in ("have", "need")):
        return False
    return all(
        before[side].get(name) == now[side].get(name)
        for side in ("have", "need")
        for name in CONCERNS.get(reason, ())
    )


def recall(operator_id: int, listings: Iterable[Listing], others: Iterable[int]) -> Memory:
    """What the operator decided about the listings' organisations and the others (organisation ids).

    A bounded number of queries, whatever the number of listings.
    """
    rows = list(listings)
    mine = {row.organisation_id for row in rows}
    memory = Memory(permits=permits_of(mine | set(others)))
    declined = Suggestion.objects.filter(operator_id=operator_id, state=Suggestion.State.DECLINED)
    for role in ("have__organisation_id__in", "need__organisation_id__in", "organisation_id__in"):
        for reason, before in declined.filter(**{role: mine}).values_list("decline_reason", "decline_facts"):
            if before:
                memory.declined.setdefault((before["giver"], before["taker"]), []).append((reason, before))
    pairs = (
        Match.objects.filter(Q(have__in=rows) | Q(need__in=rows), operator_id=operator_id)
        .exclude(stage__in=Match.OVER)
        .values_list("have_id", "need_id", "taker_id")
    )
    memory.matched = {(str(have), str(need) if need else f"o{taker}") for have, need, taker in pairs}
    return memory


def _key(other: Listing | Organisation) -> str:
    return str(other.pk) if isinstance(other, Listing) else f"o{other.pk}"
