# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happened earlier than it was written: the clock and the stages follow what happened."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from brobygger.accounts.models import Role
from brobygger.base.versions import EditedMeanwhile
from brobygger.cases.clock import State
from brobygger.cases.errors import BadValues, NeedsReason, NotPaused, NotYours, OutOfOrder
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services import contents, waiting
from brobygger.cases.services.correcting import redate, take_back
from brobygger.cases.services.moving import move
from brobygger.cases.timeline import readings
from tests.cases.made import day, fresh, opened
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

WHY = "Kom med posten"


def running(operator, consultant, *, opened_on=-30, complete_on=-20, **values) -> Case:
    """A case whose clock started some days ago."""
    case = opened(operator, on=day(opened_on), values={"amount": 10}, **values)
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    return move(case, "complete", user=consultant, expected=case.version, on=day(complete_on), reason=WHY)


def used(case: Case) -> int:
    case = fresh(case)
    return readings(case.type, case.subtype, case.timeline)[0].used


def test_the_clock_counts_from_the_day_it_was_complete_not_from_when_it_was_written(
    operator, consultant
) -> None:
    case = running(operator, consultant)
    assert used(case) == 20
    assert (case.clock_state, case.due_on, case.warn_on) == (State.RUNNING, day(20), day(10))
    event = case.events.get(kind="moved")
    assert event.is_backdated
    assert event.reason == WHY
    assert timezone.localdate(event.recorded_at) == day()


def test_what_is_dated_back_needs_a_reason(operator, consultant) -> None:
    case = opened(operator, on=day(-3), values={"amount": 10})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    with pytest.raises(NeedsReason):
        move(case, "complete", user=consultant, expected=case.version, on=day(-2))


@pytest.mark.parametrize("on", [1, -31])
def test_nothing_happens_tomorrow_or_before_the_case_was_received(operator, consultant, on: int) -> None:
    case = opened(operator, on=day(-30), values={"amount": 10})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    with pytest.raises(OutOfOrder):
        move(case, "complete", user=consultant, expected=case.version, on=day(on), reason=WHY)
    with pytest.raises(OutOfOrder):
        waiting.pause(case, "authority", user=consultant, on=day(on), reason=WHY)


def test_the_clock_stands_while_the_applicant_answers(operator, consultant) -> None:
    case = running(operator, consultant)
    asked = waiting.pause(case, "applicant", user=consultant, text="Send tegninger", on=day(-15), reason=WHY)
    case = fresh(case)
    assert (case.clock_state, case.is_paused, case.due_on) == (State.STANDING, True, None)
    assert used(case) == 5
    waiting.resume(case, asked, user=consultant, on=day(-5), reason=WHY)
    case = fresh(case)
    assert (case.clock_state, case.is_paused, case.due_on) == (State.RUNNING, False, day(30))
    assert used(case) == 10


def test_a_pause_found_out_later_moves_the_deadline(operator, consultant) -> None:
    case = running(operator, consultant, opened_on=-100, complete_on=-90)
    assert fresh(case).is_late
    asked = waiting.pause(case, "authority", user=consultant, on=day(-80), reason=WHY)
    waiting.resume(case, asked, user=consultant, on=day(-10), reason=WHY)
    assert used(case) == 20
    assert not fresh(case).is_late


def test_the_applicant_answers_but_does_not_choose_the_day(operator, consultant) -> None:
    firm = OrganisationFactory(operator=operator)
    owner = firm_user(firm)
    case = running(operator, consultant, organisation=firm)
    asked = waiting.pause(case, "applicant", user=consultant, text="Send tegninger")
    with pytest.raises(BadValues):
        waiting.resume(case, asked, user=owner, text=" ")
    answered = waiting.resume(case, asked, user=owner, text="Her er de", on=day(-19), reason="x")
    assert answered.on == day()
    with pytest.raises(NotPaused):
        waiting.resume(case, asked, user=owner, text="Igen")


def test_the_applicant_does_not_move_the_clock(operator, consultant) -> None:
    firm = OrganisationFactory(operator=operator)
    owner = firm_user(firm)
    case = running(operator, consultant, organisation=firm)
    event = case.events.get(kind="moved")
    other = waiting.pause(case, "authority", user=consultant)
    for attempt in (
        lambda: waiting.pause(case, "applicant", user=owner, text="x"),
        lambda: waiting.resume(case, other, user=owner, text="x"),
        lambda: waiting.mark(case, "met", user=owner),
        lambda: redate(case, event, day(-1), reason="x", user=owner, expected=fresh(case).version),
        lambda: take_back(case, event, reason="x", user=owner, expected=fresh(case).version),
    ):
        with pytest.raises(NotYours):
            attempt()


def test_a_wrong_date_is_put_right_and_the_first_writing_stays(operator, consultant) -> None:
    case = running(operator, consultant)
    event = case.events.get(kind="moved")
    case = redate(case, event, day(-10), reason="Læste forkert", user=consultant, expected=case.version)
    assert used(case) == 10
    assert case.due_on == day(30)
    stored = CaseEvent.objects.get(pk=event.pk)
    assert timezone.localdate(stored.at) == day(-20)
    case = redate(case, event, day(-12), reason="Igen", user=consultant, expected=case.version)
    assert used(case) == 12


