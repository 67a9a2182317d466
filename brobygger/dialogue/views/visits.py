# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of the visit plan: the week by consultant with its route, and what is done with each visit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.dialogue.forms.portfolio import AppointmentForm, SkipForm, VisitForm, week_in_words
from brobygger.dialogue.models import PlannedVisit
from brobygger.dialogue.queries import visits as queries
from brobygger.dialogue.services import appointments
from brobygger.dialogue.services import visits as services
from brobygger.dialogue.services.visits import A_YEAR, monday
from brobygger.dialogue.views.common import own_firm
from brobygger.dialogue.views.portfolio import crumbs
from brobygger.market.forms.matches import OpenedForm
from brobygger.register.views.common import form_page

COLOURS = ("#17524c", "#b8860b", "#7b2d5b", "#2f5fa7", "#a33b20", "#4b7a1f", "#5b5b5b", "#8a5a00")


def _week(request: Request, name: str = "uge") -> date:
    """The Monday asked for; this week's where none or nonsense is."""
    this = monday(timezone.localdate())
    try:
        asked = monday(date.fromisoformat(request.GET.get(name) or request.POST.get(name) or ""))
    except (ValueError, OverflowError):
        return this
    year = timedelta(weeks=A_YEAR)
    return asked if this - year <= asked <= this + year else this


def _address(week: date) -> str:
    return f"{reverse('dialogue:visits')}?uge={week.isoformat()}"


@access(STAFF)
def visits(request: Request) -> HttpResponse:
    """A week's visits by consultant, in the order of the route, with the map and how far the year is."""
    week, this = _week(request), monday(timezone.localdate())
    settings = queries.settings_of(request.operator)
    rows = list(queries.of_week(request.operator, week))
    capacity = queries.capacity(request.operator, settings)
    groups, lines, points = _groups(rows, capacity, queries.staff(request.operator))
    context: dict[str, Any] = {
        "heading": _("Ugens besøg"),
        "crumbs": crumbs((_("Ugens besøg"), None)),
        "week": week,
        "week_words": week_in_words(week),
        "earlier": (week - timedelta(weeks=1)).isoformat(),
        "later": (week + timedelta(weeks=1)).isoformat(),
        "is_ahead": week >= this,
        "is_this": week == this,
        "groups": groups,
        "any": bool(rows),
        "map": {"points": points, "lines": lines},
        "pace": queries.pace(request.operator, settings, timezone.localdate()),
        "room": sum(group["free"] for group in groups),
        "figures": settings,
    }
    return render(request, "dialogue/visits.html", context)


