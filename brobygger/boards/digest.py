# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What waits for somebody in the boards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.base.digest import Line, part
from brobygger.boards.models import Meeting, Recommendation


@part(gettext_lazy("Møder i dag"), order=5)
def meetings_today(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """The boards' meetings of the day, with the Danish time."""
    rows = Meeting.objects.filter(board__operator=operator, state=Meeting.State.PLANNED, starts_at__date=day)
    for meeting in rows.select_related("board").order_by("starts_at", "pk"):
        clock = formats.date_format(timezone.localtime(meeting.starts_at), "H.i")
        name = f"{meeting.board.name}: {meeting.title}" if meeting.title else meeting.board.name
        where = f", {meeting.place}" if meeting.place else ""
        yield Line(
            _("Kl. %(clock)s %(name)s%(where)s") % {"clock": clock, "name": name, "where": where},
            meeting.get_absolute_url(),
        )


@part(gettext_lazy("Anbefalinger, der venter på svar"), order=60)
def answers_overdue(user: Any, operator: Any, day: date) -> Iterable[Line]:
    """Recommendations that the person should have answered."""
    rows = Recommendation.objects.filter(board__operator=operator, answerer=user, answer_by__lt=day).open()
    for row in rows.select_related("board").order_by("answer_by", "pk"):
        yield Line(f"{row.board.name}: {row.title}", row.get_absolute_url())
