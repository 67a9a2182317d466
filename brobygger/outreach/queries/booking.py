# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Free times, and what is booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base import busy
from brobygger.base.prepared import prepared
from brobygger.outreach.busy import UID
from brobygger.outreach.models import BookingException, BookingLink, BookingProfile, Talk
from brobygger.outreach.slots import Slot, free, off, offered
from brobygger.register.models import Organisation

MOST_EXPORTED = 20_000
HEADINGS = (
    _("Begynder"), _("Slutter"), _("Virksomhed"), _("CVR-nummer"), _("Konsulent"), _("Hvor"),
    _("Hvad de vil tale om"), _("Tilstand"), _("Booket"), _("Opdigtet"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """The free times of one day. `holds_chosen`: the one that somebody has chosen is among them."""

    day: date
    slots: list[Slot]
    holds_chosen: bool = False


def profiles(operator: Operator, user_id: int | None = None) -> list[BookingProfile]:
    """Consultants of the office who can be booked (or that one of them), with their rules."""
    rows = BookingProfile.objects.filter(operator=operator, is_open=True, user__is_active=True)
    rows = rows.filter(user__memberships__operator=operator, user__memberships__role__in=STAFF).distinct()
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return list(rows.select_related("user").prefetch_related("rules"))


def free_slots(
    among: Iterable[BookingProfile], now: datetime | None = None, *, but: Talk | None = None
) -> list[Slot]:
    """Every time that can be booked with those consultants, in order. `but`: a talk that is to be moved, whose own time
    is free for it. Asks the database as often for ten consultants as for one."""
    now = now or timezone.now()
    wanted = {profile.pk: profile for profile in among}
    taken = _taken(wanted, now, but)
    found: list[Slot] = []
    for profile in wanted.values():
        first = timezone.localdate(now)
        last = first + timedelta(days=profile.horizon_days)
        slots = offered(profile.rules.all(), profile.user_id, first, last)
        earliest = now + timedelta(hours=profile.notice_hours)
        found += free(slots, taken.get(profile.pk, []), earliest)
    return sorted(found)


def _taken(wanted: dict[int, BookingProfile], now: datetime, but: Talk | None) -> dict[int, list[Any]]:
    taken: dict[int, list[Any]] = {key: [] for key in wanted}
    for exception in BookingException.objects.filter(
        profile__in=wanted, last_day__gte=timezone.localdate(now)
    ):
        taken[exception.profile_id] += off([exception])
    until = now + timedelta(days=max((profile.horizon_days for profile in wanted.values()), default=0) + 2)
    own = UID.format(pk=but.pk) if but else ""
    spans = busy.taken({profile.user_id for profile in wanted.values()}, now, until, but=own)
    for key, profile in wanted.items():
        taken[key] += spans[profile.user_id]
    return taken


def by_day(slots: Iterable[Slot], chosen: str = "") -> list[Day]:
    """The slots under their days. `chosen`: the key of the one that somebody has chosen."""
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(slot.day, []).append(slot)
    return [Day(day, found, any(slot.key == chosen for slot in found)) for day, found in sorted(days.items())]


def link(code: str) -> BookingLink | None:
    """The link of that code, where it is open."""
    found = BookingLink.objects.select_related("operator", "user", "organisation").filter(code=code).first()
    return found if found and found.is_open else None


def own_link(profile: BookingProfile) -> BookingLink | None:
    """The consultant's own link, to hand out."""
    rows = BookingLink.objects.filter(
        operator_id=profile.operator_id, user_id=profile.user_id, organisation=None, closed_at=None
    )
    return rows.order_by("-created_at").first()


def office_link_of(operator_id: int) -> BookingLink | None:
    """The link to all of the office's times, where one has been made."""
    rows = BookingLink.objects.filter(operator_id=operator_id, user=None, organisation=None, closed_at=None)
    return rows.order_by("pk").first()


def booked_talks(user: User, since: datetime, until: datetime) -> QuerySet[Talk]:
    """The talks that a consultant has booked or held in a span, in order: for the consultant's calendar."""
    rows: QuerySet[Talk] = Talk.objects.filter(
        consultant=user,
        operator_id__in=user.operators_as(STAFF),
        state__in=[Talk.State.BOOKED, Talk.State.HELD],
        starts_at__lt=until,
        ends_at__gt=since,
    )
    return rows.select_related("organisation", "operator").order_by("starts_at")


def talks(operator: Operator, asked: dict[str, Any], user: User) -> QuerySet[Talk]:
    """The office's booked talks: those to come, those that wait to be marked, those behind."""
    now = timezone.now()
    rows: QuerySet[Talk] = Talk.objects.filter(operator=operator).select_related("consultant", "organisation")
    if asked.get("hvem") != "alle":
        rows = rows.filter(consultant=user)
    if asked.get("vis") == "tidligere":
        return rows.filter(Q(starts_at__lt=now) | ~Q(state=Talk.State.BOOKED)).order_by("-starts_at", "-pk")
    return rows.filter(state=Talk.State.BOOKED, starts_at__gte=now).order_by("starts_at", "pk")


def export_rows(rows: QuerySet[Talk]) -> Iterator[list[Any]]:
    """One row a talk, in the order of `HEADINGS`. Without who booked and how satisfied they were: a file leaves the house."""
    for row in rows[:MOST_EXPORTED]:
        firm = row.organisation
        yield [
            row.starts_at, row.ends_at, firm.name if firm else "", (firm.cvr or "") if firm else "", str(row.consultant),
            str(row.get_place_display()), row.about, str(row.get_state_display()), row.created_at,
            "ja" if row.invented else "",
        ]  # fmt: skip


def to_mark(operator: Operator, user: User | None, most: int = 20) -> list[Talk]:
    """Talks whose time is over and of which nobody has said whether they were held. Without `user` the whole office's."""
    whose = user.pk if user else 0
    return _to_mark(operator.pk, whose, timezone.now(), mine=user is not None, most=most)


def soon(operator: Operator, user: User | None, most: int, days: int = 2) -> list[Talk]:
    """Talks of today and the next days. Without `user` the whole office's."""
    now = timezone.now()
    given = operator.pk, user.pk if user else 0, now, now + timedelta(days=days)
    return _soon(*given, mine=user is not None, most=most)


@prepared
def _to_mark(operator: Any, user: Any, now: Any, *, mine: bool, most: int) -> QuerySet[Talk]:
    return _booked(operator, user, mine=mine).filter(ends_at__lt=now)[:most]


@prepared
def _soon(operator: Any, user: Any, now: Any, until: Any, *, mine: bool, most: int) -> QuerySet[Talk]:
    return _booked(operator, user, mine=mine).filter(starts_at__gte=now, starts_at__lt=until)[:most]


def _booked(operator: Any, user: Any, *, mine: bool) -> QuerySet[Talk]:
    rows = Talk.objects.filter(operator=operator, state=Talk.State.BOOKED)
    rows = rows.filter(consultant=user) if mine else rows
    return rows.select_related("organisation", "consultant").order_by("starts_at")


def who(talk: Talk) -> str:
    """`Bodil Brygger, Bryggeriet`, or as much of it as is known."""
    return ", ".join(
        part for part in (talk.name, talk.organisation.name if talk.organisation else "") if part
    )


def with_organisation(organisation: Organisation, most: int) -> list[Talk]:
    """The firm's talks, the latest first."""
    return _latest_with(organisation.pk, most=most)


@prepared
def _latest_with(organisation: Any, *, most: int) -> QuerySet[Talk]:
    rows = Talk.objects.filter(organisation=organisation).select_related("consultant")
    return rows.order_by("-starts_at")[:most]
