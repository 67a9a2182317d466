# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the boards' pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, Rule
from brobygger.accounts.http import Request
from brobygger.accounts.models import Role
from brobygger.base import form_pages
from brobygger.base.errors import UserError
from brobygger.boards.models import AgendaItem, Board, Meeting, Paper, Recommendation, Seat

MEMBERS = Rule(frozenset(STAFF | {Role.PARTNER, Role.FIRM}))
"""The office, and whoever may have a seat."""
Crumbs = list[tuple[str, str | None]]


def crumbs(board: Board | None = None, *more: tuple[str, str | None]) -> Crumbs:
    """The way back."""
    found: Crumbs = [(_("Råd"), reverse("boards:boards") if board or more else None)]
    if board:
        found.append((board.name, board.get_absolute_url() if more else None))
    return [*found, *more]


def is_office(request: Request, board: Board) -> bool:
    return request.user.is_staff_of(board.operator_id)


def one_board(request: Request, pk: int, *, office: bool = False) -> Board:
    """A board that the person may see; with `office` only for its consultants and heads. Else not found."""
    board = get_object_or_404(Board.objects.visible_to(request.user).select_related("operator"), pk=pk)
    return _for(request, board, board, office)


def one_seat(request: Request, pk: int) -> Seat:
    rows = Seat.objects.filter(board__in=Board.objects.visible_to(request.user).order_by().values("pk"))
    seat = get_object_or_404(rows.select_related("board__operator", "person", "organisation"), pk=pk)
    return _for(request, seat, seat.board, True)


def one_meeting(request: Request, pk: int, *, office: bool = False) -> Meeting:
    rows = Meeting.objects.visible_to(request.user).select_related("board__operator")
    meeting = get_object_or_404(rows, pk=pk)
    return _for(request, meeting, meeting.board, office)


def one_item(request: Request, pk: int) -> AgendaItem:
    meetings = Meeting.objects.visible_to(request.user).order_by().values("pk")
    rows = AgendaItem.objects.filter(meeting__in=meetings).select_related("meeting__board__operator")
    item = get_object_or_404(rows, pk=pk)
    return _for(request, item, item.meeting.board, True)


def one_paper(request: Request, pk: int, *, office: bool = False) -> Paper:
    rows = Paper.objects.visible_to(request.user).select_related("meeting__board__operator")
    paper = get_object_or_404(rows, pk=pk)
    return _for(request, paper, paper.meeting.board, office)


def one_recommendation(request: Request, pk: int, *, office: bool = False) -> Recommendation:
    rows = Recommendation.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("board__operator", "meeting__board", "item", "answerer"), pk=pk
    )
    return _for(request, found, found.board, office)


Record = TypeVar("Record")


def _for(request: Request, record: Record, board: Board, office: bool) -> Record:
    if office and not is_office(request, board):
        raise Http404
    return record


def form_page(
    request: Request,
    form: Any,
    save: Callable[[], Any],
    *,
    heading: str,
    path: Crumbs,
    back: str,
    done: str,
    lead: str = "",
    yes: str = "",
) -> HttpResponse:
    """As `base.form_pages.form_page`; what was saved is gone to where it has a page."""
    return form_pages.form_page(
        request, form, save, template="register/form.html", back=back, done=done, heading=heading, crumbs=path, lead=lead,
        yes=yes, shown_as=SHOWN_AS, goes_to=lambda saved: saved.get_absolute_url() if hasattr(saved, "get_absolute_url") else back,
    )  # fmt: skip


SHOWN_AS = {"starts_at": "begins", "ends_at": "ends"}


def do(request: Request, act: Callable[[], Any], *, done: str, then: str) -> HttpResponse:
    """Do what a button says."""
    try:
        act()
    except UserError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect(then)


def opened_version(request: Request) -> int:
    """The version that a button's page was opened with."""
    typed = request.POST.get("opened_version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
