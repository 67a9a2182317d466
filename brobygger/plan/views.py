# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of the plan: what we promised, how far we are, and the records behind each figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.accounts.access import access
from brobygger.accounts.http import Request
from brobygger.accounts.models import STAFF, Role
from brobygger.base.asking import ask
from brobygger.base.form_pages import form_page
from brobygger.base.forms import VersionedForm
from brobygger.base.history import history_under
from brobygger.plan import forms, queries, services
from brobygger.plan.models import Goal, Initiative, Measurement, Plan, Track

PAGE = 25
HEAD = {Role.HEAD}


@access(queries.VIEWERS)
def plan(request: Request, pk: int | None = None) -> HttpResponse:
    """The plan with each goal's value as of today."""
    plans = list(queries.plans_of(request.operator))
    if not plans and pk is None:
        return render(request, "plan/empty.html", {"heading": _("Plan")})
    chosen = get_object_or_404(queries.plans_of(request.operator), pk=pk) if pk else plans[0]
    tracks = queries.plan_with_goals(chosen, office=_is_office(request))
    readings = [reading for _track, rows in tracks for _initiative, goals in rows for reading in goals]
    counts = {
        word: sum(reading.status_words == word for reading in readings)
        for word in dict.fromkeys(r.status_words for r in readings)
    }
    context = {"heading": chosen.name, "plan": chosen, "plans": plans, "tracks": tracks, "counts": counts}
    return render(request, "plan/plan.html", context)


@access(queries.VIEWERS)
def goal(request: Request, pk: int) -> HttpResponse:
    """One goal: baseline, target, value, trend, and the records behind the figure."""
    found = _goal(request, pk)
    reading = queries.read(found, request.operator, office=_is_office(request))
    points = queries.trend(reading, request.operator, office=_is_office(request))
    records, withheld = queries.records_for(request.user, reading)
    context = {
        "heading": found.name,
        "crumbs": [
            (found.initiative.track.plan.name, reverse("plan:one", args=[found.initiative.track.plan_id])),
            (found.name, None),
        ],
        "goal": found,
        "reading": reading,
        "points": points,
        "chart": _chart(found, points),
        "records": Paginator(records, PAGE).get_page(request.GET.get("side"))
        if _is_office(request)
        else None,
        "withheld": withheld,
        "may_change": Role.HEAD in request.roles,
        "measured": history_under(Measurement, goal=found) if _is_office(request) else [],
    }
    return render(request, "plan/goal.html", context)


def _chart(goal: Goal, points: list[queries.Point]) -> dict[str, Any]:
    target = float(goal.target) if goal.target is not None else None
    highest = max((float(p.value or 0) for p in points), default=0.0)
    line = (
        {"silent": True, "symbol": "none", "data": [{"yAxis": target, "name": _("Måltal")}]}
        if target is not None
        else {}
    )
    return {
        "xAxis": {"type": "category", "data": [formats.date_format(p.on, "SHORT_DATE_FORMAT") for p in points]},
        "yAxis": {"type": "value", "name": goal.unit, "max": target if target is not None and target >= highest else None},
        "series": [{"type": "line", "name": goal.name, "color": "#17524c", "data": [None if p.value is None else float(p.value) for p in points], "markLine": line}],
    }  # fmt: skip


def _is_office(request: Request) -> bool:
    return bool(request.roles & STAFF)


def _goal(request: Request, pk: int) -> Goal:
    goals = Goal.objects.select_related("initiative__track__plan__operator")
    return get_object_or_404(goals, pk=pk, initiative__track__plan__operator=request.operator)


def _form_page(
    request: Request, form: django_forms.BaseForm, heading: str, back: str, save: Callable[[], object],
    record: Any = None,
) -> HttpResponse:  # fmt: skip
    """As `base.form_pages.form_page`. `record`: whose history stands below."""
    return form_page(
        request, form, save, back=back, done=_("Gemt."), heading=heading, record=record,
        crumbs=[(_("Plan"), reverse("plan:plan")), (heading, None)],
    )  # fmt: skip


def _typed(form: VersionedForm) -> dict[str, Any]:
    """What a new record is made of: all but the version, which it has none of yet."""
    return {name: value for name, value in form.cleaned_data.items() if name != "opened_version"}


@access(HEAD)
def new_plan(request: Request) -> HttpResponse:
    """A new plan."""
    form = forms.PlanForm(request.POST or None)
    return _form_page(
        request, form, _("Ny plan"), reverse("plan:plan"),
        lambda: services.create_plan(request.operator, **_typed(form)),
    )  # fmt: skip


