# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Goals by API: what was promised and how far it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from brobygger.plan.models import Goal
from brobygger.plan.queries import MEASUREMENTS, VIEWERS, GoalReading, read_all

router = Router()
MOST = 500
"""Goals of one answer."""


class GoalOut(Schema):
    """A goal with its computed value."""

    id: int
    name: str
    initiative: str
    unit: str
    starts_on: date
    ends_on: date
    baseline: Decimal | None
    target: Decimal | None
    value: Decimal | None
    status: str


@router.get("/", response=list[GoalOut], summary="Mål med deres værdi i dag")
def goals(request: HttpRequest) -> list[dict[str, Any]]:
    """The goals of the operators where the person is staff or administrator."""
    user: Any = request.user
    mine = Goal.objects.filter(initiative__track__plan__operator_id__in=user.operators_as(VIEWERS))
    found = mine.select_related("initiative__track__plan__operator").prefetch_related(MEASUREMENTS)[:MOST]
    of_operators: dict[Any, list[Goal]] = {}
    for goal in found:
        of_operators.setdefault(goal.initiative.track.plan.operator, []).append(goal)
    readings = {
        reading.goal.pk: reading
        for operator, its in of_operators.items()
        for reading in read_all(its, operator, office=user.is_staff_of(operator.pk))
    }
    return [_row(readings[goal.pk]) for goal in found]


def _row(reading: GoalReading) -> dict[str, Any]:
    goal = reading.goal
    return {
        "id": goal.pk, "name": goal.name, "initiative": goal.initiative.name, "unit": goal.unit,
        "starts_on": goal.starts_on, "ends_on": goal.ends_on, "baseline": goal.baseline, "target": goal.target,
        "value": reading.value, "status": reading.status,
    }  # fmt: skip
