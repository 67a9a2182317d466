# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Booking a talk, moving it and cancelling it. A time is given to one.

Whoever books holds the consultant's profile locked from looking until the talk is stored (on SQLite every such
transaction waits for the one before), so two at the same moment see each other. The database refuses a second talk at
the same start as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base.busy import clash
from brobygger.base.forms import clean_text
from brobygger.outreach.errors import BadValues, NotBooked, TimeTaken, TooLate, TooManyTalks
from brobygger.outreach.models import BookingLink, BookingProfile, Talk
from brobygger.outreach.models.booking import Place
from brobygger.outreach.queries import booking as queries
from brobygger.outreach.rights import must_be_office
from brobygger.outreach.services import talk_letters as letters
from brobygger.outreach.slots import Slot
from brobygger.register.models import Organisation

MOST_WAITING = 2
"""Talks to come for one address at an office: a visitor may not fill a calendar."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who wants to talk, and about what."""

    name: str
    email: str
    phone: str = ""
    about: str = ""


def book(
    operator: Operator,
    slot_key: str,
    guest: Guest,
    *,
    link: BookingLink | None = None,
    organisation: Organisation | None = None,
    entry_key: UUID | None = None,
) -> Talk:
    """Book a time; both sides get a letter with an entry for their calendar. The same form again gives the same talk.

    Raises TimeTaken, TooManyTalks, BadValues.
    """
    guest = _checked(guest)
    try:
        return _book(operator, slot_key, guest, link, organisation, entry_key)
    except IntegrityError as error:
        if entry_key and (first := _booked_on(operator, entry_key)):
            return first
        raise TimeTaken from error


def _booked_on(operator: Operator, entry_key: UUID) -> Talk | None:
    found: Talk | None = Talk.objects.filter(operator=operator, entry_key=entry_key).first()
    return found


@transaction.atomic
def _book(
    operator: Operator,
    slot_key: str,
    guest: Guest,
    link: BookingLink | None,
    organisation: Organisation | None,
    entry_key: UUID | None,
) -> Talk:
    slot = _held(operator, slot_key, link)
    if entry_key and (first := _booked_on(operator, entry_key)):
        return first
    if slot is None:
        raise TimeTaken
    _must_be_reachable(slot, guest.phone)
    waiting = Talk.objects.filter(operator=operator, state=Talk.State.BOOKED, starts_at__gt=timezone.now())
    if waiting.filter(email=guest.email).count() >= MOST_WAITING:
        raise TooManyTalks
    if link and link.organisation_id and waiting.filter(link=link).exists():
        raise TooManyTalks
    talk: Talk = Talk.objects.create(
        operator=operator,
        consultant_id=slot.user_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        where=slot.where,
        organisation=organisation or (link.organisation if link else None),
        link=link,
        name=guest.name,
        email=guest.email,
        phone=guest.phone,
        about=guest.about,
        entry_key=entry_key,
    )
    letters.confirm(talk)
    return talk


def _held(
    operator: Operator, slot_key: str, link: BookingLink | None, but: Talk | None = None
) -> Slot | None:
    """The wanted slot where it is free, with its consultant's profile locked until the transaction ends."""
    user, _dash, _start = slot_key.partition("-")
    if not (user.isascii() and user.isdecimal() and len(user) < 15):
        return None
    if link and link.user_id and link.user_id != int(user):
        return None
    User.objects.select_for_update(no_key=True).filter(pk=int(user)).first()  # as when a visit gets its time
    # The consultant may be bookable at two offices: all profiles are held, always in the same order.
    list(BookingProfile.objects.select_for_update().filter(user_id=int(user)).order_by("pk"))
    among = queries.profiles(operator, int(user))
    return next((slot for slot in queries.free_slots(among, but=but) if slot.key == slot_key), None)


def _checked(guest: Guest) -> Guest:
    name = " ".join(clean_text(guest.name).split())
    email = guest.email.strip().lower()
    phone, about = " ".join(clean_text(guest.phone).split()), clean_text(guest.about)
    faults = {}
    if not name:
        faults["name"] = _("Skriv jeres navn.")
    elif len(name) > 120:
        faults["name"] = _("Navnet er for langt.")
    try:
        validate_email(email)
    except ValidationError:
        faults["email"] = _("Skriv en e-mailadresse, så vi kan sende en bekræftelse.")
    if len(phone) > 20:
        faults["phone"] = _("Telefonnummeret er for langt.")
    if len(about) > 2000:
        faults["about"] = _("Skriv det kortere. Der er plads til 2.000 tegn.")
    if faults:
        raise BadValues(faults)
    return Guest(name, email, phone, about)


