# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Places of work and permits of an organisation. The office keeps them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.register import services
from brobygger.register.forms import EndForm, EstablishmentForm, PermitForm
from brobygger.register.models import Establishment, Permit
from brobygger.register.views.common import crumbs, form_page, managed


@access(STAFF)
def new_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a place of work."""
    found = managed(request, pk)
    form = EstablishmentForm(request.POST or None, initial={"name": found.name})
    return form_page(
        request,
        form,
        lambda: services.add_establishment(found, form.values),
        heading=_("Nyt arbejdssted"),
        path=crumbs(found, _("Nyt arbejdssted")),
        back=found.get_absolute_url(),
        done=_("Arbejdsstedet er tilføjet."),
    )


@access(STAFF)
def edit_place(request: HttpRequest, pk: int, place_pk: int) -> HttpResponse:
    """Change a place of work."""
    found = managed(request, pk)
    place = get_object_or_404(Establishment, pk=place_pk, organisation=found)
    form = EstablishmentForm(request.POST or None, instance=place)
    return form_page(
        request,
        form,
        lambda: services.edit_establishment(place, form.values, expected=form.expected_version),
        heading=_("Ret arbejdssted"),
        path=crumbs(found, _("Ret arbejdssted")),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def end_place(request: HttpRequest, pk: int, place_pk: int) -> HttpResponse:
    """Close a place of work; it is kept."""
    found = managed(request, pk)
    place = get_object_or_404(Establishment, pk=place_pk, organisation=found)
    form = EndForm(
        request.POST or None, initial={"on": timezone.localdate(), "opened_version": place.version}
    )
    return form_page(
        request,
        form,
        lambda: services.end_establishment(
            place, on=form.cleaned_data["on"], expected=form.cleaned_data["opened_version"]
        ),
        heading=_("Er %(name)s lukket?") % {"name": place.name},
        path=crumbs(found, _("Luk arbejdssted")),
        back=found.get_absolute_url(),
        done=_("%(name)s er markeret som lukket.") % {"name": place.name},
        lead=_("Stedet bliver i registret, men vises som lukket."),
        yes=_("Ja, markér som lukket"),
    )


@access(STAFF)
def new_permit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a permit on record."""
    found = managed(request, pk)
    form = PermitForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.add_permit(found, form.values),
        heading=_("Ny tilladelse"),
        path=crumbs(found, _("Ny tilladelse")),
        back=found.get_absolute_url(),
        done=_("Tilladelsen er tilføjet."),
        lead=_("Farligt affald foreslås kun til virksomheder, der har en gyldig tilladelse her."),
    )


@access(STAFF)
def edit_permit(request: HttpRequest, pk: int, permit_pk: int) -> HttpResponse:
    """Correct a permit."""
    found = managed(request, pk)
    permit = get_object_or_404(Permit, pk=permit_pk, organisation=found)
    form = PermitForm(request.POST or None, instance=permit)
    return form_page(
        request,
        form,
        lambda: services.edit_permit(permit, form.values, expected=form.expected_version),
        heading=_("Ret tilladelse"),
        path=crumbs(found, _("Ret tilladelse")),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def remove_permit(request: HttpRequest, pk: int, permit_pk: int) -> HttpResponse:
    """Take a permit off the record."""
    found = managed(request, pk)
    permit = get_object_or_404(Permit, pk=permit_pk, organisation=found)
    if request.method == "POST":
        services.remove_permit(permit)
        messages.success(request, _("Tilladelsen er fjernet."))
        return HttpResponseRedirect(found.get_absolute_url())
    context = {
        "heading": _("Fjern tilladelse"),
        "crumbs": crumbs(found, _("Fjern tilladelse")),
        "question": _("Skal »%(permit)s« fjernes fra %(name)s?") % {"permit": permit, "name": found.name},
        "consequence": _("Farligt affald kan så ikke længere foreslås til virksomheden på grund af den."),
        "yes": _("Ja, fjern tilladelsen"),
        "back": found.get_absolute_url(),
    }
    return render(request, "base/confirm.html", context)
