# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Neither a visit nor a booked talk lands unseen, nor does a board's meeting, on a board's meeting, the consultant's own calendar, another visit or another talk."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.busy import clash, taken
from brobygger.base.moments import from_to
from brobygger.boards.errors import MembersBusy
from brobygger.boards.models import Board, Meeting
from brobygger.boards.services import meetings
from brobygger.dialogue.errors import TimeTaken as VisitTaken
from brobygger.dialogue.models import PlannedVisit
from brobygger.dialogue.services import appointments, visits
from brobygger.dialogue.services.appointments import Appointment
from brobygger.outreach.errors import TimeTaken
from brobygger.outreach.models import BookingProfile, BusyTime, Talk
from brobygger.outreach.services import booking
from tests.boards import made as boards
from tests.dialogue.outreach import member, next_week
from tests.factories import OperatorFactory
from tests.outreach.booked import GUEST, bookable, slots

HOUR = timedelta(hours=1)


def at(clock: str = "10:00", days: int = 1) -> datetime:
    return timezone.make_aware(
        datetime.combine(next_week() + timedelta(days=days), time.fromisoformat(clock))
    )


def a_meeting(operator: Operator, user: User) -> None:
    board = boards.board(operator)
    boards.seat(board, user=user, role="secretary")
    boards.meeting(board, starts_at=at("10:15"), ends_at=at("10:30"))


def a_busy_time(operator: Operator, user: User) -> None:
    profile = BookingProfile.objects.get(operator=operator, user=user)
    BusyTime.objects.create(profile=profile, starts_at=at("10:15"), ends_at=at("10:30"))


def a_busy_time_at_another_office(_operator: Operator, user: User) -> None:
    profile = BookingProfile.objects.create(operator=OperatorFactory(), user=user)
    BusyTime.objects.create(profile=profile, starts_at=at("10:15"), ends_at=at("10:30"))


def a_visit(operator: Operator, user: User) -> PlannedVisit:
    firm = member(operator, user).organisation
    visit = visits.plan_one(operator, firm.pk, next_week(), user, user=user)
    return appointments.agree(visit, Appointment(at(), at() + HOUR), user=user, expected=visit.version)


def a_talk(operator: Operator, user: User) -> Talk:
    slot = next(slot for slot in slots(operator) if slot.user_id == user.pk and slot.starts_at == at())
    return booking.book(operator, slot.key, GUEST)


HOLDS = [a_meeting, a_busy_time, a_busy_time_at_another_office, a_visit, a_talk]


@pytest.fixture
def profile(operator: Operator, consultant: User) -> BookingProfile:
    return bookable(operator, consultant)


@pytest.mark.parametrize("holds", HOLDS)
def test_no_visit_lands_on_it(operator, consultant, profile, holds) -> None:
    holds(operator, consultant)
    with pytest.raises(VisitTaken, match="er optaget"):
        a_visit(operator, consultant)


@pytest.mark.parametrize("holds", HOLDS)
def test_no_talk_lands_on_it(operator, consultant, profile, holds) -> None:
    free = slots(operator)
    wanted = next(slot for slot in free if slot.starts_at == at())
    holds(operator, consultant)
    assert [slot for slot in free if slot not in slots(operator)] == [wanted]
    with pytest.raises(TimeTaken):
        booking.book(operator, wanted.key, GUEST)


@pytest.mark.parametrize("holds", HOLDS)
def test_a_talk_is_not_handed_to_who_has_it(operator, consultant, head, profile, holds) -> None:
    bookable(operator, head)
    talk = a_talk(operator, head)
    assert booking.give(talk, head, consultant)
    assert booking.give(talk, consultant, head)
    holds(operator, consultant)
    assert not booking.give(talk, head, consultant)


def a_council(operator: Operator, user: User) -> Board:
    council = boards.board(operator)
    boards.seat(council, user=user, name="Bodil Brygger")
    boards.seat(council)
    return council


def where(starts_at: datetime) -> dict[str, object]:
    return {"title": "", "place": "", "starts_at": starts_at, "ends_at": starts_at + HOUR}


@pytest.mark.parametrize("holds", HOLDS)
def test_a_boards_meeting_on_it_is_asked_about(operator, consultant, profile, holds) -> None:
    council = a_council(operator, consultant)
    holds(operator, consultant)
    with pytest.raises(MembersBusy, match="Bodil Brygger er optaget .* kl. 10"):
        meetings.plan(council, user=consultant, **where(at()))
    held = meetings.plan(council, user=consultant, anyway=True, **where(at()))
    assert held.starts_at == at()


def test_a_boards_meeting_is_moved_within_its_own_time_and_renamed_without_a_word(
    operator, consultant
) -> None:
    council = a_council(operator, consultant)
    held = meetings.plan(council, user=consultant, **where(at()))
    held = meetings.change(held, user=consultant, expected=held.version, **where(at("10:30")))
    a_meeting(operator, consultant)
    boards.meeting(council, starts_at=at("10:45"), ends_at=at("11:00"))
    renamed = {**where(at("10:30")), "title": "Forårsmøde"}
    held = meetings.change(held, user=consultant, expected=held.version, **renamed)
    with pytest.raises(MembersBusy):
        meetings.change(held, user=consultant, expected=held.version, **where(at()))


def test_a_meeting_that_was_called_off_is_not_taken_up_again_on_top_of_a_visit_unasked(
    operator, consultant
) -> None:
    council = a_council(operator, consultant)
    held = meetings.plan(council, user=consultant, **where(at()))
    held = meetings.cancel(held, user=consultant, expected=held.version)
    a_visit(operator, consultant)
    with pytest.raises(MembersBusy):
        meetings.restore(held, user=consultant, expected=held.version)
    held = meetings.restore(held, user=consultant, expected=held.version, anyway=True)
    assert held.state == Meeting.State.PLANNED


def test_a_meeting_that_is_over_is_written_down_whoever_was_busy(operator, consultant, profile) -> None:
    council = a_council(operator, consultant)
    profile.busy.create(starts_at=at(days=-20), ends_at=at("11:00", days=-20))
    meetings.plan(council, user=consultant, **where(at(days=-20)))


def test_a_span_over_several_days_names_both(operator) -> None:
    assert from_to(at(), at("11:00")).endswith("kl. 10.00–11.00")
    assert from_to(at(), at("09:00", days=2)).count(" den ") == 2


@pytest.mark.parametrize("change", ["cancelled", "over", "left"])
def test_a_meeting_that_does_not_ask_for_them_takes_no_time(operator, consultant, change) -> None:
    a_meeting(operator, consultant)
    meeting = Meeting.objects.get()
    assert clash(consultant.pk, at(), at() + HOUR) == (at("10:15"), at("10:30"))
    if change == "cancelled":
        Meeting.objects.update(state="cancelled")
    elif change == "over":
        Meeting.objects.update(starts_at=at("09:00"), ends_at=at())
    else:
        meeting.board.seats.update(ends_on=timezone.localdate(at(days=0)))
    assert clash(consultant.pk, at(), at() + HOUR) is None


def test_many_people_are_asked_for_at_the_cost_of_one(operator, consultant, head, profile) -> None:
    bookable(operator, head)
    for user in (consultant, head):
        a_meeting(operator, user)
        a_busy_time(operator, user)
    with CaptureQueriesContext(connection) as one:
        taken([consultant.pk], at(), at() + HOUR)
    with CaptureQueriesContext(connection) as both:
        found = taken([consultant.pk, head.pk], at(), at() + HOUR)
    assert len(one) == len(both)
    assert {user: len(spans) for user, spans in found.items()} == {consultant.pk: 2, head.pk: 2}