def _must_be_reachable(slot: Slot, phone: str) -> None:
    """Raises BadValues where nobody knows what number to ring."""
    if slot.place == Place.PHONE and not phone:
        raise BadValues({"phone": _("Skriv et telefonnummer, så vi kan ringe til jer.")})


def move(talk: Talk, slot_key: str, *, phone: str = "") -> Talk:
    """Another time, by whoever holds the talk's link, with a number where it is by telephone and none is known. Both are
    told. Raises TimeTaken, NotBooked, TooLate, BadValues."""
    try:
        return _move(talk, slot_key, " ".join(clean_text(phone).split())[:20])
    except IntegrityError as error:
        raise TimeTaken from error


@transaction.atomic
def _move(talk: Talk, slot_key: str, phone: str) -> Talk:
    stored = _open(talk)
    slot = _held(stored.operator, slot_key, stored.link, stored)
    if slot is None:
        raise TimeTaken
    if (slot.user_id, slot.starts_at) == (stored.consultant_id, stored.starts_at):
        return stored
    stored.phone = phone or stored.phone
    _must_be_reachable(slot, stored.phone)
    before: Any = stored.consultant
    stored.consultant_id, stored.starts_at, stored.ends_at = slot.user_id, slot.starts_at, slot.ends_at
    stored.place, stored.where = slot.place, slot.where
    stored.sequence += 1
    stored.version += 1
    stored.reminded_at = None
    stored.save()
    letters.moved(stored, before)
    return stored


@transaction.atomic
def give(talk: Talk, giver: User, receiver: User) -> bool:
    """A colleague has the talk instead, at the same time. All three are told. False where the receiver has something else
    then, or the talk is not the giver's to come any more."""
    stored = _locked(talk)
    if stored.consultant_id != giver.pk or not stored.is_booked or stored.is_past:
        return False
    User.objects.select_for_update(no_key=True).get(pk=receiver.pk)  # as when a time is booked
    if clash(receiver.pk, stored.starts_at, stored.ends_at):
        return False
    stored.consultant = receiver
    stored.sequence += 1
    stored.version += 1
    stored.save()
    letters.given(stored, giver)
    return True


@transaction.atomic
def cancel(talk: Talk, *, user: User | None = None, why: str = "") -> Talk:
    """Cancel it: whoever holds the talk's link, or (`user`) the office. Both are told. Cancelled twice it is cancelled.

    Raises NotBooked for one that was held, TooLate, NotYourOffice.
    """
    stored: Talk = _locked(talk)
    if user is not None:
        must_be_office(user, stored.operator_id)
    if stored.state == Talk.State.CANCELLED:
        return stored
    if not stored.is_booked:
        raise NotBooked
    if user is None and stored.is_past:
        raise TooLate
    stored.state, stored.closed_at = Talk.State.CANCELLED, timezone.now()
    stored.sequence += 1
    stored.version += 1
    stored.save()
    letters.cancelled(stored, by_office=user is not None, why=clean_text(why)[:500])
    return stored


def _locked(talk: Talk) -> Talk:
    found: Talk = (
        Talk.objects.select_for_update(of=("self",))
        .select_related("operator", "consultant", "link", "organisation")
        .get(pk=talk.pk)
    )
    return found


def _open(talk: Talk) -> Talk:
    stored = _locked(talk)
    if not stored.is_booked:
        raise NotBooked
    if stored.is_past:
        raise TooLate
    return stored


def remind(talks: Iterable[Talk]) -> int:
    """Remind the guests of those talks, each once for its time. Returns how many."""
    return sum(_remind_one(talk) for talk in talks)


@transaction.atomic
def _remind_one(talk: Talk) -> bool:
    claimed = Talk.objects.filter(
        pk=talk.pk, state=Talk.State.BOOKED, reminded_at=None, starts_at=talk.starts_at
    ).update(reminded_at=timezone.now())
    if claimed:
        letters.remind(talk)
    return bool(claimed)


def tomorrows() -> Any:
    """The talks of the next day that nobody was reminded of. One that was booked today was confirmed today."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    rows = Talk.objects.filter(state=Talk.State.BOOKED, reminded_at=None, starts_at__date=tomorrow)
    return rows.exclude(created_at__date=timezone.localdate()).select_related("operator", "consultant")
