# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the demo tells of happened when it says: rows, their history, and the order of a day."""

from __future__ import annotations

import pytest
from django.utils import timezone

from brobygger.cases.clock import working_days
from brobygger.cases.services import opening
from brobygger.demo.moments import WHY, day, moment, then
from brobygger.dialogue.models import ActionPlan
from brobygger.dialogue.services import action_plans, follow_ups
from tests.cases.made import trial
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_what_is_written_inside_was_written_then(consultant, operator) -> None:
    firm = OrganisationFactory(operator=operator)
    before = firm.history.get().history_date
    with then(40):
        step = action_plans.Step("Ring", day(-10), consultant)
        plan = action_plans.make(firm, goal="Flere kunder", steps=[step], user=consultant, invented=True)
    stored = ActionPlan.objects.get(pk=plan.pk)
    assert stored.made_on == day(40)
    assert timezone.localdate(stored.history.get().history_date) == day(40)
    planned = stored.steps.get().follow_up
    assert timezone.localdate(planned.created_at) == day(40)
    assert planned.due_on == day(-10)  # what is to come stays
    assert firm.history.get().history_date == before  # what was there before, too


def test_what_is_written_later_comes_later_in_the_same_day(consultant, operator) -> None:
    firm = OrganisationFactory(operator=operator)
    made = []
    for about in ("Først", "Så"):
        with then(30):
            made.append(
                follow_ups.plan(firm, due_on=day(-1), about=about, assignee=consultant, user=consultant)
            )
    first, second = (type(one).objects.get(pk=one.pk).created_at for one in made)
    assert first < second
    assert timezone.localdate(first) == timezone.localdate(second) == day(30)


def test_days_are_working_days_and_keep_their_order() -> None:
    is_workday = working_days()
    days = [day(ago) for ago in range(1, 400)]
    assert all(is_workday(on) for on in days)
    moments = [moment(ago) for ago in range(1, 400)]
    assert moments == sorted(moments, reverse=True)
    assert moment(1) < timezone.now()


def test_an_event_is_entered_on_the_day_it_happened_and_owes_no_reason(consultant, operator) -> None:
    trial(operator)
    with then(20):
        case = opening.open_case(
            operator,
            "trial",
            title="Prøve",
            subtype="small",
            user=consultant,
            on=day(20),
            reason=WHY,
            invented=True,
        )
    event = case.events.first()
    assert (event.on, event.reason, event.is_backdated) == (day(20), "", False)
    assert event.by == consultant
