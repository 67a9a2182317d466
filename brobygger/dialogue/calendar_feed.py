# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What somebody has promised, in their own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF
from brobygger.base.calendar import Entry, source
from brobygger.dialogue.busy import UID
from brobygger.dialogue.models import FollowUp, PlannedVisit
from brobygger.dialogue.visit_letters import place_of


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
    """Visits that the person has agreed to make: at their time, or as a week-long entry until the day is known."""
    accepted, done = PlannedVisit.State.ACCEPTED, PlannedVisit.State.DONE
    rows = PlannedVisit.objects.filter(
        Q(state=accepted) | Q(state=done, starts_at__isnull=False),
        operator_id__in=user.operators_as(STAFF), consultant=user,
        week__range=(since - timedelta(days=6), until),
    )  # fmt: skip
    related = ("organisation", "contact")
    for row in rows.select_related(*related).order_by("week", "place", "pk"):
        yield Entry(
            uid=UID.format(pk=row.pk),
            title=_("Besøg: %(firm)s") % {"firm": row.organisation},
            start=row.starts_at or row.week,
            end=row.ends_at or row.week + timedelta(days=4),
            place=place_of(row),
            text=_contact(row),
            url=settings.SITE_URL.rstrip("/") + row.organisation.get_absolute_url(),
            sequence=row.version,
        )


def _contact(visit: PlannedVisit) -> str:
    who = visit.contact
    phone = (who.phone if who else "") or visit.organisation.phone
    return ", ".join(part for part in (who.name if who else "", phone) if part)