def test_a_date_that_turns_the_stages_around_is_refused(operator, consultant) -> None:
    case = running(operator, consultant)
    received = case.events.get(kind="opened")
    with pytest.raises(OutOfOrder):
        redate(case, received, day(-10), reason=WHY, user=consultant, expected=case.version)
    with pytest.raises(NeedsReason):
        redate(case, received, day(-40), reason=" ", user=consultant, expected=case.version)
    with pytest.raises(EditedMeanwhile):
        redate(case, received, day(-40), reason=WHY, user=consultant, expected=case.version - 1)
    assert redate(
        case, received, day(-40), reason=WHY, user=consultant, expected=case.version
    ).opened_on == day(-40)


def test_two_things_may_be_put_right_to_the_same_day(operator, consultant) -> None:
    afternoon = timezone.make_aware(datetime.combine(day(-30), time(14, 3)))
    case = opened(operator, on=afternoon, values={"amount": 10})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    case = move(case, "complete", user=consultant, expected=case.version, on=day(-20), reason=WHY)
    moved = case.events.get(kind="moved")
    case = redate(case, moved, day(-30), reason=WHY, user=consultant, expected=case.version)
    assert (case.opened_on, case.clock_started_on, used(case)) == (day(-30), day(-30), 30)
    asked = waiting.pause(case, "authority", user=consultant)
    answered = waiting.resume(case, asked, user=consultant)
    case = redate(fresh(case), asked, day(-9), reason=WHY, user=consultant, expected=fresh(case).version)
    case = redate(case, answered, day(-9), reason=WHY, user=consultant, expected=case.version)
    received = case.events.get(kind="opened")
    case = redate(case, received, day(-31), reason=WHY, user=consultant, expected=case.version)
    case = redate(case, received, day(-30), reason=WHY, user=consultant, expected=case.version)
    assert (case.opened_on, used(case), case.is_paused) == (day(-30), 30, False)


def test_an_answer_is_not_put_before_its_question(operator, consultant) -> None:
    case = running(operator, consultant)
    asked = waiting.pause(case, "authority", user=consultant, on=day(-15), reason=WHY)
    answered = waiting.resume(case, asked, user=consultant, on=day(-10), reason=WHY)
    for event, on in ((answered, -16), (asked, -9)):
        with pytest.raises(OutOfOrder):
            redate(case, event, day(on), reason=WHY, user=consultant, expected=fresh(case).version)


def test_what_did_not_happen_is_taken_back(operator, consultant) -> None:
    case = running(operator, consultant)
    waiting.pause(case, "authority", user=consultant, on=day(-15), reason=WHY)
    pause = case.events.get(kind="paused")
    case = take_back(case, pause, reason="Forkert sag", user=consultant, expected=fresh(case).version)
    assert (case.is_paused, used(case)) == (False, 20)
    with pytest.raises(OutOfOrder):
        take_back(case, pause, reason="Igen", user=consultant, expected=case.version)
    moved = case.events.get(kind="moved")
    case = take_back(case, moved, reason="Var ikke oplyst", user=consultant, expected=case.version)
    assert (case.stage, case.clock_state) == ("received", State.NOT_STARTED)


def test_a_sort_without_a_goal_has_no_deadline(operator, consultant) -> None:
    case = running(operator, consultant, subtype="other")
    assert (case.goal_days, case.due_on, case.clock_state) == (None, None, State.RUNNING)


class Histories(TestCase):
    """Any history, written down in any order, gives the days that the same history gives in the right order."""

    @settings(max_examples=25)
    @given(
        complete=st.integers(60, 120),
        pauses=st.lists(st.tuples(st.integers(1, 55), st.integers(1, 40)), max_size=4),
        order=st.permutations(range(4)),
    )
    def test_the_order_of_writing_makes_no_difference(self, complete, pauses, order) -> None:
        operator = OperatorFactory()
        consultant = user_as(Role.CONSULTANT, operator)
        now = timezone.localdate()
        case = running(operator, consultant, opened_on=-130, complete_on=-complete)
        for number in [n for n in order if n < len(pauses)]:
            ago, length = pauses[number]
            asked = waiting.pause(
                case, "authority", user=consultant, on=now - timedelta(days=ago), reason=WHY
            )
            if length <= ago:
                until = now - timedelta(days=ago - length)
                waiting.resume(case, asked, user=consultant, on=until, reason=WHY)
        standing = {
            now - timedelta(days=ago - n) for ago, length in pauses for n in range(1, min(length, ago) + 1)
        } | {now - timedelta(days=n) for ago, length in pauses if length > ago for n in range(ago)}
        assert used(case) == complete - len(standing)


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 22, 23])
@pytest.mark.parametrize("on", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2024, 2, 29)])
def test_an_hour_near_midnight_or_a_changed_clock_is_still_that_danish_day(
    operator, consultant, on, hour
) -> None:
    at = timezone.make_aware(datetime(on.year, on.month, on.day, hour, 30))
    case = opened(operator, on=at, values={"amount": 10})
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    with transaction.atomic():
        case = move(case, "complete", user=consultant, expected=case.version, on=at, reason=WHY)
    assert (case.opened_on, case.clock_started_on) == (on, on)
    assert used(case) == (day() - on).days
