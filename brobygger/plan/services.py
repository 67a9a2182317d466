# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What people do with the plan. Only heads change it; every change leaves history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base import indicators
from brobygger.base.errors import UserError
from brobygger.base.versions import claim
from brobygger.plan.models import Goal, Initiative, Measurement, Plan, Track


class UnknownIndicator(UserError):
    """The goal names a figure that no room publishes, or a parameter that the figure does not have."""


class IsComputed(UserError):
    """A goal whose value is computed cannot also be typed."""


class NumberTaken(UserError):
    """Another track of the plan has the number already."""

    def __init__(self, other: Track) -> None:
        told = _("Sporet »%(other)s« har allerede det nummer. Giv først det spor et andet nummer.")
        self.faults = {"number": told % {"other": other.name}}
        super().__init__(self.faults["number"])


@transaction.atomic
def create_plan(
    operator: Operator, *, name: str, year_from: int, year_to: int, introduction: str = ""
) -> Plan:
    """A new, empty plan."""
    return Plan.objects.create(
        operator=operator, name=name, year_from=year_from, year_to=year_to, introduction=introduction
    )


@transaction.atomic
def change_plan(plan: Plan, expected_version: int) -> Plan:
    """Save changed fields. Raises EditedMeanwhile."""
    claim(plan, expected_version)
    plan.save()
    return plan


@transaction.atomic
def add_track(plan: Plan, *, name: str, text: str = "") -> Track:
    """A track after the last."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    last = plan.tracks.order_by("-number").first()
    return Track.objects.create(plan=plan, number=last.number + 1 if last else 1, name=name, text=text)


@transaction.atomic
def change_track(track: Track, expected_version: int) -> Track:
    """Save changed fields. Raises EditedMeanwhile, NumberTaken."""
    Plan.objects.select_for_update(no_key=True).get(pk=track.plan_id)
    claim(track, expected_version)
    if other := Track.objects.filter(plan=track.plan_id, number=track.number).exclude(pk=track.pk).first():
        raise NumberTaken(other)
    track.save()
    return track


@transaction.atomic
def add_initiative(track: Track, *, name: str, text: str = "", responsible: User | None = None) -> Initiative:
    """An initiative after the track's last."""
    Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    last = track.initiatives.order_by("-number").first()
    return Initiative.objects.create(
        track=track, number=last.number + 1 if last else 1, name=name, text=text, responsible=responsible
    )


@transaction.atomic
def change_initiative(initiative: Initiative, expected_version: int) -> Initiative:
    """Save changed fields. Raises EditedMeanwhile."""
    claim(initiative, expected_version)
    initiative.save()
    return initiative


@transaction.atomic
def add_goal(initiative: Initiative, **fields: Any) -> Goal:
    """A new goal. Raises UnknownIndicator."""
    goal = Goal(initiative=initiative, **fields)
    _check(goal)
    goal.save()
    return goal


@transaction.atomic
def change_goal(goal: Goal, expected_version: int) -> Goal:
    """Save changed fields. Raises EditedMeanwhile, UnknownIndicator."""
    _check(goal)
    claim(goal, expected_version)
    goal.save()
    return goal


@transaction.atomic
def delete_goal(goal: Goal) -> None:
    """Take a goal out of the plan. Its history stays."""
    goal.delete()


@transaction.atomic
def measure(goal: Goal, *, on: date, value: Decimal, source: str, by: User) -> Measurement:
    """Enter a figure that nothing in the product can know. Raises IsComputed."""
    if goal.indicator:
        raise IsComputed(_("Målets værdi regnes ud af det, der er registreret, og kan ikke tastes ind."))
    return Measurement.objects.create(goal=goal, on=on, value=value, source=source, entered_by=by)


@transaction.atomic
def delete_measurement(measurement: Measurement) -> None:
    """Take a measurement back. Its history stays."""
    measurement.delete()


def _check(goal: Goal) -> None:
    if not goal.indicator:
        return
    try:
        known = indicators.get(goal.indicator)
    except KeyError:
        raise UnknownIndicator(_("Figuren »%s« findes ikke.") % goal.indicator) from None
    strange = set(goal.parameters) - set(known.parameters)
    if strange:
        raise UnknownIndicator(_("»%s« er ikke en af figurens parametre.") % "», «".join(sorted(strange)))
    goal.unit = known.unit
