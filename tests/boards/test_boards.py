# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Boards and seats: who may sit, when, and who may say so."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail as outbox

from brobygger.accounts.models import Invitation, Operator, Role, User
from brobygger.accounts.signals import invitation_accepted
from brobygger.base.models import Letter
from brobygger.boards.errors import BadValues, NotYourBoard, StillInUse
from brobygger.boards.models import Attendance, Board, Seat
from brobygger.boards.services import boards as services
from brobygger.boards.tasks import tell_of_terms_that_end, tell_office
from brobygger.register.services_people import erase_person
from tests.boards.made import board, day, meeting, partner, seat
from tests.factories import OrganisationFactory, PersonFactory, user_as


def sit(on: Board, user: User, **values):
    first = {"role": Seat.Role.MEMBER, "starts_on": None, "ends_on": None}
    person = values.pop("person", None) or PersonFactory(operator=on.operator)
    return services.seat(on, person=person, user=user, **{**first, **values})


def test_a_board_is_set_up_once_by_its_name(operator, consultant) -> None:
    services.found(operator, kind="council", name="Erhvervsrådet", purpose="", user=consultant)
    with pytest.raises(BadValues):
        services.found(operator, kind="council", name=" Erhvervsrådet ", purpose="", user=consultant)
    assert Board.objects.get().name == "Erhvervsrådet"


@pytest.mark.parametrize("role", [Role.PARTNER, Role.FIRM, Role.ADMIN])
def test_only_the_office_keeps_boards(operator, role: str) -> None:
    with pytest.raises(NotYourBoard):
        services.found(operator, kind="council", name="X", purpose="", user=user_as(role, operator))


def test_somebody_sits_once_at_a_time_but_again_later(operator, consultant) -> None:
    council, person = board(operator), PersonFactory(operator=operator)
    sit(council, consultant, person=person, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    with pytest.raises(BadValues, match="sidder allerede"):
        sit(council, consultant, person=person, starts_on=date(2025, 12, 31))
    sit(council, consultant, person=person, starts_on=date(2026, 1, 1))
    assert council.seats.count() == 2


def test_there_is_one_chair_at_a_time(operator, consultant) -> None:
    council = board(operator)
    sit(council, consultant, role=Seat.Role.CHAIR, ends_on=date(2025, 12, 31))
    with pytest.raises(BadValues, match="anden formand"):
        sit(council, consultant, role=Seat.Role.CHAIR)
    sit(council, consultant, role=Seat.Role.CHAIR, starts_on=date(2026, 1, 1))


def test_a_substitute_stands_in_for_somebody_of_the_same_board(operator, consultant) -> None:
    council, other = board(operator), board(operator)
    mine, theirs = seat(council), seat(other)
    sit(council, consultant, role=Seat.Role.SUBSTITUTE, stands_in_for=mine)
    with pytest.raises(BadValues):
        sit(council, consultant, role=Seat.Role.SUBSTITUTE, stands_in_for=theirs)
    with pytest.raises(BadValues):
        sit(council, consultant, role=Seat.Role.MEMBER, stands_in_for=mine)


def test_a_neighbours_person_or_firm_has_no_seat(operator, consultant) -> None:
    with pytest.raises(NotYourBoard):
        sit(board(operator), consultant, person=PersonFactory())
    with pytest.raises(NotYourBoard):
        sit(board(operator), consultant, organisation=OrganisationFactory())


def test_a_seat_that_was_used_is_ended_and_not_removed(operator, consultant) -> None:
    council = board(operator)
    used, mistaken = seat(council), seat(council)
    Attendance.objects.create(meeting=meeting(council), seat=used, state="present")
    with pytest.raises(StillInUse):
        services.remove_seat(used, user=consultant)
    services.remove_seat(mistaken, user=consultant)
    assert list(council.seats.all()) == [used]


def test_a_board_with_meetings_is_closed_and_not_deleted(operator, consultant) -> None:
    used, empty = board(operator), board(operator)
    meeting(used)
    with pytest.raises(StillInUse):
        services.delete(used, user=consultant)
    services.delete(empty, user=consultant)
    assert list(Board.objects.all()) == [used]


def test_a_partner_sees_only_the_boards_where_they_sit_now(operator: Operator) -> None:
    mine, other, former = board(operator), board(operator), board(operator)
    user = partner(mine)
    person = mine.seats.get().person
    Seat.objects.create(board=former, person=person, ends_on=day(-1))
    seat(other)
    assert list(Board.objects.visible_to(user)) == [mine]
    assert not Board.objects.visible_to(user_as(Role.CONSULTANT)).exists()


def test_somebody_who_lost_their_role_at_the_office_sees_no_board(operator: Operator) -> None:
    user = partner(board(operator))
    user.memberships.all().delete()
    assert not Board.objects.visible_to(User.objects.get(pk=user.pk)).exists()


def test_a_member_who_takes_the_invitation_sees_the_board(operator, consultant) -> None:
    council = board(operator)
    person = PersonFactory(operator=operator, email="medlem@example.invalid")
    sit(council, consultant, person=person)
    user = user_as(Role.PARTNER, operator, email="medlem@example.invalid")
    invitation = Invitation.objects.create(operator=operator, email=user.email, role=Role.PARTNER)
    invitation_accepted.send(Invitation, user=user, invitation=invitation)
    assert list(Board.objects.visible_to(user)) == [council]


def test_whoever_has_an_account_already_sees_the_board_from_the_day_they_sit(operator, consultant) -> None:
    council = board(operator)
    user = user_as(Role.PARTNER, operator, email="medlem@example.invalid")
    sit(council, consultant, person=PersonFactory(operator=operator, email="Medlem@example.invalid"))
    assert list(Board.objects.visible_to(user)) == [council]


def test_an_erased_person_leaves_no_seat_and_no_history(operator, consultant) -> None:
    council = board(operator)
    held = sit(council, consultant)
    erase_person(held.person, by=consultant)
    assert not council.seats.exists()
    assert not Seat.history.exists()


def test_the_heads_are_told_once_of_terms_that_end_within_two_months(operator, head) -> None:
    council = board(operator, name="Erhvervsrådet")
    ending = seat(council, name="Anna Prøve", ends_on=day(59))
    renewed = seat(council, name="Beth Prøve", ends_on=day(30))
    Seat.objects.create(board=council, person=renewed.person, starts_on=day(31))
    seat(council, name="Carl Prøve", ends_on=day(61))
    assert tell_of_terms_that_end.call() == 1
    letter = Letter.objects.get()
    assert letter.to == [head.email]
    assert "Anna Prøve" in letter.body
    assert "Beth Prøve" not in letter.body
    assert tell_office(operator) == 0
    ending.refresh_from_db()
    assert ending.notice_given_on == day()
    assert outbox.outbox == []
