# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Booking a talk: one for each time, letters with a calendar entry, and the pages where a visitor or a firm books."""

from __future__ import annotations

import base64
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from brobygger.base.models import Letter
from brobygger.outreach.errors import BadValues, TimeTaken, TooManyTalks
from brobygger.outreach.models import BookingLink, BookingProfile, BookingRule, Talk
from brobygger.outreach.queries.booking import own_link
from brobygger.outreach.services import booking
from brobygger.outreach.slots import Slot
from tests.factories import firm_user, user_as
from tests.market.at_once import at_once
from tests.outreach import made
from tests.outreach.booked import GUEST, bookable, booked, guest, slots

pytestmark = pytest.mark.django_db


def test_both_sides_get_a_letter_with_an_entry_for_the_calendar(operator, consultant):
    talk = booked(operator, consultant)
    to_guest = Letter.objects.get(to=["bodil@example.invalid"])
    to_consultant = Letter.objects.get(to=[consultant.email])
    assert f"/samtale/aftale/{talk.token}/" in to_guest.body
    assert talk.token not in to_consultant.body
    assert "Vi vil gerne vokse" in to_consultant.body
    for letter in (to_guest, to_consultant):
        (file,) = letter.attachments
        event = Calendar.from_ical(base64.b64decode(file["data"])).walk("VEVENT")[0]
        assert event["DTSTART"].dt == talk.starts_at
        assert event["DTEND"].dt == talk.ends_at


def test_a_time_is_given_to_one(operator, consultant):
    bookable(operator, consultant)
    slot = slots(operator)[0]
    booking.book(operator, slot.key, guest(1))
    assert slot.key not in {one.key for one in slots(operator)}
    with pytest.raises(TimeTaken):
        booking.book(operator, slot.key, guest(2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Talk.objects.create(
            operator=operator, consultant=consultant, starts_at=slot.starts_at, ends_at=slot.ends_at,
            place="phone", name="x", email="x@example.invalid",
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_gets_the_time(operator, consultant, tmp_path):
    bookable(operator, consultant)
    key = slots(operator)[0].key
    faults, told = at_once(
        tmp_path,
        [lambda n=n: booking.book(operator, key, guest(n)) for n in range(4)],
        lambda: (Talk.objects.count(), Letter.objects.count()),
    )
    assert told == (1, 2)
    assert [type(fault) for fault in faults] == [TimeTaken] * 3


@pytest.mark.django_db(transaction=True)
def test_times_that_overlap_are_not_both_given_at_the_same_moment(operator, consultant, tmp_path):
    """Two offices offer the same consultant's time in pieces of different length."""
    neighbour = user_as("consultant").memberships.get().operator
    consultant.memberships.create(operator=neighbour, role="consultant")
    consultant.__dict__.pop("roles", None)
    bookable(operator, consultant)
    bookable(neighbour, consultant, starts=time(9), minutes=90)
    theirs = next(slot for slot in slots(neighbour) if timezone.localtime(slot.starts_at).time() == time(9))
    overlapping = next(
        slot for slot in slots(operator) if slot.starts_at == theirs.starts_at + timedelta(hours=1)
    )
    faults, told = at_once(
        tmp_path,
        [
            lambda: booking.book(operator, overlapping.key, guest(1)),
            lambda: booking.book(neighbour, theirs.key, guest(2)),
        ],
        lambda: Talk.objects.count(),
    )
    assert told == 1
    assert [type(fault) for fault in faults] == [TimeTaken]


def test_the_same_form_pressed_twice_books_once(operator, consultant):
    key = uuid4()
    first = booked(operator, consultant, entry_key=key)
    slot = Slot(first.starts_at, first.ends_at, consultant.pk, "phone", "")
    assert booking.book(operator, slot.key, GUEST, entry_key=key) == first
    assert Talk.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "1", "99999-1", "-", "1-x", "²-1", "9" * 30 + "-1"])
def test_a_time_that_is_not_offered_is_not_booked(operator, consultant, key):
    bookable(operator, consultant)
    with pytest.raises(TimeTaken):
        booking.book(operator, key, GUEST)


def test_a_time_outside_the_rules_or_too_soon_is_not_booked_by_asking_directly(operator, consultant):
    profile = bookable(operator, consultant)
    slot = slots(operator)[0]
    night = int(slot.starts_at.timestamp()) + 8 * 3600
    with pytest.raises(TimeTaken):
        booking.book(operator, f"{consultant.pk}-{night}", GUEST)
    BookingProfile.objects.filter(pk=profile.pk).update(notice_hours=24 * 20)
    with pytest.raises(TimeTaken):
        booking.book(operator, slot.key, GUEST)


def test_a_link_of_one_consultant_books_nobody_else(operator, consultant, head):
    mine = bookable(operator, consultant)
    bookable(operator, head)
    other = next(slot for slot in slots(operator) if slot.user_id == head.pk)
    with pytest.raises(TimeTaken):
        booking.book(operator, other.key, GUEST, link=own_link(mine))


def test_a_visitor_cannot_fill_the_calendar(operator, consultant):
    for number in range(2):
        booked(operator, consultant, number)
    with pytest.raises(TooManyTalks):
        booked(operator, consultant)
    link = BookingLink.objects.create(operator=operator, organisation=made.firm(operator))
    booked(operator, consultant, link=link, guest=guest(1))
    with pytest.raises(TooManyTalks):
        booked(operator, consultant, link=link, guest=guest(2))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "ingen"}, "email"),
        ({"phone": "1" * 21}, "phone"),
        ({"about": "x" * 2001}, "about"),
    ],
)
def test_who_is_not_told_apart_is_not_booked(operator, consultant, values, field):
    with pytest.raises(BadValues) as told:
        booked(
            operator,
            consultant,
            guest=booking.Guest(**{"name": "B", "email": "b@example.invalid", "phone": "12345678", **values}),
        )
    assert list(told.value.faults) == [field]
    assert not Talk.objects.exists()


