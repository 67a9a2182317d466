# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One case, from the office's side and from a deciding party's: where it stands, its days, its values, its history."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.cases import rights, seats
from brobygger.cases.definition.gates import OFFICER
from brobygger.cases.forms.fields import ValuesForm
from brobygger.cases.forms.office import AssignForm, DescribeForm, DocumentForm, NoteForm
from brobygger.cases.models import Case
from brobygger.cases.queries import one
from brobygger.cases.services import contents, news, opening
from brobygger.cases.services.anew import last_anew
from brobygger.cases.services.archiving import kept_until
from brobygger.cases.values import names_in
from brobygger.cases.views import party
from brobygger.cases.views.common import attempt, crumbs, form_page, handled, opened_version, visible
from brobygger.cases.words import lines

PANELS = "cases.case"
"""Here a case type's own code puts its pieces: `@panel("cases.case", order=…)` with the `Case` as its record."""
NEWEST = 20


@access(SIGNED_IN)
def case(request: Request, pk: int) -> HttpResponse:
    """Where the case stands, what can be done, and what has happened."""
    found = visible(request, pk)
    held = rights.roles_of(request.user, found)
    if OFFICER not in held:
        return party.page(request, found, held)
    context = _context(request, found, held)
    context["news_read"] = news.read_by(found, request.user)  # told on this page, for the last time
    return render(request, "cases/case.html", context)


def _context(request: Request, found: Case, held: frozenset[str]) -> dict[str, Any]:
    names = names_in(found.type, found.values, found.operator)
    said = lines(found, names)
    everything = request.GET.get("alt") == "1"
    return {
        "heading": found.title,
        "crumbs": [*crumbs(found)],
        "case": found,
        "stage": found.at_stage,
        "stages": _path(found),
        "ways": one.ways(found, request.user, held),
        "again": last_anew(found),
        "pauses": one.open_pauses(found),
        "clocks": one.clocks_of(found),
        "values": one.values_of(found, held, names),
        "origins": one.origins_of(found, request.user),
        "documents": one.documents_of(found, held),
        "parties": one.parties_of(found),
        "wished": seats.wished(found),
        "payments": list(found.payments.all()),
        "granted": found.granted,
        "left": _left(found),
        "duties": list(found.duties.select_related("done_by")),
        "lines": said if everything else said[:NEWEST],
        "more": 0 if everything else max(0, len(said) - NEWEST),
        "note_form": NoteForm(),
        "document_form": DocumentForm(case=found),
        "newer": opening.newest_definition(found),
        "kept_until": kept_until(found),
        "panels": panels.render(PANELS, request, found),
    }


def _left(found: Case) -> Decimal | None:
    """Kroner that may still be paid; None where nothing is granted."""
    return found.granted.amount - found.paid if found.granted else None


def _path(found: Case) -> list[tuple[str, str]]:
    """The stages as a line of steps: name, and whether it is here, done or ahead. Endings, and where a decision is made
    anew, are left out until reached."""
    order = [
        stage
        for stage in found.type.stages
        if (stage.moves and not stage.decides_anew) or stage.key == found.stage
    ]
    here = next(number for number, stage in enumerate(order) if stage.key == found.stage)
    return [
        (stage.name, "here" if number == here else "done" if number < here else "ahead")
        for number, stage in enumerate(order)
    ]


@access(STAFF)
def days(request: Request, pk: int) -> HttpResponse:
    """Every day of every clock: running or standing, and why."""
    found = handled(request, pk)
    context = {
        "heading": _("Alle dage"),
        "crumbs": crumbs(found, _("Alle dage")),
        "case": found,
        "clocks": one.clocks_of(found),
    }
    return render(request, "cases/days.html", context)


@access(STAFF)
def fill_in(request: Request, pk: int) -> HttpResponse:
    """The case's own fields."""
    found = handled(request, pk)
    form = ValuesForm(request.POST or None, case=found)
    return form_page(
        request,
        form,
        lambda: contents.fill_in(found, form.typed, user=request.user, expected=form.expected_version),
        heading=_("Oplysninger"),
        path=crumbs(found, _("Oplysninger")),
        back=found.get_absolute_url(),
        done=_("Oplysningerne er gemt."),
    )


@access(STAFF)
def describe(request: Request, pk: int) -> HttpResponse:
    """Title, sort, journal numbers."""
    found = handled(request, pk)
    form = DescribeForm(request.POST or None, case=found)
    return form_page(
        request,
        form,
        lambda: opening.describe(found, user=request.user, expected=form.expected_version, **form.values),
        heading=_("Ret sagen"),
        path=crumbs(found, _("Ret")),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def assign(request: Request, pk: int) -> HttpResponse:
    """Who handles the case."""
    found = handled(request, pk)
    form = AssignForm(request.POST or None, case=found)
    return form_page(
        request,
        form,
        lambda: opening.assign(
            found, form.cleaned_data["officer"], user=request.user, expected=form.expected_version
        ),
        heading=_("Sagsbehandler"),
        path=crumbs(found, _("Sagsbehandler")),
        back=found.get_absolute_url(),
        done=_("Sagen er givet videre."),
    )


@access(STAFF)
@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """Which check points are in order."""
    found = handled(request, pk)
    keys = request.POST.getlist("check")[:100]
    attempt(
        request,
        lambda: contents.tick(found, keys, user=request.user, expected=opened_version(request)),
        _("Tjeklisten er gemt."),
    )
    return redirect(found.get_absolute_url())


@access(STAFF)
@require_POST
def note(request: Request, pk: int) -> HttpResponse:
    """An internal note."""
    found = handled(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        context = _context(request, found, rights.roles_of(request.user, found)) | {"note_form": form}
        return render(request, "cases/case.html", context)
    attempt(
        request,
        lambda: contents.note(
            found, form.cleaned_data["text"], user=request.user, entry_key=form.cleaned_data["entry_key"]
        ),
        _("Notatet er gemt."),
    )
    return redirect(reverse("cases:case", args=[pk]) + "#sket")
