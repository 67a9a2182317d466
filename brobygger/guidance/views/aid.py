# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The register of aid, and one firm's de minimis account with its headroom."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.guidance.forms.aid import AidFilters, TryForm
from brobygger.guidance.queries import aid as queries
from brobygger.guidance.views.common import crumbs, own_firm
from brobygger.market.queries.listings import MOST_COUNTED, QuickPaginator


@access(STAFF)
def entries(request: Request) -> HttpResponse:
    """Every grant that the office has registered, newest first."""
    filters = AidFilters(request.GET)
    rows = queries.of_office(request.user, request.operator, filters.wanted)
    context = {
        "heading": _("De minimis og anden støtte"),
        "crumbs": crumbs((_("De minimis"), None)),
        "filters": filters,
        "page": QuickPaginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "most_counted": MOST_COUNTED,
    }
    return render(request, "guidance/aid.html", context)


@access(STAFF)
def export(request: Request) -> HttpResponse:
    """The same list as an Excel workbook."""
    rows = queries.of_office(request.user, request.operator, AidFilters(request.GET).wanted)
    return as_workbook(request, _("Støtte"), "stoette", queries.HEADINGS, queries.export_rows(rows))


@access(STAFF)
def account(request: Request, organisation_pk: int) -> HttpResponse:
    """One firm's account: the sum of three years, what is left, and whether an amount would be too much."""
    firm = own_firm(request, organisation_pk)
    tried = request.GET.copy()
    if not tried.get("dato"):
        tried["dato"] = timezone.localdate().isoformat()
    form = TryForm(tried)
    asked = form.cleaned_data if form.is_valid() else {}
    held = queries.account(firm, asked.get("dato"))
    amount = asked.get("beloeb")
    rows, withheld = queries.entries(request.user, firm, held.members)
    context = {
        "heading": _("De minimis: %(firm)s") % {"firm": firm.name},
        "crumbs": crumbs((_("De minimis"), reverse("guidance:aid")), (firm.name, None)),
        "firm": firm,
        "account": held,
        "used_share": held.total / held.ceiling,
        "form": form,
        "amount": amount,
        "has_room": amount is not None and held.room_for(amount),
        "free_on": held.free_on(amount) if amount and not held.room_for(amount) else None,
        "page": Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("side")),
        "withheld": withheld,
        "is_linked": bool(held.members),
    }
    return render(request, "guidance/account.html", context)