def test_a_visitor_books_moves_and_cancels_without_signing_in(operator, consultant):
    profile = bookable(operator, consultant)
    visitor = Client()
    page = reverse("outreach:book", args=[own_link(profile).code])
    opened = visitor.get(page)
    assert opened["X-Robots-Tag"] == "noindex"
    assert consultant.name in opened.content.decode()
    slot = slots(operator)[0]
    typed = {
        "name": "Bodil",
        "email": "bodil@example.invalid",
        "phone": "12345678",
        "about": "Vækst",
        "entry_key": str(uuid4()),
    }
    refused = visitor.post(page, typed)
    assert "Vælg en tid" in refused.content.decode()
    assert 'value="Bodil"' in refused.content.decode()
    for _ in range(2):
        answer = visitor.post(page, {**typed, "tid": slot.key})
    talk = Talk.objects.get()
    assert answer["Location"] == reverse("outreach:booked", args=[talk.token])
    assert "er booket" in visitor.get(answer["Location"]).content.decode()
    late = visitor.post(
        page, {**typed, "tid": slot.key, "email": "x@example.invalid", "entry_key": str(uuid4())}
    )
    assert "ikke længere ledig" in late.content.decode()
    move = reverse("outreach:move_booked", args=[talk.token])
    assert visitor.get(move).status_code == 200
    visitor.post(move, {"tid": slots(operator)[2].key})
    talk.refresh_from_db()
    assert talk.sequence == 1
    off = reverse("outreach:cancel_booked", args=[talk.token])
    assert visitor.get(off).status_code == 200
    visitor.post(off)
    talk.refresh_from_db()
    assert talk.state == "cancelled"
    assert "Samtalen er aflyst" in visitor.get(answer["Location"]).content.decode()


def test_a_letters_link_knows_its_firm_and_a_closed_one_is_not_found(operator, consultant):
    bookable(operator, consultant)
    firm = made.firm(operator, name="Bryggeriet")
    link = BookingLink.objects.create(operator=operator, organisation=firm)
    visitor = Client()
    page = reverse("outreach:book", args=[link.code.upper()])
    assert "tilbyder Bryggeriet en samtale" in visitor.get(page).content.decode()
    visitor.post(
        page, {"tid": slots(operator)[0].key, "name": "B", "email": "b@example.invalid", "phone": "12345678"}
    )
    assert Talk.objects.get().organisation == firm
    BookingLink.objects.update(expires_at=timezone.now())
    assert visitor.get(page).status_code == 404


def test_a_firm_books_with_its_own_office_alone(operator, consultant, sign_in):
    bookable(operator, consultant)
    firm = made.firm(operator)
    browser = sign_in(firm_user(firm))
    page = reverse("outreach:book_as_firm", args=[firm.pk])
    assert browser.get(page).status_code == 200
    browser.post(
        page, {"tid": slots(operator)[0].key, "name": "B", "email": "b@example.invalid", "phone": "12345678"}
    )
    assert Talk.objects.get().organisation == firm
    other = made.firm(operator)
    assert browser.get(reverse("outreach:book_as_firm", args=[other.pk])).status_code == 404


def test_a_telephone_talk_wants_a_number_and_others_do_not(operator, consultant):
    bookable(operator, consultant)
    slot = slots(operator)[0]
    nobody = booking.Guest("B", "b@example.invalid")
    with pytest.raises(BadValues, match="telefonnummer"):
        booking.book(operator, slot.key, nobody)
    BookingRule.objects.update(place="video")
    talk = booking.book(operator, slot.key, nobody)
    BookingRule.objects.update(place="phone")
    later = slots(operator)[3].key
    with pytest.raises(BadValues, match="telefonnummer"):
        booking.move(talk, later)
    assert booking.move(talk, later, phone=" 12345678 ").phone == "12345678"
