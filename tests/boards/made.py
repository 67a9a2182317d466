# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented boards for the tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.boards.models import Board, Meeting, Recommendation, Seat
from brobygger.boards.services import recommendations
from tests.factories import PersonFactory, user_as


def day(plus: int = 0) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=plus)


def board(operator: Operator, **values: Any) -> Board:
    """A business council."""
    return Board.objects.create(operator=operator, **{"name": f"Råd {Board.objects.count()}", **values})


def seat(on: Board, *, user: User | None = None, **values: Any) -> Seat:
    """A seat held by a new person."""
    names = {"name": values.pop("name")} if "name" in values else {}
    person = PersonFactory(operator=on.operator, user=user, **names)
    return Seat.objects.create(board=on, person=person, **values)


def partner(on: Board, **values: Any) -> User:
    """Somebody who signs in as partner and has a seat."""
    user = user_as(Role.PARTNER, on.operator)
    seat(on, user=user, **values)
    return user


def meeting(of: Board, **values: Any) -> Meeting:
    """A meeting in three days, of two hours."""
    begins = values.pop("starts_at", timezone.now() + timedelta(days=3))
    return Meeting.objects.create(
        board=of, **{"starts_at": begins, "ends_at": begins + timedelta(hours=2), **values}
    )


def recommendation(of: Board, user: User, **values: Any) -> Recommendation:
    """A recommendation of today."""
    return recommendations.give(of, user=user, **{"title": "Hurtigere svar", "given_on": day(), **values})
