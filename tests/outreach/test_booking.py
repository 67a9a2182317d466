# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Booking a talk: what is free, one for each time, letters with a calendar entry, moving, cancelling, reminding."""

from __future__ import annotations

import base64
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from brobygger.base import calendar
from brobygger.base.models import Letter
from brobygger.outreach import digest
from brobygger.outreach.errors import (
    AlreadyBookable,
    BadValues,
    NotBooked,
    NotYourOffice,
    TimeTaken,
    TooLate,
    TooManyTalks,
)
from brobygger.outreach.models import BookingLink, BookingProfile, BusyTime, Talk
from brobygger.outreach.queries.booking import booked_talks, free_slots, own_link, profiles
from brobygger.outreach.services import booking
from brobygger.outreach.services import profiles as profile_services
from brobygger.outreach.slots import Slot, free, offered
from tests.factories import firm_user, user_as
from tests.market.at_once import at_once
from tests.outreach import made
from tests.outreach.booked import GUEST, bookable, booked, danish, over, slots

pytestmark = pytest.mark.django_db


def guest(number: int) -> booking.Guest:
    return booking.Guest(f"Gæst {number}", f"g{number}@example.invalid")


# What is free ----------------------------------------------------------------------------------------------


class Rule:
    def __init__(self, weekday, starts, ends, minutes):
        self.weekday, self.starts, self.ends, self.minutes = weekday, time(starts), time(ends), minutes
        self.place, self.where = "phone", ""


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 3, 23), 8),  # before the clock is moved on the 29th of March
        (date(2026, 3, 30), 7),
        (date(2026, 10, 19), 7),  # before it is moved back on the 25th of October
        (date(2026, 10, 26), 8),
    ],
)
def test_nine_oclock_is_nine_on_the_wall_on_both_sides_of_summer_time(day, utc_hour):
    (slot,) = offered([Rule(0, 9, 10, 60)], 1, day, day)
    assert slot.starts_at.hour == utc_hour
    assert slot.ends_at - slot.starts_at == timedelta(hours=1)


def test_a_stretch_is_cut_into_whole_talks():
    found = list(offered([Rule(0, 9, 11, 45)], 1, date(2026, 3, 2), date(2026, 3, 8)))
    assert [slot.starts_at for slot in found] == [
        danish(date(2026, 3, 2), "09:00"),
        danish(date(2026, 3, 2), "09:45"),
    ]


def test_what_touches_a_busy_time_is_taken_and_what_only_meets_it_is_free():
    day = date(2026, 3, 2)
    found = list(offered([Rule(0, 9, 13, 60)], 1, day, day))
    busy = [(danish(day, "10:00"), danish(day, "10:30"))]
    left = free(found, busy, danish(day, "00:00"))
    assert [timezone.localtime(slot.starts_at).hour for slot in left] == [9, 11, 12]
    assert free(found, busy, danish(day, "12:00")) == left[2:]


def test_exceptions_busy_times_notice_and_horizon_take_times_away(operator, consultant):
    profile = bookable(operator, consultant)
    profile.notice_hours, profile.horizon_days = 24, 10
    profile.save()
    now = timezone.now()
    everything = slots(operator)
    assert everything[0].starts_at >= now + timedelta(hours=24)
    assert everything[-1].day <= timezone.localdate() + timedelta(days=10)
    day = timezone.localdate() + timedelta(days=3)
    profile_services.add_exception(profile, day, day, user=consultant)
    assert day not in {slot.day for slot in slots(operator)}
    other = day + timedelta(days=1)
    profile_services.add_exception(profile, other, other, starts=time(9), ends=time(10), user=consultant)
    BusyTime.objects.create(profile=profile, starts_at=danish(other, "11:15"), ends_at=danish(other, "11:20"))
    left = [timezone.localtime(slot.starts_at).hour for slot in slots(operator) if slot.day == other]
    assert left == [10]


def test_who_is_closed_has_left_or_was_switched_off_has_no_times(operator, consultant, head):
    bookable(operator, consultant)
    bookable(operator, head)
    assert {slot.user_id for slot in slots(operator)} == {consultant.pk, head.pk}
    BookingProfile.objects.filter(user=head).update(is_open=False)
    assert {slot.user_id for slot in slots(operator)} == {consultant.pk}
    consultant.memberships.all().delete()
    assert slots(operator) == []


# Booking ---------------------------------------------------------------------------------------------------


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
    ours, theirs = slots(operator)[0], slots(neighbour)[0]
    assert theirs.starts_at == ours.starts_at
    overlapping = [slot for slot in slots(operator) if slot.starts_at == ours.starts_at + timedelta(hours=1)][
        0
    ]
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
            operator, consultant, guest=booking.Guest(**{"name": "B", "email": "b@example.invalid", **values})
        )
    assert list(told.value.faults) == [field]
    assert not Talk.objects.exists()


# Afterwards ------------------------------------------------------------------------------------------------


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


# One's own times -------------------------------------------------------------------------------------------


