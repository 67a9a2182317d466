# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Bookable times: what is free, and the weekly times and exceptions that a consultant keeps."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.outreach.errors import AlreadyBookable, BadValues, NotYourOffice
from brobygger.outreach.models import BookingProfile, BusyTime
from brobygger.outreach.queries.booking import own_link
from brobygger.outreach.services import profiles as profile_services
from brobygger.outreach.slots import free, offered
from tests.outreach.booked import bookable, booked, danish, slots

pytestmark = pytest.mark.django_db


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
