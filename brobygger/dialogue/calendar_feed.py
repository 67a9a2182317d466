# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What somebody has promised, in their own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from brobygger.accounts.models import STAFF
from brobygger.base.calendar import Entry, source
from brobygger.dialogue.models import FollowUp, PlannedVisit


@source("dialogue.follow_ups")
def follow_ups(user: Any, since: date, until: date) -> Iterable[Entry]:
    """The person's own open follow-ups, each on its day."""
    rows = FollowUp.objects.visible_to(user).open().filter(assignee=user, due_on__range=(since, until))
    for row in rows.select_related("organisation").order_by("due_on", "pk"):
        yield Entry(
            uid=f"follow-up-{row.pk}",
            title=f"{row.organisation.name}: {row.about}",
            start=row.due_on,
            text=", ".join(part for part in (row.organisation.phone, row.organisation.address) if part),
            url=settings.SITE_URL.rstrip("/") + row.get_absolute_url(),
            sequence=row.version,
        )


@source("dialogue.visits")
def planned_visits(user: Any, since: date, until: date) -> Iterable[Entry]:
    """Visits that the person has agreed to make in a week, as a week-long entry until the day is known."""
    rows = PlannedVisit.objects.filter(
        operator_id__in=user.operators_as(STAFF), consultant=user, state=PlannedVisit.State.ACCEPTED,
        week__range=(since - timedelta(days=6), until),
    )  # fmt: skip
    for row in rows.select_related("organisation").order_by("week", "place", "pk"):
        yield Entry(
            uid=f"planned-visit-{row.pk}",
            title=str(row.organisation),
            start=row.week,
            end=row.week + timedelta(days=4),
            place=row.organisation.address,
            url=settings.SITE_URL.rstrip("/") + row.organisation.get_absolute_url(),
            sequence=row.version,
        )
