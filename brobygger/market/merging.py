# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the market's records when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from brobygger.market.models import Listing, NetworkRun, Suggestion, WeightVersion
from brobygger.market.services.following import place_now
from brobygger.register import merging
from brobygger.register.models import Organisation

_WEIGHT = {
    Suggestion.State.ACCEPTED: 4,
    Suggestion.State.DECLINED: 3,
    Suggestion.State.PUT_OFF: 2,
    Suggestion.State.NEW: 1,
    Suggestion.State.STALE: 0,
}
_DECISION = (
    "state", "put_off_until", "decline_reason", "decline_note", "decline_facts", "giver_interested_at",
    "taker_interested_at", "decided_by_id", "decided_at",
)  # fmt: skip


def the_most_decided(mine: Suggestion, other: Suggestion) -> dict[str, Any]:
    """Of two suggestions of the same taker, what somebody has decided outweighs what nobody has looked at."""
    if _WEIGHT[Suggestion.State(other.state)] <= _WEIGHT[Suggestion.State(mine.state)]:
        return {}
    return {name: getattr(other, name) for name in _DECISION}


merging.combines(Suggestion, "organisation", same=("operator", "have"), rule=the_most_decided)
merging.moves_in(Suggestion, "decline_facts", keys=("giver", "taker"))
merging.holds_none(Suggestion, "parts", "precedents")
merging.holds_none(WeightVersion, "weights", "before", "learned_from", "effect")
merging.holds_none(NetworkRun, "figures")


@merging.afterwards
def nobody_meets_oneself(journal: merging.Journal, kept: Organisation) -> None:
    """What was to bring the two together is no longer anything to do: they are one."""
    own = Suggestion.objects.filter(
        have__organisation=kept, state__in=[Suggestion.State.NEW, Suggestion.State.PUT_OFF]
    )
    both = own.filter(need__organisation=F("have__organisation")) | own.filter(organisation=kept)
    for suggestion in both:
        journal.change_one(suggestion, {"state": Suggestion.State.STALE})


@merging.afterwards
def what_it_has_is_where_it_is(journal: merging.Journal, kept: Organisation) -> None:
    """When the kept organisation takes over the other's address, its own listings follow; the other's are there already."""
    before = journal.before(kept)
    if not {"street", "postal_code"} & before.keys():
        return
    postal_code = before.get("postal_code", kept.postal_code)
    own = Listing.objects.filter(organisation=kept).exclude(pk__in=journal.touched[Listing])
    for listing in own.select_related("organisation", "establishment"):
        journal.change_one(listing, place_now(listing, {kept.pk: postal_code}))
