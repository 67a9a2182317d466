# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of guidance when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from brobygger.guidance.models import Offer, Referral, UndertakingMember
from brobygger.register import merging
from brobygger.register.models import Organisation


def the_last_word(mine: Offer, other: Offer) -> dict[str, Any]:
    """What the firm said last about a scheme, first offered on the earlier of the two days."""
    last = other if other.at > mine.at else mine
    return {
        "state": last.state, "why": last.why, "at": last.at, "by_id": last.by_id, "scheme_id": last.scheme_id,
        "first_on": min(mine.first_on, other.first_on),
    }  # fmt: skip


merging.combines(Offer, "organisation", same=("scheme_key",), rule=the_last_word)
merging.holds_none(Referral, "shared")


@merging.by_hand(UndertakingMember, "organisation")
def one_undertaking(journal: merging.Journal, kept: Organisation, gone: Organisation) -> None:
    """The kept firm is counted together with all whom either was counted together with: they were linked to the one firm, and
    the ceiling is the undertaking's (Regulation (EU) 2023/2831, article 3(2)). Its own link stands, from the earlier day."""
    rows = UndertakingMember.objects.filter(organisation__in=[kept, gone]).select_related("undertaking")
    held = {row.organisation_id: row for row in rows}
    mine, theirs = held.get(kept.pk), held.get(gone.pk)
    if theirs is None:
        return
    if mine is None:
        journal.change_one(theirs, {"organisation_id": kept.pk})
        return
    journal.remove(theirs)
    journal.change_one(mine, {"since": min(mine.since, theirs.since)})
    left = theirs.undertaking
    if left.pk != mine.undertaking_id:
        keys = list(left.members.values_list("pk", flat=True))
        journal.change(
            UndertakingMember, keys, {"undertaking_id": left.pk}, {"undertaking_id": mine.undertaking_id}
        )
        journal.remove(left)
