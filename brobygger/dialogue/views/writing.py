# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing a talk down in under thirty seconds: the firm, one text, and what we read out of it, correctable at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.dialogue.errors import BadValues
from brobygger.dialogue.forms.interactions import NoteForm, following_the_text
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.queries.interactions import people_of
from brobygger.dialogue.reading import people_named
from brobygger.dialogue.services import interactions as services
from brobygger.dialogue.views.common import tell
from brobygger.market.forms.who import WhoForm


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """One page, one button. What the text says about kind, day and next step is filled in unless the person did."""
    if request.method != "POST":
        given = request.GET.get("virksomhed", "")
        who = WhoForm(user=request.user, operator=request.operator, given=given)
        return _page(request, NoteForm.fresh(cursor_in_text=bool(who.offered)), who)
    who = WhoForm(request.POST, user=request.user, operator=request.operator)
    filled, _found = following_the_text(request.POST)
    form = NoteForm(filled)
    if not (form.is_valid() & who.is_valid()):
        return _page(request, form, who)
    try:
        saved = _save(request, form, who)
    except BadValues as error:
        tell(form, error)
        return _page(request, form, who)
    except UserError as error:
        form.add_error(None, str(error))
        return _page(request, form, who)
    messages.success(request, _("Gemt."))
    return redirect(f"{saved.get_absolute_url()}?laest=1")


def _save(request: Request, form: NoteForm, who: WhoForm) -> Interaction:
    organisation = who.cleaned_data["chosen"]
    note = form.note(organisation, request.user)
    note = replace(note, people=people_named(note.text, people_of([organisation])))
    due_on = form.cleaned_data["follow_up_on"]
    next_step = None
    if due_on:
        about = form.cleaned_data["follow_up_about"] or _("Følg op på samtalen")
        next_step = services.NextStep(due_on, about, request.user)
    return services.write(
        note, user=request.user, next_step=next_step, entry_key=form.cleaned_data["entry_key"]
    )


def _page(request: Request, form: NoteForm, who: WhoForm) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": _("Skriv notat"),
        "crumbs": [(_("Samtaler"), reverse("dialogue:interactions")), (_("Ny"), None)],
        "form": form,
        "who": who,
    }
    return render(request, "dialogue/note.html", context)


@access(STAFF)
@require_POST
def read(request: Request) -> HttpResponse:
    """The fields that follow the text, while somebody types. An extra: the page works without."""
    filled, found = following_the_text(request.POST)
    context = {"form": NoteForm(initial=filled.dict()), "read": found}
    return render(request, "dialogue/_proposed.html", context)


@access(STAFF)
def find_firm(request: Request) -> HttpResponse:
    """The firms that the words so far may mean, as choices of the form. An extra: the page works without."""
    words = request.GET.get("organisation_search", "")[:200]
    who = WhoForm(initial={"organisation_search": words}, user=request.user, operator=request.operator)
    return render(request, "dialogue/_firms.html", {"who": who, "words": words})
