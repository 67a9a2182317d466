# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the pages of a match share: finding it within scope, and showing or saving a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from brobygger.accounts.http import Request
from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.base.prepared import prepared
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.forms.results import AskingForm
from brobygger.market.models import Match
from brobygger.market.services.matches import is_office
from brobygger.market.services.results import IsItRight

RELATED = (
    "giver",
    "taker",
    "have__contact",
    "need__contact",
    "consultant",
    "operator",
    "suggestion",
)


def seen_match(request: Request, pk: UUID) -> Match:
    """The match, if the person may see it; else not found."""
    found = _seen(request.user, pk) if request.user.is_authenticated else ()
    if not found:
        raise Http404
    return found[0]


@prepared
def _seen(user: Any, pk: Any) -> QuerySet[Match]:
    return Match.objects.visible_to(user).filter(pk=pk).select_related(*RELATED)


def office_match(request: Request, pk: UUID) -> Match:
    """The match, if the person is of the office that has it; else not found."""
    match = seen_match(request, pk)
    if not is_office(request.user, match):
        raise Http404
    return match


def match_url(match: Match) -> str:
    """Where the match's page is."""
    return reverse("market:match", args=[match.pk])


def crumbs(match: Match, here: str) -> list[tuple[str, str | None]]:
    """The way to a page below a match."""
    return [(_("Match"), reverse("market:matches")), (str(match), match_url(match)), (here, None)]


def form_page(
    request: Request,
    form: forms.Form,
    save: Callable[[], object],
    *,
    template: str,
    back: str,
    saved: str,
    **context: Any,
) -> HttpResponse:
    """Show a form, or save it and go back. A refusal is shown and what was typed is kept; where somebody else saved
    meanwhile, what is stored stands beside and saving again goes through.
    """
    meanwhile: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except EditedMeanwhile as error:
            form.add_error(None, str(error))
            meanwhile = stored_values(form, error.current)
            reopen(form, error.current.version)
        except UserError as error:
            if isinstance(error, IsItRight) and isinstance(form, AskingForm):
                form.ask(error)
            else:
                form.add_error(None, str(error))
        else:
            messages.success(request, saved)
            return redirect(back)
    return render(request, template, {"form": form, "back": back, "meanwhile": meanwhile, **context})


def reopen(form: forms.Form, version: int) -> None:
    """Let the form carry the version that is stored now, so that saving again is a decision and not a mistake."""
    data: Any = form.data
    typed = data.copy()
    typed["opened_version"] = str(version)
    form.data = typed


def stored_values(form: forms.Form, current: Any) -> list[tuple[str, str]]:
    """What is stored now in the fields of the form, to stand beside what was typed."""
    return [
        (str(field.label), _shown(current, name))
        for name, field in form.fields.items()
        if hasattr(current, name)
    ]


def _shown(record: Any, name: str) -> str:
    value = getattr(record, f"get_{name}_display", lambda: getattr(record, name))()
    if value is None or value == "":
        return "–"
    if hasattr(value, "strftime"):
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
    return number(value) if hasattr(value, "as_tuple") else str(value)


def act(
    request: Request, match: Match, form: forms.Form, do: Callable[[], object], done: str
) -> HttpResponse:
    """One press of a button on the match's page: do it, or say why not, and go back to the page."""
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect(match_url(match))
    try:
        do()
    except EditedMeanwhile:
        messages.error(
            request,
            _("En anden har ændret matchet, mens du så på det. Se, hvad der er nyt, og prøv så igen."),
        )
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(match_url(match))
