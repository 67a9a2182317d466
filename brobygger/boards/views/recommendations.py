# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of recommendations and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.base.form_pages import opened_anew, tell
from brobygger.base.versions import EditedMeanwhile
from brobygger.boards.forms.meetings import AnswerForm, RecommendationForm
from brobygger.boards.models import Recommendation
from brobygger.boards.queries.pages import follow_ups_to_link
from brobygger.boards.services import recommendations as services
from brobygger.boards.views.common import (
    MEMBERS,
    crumbs,
    do,
    form_page,
    is_office,
    one_board,
    one_recommendation,
)
from brobygger.dialogue.models import FollowUp

MOST_TO_LINK = 50


@access(STAFF)
def new(request: Request, pk: int) -> HttpResponse:
    """Record a recommendation."""
    board = one_board(request, pk, office=True)
    asked = request.GET.get("moede", "")
    first = {
        "given_on": timezone.localdate(),
        "meeting": asked if asked.isdecimal() and len(asked) < 15 else None,
    }
    form = RecommendationForm(request.POST or None, board=board, operator=board.operator, initial=first)
    return form_page(
        request,
        form,
        lambda: services.give(board, user=request.user, **form.values),
        heading=_("Ny anbefaling"),
        path=crumbs(board, (_("Ny anbefaling"), None)),
        back=board.get_absolute_url(),
        done=_("Anbefalingen er skrevet ned."),
    )


@access(MEMBERS)
def recommendation(request: Request, pk: int) -> HttpResponse:
    """One recommendation: what was advised, and each step of what became of it."""
    found = one_recommendation(request, pk)
    return _page(request, found, None)


def _page(
    request: Request,
    found: Recommendation,
    form: AnswerForm | None,
    meanwhile: Mapping[str, Any] | None = None,
) -> HttpResponse:
    office = is_office(request, found.board)
    first = {
        "opened_version": found.version,
        "on": timezone.localdate(),
        "state": Recommendation.State.CONSIDERED,
    }
    context = {
        "heading": found.title,
        "crumbs": crumbs(found.board, (_("Anbefaling"), None)),
        "recommendation": found,
        "answers": found.answers.select_related("entered_by"),
        "office": office,
        "follow_ups": found.follow_ups.select_related("organisation", "assignee", "done_by")
        if office
        else (),
        "to_link": follow_ups_to_link(found)[:MOST_TO_LINK] if office else (),
        "form": form or AnswerForm(initial=first),
        "today": timezone.localdate(),
        **(meanwhile or {}),
    }
    return render(request, "boards/recommendation.html", context, status=409 if meanwhile else 200)


@access(STAFF)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a recommendation."""
    found = one_recommendation(request, pk, office=True)
    form = RecommendationForm(
        request.POST or None, instance=found, board=found.board, operator=found.board.operator
    )
    return form_page(
        request,
        form,
        lambda: services.change(found, user=request.user, expected=form.expected_version, **form.values),
        heading=_("Ret anbefalingen"),
        path=crumbs(found.board, (_("Anbefaling"), found.get_absolute_url()), (_("Ret"), None)),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """What became of it."""
    found = one_recommendation(request, pk, office=True)
    form = AnswerForm(request.POST)
    meanwhile: dict[str, Any] = {}
    if form.is_valid():
        try:
            services.answer(found, user=request.user, **form.values)
        except EditedMeanwhile as error:
            meanwhile = {"conflict": opened_anew(form, error), "told": str(error)}
        except UserError as error:
            tell(form, error)
        else:
            return do(request, lambda: None, done=_("Svaret er gemt."), then=found.get_absolute_url())
    return _page(request, one_recommendation(request, pk), form, meanwhile)


@access(STAFF)
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete one that was entered by mistake."""
    found = one_recommendation(request, pk, office=True)
    return ask(
        request, lambda: services.delete(found, user=request.user),
        heading=_("Slet anbefalingen?"),
        crumbs=crumbs(found.board, (_("Anbefaling"), found.get_absolute_url()), (_("Slet"), None)),
        question=found.title, consequence=_("Er den trukket tilbage, så skriv det som svar i stedet."),
        yes=_("Ja, slet den"), back=found.get_absolute_url(), done=_("Anbefalingen er slettet."),
        after=reverse("boards:board", args=[found.board_id]),
    )  # fmt: skip


def _follow_up(request: Request, key: str) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user)
    return get_object_or_404(rows, pk=int(key) if key.isdecimal() and len(key) < 15 else 0)


@access(STAFF)
@require_POST
def link(request: Request, pk: int) -> HttpResponse:
    """Something is done about it: one of the office's follow-ups."""
    found = one_recommendation(request, pk, office=True)
    follow_up = _follow_up(request, request.POST.get("opfoelgning", ""))
    return do(
        request,
        lambda: services.link(found, follow_up, user=request.user),
        done=_("Opfølgningen er knyttet til."),
        then=found.get_absolute_url(),
    )


@access(STAFF)
@require_POST
def unlink(request: Request, pk: int) -> HttpResponse:
    """The follow-up has nothing to do with it."""
    found = one_recommendation(request, pk, office=True)
    follow_up = _follow_up(request, request.POST.get("opfoelgning", ""))
    return do(
        request,
        lambda: services.unlink(found, follow_up, user=request.user),
        done=_("Opfølgningen er ikke længere knyttet til."),
        then=found.get_absolute_url(),
    )
