# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Bookable consultants and booked talks for the room's tests. Times are Danish."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.outreach.models import BookingProfile, Talk
from brobygger.outreach.queries.booking import free_slots, profiles
from brobygger.outreach.services import booking
from brobygger.outreach.services import profiles as profile_services
from brobygger.outreach.slots import HOME, Slot


def bookable(operator: Operator, user: User, **weekly: Any) -> BookingProfile:
    """A consultant who can be booked every day of the week from nine to twelve, an hour at a time."""
    profile = profile_services.open_for(operator, user)
    days = [weekly.pop("weekday")] if "weekday" in weekly else range(7)
    usual = {"starts": time(9), "ends": time(12), "minutes": 60, "place": "phone", **weekly}
    for day in days:
        profile_services.add_rule(profile, profile_services.Weekly(weekday=day, **usual), user=user)
    return profile


def slots(operator: Operator, now: datetime | None = None) -> list[Slot]:
    return free_slots(profiles(operator), now)


GUEST = booking.Guest("Bodil Brygger", "bodil@example.invalid", "12345678", "Vi vil gerne vokse")


def guest(number: int) -> booking.Guest:
    """One of many guests."""
    return booking.Guest(f"Gæst {number}", f"g{number}@example.invalid", "12345678")


def booked(operator: Operator, user: User, number: int = 0, **values: Any) -> Talk:
    """The consultant's free time of that number, booked."""
    if not BookingProfile.objects.filter(operator=operator, user=user).exists():
        bookable(operator, user)
    slot = [slot for slot in slots(operator) if slot.user_id == user.pk][number]
    who = values.pop("guest", GUEST)
    return booking.book(operator, slot.key, who, **values)


def over(talk: Talk) -> Talk:
    """The talk, as if its time had passed."""
    start = timezone.now() - timedelta(hours=3)
    Talk.objects.filter(pk=talk.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    talk.refresh_from_db()
    return talk


def danish(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=HOME)
