# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the boards put on other rooms' pages."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel
from brobygger.boards.models import Meeting, Recommendation
from brobygger.boards.queries.pages import ending_soon
from brobygger.market.queries.worklist import Today

MOST = 5
AHEAD = timedelta(days=7)


@panel("market.today", order=60)
def boards_today(request: HttpRequest, today: Today) -> str:
    """Meetings within a week, terms that end, and recommendations whose answer is overdue."""
    meetings = Meeting.objects.filter(
        board__operator=today.operator,
        state=Meeting.State.PLANNED,
        starts_at__date__range=(today.day, today.day + AHEAD),
    )
    late = Recommendation.objects.filter(board__operator=today.operator, answer_by__lt=today.day).open()
    if today.mine:
        late = late.filter(answerer=request.user) | late.filter(answerer=None)  # type: ignore[misc]
    context = {
        "meetings": list(meetings.select_related("board").order_by("starts_at")[:MOST]),
        "ending": list(ending_soon(today.operator, today.day)[:MOST]),
        "late": list(late.select_related("board", "answerer").order_by("answer_by")[:MOST]),
        "today": today.day,
    }
    if not any(context[name] for name in ("meetings", "ending", "late")):
        return ""
    return render_to_string("boards/_today.html", context, request)