def test_nobody_opens_a_colleagues_calendar(operator, consultant, head):
    profile = bookable(operator, consultant)
    weekly = profile_services.Weekly(0, time(13), time(14), 30, "phone")
    for attempt in (
        lambda: profile_services.add_rule(profile, weekly, user=head),
        lambda: profile_services.remove_rule(profile.rules.first(), user=head),
        lambda: profile_services.add_exception(profile, date(2026, 1, 1), date(2026, 1, 1), user=head),
        lambda: profile_services.renew_link(profile, user=head),
    ):
        with pytest.raises(NotYourOffice):
            attempt()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": time(9)}, "ends"),
        ({"minutes": 90}, "ends"),
        ({"minutes": 5}, "minutes"),
        ({"weekday": 7}, "weekday"),
        ({"place": "maanen"}, "place"),
        ({"place": "video"}, "where"),
    ],
)
def test_times_that_make_no_sense_are_refused(operator, consultant, values, field):
    profile = profile_services.open_for(operator, consultant)
    usual = {"weekday": 0, "starts": time(9), "ends": time(10), "minutes": 30, "place": "phone"}
    with pytest.raises(BadValues) as told:
        profile_services.add_rule(profile, profile_services.Weekly(**{**usual, **values}), user=consultant)
    assert list(told.value.faults) == [field]


def test_two_weekly_times_do_not_overlap(operator, consultant):
    profile = bookable(operator, consultant, weekday=0)
    with pytest.raises(AlreadyBookable):
        profile_services.add_rule(
            profile, profile_services.Weekly(0, time(11, 30), time(13), 30, "phone"), user=consultant
        )
    profile_services.add_rule(
        profile, profile_services.Weekly(0, time(12), time(13), 30, "phone"), user=consultant
    )


def test_a_link_that_was_changed_stops_to_work_and_the_booked_talk_stays(operator, consultant):
    profile = bookable(operator, consultant)
    old = own_link(profile)
    talk = booked(operator, consultant, link=old)
    fresh = profile_services.renew_link(profile, user=consultant)
    assert Client().get(reverse("outreach:book", args=[old.code])).status_code == 404
    assert Client().get(reverse("outreach:book", args=[fresh.code])).status_code == 200
    assert Client().get(reverse("outreach:booked", args=[talk.token])).status_code == 200


# Pages -----------------------------------------------------------------------------------------------------


def test_a_visitor_books_moves_and_cancels_without_signing_in(operator, consultant):
    profile = bookable(operator, consultant)
    visitor = Client()
    page = reverse("outreach:book", args=[own_link(profile).code])
    opened = visitor.get(page)
    assert opened["X-Robots-Tag"] == "noindex"
    assert consultant.name in opened.content.decode()
    slot = slots(operator)[0]
    typed = {"name": "Bodil", "email": "bodil@example.invalid", "about": "Vækst", "entry_key": str(uuid4())}
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
    visitor.post(page, {"tid": slots(operator)[0].key, "name": "B", "email": "b@example.invalid"})
    assert Talk.objects.get().organisation == firm
    BookingLink.objects.update(expires_at=timezone.now())
    assert visitor.get(page).status_code == 404


def test_a_firm_books_with_its_own_office_alone(operator, consultant, sign_in):
    bookable(operator, consultant)
    firm = made.firm(operator)
    browser = sign_in(firm_user(firm))
    page = reverse("outreach:book_as_firm", args=[firm.pk])
    assert browser.get(page).status_code == 200
    browser.post(page, {"tid": slots(operator)[0].key, "name": "B", "email": "b@example.invalid"})
    assert Talk.objects.get().organisation == firm
    other = made.firm(operator)
    assert browser.get(reverse("outreach:book_as_firm", args=[other.pk])).status_code == 404


def test_the_consultant_keeps_the_times_in_the_browser(as_consultant, operator, consultant):
    mine = reverse("outreach:own_times")
    assert "Du kan ikke bookes endnu" in as_consultant.get(mine).content.decode()
    as_consultant.post(reverse("outreach:open_times"))
    rule = {"weekday": "1", "starts": "09:00", "ends": "12:00", "minutes": "45", "place": "video"}
    refused = as_consultant.post(reverse("outreach:new_rule"), rule)
    assert "Skriv linket til videomødet" in refused.content.decode()
    as_consultant.post(reverse("outreach:new_rule"), {**rule, "where": "https://video.invalid/x"})
    as_consultant.post(reverse("outreach:new_exception"), {"first_day": "2099-07-01", "why": "Ferie"})
    shown = as_consultant.get(mine).content.decode()
    assert "Tirsdag 09.00" in shown
    assert "Ferie" in shown
    profile = BookingProfile.objects.get()
    edit = reverse("outreach:edit_profile")
    typed = {"is_open": "on", "notice_hours": "2", "horizon_days": "14", "opened_version": "1"}
    assert as_consultant.get(edit).status_code == 200
    as_consultant.post(edit, typed)
    assert as_consultant.post(edit, typed).status_code == 409
    assert (
        "mellem 1 og 180"
        in as_consultant.post(edit, {**typed, "horizon_days": "500", "opened_version": "2"}).content.decode()
    )
    as_consultant.post(reverse("outreach:remove_rule", args=[profile.rules.get().pk]))
    as_consultant.post(reverse("outreach:remove_exception", args=[profile.exceptions.get().pk]))
    assert not profile.rules.exists()
    assert not profile.exceptions.exists()


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
