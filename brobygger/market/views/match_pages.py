# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the pages of a match share: finding it within scope, and what a button does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.base.prepared import prepared
from brobygger.base.versions import EditedMeanwhile
from brobygger.market.models import Match
from brobygger.market.services.matches import is_office

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
