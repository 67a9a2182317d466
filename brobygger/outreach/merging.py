# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the room's records when two organisations are laid together."""

"""What becomes of consents, mailings and welcome letters when two organisations are laid together."""

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
from django.utils import timezone

from brobygger.outreach.models import Consent, Mailing, Segment, Welcome
from brobygger.register import merging
from brobygger.register.models import Organisation

_LETTER = (
    "round_id", "skipped", "subject", "body", "address", "link_id", "letter_id", "interaction_id", "by_id", "at",
)  # fmt: skip


def one_yes(consent: Consent, kept: Organisation) -> dict[str, Any]:
    """Where the same address said yes to the same on behalf of both, the kept firm's stands. The other is no longer needed
    but stays as proof, and its link still takes everything back."""
    if consent.withdrawn_at is not None:
        return {}
    same = Consent.objects.filter(
        organisation=kept, purpose_id=consent.purpose_id, email=consent.email, withdrawn_at=None
    )
    if not same.exists():
        return {}
    return {"withdrawn_at": timezone.now(), "withdrawn_how": Consent.Withdrawal.OFFICE}


def the_letter_that_was_sent(mine: Welcome, other: Welcome) -> dict[str, Any]:
    """A letter weighs more than that none was to be sent; of two letters the kept firm's stands."""
    if not mine.skipped or other.skipped:
        return {}
    return {name: getattr(other, name) for name in _LETTER}


merging.moves(Consent, "organisation", adjust=one_yes)
merging.combines(Welcome, "organisation", same=("series",), rule=the_letter_that_was_sent)
merging.holds_none(Segment, "asked")
merging.keeps(Mailing, "segment_then", "tells what the segment was when the mailing was sent")