def _groups(
    rows: Sequence[PlannedVisit], capacity: dict[int, int], people: Sequence[Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Each consultant's visits with the length of the route, and the same as lines and points of a map."""
    by_person: dict[int, list[PlannedVisit]] = defaultdict(list)
    names = {person.pk: person for person in people}
    for row in rows:
        by_person[row.consultant_id].append(row)
        names.setdefault(row.consultant_id, row.consultant)
    groups, lines, points = [], [], []
    ordered = sorted(names.values(), key=lambda person: (person.name, person.pk))
    for place, person in enumerate(ordered):
        mine, colour = by_person.get(person.pk, []), COLOURS[place % len(COLOURS)]
        going = [row for row in mine if row.state != PlannedVisit.State.SKIPPED]
        if not mine and not capacity.get(person.pk):
            continue
        stops = [
            row for row in going if row.organisation.x is not None and row.organisation.latitude is not None
        ]
        groups.append(
            {
                "person": person,
                "stops": _stops(going),
                "skipped": [row for row in mine if row.state == PlannedVisit.State.SKIPPED],
                "length": sum(apart for _row, apart, _why, _number in _stops(going) if apart),
                "capacity": capacity.get(person.pk, 0),
                "free": max(0, capacity.get(person.pk, 0) - len(going)),
            }
        )
        lines.append({"points": [_at(row) for row in stops], "color": colour})
        points += [_point(row, number, colour) for number, row in enumerate(stops, 1)]
    return groups, lines, points


def _stops(rows: Sequence[PlannedVisit]) -> list[tuple[PlannedVisit, float | None, list[str], int]]:
    """(visit, metres in a straight line from the one before, reasons in words, number on the route)."""
    found: list[tuple[PlannedVisit, float | None, list[str], int]] = []
    before: tuple[float, float] | None = None
    for place, row in enumerate(rows, 1):
        firm = row.organisation
        here = None if firm.x is None or firm.y is None else (firm.x, firm.y)
        apart = math.dist(before, here) if before and here else None
        found.append((row, apart, queries.why_in_words(row.why), place))
        before = here or before
    return found


def _at(row: PlannedVisit) -> tuple[float | None, float | None]:
    return row.organisation.latitude, row.organisation.longitude


def _point(row: PlannedVisit, place: int, colour: str) -> dict[str, Any]:
    firm = row.organisation
    return {
        "name": f"{place}. {firm.name} ({row.consultant})",
        "lat": firm.latitude,
        "lon": firm.longitude,
        "url": firm.get_absolute_url(),
        "color": colour,
        "big": row.state != PlannedVisit.State.PROPOSED,
    }


@access(STAFF)
@require_POST
def propose(request: Request) -> HttpResponse:
    """Fill the week's free room."""
    week = _week(request)
    try:
        made = services.propose(request.operator, week, user=request.user)
        told = ngettext("%(count)s besøg er foreslået.", "%(count)s besøg er foreslået.", made)
        if made:
            messages.success(request, told % {"count": number(made)})
        else:
            messages.info(
                request,
                _("Der er ikke flere at foreslå: enten er der ingen plads, eller ingen er klar til besøg."),
            )
    except UserError as error:
        messages.error(request, str(error))
    return redirect(_address(week))


def _one(request: Request, pk: int) -> PlannedVisit:
    rows = PlannedVisit.objects.visible_to(request.user)
    found: PlannedVisit = get_object_or_404(
        rows.select_related("organisation", "operator", "consultant", "follow_up", "contact"), pk=pk
    )
    return found


def _settle(request: Request, pk: int, act: Any, told: str) -> HttpResponse:
    visit = _one(request, pk)
    form = OpenedForm(request.POST)
    try:
        act(visit, user=request.user, expected=form.expected_version if form.is_valid() else 0)
        messages.success(request, told)
    except UserError as error:
        messages.error(request, str(error))
    return redirect(_address(visit.week))


@access(STAFF)
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """It is in the plan, and a follow-up."""
    return _settle(request, pk, services.accept, _("Besøget er i planen og står under opfølgninger."))


@access(STAFF)
@require_POST
def bring_back(request: Request, pk: int) -> HttpResponse:
    """It was not to be skipped after all."""
    return _settle(request, pk, services.bring_back, _("Besøget er foreslået igen."))


def _path(visit: PlannedVisit, here: str) -> list[tuple[str, str | None]]:
    return crumbs((_("Ugens besøg"), _address(visit.week)), (here, None))


@access(STAFF)
def move(request: Request, pk: int) -> HttpResponse:
    """To another week or another consultant."""
    visit = _one(request, pk)
    first = {
        "week": visit.week.isoformat(),
        "consultant": visit.consultant_id,
        "opened_version": visit.version,
    }
    form = VisitForm(request.POST or None, operator=visit.operator, also=visit.week, initial=first)
    return form_page(
        request,
        form,
        lambda: services.move(
            visit,
            week=form.cleaned_data["week"],
            consultant=form.cleaned_data["consultant"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Flyt besøget"),
        path=_path(visit, _("Flyt")),
        back=_address(visit.week),
        done=_("Besøget er flyttet."),
        lead=visit.organisation.name,
        yes=_("Flyt"),
    )


@access(STAFF)
def agree(request: Request, pk: int) -> HttpResponse:
    """A day, a time and whom with; the contact can be sent an invitation."""
    visit = _one(request, pk)
    form = AppointmentForm(request.POST or None, visit=visit)
    return form_page(
        request,
        form,
        lambda: appointments.agree(visit, form.wanted, user=request.user, expected=form.expected_version),
        heading=_("Aftal tid"),
        path=_path(visit, _("Aftal tid")),
        back=_address(visit.week),
        done=_("Tiden er sat. Den optager plads i kalenderen."),
        lead=f"{visit.organisation.name}, {visit.consultant}",
        yes=_("Gem"),
    )


@access(STAFF)
def skip(request: Request, pk: int) -> HttpResponse:
    """Not this time, and why."""
    visit = _one(request, pk)
    form = SkipForm(request.POST or None, initial={"opened_version": visit.version})
    return form_page(
        request,
        form,
        lambda: services.skip(
            visit,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            user=request.user,
            expected=form.expected_version,
        ),
        heading=_("Spring besøget over"),
        path=_path(visit, _("Spring over")),
        back=_address(visit.week),
        done=_("Besøget er sprunget over."),
        lead=visit.organisation.name,
        yes=_("Spring over"),
    )


@access(STAFF)
def plan_one(request: Request, organisation_pk: int) -> HttpResponse:
    """Put a firm of the portfolio into a week by hand."""
    firm = own_firm(request, organisation_pk)
    first = {"week": monday(timezone.localdate()).isoformat(), "consultant": request.user.pk}
    form = VisitForm(request.POST or None, operator=firm.operator, initial=first)
    return form_page(
        request,
        form,
        lambda: services.plan_one(
            firm.operator,
            firm.pk,
            form.cleaned_data["week"],
            form.cleaned_data["consultant"],
            user=request.user,
        ),
        heading=_("Planlæg et besøg"),
        path=crumbs((firm.name, firm.get_absolute_url()), (_("Planlæg et besøg"), None)),
        back=firm.get_absolute_url(),
        done=_("Besøget er i ugens plan."),
        lead=firm.name,
        yes=_("Planlæg"),
    )
