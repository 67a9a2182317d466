# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Places of work and permits of an organisation. The office keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brobygger.accounts.access import STAFF, access
from brobygger.base.asking import ask
from brobygger.register import services
from brobygger.register.forms import EndForm, EstablishmentForm, PermitForm
from brobygger.register.models import Establishment, Permit
from brobygger.register.views.common import crumbs, form_page, managed


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of record that belongs to an organisation: how it is entered and corrected, and what the pages say."""

    model: type[Establishment] | type[Permit]
    form: type[Any]
    add: Callable[..., Any]
    edit: Callable[..., Any]
    new: Any
    added: Any
    change: Any
    lead: Any = ""
    named_after_the_firm: bool = False


PLACE = Part(
    Establishment,
    EstablishmentForm,
    services.add_establishment,
    services.edit_establishment,
    new=gettext_lazy("Nyt arbejdssted"),
    added=gettext_lazy("Arbejdsstedet er tilføjet."),
    change=gettext_lazy("Ret arbejdssted"),
    named_after_the_firm=True,
)
PERMIT = Part(
    Permit,
    PermitForm,
    services.add_permit,
    services.edit_permit,
    new=gettext_lazy("Ny tilladelse"),
    added=gettext_lazy("Tilladelsen er tilføjet."),
    change=gettext_lazy("Ret tilladelse"),
    lead=gettext_lazy("Farligt affald foreslås kun til virksomheder, der har en gyldig tilladelse her."),
)


def _new(request: HttpRequest, pk: int, part: Part) -> HttpResponse:
    found = managed(request, pk)
    initial = {"name": found.name} if part.named_after_the_firm else {}
    form = part.form(request.POST or None, initial=initial)
    return form_page(
        request,
        form,
        lambda: part.add(found, form.values),
        heading=part.new,
        path=crumbs(found, part.new),
        back=found.get_absolute_url(),
        done=part.added,
        lead=part.lead,
    )


def _edit(request: HttpRequest, pk: int, part_pk: int, part: Part) -> HttpResponse:
    found = managed(request, pk)
    record = get_object_or_404(part.model, pk=part_pk, organisation=found)
    form = part.form(request.POST or None, instance=record)
    return form_page(
        request,
        form,
        lambda: part.edit(record, form.values, expected=form.expected_version),
        heading=part.change,
        path=crumbs(found, part.change),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
        record=record,
    )


@access(STAFF)
def new_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a place of work."""
    return _new(request, pk, PLACE)


@access(STAFF)
def edit_place(request: HttpRequest, pk: int, place_pk: int) -> HttpResponse:
    """Change a place of work."""
    return _edit(request, pk, place_pk, PLACE)


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
    return _new(request, pk, PERMIT)


@access(STAFF)
def edit_permit(request: HttpRequest, pk: int, permit_pk: int) -> HttpResponse:
    """Correct a permit."""
    return _edit(request, pk, permit_pk, PERMIT)


@access(STAFF)
def remove_permit(request: HttpRequest, pk: int, permit_pk: int) -> HttpResponse:
    """Take a permit off the record."""
    found = managed(request, pk)
    permit = get_object_or_404(Permit, pk=permit_pk, organisation=found)
    return ask(
        request,
        lambda: services.remove_permit(permit),
        heading=_("Fjern tilladelse"),
        crumbs=crumbs(found, _("Fjern tilladelse")),
        question=_("Skal »%(permit)s« fjernes fra %(name)s?") % {"permit": permit, "name": found.name},
        consequence=_("Farligt affald kan så ikke længere foreslås til virksomheden på grund af den."),
        yes=_("Ja, fjern tilladelsen"),
        back=found.get_absolute_url(),
        done=_("Tilladelsen er fjernet."),
    )
