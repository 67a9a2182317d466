# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of what organisations have and need: the list, one of them, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.exporting import as_workbook
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.base.asking import ask
from brobygger.base.errors import UserError
from brobygger.market.forms.listing_filters import ListingFilters
from brobygger.market.forms.listings import ConsentForm, InterestForm
from brobygger.market.forms.who import may_write
from brobygger.market.listing_map import points
from brobygger.market.models import Listing
from brobygger.market.queries import listings as queries
from brobygger.market.queries.listing_export import HEADINGS, MOST_EXPORTED, export_rows
from brobygger.market.services import listings as services
from brobygger.market.services.matching.left import left_of
from brobygger.market.wording import FOOD_BYPRODUCT, HAZARDOUS, amount, is_food_byproduct
from brobygger.register.models import Organisation
from brobygger.register.rights import may_open

MOVES = {
    "pause": (
        services.pause,
        gettext_lazy("Sat på pause. Den er ikke med i lister og forslag, før du tager den op igen."),
    ),
    "genoptag": (services.resume, gettext_lazy("Taget op igen.")),
    "opfyldt": (services.fulfil, gettext_lazy("Markeret som opfyldt.")),
}
"""Word in the address → what is done, and what the person is told."""


@access(SIGNED_IN)
def listings(request: Request) -> HttpResponse:
    """What people have and need, searched and filtered, with a map beside."""
    filters = ListingFilters(request.GET, operator=request.operator)
    hits = _hits(request, filters)
    page = queries.page_of(hits, request.GET.get("side"))
    context = {
        "heading": _("Har og mangler"),
        "filters": filters,
        "hits": hits,
        "page": page,
        "points": points(page.object_list),
        "about": _organisation_asked_for(request, filters),
        "may_write": may_write(request.user, request.operator),
        "most_counted": hits.searched.most if hits.searched else queries.MOST_COUNTED,
    }
    return render(request, "market/listings.html", context)


@access(SIGNED_IN)
def export_listings(request: Request) -> HttpResponse:
    """The same list as an Excel workbook, without contact persons."""
    filters = ListingFilters(request.GET, operator=request.operator)
    rows = export_rows(
        _hits(request, filters).listings.select_related("organisation", "operator")[:MOST_EXPORTED]
    )
    return as_workbook(request, _("Har og mangler"), "har-og-mangler", HEADINGS, rows)


def _hits(request: Request, filters: ListingFilters) -> queries.Hits:
    return queries.sought(request.user, request.operator, filters.wanted)


def _organisation_asked_for(request: Request, filters: ListingFilters) -> Organisation | None:
    asked = filters.wanted.organisation
    return Organisation.objects.visible_to(request.user).filter(pk=asked).first() if asked else None


@access(SIGNED_IN)
def listing(request: Request, pk: UUID) -> HttpResponse:
    """One listing: the facts, who, where, what it should meet, and its history."""
    found = queries.opened(request.user, pk)
    own = services.is_owner(request.user, found)
    office = request.user.is_staff_of(found.operator_id)
    context = {
        "crumbs": [(_("Har og mangler"), reverse("market:listings")), (found.title, None)],
        "listing": found,
        "is_owner": own,
        "may_change": own or office,
        "may_open_organisation": may_open(request.user, found.organisation),
        "notes": _notes(found),
        "left": _left(found) if own or office else None,
        "points": points([found]),
        "interest": InterestForm(),
        "panels": panels.render("market.listing", request, found),
    }
    return render(request, "market/listing.html", context)


def _left(found: Listing) -> str | None:
    """What is not agreed yet, in words; empty for nothing, None where nothing is agreed."""
    left = left_of([found]).get(found.pk)
    return left if left is None else amount(left, found.unit, found.period) if left else ""


def _notes(found: Listing) -> list[Any]:
    notes: list[Any] = []
    if is_food_byproduct(found.resource_type):
        notes.append(FOOD_BYPRODUCT)
    if found.hazardous:
        notes.append(HAZARDOUS)
    return notes


@access(SIGNED_IN)
@require_POST
def move_listing(request: Request, pk: UUID, move: str) -> HttpResponse:
    """Pause, take up again, or mark as fulfilled."""
    found = get_object_or_404(queries.one(request.user, pk))
    act, told = MOVES[move]
    try:
        act(found, request.user)
        messages.success(request, told)
    except UserError as error:
        messages.error(request, str(error))
    return redirect("market:listing", pk=pk)


@access(SIGNED_IN)
def withdraw_listing(request: Request, pk: UUID) -> HttpResponse:
    """Close a listing for good, after asking."""
    found = get_object_or_404(_changeable(request, pk))
    return ask(
        request,
        lambda: services.withdraw(found, request.user),
        heading=_("Træk tilbage?"),
        question=found.title,
        consequence=_(
            "Den forsvinder fra lister og forslag og kan ikke tages op igen. Historik og match, der er i gang, bliver."
        ),
        yes=_("Ja, træk tilbage"),
        back=found.get_absolute_url(),
        done=_("Trukket tilbage."),
    )


@access(SIGNED_IN)
def agree_to_be_shown(request: Request, pk: UUID) -> HttpResponse:
    """The owner of a confidential listing agrees that others see it, alone or through a consultant."""
    found = get_object_or_404(_changeable(request, pk).filter(visibility=Listing.Visibility.BROKER))
    by_owner = services.is_owner(request.user, found)
    form = ConsentForm(request.POST or None, by_owner=by_owner)
    if request.method == "POST" and form.is_valid():
        try:
            services.agree_to_be_shown(found, by=request.user, **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Nu må den ses. Det er gemt, hvem der sagde ja."))
            return redirect("market:listing", pk=pk)
    context = {
        "heading": _("Vis den for andre") if by_owner else _("Ejeren har sagt ja til at blive vist"),
        "crumbs": [
            (_("Har og mangler"), reverse("market:listings")),
            (found.title, found.get_absolute_url()),
            (_("Samtykke"), None),
        ],
        "form": form,
        "listing": found,
    }
    return render(request, "market/listing_consent.html", context)


@access(SIGNED_IN)
@require_POST
def show_interest(request: Request, pk: UUID) -> HttpResponse:
    """Write to the office about somebody else's listing."""
    found = get_object_or_404(queries.one(request.user, pk))
    form = InterestForm(request.POST)
    if form.is_valid():
        try:
            services.show_interest(found, by=request.user, message=form.cleaned_data["message"])
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Din besked er sendt til %(office)s. De kontakter dig.") % {"office": found.operator},
            )
            return redirect("market:listing", pk=pk)
    context = {
        "heading": _("Jeg er interesseret"),
        "crumbs": [
            (_("Har og mangler"), reverse("market:listings")),
            (found.title, found.get_absolute_url()),
            (_("Besked"), None),
        ],
        "listing": found,
        "interest": form,
    }
    return render(request, "market/listing_interest.html", context)


def _changeable(request: Request, pk: UUID) -> Any:
    """The listing, if the person may change it; nothing otherwise."""
    found = queries.one(request.user, pk).first()
    if found is None or not services.may_act_for(request.user, found.organisation):
        return Listing.objects.none()
    return queries.one(request.user, pk)
