# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of who should meet whom, and why: the office's list, one suggestion, and the answers to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import jobs
from brobygger.base.errors import UserError
from brobygger.market.forms.suggestions import DeclineForm, PutOffForm, SuggestionFilters
from brobygger.market.models import Suggestion
from brobygger.market.queries.suggestions import MOST_COUNTED, SuggestionPages, office_list, one
from brobygger.market.services import matching
from brobygger.market.services.matches import AlreadyChosen
from brobygger.market.suggestion_words import badge, grade, part_lines
from brobygger.market.tasks import refresh_suggestions
from brobygger.register.models import Organisation

PUT_OFF_DAYS = 14


@access(STAFF)
def suggestions(request: Request) -> HttpResponse:
    """The office's suggestions, the best first."""
    filters = SuggestionFilters(request.GET)
    wanted = filters.wanted
    rows = office_list(request.operator, wanted)
    page = SuggestionPages(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    about = (
        Organisation.objects.visible_to(request.user).filter(pk=wanted.organisation).first()
        if wanted.organisation
        else None
    )
    context = {
        "heading": _("Forslag"),
        "filters": filters,
        "wanted": wanted,
        "page": page,
        "about": about,
        "most_counted": MOST_COUNTED,
    }
    return render(request, "market/suggestions.html", context)


@access(SIGNED_IN)
def suggestion(request: Request, pk: UUID) -> HttpResponse:
    """One suggestion: who, what, why, what it is worth, where."""
    found = _seen(request, pk)
    return render(request, "market/suggestion.html", _context(request, found))


def _seen(request: Request, pk: UUID) -> Suggestion:
    found = one(request.user, pk)
    if found is None:
        raise Http404
    return found


def _context(request: Request, found: Suggestion) -> dict[str, Any]:
    office = request.user.is_staff_of(found.operator_id)
    is_open = found.state in (Suggestion.State.NEW, Suggestion.State.PUT_OFF)
    return {
        "suggestion": found,
        "heading": _("Forslag"),
        "crumbs": [(_("Forslag"), reverse("market:suggestions")), (str(found.have), None)] if office else [],
        "grade": grade(found.score),
        "badge": badge(found.score),
        "lines": part_lines(found),
        "places": places(found),
        "office": office,
        "is_open": is_open,
        "match": getattr(found, "match", None) if office else None,
        "side": None if office else _side(request, found),
    }


def _side(request: Request, found: Suggestion) -> str:
    """The side a firm user answers for."""
    own = Organisation.objects.acted_for_by(request.user)
    return "have" if own.filter(pk=found.have.organisation_id).exists() else "need"


def places(found: Suggestion) -> dict[str, Any]:
    """The two points and the line between them, for `maps.js`. Points without a position are left out."""
    other = found.need or found.organisation
    points = [
        {"lat": side.latitude, "lon": side.longitude, "name": name, "big": True, "color": colour}
        for side, name, colour in (
            (found.have, str(found.have.organisation), "#17524c"),
            (other, str(found.need.organisation if found.need else found.organisation), "#9a5b00"),
        )
        if side is not None and side.latitude is not None and side.longitude is not None
    ]
    line = [[point["lat"], point["lon"]] for point in points]
    return {"points": points, "lines": [{"points": line, "dashed": True}] if len(line) == 2 else []}


@access(STAFF)
@require_POST
def accept(request: Request, pk: UUID) -> HttpResponse:
    """Choose it: it becomes a match."""
    found = _seen(request, pk)
    try:
        match = matching.accept(found, request.user)
    except AlreadyChosen as error:
        messages.warning(request, str(error))
        return redirect(error.match)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(found)
    messages.success(request, _("Valgt. Næste skridt er at sætte de to i forbindelse med hinanden."))
    return redirect(match)


@access(SIGNED_IN)
def decline(request: Request, pk: UUID) -> HttpResponse:
    """Say no, and why."""
    found = _seen(request, pk)
    form = DeclineForm(request.POST or None, office=request.user.is_staff_of(found.operator_id))
    if request.method == "POST" and form.is_valid():
        try:
            matching.decline(found, request.user, form.cleaned_data["reason"], form.cleaned_data["note"])
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noteret. Det bliver ikke foreslået igen, så længe grunden gælder."))
            return _onwards(request, found)
    explanation = _(
        "Grunden huskes. Forslaget kommer kun igen, hvis det, grunden handler om, ændrer sig: er der for langt, "
        "så når en af dem flytter; passer mængden ikke, så når mængden ændres."
    )
    return _answer_page(request, found, form, _("Afvis forslaget"), explanation, _("Afvis"))


@access(STAFF)
def put_off(request: Request, pk: UUID) -> HttpResponse:
    """Take it up again another day."""
    found = _seen(request, pk)
    form = PutOffForm(
        request.POST or None, initial={"until": timezone.localdate() + timedelta(days=PUT_OFF_DAYS)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            matching.put_off(found, request.user, form.cleaned_data["until"])
        except UserError as error:
            form.add_error(None, str(error))
        else:
            day = formats.date_format(form.cleaned_data["until"], "DATE_FORMAT")
            messages.success(request, _("Udskudt til %(day)s.") % {"day": day})
            return _onwards(request, found)
    explanation = _("Forslaget forsvinder fra listen og kommer igen som nyt den dag, du vælger.")
    return _answer_page(request, found, form, _("Udskyd forslaget"), explanation, _("Udskyd"))


@access(STAFF)
@require_POST
def reopen(request: Request, pk: UUID) -> HttpResponse:
    """Take a declined or put-off one up again."""
    found = _seen(request, pk)
    try:
        matching.reopen(found, request.user)
        messages.success(request, _("Forslaget er taget op igen."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(found)


@access(SIGNED_IN)
@require_POST
def interested(request: Request, pk: UUID) -> HttpResponse:
    """A firm would like this."""
    found = _seen(request, pk)
    try:
        matching.be_interested(found, request.user)
        messages.success(request, _("Tak. Erhvervskontoret kan se det og vender tilbage."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect(found)


@access(STAFF)
@require_POST
def refresh(request: Request) -> HttpResponse:
    """Find all the office's suggestions anew, in the background."""
    job = jobs.start(
        refresh_suggestions,
        kind="suggestions",
        title=_("Opdatér alle forslag"),
        operator=request.operator,
        user=request.user,
        operator_id=request.operator.pk,
    )
    return redirect("job", pk=job.pk)


def _answer_page(
    request: Request, found: Suggestion, form: forms.Form, heading: str, explanation: str, yes: str
) -> HttpResponse:
    context = _context(request, found) | {
        "heading": heading,
        "form": form,
        "explanation": explanation,
        "yes": yes,
        "crumbs": [],
    }
    status = 422 if form.errors else 200
    return render(request, "market/suggestion_answer.html", context, status=status)


def _onwards(request: Request, found: Suggestion) -> HttpResponse:
    """Back to the list for the office, to its own listing for a firm."""
    if request.user.is_staff_of(found.operator_id):
        return redirect("market:suggestions")
    mine = found.have if _side(request, found) == "have" else found.need
    return redirect(mine or found.have)
