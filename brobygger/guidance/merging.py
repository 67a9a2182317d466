# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of guidance when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from brobygger.guidance.models import Offer, Referral, UndertakingMember
from brobygger.register import merging


def the_last_word(mine: Offer, other: Offer) -> dict[str, Any]:
    """What the firm said last about a scheme, first offered on the earlier of the two days."""
    last = other if other.at > mine.at else mine
    return {
        "state": last.state, "why": last.why, "at": last.at, "by_id": last.by_id, "scheme_id": last.scheme_id,
        "first_on": min(mine.first_on, other.first_on),
    }  # fmt: skip


def the_longest_link(mine: UndertakingMember, other: UndertakingMember) -> dict[str, Any]:
    """The kept firm's own link stands, from the earlier of the two days."""
    return {"since": min(mine.since, other.since)}


merging.combines(Offer, "organisation", same=("scheme_key",), rule=the_last_word)
merging.combines(UndertakingMember, "organisation", same=(), rule=the_longest_link)
merging.holds_none(Referral, "shared")
