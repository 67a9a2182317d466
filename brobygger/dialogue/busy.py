# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Agreed visits take the consultant's time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from brobygger.base.busy import Taken, source
from brobygger.dialogue.models import PlannedVisit

UID = "planned-visit-{pk}"


@source(UID)
def visits(users: Collection[int], since: datetime, until: datetime) -> Iterable[Taken]:
    """Those with a time that are still to be paid."""
    rows = PlannedVisit.objects.filter(
        consultant__in=users, state=PlannedVisit.State.ACCEPTED, starts_at__lt=until, ends_at__gt=since
    )
    for pk, user, starts_at, ends_at in rows.values_list("pk", "consultant_id", "starts_at", "ends_at"):
        yield Taken(user, starts_at, ends_at, UID.format(pk=pk))
