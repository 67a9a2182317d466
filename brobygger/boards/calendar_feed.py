# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Boards' meetings in the calendars of those who come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.calendar import Entry, source
from brobygger.boards.busy import UID
from brobygger.boards.models import Board, Meeting, Seat


def entry(meeting: Meeting) -> Entry:
    """A meeting as a calendar has it."""
    name = f"{meeting.board.name}: {meeting.title}" if meeting.title else meeting.board.name
    return Entry(
        uid=UID.format(pk=meeting.pk),
        title=_("Aflyst: %(name)s") % {"name": name} if meeting.state == Meeting.State.CANCELLED else name,
        start=meeting.starts_at,
        end=meeting.ends_at,
        place=meeting.place,
        url=settings.SITE_URL.rstrip("/") + meeting.get_absolute_url(),
        cancelled=meeting.state == Meeting.State.CANCELLED,
        sequence=meeting.calendar_sequence,
    )


@source("boards.meetings")
def meetings(user: Any, since: date, until: date) -> Iterable[Entry]:
    """Those of the boards where the person has a seat, as secretary too; a consultant without one has no use for them all."""
    own = Seat.objects.held_on(timezone.localdate()).filter(person__user=user).values("board_id")
    boards = Board.objects.visible_to(user).filter(pk__in=own)
    rows = Meeting.objects.filter(Q(starts_at__date__gte=since, starts_at__date__lte=until), board__in=boards)
    for meeting in rows.select_related("board").order_by("starts_at", "pk"):
        yield entry(meeting)
