# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the plan puts on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel
from brobygger.base.prepared import prepared
from brobygger.plan.models import Goal
from brobygger.plan.queries import MEASUREMENTS, read_all

MOST = 5


@panel("market.today", order=8)
def goals_today(request: HttpRequest, today: Any) -> str:
    """The running goals that are behind, those furthest behind first: the person's own, or the whole office's.

    `today`: `Today` of the market's worklist, which the plan does not import.
    """
    goals = list(_running(today.operator.pk, today.day, request.user.pk, mine=today.mine))
    if not goals:
        return ""
    prefetch_related_objects([goal for goal in goals if not goal.indicator], MEASUREMENTS)
    readings = read_all(goals, today.operator, office=True)
    behind = sorted(
        (reading for reading in readings if reading.status in ("behind", "missed")),
        key=lambda reading: reading.share or 0,
    )
    if not behind:
        return ""
    context = {"behind": behind[:MOST], "count": len(behind), "of": len(goals)}
    return render_to_string("plan/_today.html", context, request)


@prepared
def _running(operator: Any, day: Any, user: Any, *, mine: bool) -> QuerySet[Goal]:
    whose = Q(initiative__responsible=user) if mine else Q()
    rows = Goal.objects.filter(whose, initiative__track__plan__operator=operator)
    return rows.filter(starts_on__lte=day, ends_on__gte=day).order_by("pk")
