# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches to follow up, in the consultant's own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings

from brobygger.base.calendar import Entry, source
from brobygger.market.models import Match
from brobygger.market.queries.matches import OPEN


@source("market.follow_ups")
def match_follow_ups(user: Any, since: date, until: date) -> Iterable[Entry]:
    """The person's own matches with a follow-up, each on its day."""
    rows = Match.objects.visible_to(user).filter(
        consultant=user, stage__in=OPEN, follow_up_on__range=(since, until)
    )
    for row in rows.select_related("giver", "taker").order_by("follow_up_on", "pk"):
        yield Entry(
            uid=f"match-{row.pk}",
            title=f"{row}: {row.follow_up_about}" if row.follow_up_about else str(row),
            start=row.follow_up_on or since,
            url=settings.SITE_URL.rstrip("/") + row.get_absolute_url(),
            sequence=row.version,
        )
