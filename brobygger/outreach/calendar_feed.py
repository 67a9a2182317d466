# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Talks that firms have booked, in the consultant's own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from brobygger.base.calendar import Entry, source
from brobygger.outreach.calendars.writing import entry_of
from brobygger.outreach.queries.booking import booked_talks


@source("outreach.talks")
def talks(user: Any, since: date, until: date) -> Iterable[Entry]:
    """The person's booked and held talks. The same entry as in the letter about the talk, so it stands there once."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(since, time.min, tzinfo=zone)
    after = datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone)
    for talk in booked_talks(user, first, after).select_related("organisation", "operator", "consultant"):
        yield entry_of(talk, for_consultant=True, url=settings.SITE_URL + talk.get_absolute_url())
