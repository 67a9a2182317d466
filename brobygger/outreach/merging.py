# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the room's records when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from brobygger.outreach.models import Consent, Mailing, Segment, Welcome
from brobygger.register import merging


def the_first_yes(mine: Consent, other: Consent) -> dict[str, Any]:
    """The same address said yes to the same in both: the older of the two proofs counts."""
    if other.given_on >= mine.given_on:
        return {}
    return {
        "given_on": other.given_on,
        "source": other.source,
        "source_note": other.source_note,
        "noted_by_id": other.noted_by_id,
    }


def the_letter_that_was_sent(mine: Welcome, other: Welcome) -> dict[str, Any]:
    """A firm that was passed over here and got its letter there has got it."""
    if not mine.skipped or other.skipped:
        return {}
    return {
        "skipped": False, "round_id": other.round_id, "subject": other.subject, "body": other.body,
        "address": other.address, "letter_id": other.letter_id, "interaction_id": other.interaction_id,
        "by_id": other.by_id, "at": other.at,
    }  # fmt: skip


merging.combines(
    Consent,
    "organisation",
    same=("purpose", "email"),
    among=Q(withdrawn_at=None),
    rule=the_first_yes,
)
merging.combines(Welcome, "organisation", same=("series",), rule=the_letter_that_was_sent)
merging.holds_none(Segment, "asked")
merging.holds_none(Mailing, "segment_then")
