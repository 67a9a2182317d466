# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Booked talks take the consultant's time, and so does what their own calendar says, at whichever office it is fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from brobygger.base.busy import Taken, source
from brobygger.outreach.models import BusyTime, Talk

UID = "samtale-{pk}"


@source(UID)
def talks(users: Collection[int], since: datetime, until: datetime) -> Iterable[Taken]:
    rows = Talk.objects.filter(consultant__in=users, starts_at__lt=until, ends_at__gt=since).taking_time()
    for pk, user, starts_at, ends_at in rows.values_list("pk", "consultant_id", "starts_at", "ends_at"):
        yield Taken(user, starts_at, ends_at, UID.format(pk=pk))


@source()
def own_calendars(users: Collection[int], since: datetime, until: datetime) -> Iterable[Taken]:
    rows = BusyTime.objects.filter(profile__user__in=users, starts_at__lt=until, ends_at__gt=since)
    for user, starts_at, ends_at in rows.values_list("profile__user_id", "starts_at", "ends_at"):
        yield Taken(user, starts_at, ends_at)
