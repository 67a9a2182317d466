# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of sealed bids when two organisations are laid together. Nobody is told that there are any."""

from __future__ import annotations

from typing import Any

from brobygger.cases.tenders.models import Bid, Version
from brobygger.register import merging
from brobygger.register.models import Organisation

ASIDE, FARTHER = 10_000, 20_000
"""Numbers that no bid has, while the real ones are given out."""


def set_aside(bid: Bid, kept: Organisation) -> dict[str, Any]:
    """Out of the way of the kept firm's own bids until all are numbered anew."""
    return {"number": ASIDE + bid.number}


merging.holds_none(Version, "texts")
merging.moves(Bid, "organisation", adjust=set_aside, told=False)


@merging.afterwards
def numbered_as_they_came(journal: merging.Journal, kept: Organisation) -> None:
    """The two firms' bids for a tender are one firm's, in the order they were handed in: the newest counts."""
    moved = Bid.objects.filter(pk__in=journal.touched[Bid])
    for tender in sorted(set(moved.values_list("tender_id", flat=True))):
        bids = list(Bid.objects.filter(tender_id=tender, organisation=kept).order_by("submitted_at", "pk"))
        for first in (FARTHER, 1):
            for number, bid in enumerate(bids, first):
                journal.change_one(bid, {"number": number})
