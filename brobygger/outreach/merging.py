# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the room's records when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from brobygger.outreach.models import Consent, Mailing, Segment, Welcome
from brobygger.register import merging
from brobygger.register.models import Organisation


def one_yes(consent: Consent, kept: Organisation) -> dict[str, Any]:
    """Where the same address said yes to the same on behalf of both, the kept firm's stands. The other stays as proof, taken
    back by the office: the link in the mails it was written to by still takes everything back."""
    if consent.withdrawn_at is not None:
        return {}
    same = Consent.objects.filter(
        organisation=kept, purpose_id=consent.purpose_id, email=consent.email, withdrawn_at=None
    )
    if not same.exists():
        return {}
    return {"withdrawn_at": timezone.now(), "withdrawn_how": Consent.Withdrawal.OFFICE}


def the_letter_that_was_sent(mine: Welcome, other: Welcome) -> dict[str, Any]:
    """A firm that was passed over here and got its letter there has got it."""
    if not mine.skipped or other.skipped:
        return {}
    return {
        "skipped": False, "round_id": other.round_id, "subject": other.subject, "body": other.body,
        "address": other.address, "letter_id": other.letter_id, "interaction_id": other.interaction_id,
        "by_id": other.by_id, "at": other.at,
    }  # fmt: skip


merging.moves(Consent, "organisation", adjust=one_yes)
merging.combines(Welcome, "organisation", same=("series",), rule=the_letter_that_was_sent)
merging.holds_none(Segment, "asked")
merging.holds_none(Mailing, "segment_then")
