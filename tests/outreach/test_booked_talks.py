# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A booked talk until it is held: moved, cancelled, reminded of, and in the consultant's calendar."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from brobygger.base import calendar
from brobygger.base.models import Letter
from brobygger.outreach import digest
from brobygger.outreach.errors import NotBooked, NotYourOffice, TimeTaken, TooLate
from brobygger.outreach.models import Talk
from brobygger.outreach.queries.booking import booked_talks, free_slots, profiles
from brobygger.outreach.services import booking
from tests.factories import user_as
from tests.outreach import made
from tests.outreach.booked import booked, danish, guest, over, slots

pytestmark = pytest.mark.django_db


def test_a_talk_is_moved_by_its_link_and_its_old_time_is_free_again(operator, consultant):
    talk = booked(operator, consultant)
    old = talk.starts_at
    target = slots(operator)[3]
    moved = booking.move(talk, target.key)
    assert (moved.starts_at, moved.sequence) == (target.starts_at, 1)
    assert old in {slot.starts_at for slot in slots(operator)}
    letter = Letter.objects.filter(to=["bodil@example.invalid"]).order_by("-created_at").first()
    event = Calendar.from_ical(base64.b64decode(letter.attachments[0]["data"])).walk("VEVENT")[0]
    assert event["SEQUENCE"] == 1
    with pytest.raises(TimeTaken):
        booking.move(talk, "1-1")


def test_cancelled_it_is_off_for_both_and_cancelling_again_does_nothing(operator, consultant):
    talk = booked(operator, consultant)
    booking.cancel(talk)
    letters = Letter.objects.count()
    booking.cancel(talk)
    assert Letter.objects.count() == letters == 4
    assert talk.starts_at in {slot.starts_at for slot in slots(operator)}
    with pytest.raises(NotBooked):
        booking.move(talk, slots(operator)[0].key)
    off = Letter.objects.filter(to=["bodil@example.invalid"]).order_by("-created_at").first()
    event = Calendar.from_ical(base64.b64decode(off.attachments[0]["data"])).walk("VEVENT")[0]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_what_has_begun_is_not_moved_or_cancelled_by_the_guest(operator, consultant):
    talk = over(booked(operator, consultant))
    with pytest.raises(TooLate):
        booking.cancel(talk)
    with pytest.raises(TooLate):
        booking.move(talk, slots(operator)[0].key)
    with pytest.raises(NotYourOffice):
        booking.cancel(talk, user=user_as("consultant"))


def test_tomorrows_talks_are_reminded_of_once(operator, consultant):
    talk = booked(operator, consultant)
    tomorrow = danish(timezone.localdate() + timedelta(days=1), "09:00")
    Talk.objects.filter(pk=talk.pk).update(starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=1))
    assert booking.remind(booking.tomorrows()) == 0, "booked today, so confirmed today"
    Talk.objects.filter(pk=talk.pk).update(created_at=timezone.now() - timedelta(days=3))
    assert booking.remind(booking.tomorrows()) == 1
    assert booking.remind(booking.tomorrows()) == 0
    assert Letter.objects.filter(subject__startswith="I morgen").count() == 1


def test_the_consultants_calendar_shows_what_is_booked_and_held(operator, consultant, head):
    talk = booked(operator, consultant)
    gone = booked(operator, consultant, 1)
    booking.cancel(gone)
    booked(operator, head, guest=guest(1))
    now = timezone.now()
    assert list(booked_talks(consultant, now, now + timedelta(days=60))) == [talk]
    assert list(booked_talks(consultant, now + timedelta(days=60), now + timedelta(days=90))) == []


def test_it_stands_in_the_consultants_own_calendar_as_the_entry_of_the_letter(operator, consultant, head):
    talk = booked(operator, consultant)
    days = (timezone.localdate(), timezone.localdate() + timedelta(days=60))
    (entry,) = calendar.entries_of(consultant, *days)
    assert (entry.start, entry.end) == (talk.starts_at, talk.ends_at)
    assert entry.title == "Samtale med Bodil Brygger"
    letter = Letter.objects.get(to=[consultant.email])
    event = Calendar.from_ical(base64.b64decode(letter.attachments[0]["data"])).walk("VEVENT")[0]
    assert event["UID"].startswith(f"{entry.uid}@")
    assert calendar.entries_of(head, *days) == []


def test_the_mornings_letter_tells_of_todays_talks_and_those_to_mark(operator, consultant):
    talk = over(booked(operator, consultant))
    lines = [line.text for line in digest.talks_to_mark(consultant, operator, timezone.localdate())]
    assert lines == ["Bodil Brygger"]
    soon = timezone.now() + timedelta(minutes=1)
    Talk.objects.filter(pk=talk.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=1))
    (line,) = digest.talks_today(consultant, operator, timezone.localdate(soon))
    assert line.text.endswith(" Bodil Brygger")
    assert list(digest.letters_due(consultant, operator, timezone.localdate())) == []


def test_the_office_cancels_and_says_which_firm_it_was(as_consultant, operator, consultant):
    firm = made.firm(operator)
    talk = booked(operator, consultant)
    as_consultant.post(talk.get_absolute_url(), {"organisation": firm.pk, "organisation_search": firm.cvr})
    talk.refresh_from_db()
    assert talk.organisation == firm
    assert talk.name in as_consultant.get(reverse("outreach:times")).content.decode()
    as_consultant.post(reverse("outreach:cancel_talk", args=[talk.pk]))
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    assert free_slots(profiles(operator))
