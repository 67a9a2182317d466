# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who sits on a board on a day, which other rooms rest their votes on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from brobygger.accounts.models import Operator
from brobygger.boards.models import Seat
from brobygger.boards.queries import members_on, voters_on
from tests.boards.made import board, day, partner, seat

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 1)


def test_a_term_covers_both_its_end_days_and_no_other(operator: Operator) -> None:
    council = board(operator)
    old, new = seat(council, ends_on=JUNE), seat(council, starts_on=JULY)
    assert [members_on(council, on) for on in (JUNE, JULY)] == [[old], [new]]


def test_those_who_decide_come_with_the_chair_first_and_others_not_at_all(operator: Operator) -> None:
    council = board(operator)
    beth = seat(council, name="Beth")
    anna = seat(council, name="Anna")
    chair = seat(council, name="Åse", role=Seat.Role.CHAIR)
    seat(council, role=Seat.Role.OBSERVER)
    seat(council, role=Seat.Role.SECRETARY)
    seat(council, role=Seat.Role.SUBSTITUTE, stands_in_for=anna)
    assert members_on(council, JUNE) == [chair, anna, beth]


def test_a_board_that_was_closed_has_no_members_afterwards(operator: Operator) -> None:
    council = board(operator, closed_on=JUNE)
    member = seat(council)
    assert members_on(council, JUNE) == [member]
    assert members_on(council, JULY) == []


def test_members_who_can_sign_in_are_known_by_their_account(operator: Operator) -> None:
    council = board(operator)
    user = partner(council)
    seat(council)
    assert list(voters_on(council, day())) == [user.pk]


def test_the_database_refuses_a_term_that_ends_before_it_begins(operator: Operator) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        seat(board(operator), starts_on=JULY, ends_on=JUNE)
