# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the boards put on other rooms' pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.base.panels import panel
from brobygger.base.prepared import prepared
from brobygger.boards.models import Board, Meeting, Recommendation, Seat
from brobygger.boards.queries.pages import ENDS_SOON, ending_between
from brobygger.market.queries.worklist import Today
from brobygger.register.models import Organisation

MOST = 5
AHEAD = timedelta(days=7)


@panel("market.today", order=60)
def boards_today(request: HttpRequest, today: Today) -> str:
    """Meetings within a week, terms that end, and recommendations whose answer is overdue."""
    operator = today.operator.pk
    context = {
        "meetings": _meetings(operator, today.day, today.day + AHEAD),
        "ending": _ending(operator, today.day, today.day + ENDS_SOON),
        "late": _late(operator, today.day, request.user.pk, mine=today.mine),
        "today": today.day,
    }
    if not any(context[name] for name in ("meetings", "ending", "late")):
        return ""
    return render_to_string("boards/_today.html", context, request)


@panel("portal.own", order=5)
def your_boards(request: HttpRequest, user: User) -> str:
    """The boards on which the person has a seat today, and when they meet next."""
    boards = list(Board.objects.visible_to(user).filter(closed_on=None)[:MOST])
    if not boards:
        return ""
    to_come = Meeting.objects.filter(
        board__in=boards, state=Meeting.State.PLANNED, starts_at__gte=timezone.now()
    )
    context = {
        "boards": boards,
        "meetings": list(to_come.select_related("board").order_by("starts_at")[:MOST]),
    }
    return render_to_string("boards/_own.html", context, request)


@panel("register.merge", order=20)
def two_seats(request: HttpRequest, two: tuple[Organisation, Organisation]) -> str:
    """The boards on which both firms have somebody today: afterwards the one firm has two seats there."""
    here, there = (
        {
            seat.board: seat
            for seat in Seat.objects.filter(organisation=firm)
            .held_on(timezone.localdate())
            .select_related("board", "person")
        }
        for firm in two
    )
    both = [(board, seat, there[board]) for board, seat in here.items() if board in there]
    if not both:
        return ""
    return render_to_string("boards/_merge.html", {"both": both, "kept": two[0]}, request)


@prepared
def _meetings(operator: Any, first: Any, last: Any) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(
        board__operator=operator,
        state=Meeting.State.PLANNED,
        starts_at__date__gte=first,
        starts_at__date__lte=last,
    )
    return rows.select_related("board").order_by("starts_at")[:MOST]


@prepared
def _ending(operator: Any, first: Any, last: Any) -> QuerySet[Seat]:
    return ending_between(operator, first, last)[:MOST]


@prepared
def _late(operator: Any, day: Any, user: Any, *, mine: bool) -> QuerySet[Recommendation]:
    whose = Q(answerer=user) | Q(answerer=None) if mine else Q()
    rows = Recommendation.objects.filter(whose, board__operator=operator, answer_by__lt=day).open()
    return rows.select_related("board", "answerer").order_by("answer_by")[:MOST]
