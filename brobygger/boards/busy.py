# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Boards' meetings take the time of those who have a seat there on the day, as secretary too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from brobygger.base.busy import Taken, source
from brobygger.boards.models import Meeting, Seat

UID = "board-meeting-{pk}"


@source(UID)
def meetings(users: Collection[int], since: datetime, until: datetime) -> Iterable[Taken]:
    """Two questions."""
    seats: dict[int, list[Seat]] = {}
    for seat in Seat.objects.filter(person__user__in=users).select_related("person"):
        seats.setdefault(seat.board_id, []).append(seat)
    rows = Meeting.objects.filter(board__in=seats, starts_at__lt=until, ends_at__gt=since)
    for meeting in rows.exclude(state=Meeting.State.CANCELLED):
        for seat in seats[meeting.board_id]:
            if seat.person.user_id and seat.covers(timezone.localdate(meeting.starts_at)):
                yield Taken(
                    seat.person.user_id, meeting.starts_at, meeting.ends_at, UID.format(pk=meeting.pk)
                )
