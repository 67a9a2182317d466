# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The worklist of pairs that may be one firm."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.paging import MOST_COUNTED, QuickPaginator
from brobygger.register import services_duplicates
from brobygger.register.models import PossibleDuplicate
from brobygger.register.queries_merges import as_listed

STATES = PossibleDuplicate.State


@access(STAFF)
def duplicates(request: Request) -> HttpResponse:
    """Those that nobody has looked at, the likeliest first; or those that were found to be two."""
    decided = request.GET.get("vis") == "adskilt"
    state = STATES.DIFFERENT if decided else STATES.NEW
    rows = as_listed(PossibleDuplicate.objects.filter(operator=request.operator, state=state))
    page = QuickPaginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))
    context = {
        "heading": _("Mulige dubletter"),
        "crumbs": [(_("Virksomheder"), reverse("register:organisations")), (_("Mulige dubletter"), None)],
        "page": page,
        "decided": decided,
        "most_counted": MOST_COUNTED,
    }
    return render(request, "register/duplicates.html", context)


def _one(request: Request, pk: int) -> PossibleDuplicate:
    return get_object_or_404(PossibleDuplicate.objects.visible_to(request.user), pk=pk)


@access(STAFF)
@require_POST
def apart(request: Request, pk: int) -> HttpResponse:
    """They are not the same."""
    services_duplicates.set_apart(_one(request, pk), user=request.user)
    messages.success(request, _("De to foreslås ikke igen."))
    return redirect("register:duplicates")


@access(STAFF)
@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """They may be the same after all."""
    services_duplicates.look_again(_one(request, pk), user=request.user)
    messages.success(request, _("De to står på listen igen."))
    return redirect("register:duplicates")


@access(STAFF)
@require_POST
def find(request: Request) -> HttpResponse:
    """Look the register through now."""
    job = services_duplicates.search_now(request.operator, user=request.user)
    return redirect("job", pk=job.pk)
