# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The public front, what everybody may see, a firm's own page, and what we owe every visitor to tell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.access import PUBLIC, STAFF, access
from brobygger.accounts.http import Request
from brobygger.accounts.models import Operator, Role
from brobygger.base import panels
from brobygger.cases.tenders.queries import open_to
from brobygger.knowledge.geography import postal_code
from brobygger.market import search as listing_search
from brobygger.market.forms.listing_filters import ListingFilters
from brobygger.market.models import Listing
from brobygger.market.places import middle_of
from brobygger.market.queries import listings as listing_queries
from brobygger.portal import queries

NEWEST = 6
PLACE = "portal.own"
"""Here an earlier room puts what it shows a firm's or partner's own people: `@panel("portal.own", order=…)` with the `User`
as its record."""
WAITING = "portal.waiting"
"""The same, for what waits for them: it stands first on the page."""


@access(PUBLIC)
def front(request: HttpRequest) -> HttpResponse:
    """What Brobygger is, and the newest open listings. Signed-in people are sent to the page of their role; where
    every office has its public site off there is only the sign-in page."""
    roles = request.roles  # type: ignore[attr-defined]
    if roles & STAFF:
        return redirect("market:today")
    if roles & {Role.FIRM, Role.PARTNER}:
        return redirect("portal:own")
    if roles:
        return redirect("accounts:office")
    operators = queries.open_operators()
    if not operators:
        return redirect("account_login")
    keys = listing_queries.public_listings().order_by("-created_at").values_list("pk", flat=True)[:NEWEST]
    newest = listing_queries.lines(list(keys))
    context = {
        "operators": operators,
        "area": queries.area_name(operators),
        "newest": [_public(row) for row in newest],
        "has_tenders": open_to(request.user).exists(),
    }
    return render(request, "portal/front.html", context)


@access(PUBLIC)
def browse(request: HttpRequest) -> HttpResponse:
    """Every open listing, searched and filtered. Nothing else is counted, found or drawn."""
    operators = _open_or_not_found()
    filters = ListingFilters(request.GET, operator=operators[0] if len(operators) == 1 else None, public=True)
    hits = listing_queries.narrowed(
        listing_queries.public_listings(),
        filters.wanted,
        scopes=listing_search.open_scopes(operator.pk for operator in operators),
    )
    page = listing_queries.page_of(hits, request.GET.get("side"))
    rows = [_public(row) for row in page.object_list]
    context = {
        "heading": _("Hvad virksomheder har og mangler"),
        "filters": filters,
        "hits": hits,
        "page": page,
        "rows": rows,
        "points": {"points": [row["point"] for row in rows if row["point"]]},
        "several_offices": len(operators) > 1,
    }
    return render(request, "portal/browse.html", context)


@access(PUBLIC)
def open_listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One open listing, without contact person and exact address."""
    _open_or_not_found()
    found = get_object_or_404(
        listing_queries.public_listings().select_related("organisation", "operator"), pk=pk
    )
    shown = _public(found)
    context = {
        "listing": found,
        "place": shown["place"],
        "points": {"points": [shown["point"]] if shown["point"] else []},
        "crumbs": [(_("Har og mangler"), reverse("portal:browse")), (found.title, None)],
        "sign_in": f"{reverse('account_login')}?next={found.get_absolute_url()}",
    }
    return render(request, "portal/open_listing.html", context)


def _open_or_not_found() -> list[Operator]:
    operators = queries.open_operators()
    if not operators:
        raise Http404
    return operators


def _public(listing: Listing) -> dict[str, Any]:
    """What everybody may know of where it is: the postal area and its middle, never the address."""
    area, middle = (
        postal_code(listing.postal_code) if listing.postal_code else None,
        middle_of(listing.postal_code),
    )
    url = reverse("portal:open_listing", args=[listing.pk])
    point = (
        {
            "lat": middle.latitude,
            "lon": middle.longitude,
            "name": f"{listing.get_side_display()}: {listing.title}",
            "url": url,
        }
        if middle.latitude is not None
        else None
    )
    return {
        "listing": listing,
        "url": url,
        "place": f"{area.code} {area.name}" if area else "",
        "point": point,
    }


@access({Role.FIRM, Role.PARTNER})
def own(request: Request) -> HttpResponse:
    """A firm's or partner's own page: what they have and need, and what waits for them."""
    context = {
        "heading": _("Min side"),
        "page": queries.own_page(request.user),
        "waiting": panels.render(WAITING, request, request.user),
        "panels": panels.render(PLACE, request, request.user),
    }
    return render(request, "portal/own.html", context)


@access(PUBLIC)
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the site is, and how to complain."""
    context = {
        "heading": _("Tilgængelighedserklæring").replace("hedse", "heds\u00ade"),
        "offices": _offices(request),
    }
    return render(request, "portal/accessibility.html", context)


@access(PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    """What personal data is kept, why, and a person's rights."""
    context = {"heading": _("Sådan behandler vi persondata"), "offices": _offices(request)}
    return render(request, "portal/privacy.html", context)


def _offices(request: HttpRequest) -> list[Operator]:
    """Whom to write to: one's own office when signed in, else all."""
    own_office: Operator | None = request.operator  # type: ignore[attr-defined]
    return [own_office] if own_office else list(Operator.objects.order_by("name"))
