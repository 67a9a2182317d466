# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of follow-ups: all of them, a new one, putting one off, saying that it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.dialogue.forms.follow_ups import FollowUpFilters, FollowUpForm, OpenedForm
from brobygger.dialogue.models import FollowUp
from brobygger.dialogue.queries import follow_ups as queries
from brobygger.dialogue.services import follow_ups as services
from brobygger.dialogue.views.common import own_firm
from brobygger.market.queries.listings import QuickPaginator
from brobygger.register.views.common import form_page

IN_TWO_WEEKS = timedelta(days=14)


@access(STAFF)
def follow_ups(request: Request) -> HttpResponse:
    """The office's follow-ups on talks: one's own or everybody's, open or done."""
    filters = FollowUpFilters(request.GET, operator=request.operator)
    rows = queries.wanted(request.operator, request.user, filters.wanted)
    page = QuickPaginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Opfølgninger"),
        "crumbs": [(_("Samtaler"), reverse("dialogue:interactions")), (_("Opfølgninger"), None)],
        "page": page,
        "filters": filters,
        "mine": filters.wanted.mine,
        "done": filters.wanted.done,
        "today": timezone.localdate(),
    }
    return render(request, "dialogue/follow_ups.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook. Recorded in the audit trail."""
    filters = FollowUpFilters(request.GET, operator=request.operator)
    rows = queries.wanted(request.operator, request.user, filters.wanted)
    return as_workbook(
        request, _("Opfølgninger"), "opfoelgninger", queries.HEADINGS, queries.export_rows(rows)
    )


def _one(request: Request, pk: int) -> FollowUp:
    rows = FollowUp.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("organisation", "operator", "assignee", "interaction", "done_by"), pk=pk
    )


@access(STAFF)
def new(request: Request, organisation_pk: int) -> HttpResponse:
    """Plan the next step with a firm."""
    firm = own_firm(request, organisation_pk)
    first = {"due_on": timezone.localdate() + IN_TWO_WEEKS, "assignee": request.user.pk}
    form = FollowUpForm(request.POST or None, operator=firm.operator, initial=first)
    return form_page(
        request,
        form,
        lambda: services.plan(firm, user=request.user, **form.values),
        heading=_("Ny opfølgning"),
        lead=firm.name,
        path=[
            (_("Opfølgninger"), reverse("dialogue:follow_ups")),
            (firm.name, firm.get_absolute_url()),
            (_("Ny"), None),
        ],
        back=firm.get_absolute_url(),
        done=_("Opfølgningen er planlagt."),
    )


@access(STAFF)
def follow_up(request: Request, pk: int) -> HttpResponse:
    """One follow-up: put it off, give it away, say that it is done; with its history."""
    found = _one(request, pk)
    if found.is_done:
        return render(request, "dialogue/follow_up_done.html", {**_about(found), "follow_up": found})
    form = FollowUpForm(request.POST or None, instance=found, operator=found.operator)
    return form_page(
        request,
        form,
        lambda: services.change(found, user=request.user, expected=form.expected_version, **form.values),
        path=_about(found)["crumbs"],
        heading=_about(found)["heading"],
        back=reverse("dialogue:follow_ups"),
        done=_("Ændringerne er gemt."),
        template="dialogue/follow_up.html",
        follow_up=found,
        today=timezone.localdate(),
        first_version=found.version,
    )


def _about(found: FollowUp) -> dict[str, Any]:
    """Heading and way back, from what is stored rather than what is being typed."""
    about = FollowUp.objects.values_list("about", flat=True).get(pk=found.pk)
    return {"heading": about, "crumbs": [(_("Opfølgninger"), reverse("dialogue:follow_ups")), (about, None)]}


@access(STAFF)
@require_POST
def finish(request: Request, pk: int) -> HttpResponse:
    """It is done."""
    return _settle(request, pk, services.finish, _("Gjort."))


@access(STAFF)
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """It was not done after all."""
    return _settle(request, pk, services.reopen, _("Taget op igen."))


def _settle(request: Request, pk: int, act: Any, told: str) -> HttpResponse:
    found = _one(request, pk)
    form = OpenedForm(request.POST)
    try:
        act(found, user=request.user, expected=form.expected_version if form.is_valid() else 0)
        messages.success(request, told)
    except UserError as error:
        messages.error(request, str(error))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("dialogue:follow_ups")


@access(STAFF)
def drop(request: Request, pk: int) -> HttpResponse:
    """It is not to be done at all: delete it, after asking."""
    found = _one(request, pk)
    return ask(
        request,
        lambda: services.drop(found, user=request.user),
        heading=_("Slet opfølgningen?"),
        crumbs=_about(found)["crumbs"],
        question=f"{found.organisation}: {found.about}",
        consequence=_("Er den gjort, så markér den som gjort i stedet: så kan det ses, hvem der gjorde den."),
        yes=_("Ja, slet den"),
        back=found.get_absolute_url(),
        done=_("Opfølgningen er slettet."),
        after=reverse("dialogue:follow_ups"),
    )
