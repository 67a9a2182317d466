# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The list of organisations, and the same list as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.exporting import as_workbook
from brobygger.base import panels
from brobygger.base.errors import UserError
from brobygger.knowledge.industries import industry_title
from brobygger.register import export, filters, queries, rights
from brobygger.register.models import Organisation


@access(SIGNED_IN)
def organisations(request: HttpRequest) -> HttpResponse:
    """One search box, filters, the list, and a map that asks for the same places."""
    operator: Any = getattr(request, "operator", None)
    listed = queries.organisations(request.user, operator, request.GET)  # type: ignore[arg-type]
    page: Any = Paginator(listed.rows, settings.PAGE_SIZE).get_page(request.GET.get("side"))  # type: ignore[arg-type]
    context = {
        "heading": _("Virksomheder"),
        "page": page,
        "rows": [row_of(organisation, listed) for organisation in page.object_list],
        "listed": listed,
        "filter": listed.filter,
        "most_points": queries.MOST_POINTS,
        "total": page.paginator.count,
        "ceased": 0 if page.paginator.count else _ceased(request, listed),
        "most_counted": listed.rows.most,
        "sees_tags": rights.sees_tags(request.user, operator.pk if operator else None),  # type: ignore[arg-type]
        "actions": panels.render("register.organisations", request, listed),
        "may_add": request.user.is_staff_of(operator.pk if operator else None),  # type: ignore[union-attr]
    }
    return render(request, "register/organisations.html", context)


def _ceased(request: HttpRequest, listed: queries.Listed) -> int:
    """How many that have ceased pass, where no active one does and nothing is said of the status."""
    if listed.filter.chosen.get("status"):
        return 0
    asked = request.GET.copy()
    asked["status"] = filters.ANY_STATUS
    operator: Any = getattr(request, "operator", None)
    return queries.organisations(request.user, operator, asked).rows.count()  # type: ignore[arg-type]


@access(SIGNED_IN)
def points(request: HttpRequest) -> HttpResponse:
    """The places of the list for its map, which asks when the page is shown."""
    operator: Any = getattr(request, "operator", None)
    listed = queries.organisations(request.user, operator, request.GET)  # type: ignore[arg-type]
    address = reverse("register:organisation", args=[0])  # once, not five hundred times
    found = [
        {"name": name, "lat": latitude, "lon": longitude, "url": address.replace("/0/", f"/{pk}/")}
        for pk, name, latitude, longitude in listed.points()
    ]
    return JsonResponse({"points": found})


def row_of(organisation: Organisation, listed: queries.Listed) -> dict[str, Any]:
    """What the list shows of one organisation."""
    return {
        "organisation": organisation,
        "industry": industry_title(organisation.industry) if organisation.industry else "",
        "metres": queries.metres_between(listed.place, organisation) if listed.place else None,
    }


@access(STAFF)
def export_organisations(request: HttpRequest) -> HttpResponse:
    """The filtered list as an Excel file. Recorded in the audit trail."""
    operator: Any = getattr(request, "operator", None)
    listed = queries.organisations(request.user, operator, request.GET)  # type: ignore[arg-type]
    try:
        rows = export.rows(listed.every)
    except UserError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(f"{reverse('register:organisations')}?{request.GET.urlencode()}")
    return as_workbook(request, _("Virksomheder"), "virksomheder", export.HEADINGS, rows, name_first=True)
