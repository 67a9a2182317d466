# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whether somebody's time is taken, by what every room puts in the person's own calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brobygger.base.calendar import entries_of
from brobygger.dialogue.models import PlannedVisit

UID = "planned-visit-{pk}"


def clash(
    user: Any, starts_at: datetime, ends_at: datetime, *, but: PlannedVisit | None = None
) -> tuple[datetime, datetime] | None:
    """The first time that is taken by something else at the same moment; only when, not what: it may be another office's."""
    first = timezone.localtime(starts_at).date() - timedelta(days=1)
    own = UID.format(pk=but.pk) if but else ""
    for entry in entries_of(user, first, timezone.localtime(ends_at).date()):
        if entry.cancelled or entry.uid == own:
            continue
        if not (isinstance(entry.start, datetime) and isinstance(entry.end, datetime)):
            continue
        if entry.start < ends_at and starts_at < entry.end:
            return entry.start, entry.end
    return None
