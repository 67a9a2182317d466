# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A planned visit gets a day, a time and a contact: it takes the consultant's time, and whoever is visited can be told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.calendar import entries_of
from brobygger.base.models import Letter
from brobygger.dialogue.errors import BadValues, NotYourOffice, TimeTaken
from brobygger.dialogue.models import PlannedVisit
from brobygger.dialogue.services import appointments, visits
from brobygger.dialogue.services.appointments import Appointment
from brobygger.register.models import Affiliation, Person
from tests.dialogue.outreach import member, next_week
from tests.factories import PersonFactory, user_as
from tests.outreach.booked import bookable, booked, slots


@pytest.fixture
def visit(operator: Operator, consultant: User) -> PlannedVisit:
    firm = member(operator, consultant).organisation
    return visits.plan_one(operator, firm.pk, next_week(), consultant, user=consultant)


def contact_of(visit: PlannedVisit) -> Person:
    person = PersonFactory(operator=visit.operator)
    Affiliation.objects.create(person=person, organisation=visit.organisation)
    return person


def at(days: int = 1, clock: str = "10:00") -> datetime:
    return timezone.make_aware(
        datetime.combine(next_week() + timedelta(days=days), time.fromisoformat(clock))
    )


def an_hour(start: datetime | None = None, **values) -> Appointment:
    start = start or at()
    return Appointment(start, start + timedelta(hours=1), **values)


def agreed(visit: PlannedVisit, wanted: Appointment | None = None, **values) -> PlannedVisit:
    visit.refresh_from_db()
    wanted = wanted or an_hour(**values)
    return appointments.agree(visit, wanted, user=visit.consultant, expected=visit.version)


def the_file(letter: Letter) -> str:
    return base64.b64decode(letter.attachments[0]["data"]).decode().replace("\r\n ", "")


def test_a_proposed_visit_is_in_the_plan_with_a_follow_up_on_its_day(visit: PlannedVisit) -> None:
    found = agreed(visit)
    assert found.state == "accepted"
    assert found.follow_up.due_on == next_week() + timedelta(days=1)


def test_the_calendar_shows_the_hour_instead_of_the_week(visit: PlannedVisit) -> None:
    visits.accept(visit, user=visit.consultant, expected=visit.version)
    weekly = next(e for e in entries_of(visit.consultant, next_week(), next_week()) if "visit" in e.uid)
    assert not isinstance(weekly.start, datetime)
    agreed(visit)
    entries = [
        e for e in entries_of(visit.consultant, next_week(), next_week() + timedelta(6)) if "visit" in e.uid
    ]
    assert [(e.start, e.end) for e in entries] == [(at(), at(clock="11:00"))]


def test_nobody_can_book_the_time(operator: Operator, consultant: User, visit: PlannedVisit) -> None:
    bookable(operator, consultant)
    before = {slot.starts_at for slot in slots(operator)}
    assert at() in before
    agreed(visit)
    assert before - {slot.starts_at for slot in slots(operator)} == {at()}


def test_a_visit_cannot_take_the_time_of_a_booked_talk(
    operator: Operator, consultant: User, visit: PlannedVisit
) -> None:
    talk = booked(operator, consultant, 0)
    with pytest.raises(TimeTaken, match="er optaget"):
        agreed(visit, an_hour(talk.starts_at + timedelta(minutes=30)))
    visit.refresh_from_db()
    assert visit.starts_at is None


def test_the_visit_may_overlap_its_own_earlier_time(visit: PlannedVisit) -> None:
    agreed(visit)
    assert agreed(visit, an_hour(at(clock="10:30"))).starts_at == at(clock="10:30")


def test_another_week_is_moved_to(visit: PlannedVisit) -> None:
    assert agreed(visit, an_hour(at(days=8))).week == next_week() + timedelta(weeks=1)


def test_the_contact_is_invited_told_of_a_new_time_and_that_it_is_off(visit: PlannedVisit) -> None:
    contact = contact_of(visit)
    agreed(visit, contact=contact, invite=True, message="Vi tager kage med")
    first = Letter.objects.get()
    assert first.to == [contact.email]
    assert first.reply_to == visit.consultant.email
    assert "Vi tager kage med" in first.body
    assert "kl. 10.00–11.00" in first.body
    assert "STATUS:CONFIRMED" in the_file(first)
    agreed(visit, an_hour(at(clock="13:00"), contact=contact))
    second = Letter.objects.order_by("created_at").last()
    assert "flyttet" in second.subject
    visit.refresh_from_db()
    visits.skip(visit, reason="busy", user=visit.consultant, expected=visit.version)
    third = Letter.objects.order_by("created_at").last()
    assert "STATUS:CANCELLED" in the_file(third)
    uids = {
        line for letter in (first, second, third) for line in the_file(letter).splitlines() if "UID" in line
    }
    sequences = [
        int(line.removeprefix("SEQUENCE:"))
        for letter in (first, second, third)
        for line in the_file(letter).splitlines()
        if line.startswith("SEQUENCE")
    ]
    assert len(uids) == 1
    assert sequences == sorted(set(sequences))


