# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the boards' pages read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.boards.models import AgendaItem, Attendance, Board, Meeting, Recommendation, Seat, Summons
from brobygger.boards.models.recommendation import OPEN
from brobygger.boards.queries.members import in_order_of_role, seats_on
from brobygger.dialogue.models import FollowUp

ENDS_SOON = timedelta(days=60)
"""So long before a term ends the office is told."""
MOST_SHOWN = 10


def boards_of(user: Any, operator: Operator) -> QuerySet[Board]:
    """The operator's boards that the person may see, those that are closed last."""
    rows = Board.objects.visible_to(user).filter(operator=operator)
    waiting = Q(recommendations__state__in=OPEN)
    return rows.annotate(waiting=Count("recommendations", filter=waiting, distinct=True)).order_by(
        "closed_on", "name", "pk"
    )


@dataclass(frozen=True)
class BoardPage:
    """One board with everything its page shows."""

    today: date
    seats: Sequence[Seat]
    terms: Sequence[Seat]
    coming: Sequence[Meeting]
    held: Sequence[Meeting]
    recommendations: Sequence[Recommendation]
    soon: date


def board_page(board: Board) -> BoardPage:
    """Who sits now, every term, meetings to come and held, recommendations; the newest of each."""
    today, now = timezone.localdate(), timezone.now()
    terms = board.seats.select_related("person", "organisation", "stands_in_for__person")
    meetings = board.meetings.select_related("board")
    return BoardPage(
        today=today,
        seats=in_order_of_role(seats_on(board, today)),
        terms=list(terms.order_by("-starts_on", "person__name", "pk")[:200]),
        coming=list(meetings.filter(ends_at__gte=now).order_by("starts_at", "pk")[:MOST_SHOWN]),
        held=list(meetings.filter(ends_at__lt=now).order_by("-starts_at", "-pk")[:MOST_SHOWN]),
        recommendations=list(board.recommendations.select_related("answerer")[:MOST_SHOWN]),
        soon=today + ENDS_SOON,
    )


@dataclass(frozen=True)
class MeetingPage:
    """One meeting with everything its page shows."""

    items: Sequence[AgendaItem]
    papers: Sequence[Any]
    seats: Sequence[tuple[Seat, str]]
    """Those who sit on the day, with how they attended, or empty."""
    recommendations: Sequence[Recommendation]


def meeting_page(meeting: Meeting) -> MeetingPage:
    """Agenda with papers, those who sit that day, and the recommendations that came of it."""
    states = dict(Attendance.objects.filter(meeting=meeting).values_list("seat_id", "state"))
    seats = seats_on(meeting.board, timezone.localdate(meeting.starts_at))
    return MeetingPage(
        items=list(meeting.items.prefetch_related("papers")),
        papers=list(meeting.papers.filter(item=None)),
        seats=[(seat, states.get(seat.pk, "")) for seat in in_order_of_role(seats)],
        recommendations=list(meeting.recommendations.select_related("answerer")),
    )


def summoned(meeting: Meeting) -> list[Summons]:
    """Who has been summoned, with the letter, in the order in which they were."""
    rows = Summons.objects.filter(meeting=meeting).select_related("seat__person", "letter")
    return list(rows.defer("letter__attachments", "letter__body").order_by("sent_at", "pk"))


def recommendations_of(user: Any, operator: Operator, *, only_open: bool) -> QuerySet[Recommendation]:
    """Those the person may see, the newest first; or those that still wait, what is late first."""
    rows = Recommendation.objects.visible_to(user).filter(board__operator=operator)
    rows = rows.select_related("board", "answerer")
    if only_open:
        return rows.open().order_by("answer_by", "given_on", "pk")
    return rows.order_by("-given_on", "-pk")


def ending_soon(operator: Operator, today: date) -> QuerySet[Seat]:
    """Terms that end within `ENDS_SOON`, of those who have no later term on the same board."""
    return ending_between(operator, today, today + ENDS_SOON)


def ending_between(operator: Any, first: Any, last: Any) -> QuerySet[Seat]:
    """The same between two days, both with."""
    later = Seat.objects.filter(
        board=OuterRef("board"), person=OuterRef("person"), starts_on__gt=OuterRef("ends_on")
    )
    rows = Seat.objects.filter(
        board__operator=operator, board__closed_on=None, ends_on__gte=first, ends_on__lte=last
    )
    return rows.filter(~Exists(later)).select_related("board", "person").order_by("ends_on", "pk")


def follow_ups_to_link(recommendation: Recommendation) -> QuerySet[FollowUp]:
    """The office's open follow-ups that are not linked yet, the first due first."""
    rows = FollowUp.objects.filter(operator_id=recommendation.board.operator_id).open()
    linked = recommendation.follow_ups.values("pk")
    return rows.exclude(pk__in=linked).select_related("organisation").order_by("due_on", "pk")
