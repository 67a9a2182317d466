# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the boards' pages read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

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
    more_meetings: bool
    more_recommendations: bool
    """Whether there are others than those that are shown."""


def board_page(board: Board) -> BoardPage:
    """Who sits now, every term, meetings to come and held, recommendations; the newest of each."""
    today, now = timezone.localdate(), timezone.now()
    terms = board.seats.select_related("person", "organisation", "stands_in_for__person")
    meetings = board.meetings.select_related("board")
    coming = list(meetings.filter(ends_at__gte=now).order_by("starts_at", "pk")[: MOST_SHOWN + 1])
    held = list(meetings.filter(ends_at__lt=now).order_by("-starts_at", "-pk")[: MOST_SHOWN + 1])
    advice = list(board.recommendations.select_related("answerer")[: MOST_SHOWN + 1])
    return BoardPage(
        today=today,
        seats=in_order_of_role(seats_on(board, today)),
        terms=list(terms.order_by("-starts_on", "person__name", "pk")[:200]),
        coming=coming[:MOST_SHOWN],
        held=held[:MOST_SHOWN],
        recommendations=advice[:MOST_SHOWN],
        soon=today + ENDS_SOON,
        more_meetings=max(len(coming), len(held)) > MOST_SHOWN,
        more_recommendations=len(advice) > MOST_SHOWN,
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


def meetings_of(board: Board) -> QuerySet[Meeting]:
    """Every meeting of a board, the latest first."""
    return board.meetings.select_related("board").order_by("-starts_at", "-pk")


def recommendations_of(
    user: Any, operator: Operator, *, only_open: bool, board: int | None = None
) -> QuerySet[Recommendation]:
    """Those the person may see (of one board, or of all), the newest first; or those that still wait, what is late first."""
    rows = Recommendation.objects.visible_to(user).filter(board__operator=operator)
    if board:
        rows = rows.filter(board_id=board)
    rows = rows.select_related("board", "answerer")
    if only_open:
        return rows.open().order_by("answer_by", "given_on", "pk")
    return rows.order_by("-given_on", "-pk")


HEADINGS = (
    gettext_lazy("Råd"), gettext_lazy("Anbefaling"), gettext_lazy("Begrundelse"), gettext_lazy("Til hvem"),
    gettext_lazy("Givet"), gettext_lazy("Svar ventes senest"), gettext_lazy("Hvem svarer"), gettext_lazy("Tilstand"),
    gettext_lazy("Siden"), gettext_lazy("Besluttet af"), gettext_lazy("Svar"),
)  # fmt: skip


def export_rows(rows: QuerySet[Recommendation]) -> Iterator[list[Any]]:
    """One row a recommendation with its latest answer, in the order of `HEADINGS`."""
    for row in rows.prefetch_related("answers"):
        latest = max(row.answers.all(), key=lambda answer: (answer.on, answer.pk), default=None)
        yield [
            row.board.name, row.title, row.text, row.addressee, row.given_on, row.answer_by, str(row.answerer or ""),
            str(row.get_state_display()), row.state_on, latest.decided_by if latest else "", latest.text if latest else "",
        ]  # fmt: skip


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