def test_another_contact_gets_the_invitation_and_the_first_a_no(visit: PlannedVisit) -> None:
    first, second = contact_of(visit), contact_of(visit)
    agreed(visit, contact=first, invite=True)
    agreed(visit, contact=second, invite=True)
    told = [(letter.to[0], "aflyst" in letter.subject) for letter in Letter.objects.order_by("created_at")]
    assert told == [(first.email, False), (first.email, True), (second.email, False)]


def test_the_first_contacts_no_names_the_time_they_knew(visit: PlannedVisit) -> None:
    first, second = contact_of(visit), contact_of(visit)
    agreed(visit, contact=first, invite=True, where="Havnen 1")
    agreed(visit, an_hour(at(days=2, clock="14:00"), contact=second, invite=True))
    off = Letter.objects.get(to=[first.email], subject__contains="aflyst")
    assert "kl. 10.00" in off.subject + off.body
    assert "14.00" not in off.subject + off.body
    assert f"{at().astimezone(UTC):DTSTART:%Y%m%dT%H%M%SZ}" in the_file(off)
    assert "Havnen 1" in the_file(off)


def test_saving_what_already_holds_sends_nothing(visit: PlannedVisit) -> None:
    contact = contact_of(visit)
    agreed(visit, contact=contact, invite=True)
    agreed(visit, contact=contact)
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        ({"where": "Havnen 1"}, False),
        ({"message": "Husk sikkerhedssko"}, False),
        ({"invite": True}, False),
        ({"start": at(clock="13:00")}, True),
    ],
    ids=["place", "message", "asked", "time"],
)
def test_only_a_new_time_is_called_moved(visit: PlannedVisit, changed, moved: bool) -> None:
    contact = contact_of(visit)
    agreed(visit, contact=contact, invite=True)
    agreed(visit, an_hour(contact=contact, **changed))
    last = Letter.objects.order_by("created_at").last()
    assert Letter.objects.count() == 2
    assert ("flyttet" in last.subject) is moved


def test_a_longer_visit_is_told_but_not_as_moved(visit: PlannedVisit) -> None:
    contact = contact_of(visit)
    agreed(visit, contact=contact, invite=True)
    agreed(visit, Appointment(at(), at() + timedelta(hours=2), contact=contact))
    last = Letter.objects.order_by("created_at").last()
    assert "kl. 10.00–12.00" in last.body
    assert "flyttet" not in last.subject


def test_in_another_week_no_time_is_agreed_any_more(visit: PlannedVisit) -> None:
    agreed(visit, contact=contact_of(visit), invite=True)
    visit.refresh_from_db()
    week = next_week() + timedelta(weeks=1)
    found = visits.move(
        visit, week=week, consultant=visit.consultant, user=visit.consultant, expected=visit.version
    )
    assert (found.starts_at, found.invited_at) == (None, None)
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("values", [{"invite": True}, {"where": "x" * 201}, {"message": "x" * 1001}], ids=str)
def test_what_cannot_be_stored_is_refused(visit: PlannedVisit, values) -> None:
    with pytest.raises(BadValues):
        agreed(visit, **values)


def test_a_stranger_is_no_contact_and_another_office_sets_no_time(visit: PlannedVisit) -> None:
    with pytest.raises(BadValues):
        agreed(visit, contact=PersonFactory(operator=visit.operator))
    stranger = user_as(Role.CONSULTANT)
    with pytest.raises(NotYourOffice):
        appointments.agree(visit, an_hour(), user=stranger, expected=visit.version)


def test_the_page_sets_the_time_and_the_week_shows_it(as_consultant: Client, visit: PlannedVisit) -> None:
    contact = contact_of(visit)
    day = next_week() + timedelta(days=2)
    typed = {
        "day": day.isoformat(), "starts": "09:15", "minutes": "45", "contact": contact.pk, "invite": "on",
        "opened_version": visit.version,
    }  # fmt: skip
    address = f"/portefoelje/besoeg/{visit.pk}/tid/"
    assert contact.email in as_consultant.get(address).content.decode()
    assert as_consultant.post(address, typed).status_code == 302
    page = as_consultant.get(f"/portefoelje/besoeg/?uge={next_week().isoformat()}").content.decode()
    assert "kl. 9.15–10.00" in page
    assert "inviteret" in page
    assert "Ret tid" in page
    assert "kl. 9.15" in as_consultant.get(visit.organisation.get_absolute_url()).content.decode()
