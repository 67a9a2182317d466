# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who sits on a board on a day. Other rooms (cases that a steering group decides) ask here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from brobygger.accounts.models import STAFF
from brobygger.boards.models import Board, Seat
from brobygger.boards.models.board import VOTING
from brobygger.register.models import Person


def has_boards(user: Any) -> bool:
    """Whether there is anything behind the boards' line of the menu: the office's own, or a seat today."""
    return bool(user.operators_as(STAFF)) or Board.objects.visible_to(user).exists()


def seats_on(board: Board, day: date) -> QuerySet[Seat]:
    """The seats whose term covers the day, with their person and organisation; the chair first, then by name."""
    seats = Seat.objects.held_on(day).filter(board=board)
    return seats.select_related("person", "organisation", "stands_in_for__person").order_by(
        "person__name", "pk"
    )


def members_on(board: Board, day: date) -> list[Seat]:
    """The seats that decide on that day (chair, vice chair, members), each with `person` and `organisation`.

    Substitutes, observers and the secretary are not among them. Empty for a board that was closed before the day.
    """
    if board.closed_on is not None and board.closed_on < day:
        return []
    return in_order_of_role(seats_on(board, day).filter(role__in=VOTING))


def in_order_of_role(seats: Iterable[Seat]) -> list[Seat]:
    """The chair first, then the vice chair, the members, and those who do not decide; by name within a role."""
    order = list(Seat.Role.values)
    return sorted(seats, key=lambda seat: (order.index(seat.role), seat.person.name, seat.pk))


def voters_on(board: Board, day: date) -> dict[int, Person]:
    """Primary key of the user → person, for those members who can sign in on that day's behalf."""
    return {seat.person.user_id: seat.person for seat in members_on(board, day) if seat.person.user_id}
