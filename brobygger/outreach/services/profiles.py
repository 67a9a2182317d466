# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What consultants say of when they can be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts import audit
from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.base.versions import claim
from brobygger.outreach.errors import AlreadyBookable, BadValues, NotYourOffice
from brobygger.outreach.models import BookingException, BookingLink, BookingProfile, BookingRule, BusyTime
from brobygger.outreach.models.booking import Place
from brobygger.outreach.queries.booking import own_link
from brobygger.outreach.rights import must_be_office

LONGEST_AWAY = timedelta(days=400)
LINK_FOR = timedelta(days=3650)


@transaction.atomic
def open_for(operator: Operator, user: User) -> BookingProfile:
    """The consultant's own profile, made at first, with a link to hand out. Raises NotYourOffice."""
    must_be_office(user, operator.pk)
    profile, is_new = BookingProfile.objects.get_or_create(operator=operator, user=user)
    if is_new or own_link(profile) is None:
        BookingLink.objects.create(operator=operator, user=user, expires_at=timezone.now() + LINK_FOR)
    return profile


@transaction.atomic
def office_link(operator: Operator) -> BookingLink:
    """The link to all of the office's times, for texts that go to many."""
    Operator.objects.select_for_update().get(pk=operator.pk)
    found = BookingLink.objects.filter(
        operator=operator, user=None, organisation=None, closed_at=None
    ).first()
    return found or BookingLink.objects.create(operator=operator, expires_at=timezone.now() + LINK_FOR)


@transaction.atomic
def change(
    profile: BookingProfile,
    *,
    is_open: bool,
    about: str,
    notice_hours: int,
    horizon_days: int,
    calendar_url: str,
    user: User,
    expected: int,
) -> BookingProfile:
    """What holds for all of one's times. Raises EditedMeanwhile, BadValues, NotYourOffice."""
    stored = _own(profile, user)
    claim(stored, expected)
    faults = {}
    if not 0 <= notice_hours <= 24 * 30:
        faults["notice_hours"] = _("Varslet skal være mellem 0 og 720 timer.")
    if not 1 <= horizon_days <= 180:
        faults["horizon_days"] = _("Vælg mellem 1 og 180 dage.")
    if calendar_url and not calendar_url.startswith(("https://", "http://", "webcal://")):
        faults["calendar_url"] = _("Adressen skal begynde med https://.")
    if faults:
        raise BadValues(faults)
    if calendar_url != stored.calendar_url:
        stored.busy.all().delete()
        stored.fetched_at, stored.fetch_error = None, ""
        if calendar_url and settings.CALENDAR_FEEDS:
            _fetch_soon(stored)
    stored.is_open, stored.about = is_open, " ".join(clean_text(about).split())[:200]
    stored.notice_hours, stored.horizon_days = notice_hours, horizon_days
    stored.calendar_url = calendar_url
    stored.save()
    return stored


def _fetch_soon(profile: BookingProfile) -> None:
    from brobygger.outreach.tasks import fetch_calendar

    transaction.on_commit(lambda: fetch_calendar.enqueue(profile.pk))


def _own(profile: BookingProfile, user: User) -> BookingProfile:
    """The profile, locked. One's own only: nobody opens a colleague's calendar."""
    stored = (
        BookingProfile.objects.select_for_update(of=("self",)).select_related("operator").get(pk=profile.pk)
    )
    must_be_office(user, stored.operator_id)
    if stored.user_id != user.pk:
        raise NotYourOffice
    return stored


@dataclass(frozen=True, slots=True)
class Weekly:
    """A stretch of the week that can be booked. Danish time of day."""

    weekday: int
    starts: time
    ends: time
    minutes: int
    place: str
    where: str = ""


