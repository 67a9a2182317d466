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
from brobygger.base.form_pages import tell
from brobygger.dialogue.errors import BadValues
from brobygger.dialogue.forms.interactions import NoteForm, following_the_text
from brobygger.dialogue.forms.new_firm import NewFirmForm
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.queries.interactions import people_of
from brobygger.dialogue.reading import people_named
from brobygger.dialogue.services import interactions as services
from brobygger.dialogue.services import new_firm
from brobygger.market.forms.who import WhoForm


@access(STAFF)
def new(request: Request) -> HttpResponse:
    """One page, one button. What the text says about kind, day and next step is filled in unless the person did."""
    if request.method != "POST":
        given = request.GET.get("virksomhed", "")
        who = WhoForm(user=request.user, operator=request.operator, given=given)
        return _page(request, NoteForm.fresh(cursor_in_text=bool(who.offered)), who, NewFirmForm.after(""))
    who = WhoForm(request.POST, user=request.user, operator=request.operator)
    filled, _found = following_the_text(request.POST)
    form, made = NoteForm(filled), _new_firm(request)
    if not (form.is_valid() & (made.is_valid() if made.is_asked else who.is_valid())):
        return _page(request, form, who, made)
    try:
        saved = _save(request, form, who, made)
    except BadValues as error:
        tell(form, error)
        return _page(request, form, who, made)
    except UserError as error:
        form.add_error(None, str(error))
        return _page(request, form, who, made)
    messages.success(request, _("Gemt."))
    return redirect(f"{saved.get_absolute_url()}?laest=1")


def _new_firm(request: Request) -> NewFirmForm:
    """As it was typed; with what was searched for where nobody has asked for it yet."""
    form = NewFirmForm(request.POST)
    return form if form.is_asked else NewFirmForm.after(_words(request.POST))


def _words(asked: Any) -> str:
    return str(asked.get("organisation_search", ""))[:200].strip()


def _save(request: Request, form: NoteForm, who: WhoForm, made: NewFirmForm) -> Interaction:
    due_on = form.cleaned_data["follow_up_on"]
    next_step = None
    if due_on:
        about = form.cleaned_data["follow_up_about"] or _("Følg op på samtalen")
        next_step = services.NextStep(due_on, about, request.user)
    how: dict[str, Any] = {
        "user": request.user,
        "next_step": next_step,
        "entry_key": form.cleaned_data["entry_key"],
    }
    if made.is_asked:
        return new_firm.write(
            request.operator, made.values, lambda firm: form.note(firm, request.user), **how
        )
    organisation = who.cleaned_data["chosen"]
    note = form.note(organisation, request.user)
    note = replace(note, people=people_named(note.text, people_of([organisation])))
    return services.write(note, **how)


def _page(request: Request, form: NoteForm, who: WhoForm, made: NewFirmForm) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": _("Skriv notat"),
        "crumbs": [(_("Samtaler"), reverse("dialogue:interactions")), (_("Ny"), None)],
        "form": form,
        "who": who,
        "made": made,
        "words": _words(request.POST),
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
    words = _words(request.GET)
    who = WhoForm(initial={"organisation_search": words}, user=request.user, operator=request.operator)
    made = NewFirmForm.after(words) if request.GET.get("ny") else None  # only where the page can make one
    return render(request, "dialogue/_firms.html", {"who": who, "words": words, "made": made})