@access(HEAD)
def change_plan(request: Request, pk: int) -> HttpResponse:
    """Change a plan's name, years and introduction."""
    found = get_object_or_404(Plan, pk=pk, operator=request.operator)
    form = forms.PlanForm(request.POST or None, instance=found)
    return _form_page(
        request, form, _("Ret planen"), reverse("plan:one", args=[pk]),
        lambda: services.change_plan(form.instance, form.expected_version), record=found,
    )  # fmt: skip


@access(HEAD)
def new_track(request: Request, pk: int) -> HttpResponse:
    """A new track in a plan."""
    found = get_object_or_404(Plan, pk=pk, operator=request.operator)
    form = forms.TrackForm(request.POST or None)
    return _form_page(
        request, form, _("Nyt spor"), reverse("plan:one", args=[pk]),
        lambda: services.add_track(found, **_typed(form)),
    )  # fmt: skip


@access(HEAD)
def change_track(request: Request, pk: int) -> HttpResponse:
    """Change a track's number, name and text."""
    track = get_object_or_404(Track, pk=pk, plan__operator=request.operator)
    form = forms.NumberedTrackForm(request.POST or None, instance=track)
    return _form_page(
        request, form, _("Ret %s") % track.name, reverse("plan:one", args=[track.plan_id]),
        lambda: services.change_track(form.instance, form.expected_version), record=track,
    )  # fmt: skip


@access(HEAD)
def new_initiative(request: Request, pk: int) -> HttpResponse:
    """A new initiative in a track."""
    track = get_object_or_404(Track, pk=pk, plan__operator=request.operator)
    form = forms.InitiativeForm(request.POST or None)
    return _form_page(
        request, form, _("Ny indsats i %s") % track.name, reverse("plan:one", args=[track.plan_id]),
        lambda: services.add_initiative(track, **_typed(form)),
    )  # fmt: skip


@access(HEAD)
def change_initiative(request: Request, pk: int) -> HttpResponse:
    """Change an initiative."""
    initiative = get_object_or_404(
        Initiative.objects.select_related("track"), pk=pk, track__plan__operator=request.operator
    )
    form = forms.InitiativeForm(request.POST or None, instance=initiative)
    return _form_page(
        request, form, _("Ret %s") % initiative.name, reverse("plan:one", args=[initiative.track.plan_id]),
        lambda: services.change_initiative(form.instance, form.expected_version), record=initiative,
    )  # fmt: skip


@access(HEAD)
def new_goal(request: Request, pk: int) -> HttpResponse:
    """A new goal for an initiative."""
    initiative = get_object_or_404(
        Initiative.objects.select_related("track"), pk=pk, track__plan__operator=request.operator
    )
    form = forms.GoalForm(request.POST or None)
    return _form_page(
        request, form, _("Nyt mål for %s") % initiative.name, reverse("plan:one", args=[initiative.track.plan_id]),
        lambda: services.add_goal(initiative, **_typed(form)),
    )  # fmt: skip


@access(HEAD)
def change_goal(request: Request, pk: int) -> HttpResponse:
    """Change a goal."""
    found = _goal(request, pk)
    form = forms.GoalForm(request.POST or None, instance=found)
    return _form_page(
        request, form, _("Ret målet"), reverse("plan:goal", args=[pk]),
        lambda: services.change_goal(form.instance, form.expected_version),
    )  # fmt: skip


@access(HEAD)
def delete_goal(request: Request, pk: int) -> HttpResponse:
    """Ask, then take a goal out of the plan."""
    found = _goal(request, pk)
    return ask(
        request,
        lambda: services.delete_goal(found),
        heading=_("Slet målet?"),
        question=found.name,
        yes=_("Ja, slet målet"),
        consequence=_("Målingerne under målet slettes også. Historikken bliver."),
        back=reverse("plan:goal", args=[pk]),
        done=_("Målet er slettet."),
        after=reverse("plan:one", args=[found.initiative.track.plan_id]),
    )


@access(STAFF)
def measure(request: Request, pk: int) -> HttpResponse:
    """Enter a measurement with its source."""
    found = _goal(request, pk)
    form = forms.MeasurementForm(request.POST or None)
    return _form_page(
        request, form, _("Ny måling: %s") % found.name, reverse("plan:goal", args=[pk]),
        lambda: services.measure(found, by=request.user, **form.cleaned_data),
    )  # fmt: skip


@access(HEAD)
def delete_measurement(request: Request, pk: int) -> HttpResponse:
    """Ask, then take a measurement back."""
    owned = Measurement.objects.filter(goal__initiative__track__plan__operator=request.operator)
    measurement = get_object_or_404(owned.select_related("goal"), pk=pk)
    back = reverse("plan:goal", args=[measurement.goal_id])
    return ask(
        request,
        lambda: services.delete_measurement(measurement),
        heading=_("Slet målingen?"),
        question=str(measurement),
        yes=_("Ja, slet målingen"),
        back=back,
        done=_("Målingen er slettet."),
    )