@transaction.atomic
def add_rule(profile: BookingProfile, weekly: Weekly, *, user: User) -> BookingRule:
    """Bookable every week. Raises BadValues, AlreadyBookable, NotYourOffice."""
    stored = _own(profile, user)
    faults: dict[str, str] = {}
    where = " ".join(clean_text(weekly.where).split())[:200]
    if not 0 <= weekly.weekday <= 6:
        faults["weekday"] = _("Vælg en ugedag.")
    if weekly.place not in Place.values:
        faults["place"] = _("Vælg, hvordan I mødes.")
    elif weekly.place in {Place.VIDEO, Place.OFFICE} and not where:
        faults["where"] = _("Skriv linket til videomødet, eller adressen.")
    if not 10 <= weekly.minutes <= 240:
        faults["minutes"] = _("En samtale varer mellem 10 og 240 minutter.")
    elif weekly.ends <= weekly.starts:
        faults["ends"] = _("Tiden skal slutte efter, den begynder.")
    elif _minutes(weekly.ends) - _minutes(weekly.starts) < weekly.minutes:
        faults["ends"] = _("Der er ikke plads til én samtale.")
    if faults:
        raise BadValues(faults)
    if stored.rules.filter(weekday=weekly.weekday, starts__lt=weekly.ends, ends__gt=weekly.starts).exists():
        raise AlreadyBookable
    return BookingRule.objects.create(
        profile=stored,
        weekday=weekly.weekday,
        starts=weekly.starts,
        ends=weekly.ends,
        minutes=weekly.minutes,
        place=weekly.place,
        where=where,
    )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


@transaction.atomic
def remove_rule(rule: BookingRule, *, user: User) -> None:
    """Not bookable then any more. Talks that are booked stay. Raises NotYourOffice."""
    stored = _own(rule.profile, user)
    about = str(rule)
    rule.delete()
    audit.record("booking_rule_deleted", user=user, operator=stored.operator, about=about)


@transaction.atomic
def add_exception(
    profile: BookingProfile,
    first_day: date,
    last_day: date,
    *,
    starts: time | None = None,
    ends: time | None = None,
    why: str = "",
    user: User,
) -> BookingException:
    """Not bookable on those days (or between two times of day on them). Raises BadValues, NotYourOffice."""
    stored = _own(profile, user)
    faults: dict[str, str] = {}
    if last_day < first_day:
        faults["last_day"] = _("Den sidste dag ligger før den første.")
    elif last_day - first_day > LONGEST_AWAY:
        faults["last_day"] = _("Højst et år ad gangen.")
    if (starts is None) != (ends is None):
        faults["ends"] = _("Skriv begge klokkeslæt, eller ingen for hele dagen.")
    elif starts and ends and ends <= starts:
        faults["ends"] = _("Tiden skal slutte efter, den begynder.")
    if faults:
        raise BadValues(faults)
    values: dict[str, Any] = {"first_day": first_day, "last_day": last_day, "starts": starts, "ends": ends}
    return BookingException.objects.create(profile=stored, why=clean_text(why)[:100], **values)


@transaction.atomic
def remove_exception(exception: BookingException, *, user: User) -> None:
    """The rules hold on those days after all. Raises NotYourOffice."""
    stored = _own(exception.profile, user)
    about = str(exception)
    exception.delete()
    audit.record("booking_rule_deleted", user=user, operator=stored.operator, about=about)


@transaction.atomic
def renew_link(profile: BookingProfile, *, user: User) -> BookingLink:
    """Another link to hand out; the old one is closed. Raises NotYourOffice."""
    stored = _own(profile, user)
    BookingLink.objects.filter(
        operator_id=stored.operator_id, user_id=user.pk, organisation=None, closed_at=None
    ).update(closed_at=timezone.now())
    return BookingLink.objects.create(
        operator=stored.operator, user=user, expires_at=timezone.now() + LINK_FOR
    )


def store_busy(profile: BookingProfile, spans: list[Any]) -> None:
    """What the calendar said, in place of what it said before."""
    with transaction.atomic():
        BusyTime.objects.filter(profile=profile).delete()
        BusyTime.objects.bulk_create(
            (BusyTime(profile=profile, starts_at=start, ends_at=end) for start, end in spans), batch_size=500
        )
        BookingProfile.objects.filter(pk=profile.pk).update(fetched_at=timezone.now(), fetch_error="")
