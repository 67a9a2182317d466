# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A case's deadline and its warning stand in the calendar of whoever handles it, and in nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Membership, Role, User
from brobygger.accounts.services import new_calendar_address
from brobygger.base.calendar import Entry, entries_of
from brobygger.cases.models import Case
from brobygger.cases.services import contents, opening, waiting
from brobygger.cases.services.moving import move
from tests.cases.made import TRIAL, day, fresh, opened, trial
from tests.factories import OrganisationFactory, user_as


@pytest.fixture
def case(operator, consultant) -> Case:
    """Complete five days ago, with 40 days to decide in: due in 35, warned of in 25."""
    return running(operator, consultant)


def running(operator: Any, consultant: User, **values: Any) -> Case:
    case = opened(operator, officer=consultant, on=day(-20), values={"amount": 1}, **values)
    case = contents.tick(case, ["read"], user=consultant, expected=case.version)
    return move(case, "complete", user=consultant, expected=case.version, on=day(-5), reason="Post")


def found(user: User) -> dict[str, Entry]:
    rows = entries_of(User.objects.get(pk=user.pk), day(-10), day(400))
    return {entry.uid: entry for entry in rows if entry.uid.startswith("case-")}


def test_the_deadline_and_the_warning_stand_in_the_officers_calendar(case: Case, consultant: User) -> None:
    entries = found(consultant)
    due, warning = entries[f"case-deadline-{case.pk}"], entries[f"case-warning-{case.pk}"]
    assert (due.start, due.title) == (day(35), f"Frist: {case}")
    assert (warning.start, warning.title) == (day(25), f"Fristen nærmer sig: {case}")
    assert "Til afgørelse" in due.text
    assert due.url.endswith(case.get_absolute_url())


def test_they_are_in_the_file_that_other_programs_read(case: Case, consultant: User) -> None:
    address = reverse("accounts:calendar", args=[new_calendar_address(consultant)])
    text = Client().get(address).content.decode()
    assert f"UID:case-deadline-{case.pk}@" in text
    assert f"{day(35):%Y%m%d}" in text


def test_the_deadline_moves_when_the_clock_has_stood_and_ends_with_the_case(
    case: Case, consultant: User
) -> None:
    asked = waiting.pause(case, "authority", user=consultant, on=day(-4), reason="Post")
    waiting.resume(case, asked, user=consultant, on=day(-1), reason="Post")
    entry = found(consultant)[f"case-deadline-{case.pk}"]
    assert entry.start > day(35)
    assert entry.sequence > case.version, "so that the calendar replaces what it had"
    move(fresh(case), "back", user=consultant, expected=fresh(case).version, reason="Fejl")
    move(fresh(case), "withdraw", user=consultant, expected=fresh(case).version, reason="Trukket")
    assert found(consultant) == {}


def test_nobody_else_has_them(case: Case, operator, consultant: User, head: User) -> None:
    opened(operator, on=day(-20))
    for other in (
        head,
        user_as(Role.CONSULTANT, operator),
        user_as(Role.PARTNER, operator),
        user_as(Role.CONSULTANT),
    ):
        assert found(other) == {}
    opening.assign(fresh(case), head, user=consultant, expected=fresh(case).version)
    assert (found(consultant), len(found(head))) == ({}, 2)


def test_an_officer_who_is_partial_or_has_left_has_them_no_longer(
    case: Case, operator, consultant: User
) -> None:
    contents.set_duty(case, "report", title="Rapport", due_on=day(30))
    Membership.objects.filter(user=consultant).delete()
    assert found(consultant) == {}
    Membership.objects.create(user=consultant, operator=operator, role=Role.CONSULTANT)
    assert len(found(consultant)) == 3
    contents.add_party(case, "applicant", user=None, party_user=consultant)
    assert found(consultant) == {}


def test_a_confidential_case_is_told_by_its_number_alone(operator, consultant: User) -> None:
    trial(operator, TRIAL.replace("applicant_may_open: true", "applicant_may_open: true\nconfidential: true"))
    case = running(
        operator, consultant, title="Lån til Tangkokken", organisation=OrganisationFactory(operator=operator)
    )
    contents.set_duty(case, "report", title="Rapport", due_on=day(30))
    titles = [entry.title for entry in found(consultant).values()]
    assert len(titles) == 3
    assert all(case.number in title and "Tangkokken" not in title for title in titles)


def test_what_is_due_in_a_case_stands_there_until_it_is_done(case: Case, consultant: User) -> None:
    duty = contents.set_duty(case, "report", title="Rapport til ordningen", due_on=day(30))
    entry = found(consultant)[f"case-duty-{duty.pk}"]
    assert (entry.start, entry.title) == (day(30), f"Rapport til ordningen: {case}")
    contents.do_duty(case, duty, text="Her er den", user=consultant)
    assert f"case-duty-{duty.pk}" not in found(consultant)


def test_many_cases_ask_no_more(operator, consultant: User, django_assert_max_num_queries) -> None:
    for _ in range(6):
        contents.set_duty(running(operator, consultant), "report", title="Rapport", due_on=day(30))
    person = User.objects.get(pk=consultant.pk)
    person.operators_as(frozenset({Role.CONSULTANT}))
    from brobygger.cases.calendar_feed import deadlines, duties

    with django_assert_max_num_queries(5):
        assert len([*deadlines(person, day(), day(90)), *duties(person, day(), day(90))]) == 18
