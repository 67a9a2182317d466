# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""People in an organisation. The office and the organisation itself keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts import services as accounts
from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.accounts.models import Role
from brobygger.base import panels
from brobygger.base.asking import ask
from brobygger.register import personal_data, rights, services_people
from brobygger.register.forms import PersonForm
from brobygger.register.models import Affiliation, Organisation
from brobygger.register.views.common import crumbs, editable, form_page, managed

PANELS = "register.person"
"""The place of a person's page where other rooms put what they know."""


def _affiliation(organisation: Organisation, pk: int) -> Affiliation:
    return get_object_or_404(
        Affiliation.objects.select_related("person", "organisation"), pk=pk, organisation=organisation
    )


@access(SIGNED_IN)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter somebody in the organisation."""
    found = editable(request, pk)
    user: Any = request.user
    form = PersonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services_people.add_person(found, form.values, by=user),
        heading=_("Ny person"),
        path=crumbs(found, _("Ny person")),
        back=found.get_absolute_url(),
        done=_("Personen er tilføjet."),
    )


@access(SIGNED_IN)
def edit(request: HttpRequest, pk: int, affiliation_pk: int) -> HttpResponse:
    """Correct a person and the role."""
    found = editable(request, pk)
    user: Any = request.user
    affiliation = _affiliation(found, affiliation_pk)
    person = affiliation.person
    form = PersonForm(
        request.POST or None,
        instance=person,
        initial={"title": affiliation.title, "is_contact": affiliation.is_contact},
    )
    return form_page(
        request,
        form,
        lambda: services_people.edit_person(
            affiliation, form.values, expected=form.expected_version, by=user
        ),
        heading=_("Ret person"),
        path=crumbs(found, _("Ret person")),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
        template="register/person.html",
        affiliation=affiliation,
        may_manage=rights.can_manage(user, found),
        organisation=found,
        panels=panels.render(PANELS, request, person),
    )


@access(SIGNED_IN)
def end(request: HttpRequest, pk: int, affiliation_pk: int) -> HttpResponse:
    """Somebody has left."""
    found = editable(request, pk)
    user: Any = request.user
    affiliation = _affiliation(found, affiliation_pk)
    names = {"name": affiliation.person, "organisation": found.name}
    return ask(
        request,
        lambda: services_people.end_affiliation(affiliation, by=user),
        heading=_("Ikke længere tilknyttet"),
        crumbs=crumbs(found, _("Ikke længere tilknyttet")),
        question=_("Er %(name)s ikke længere i %(organisation)s?") % names,
        consequence=_(
            "Personen vises som tidligere tilknyttet og kan ikke længere handle for virksomheden her."
        ),
        yes=_("Ja, afslut tilknytningen"),
        back=found.get_absolute_url(),
        done=_("%(name)s er ikke længere tilknyttet.") % names,
    )


@access(STAFF)
def export(request: HttpRequest, pk: int, affiliation_pk: int) -> HttpResponse:
    """Everything the office holds about a person, to hand over to the person: a page to read, or JSON (`som=json`)."""
    person = _affiliation(managed(request, pk), affiliation_pk).person
    user: Any = request.user
    for_a_machine = request.GET.get("som") == "json"
    body = (personal_data.as_json if for_a_machine else personal_data.as_page)(person, by=user)
    kind, ending = ("application/json", "json") if for_a_machine else ("text/html", "html")
    answer = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="persondata-{person.pk}.{ending}"'
    answer["Cache-Control"] = "no-store"
    return answer


@access(STAFF)
def erase(request: HttpRequest, pk: int, affiliation_pk: int) -> HttpResponse:
    """Erase a person on request, in every organisation."""
    found = managed(request, pk)
    affiliation = _affiliation(found, affiliation_pk)
    return ask(
        request,
        lambda: services_people.erase_person(affiliation.person, by=request.user),  # type: ignore[arg-type]
        heading=_("Slet person"),
        crumbs=crumbs(found, _("Slet person")),
        question=_("Skal alle oplysninger om %(name)s slettes?") % {"name": affiliation.person},
        consequence=_(
            "Personen slettes i alle virksomheder, også i historikken. Det kan ikke fortrydes. "
            "At det er sket, noteres uden navn. En konto til at logge ind med lukkes under Kontoret."
        ),
        yes=_("Ja, slet personen"),
        back=found.get_absolute_url(),
        done=_("Personen og historikken om personen er slettet."),
    )


@access(STAFF)
def invite(request: HttpRequest, pk: int, affiliation_pk: int) -> HttpResponse:
    """Send somebody in the organisation an invitation to act for it."""
    found = managed(request, pk)
    affiliation = _affiliation(found, affiliation_pk)
    person = affiliation.person
    user: Any = request.user
    if not person.email:
        messages.error(request, _("Skriv først personens e-mail."))
        return HttpResponseRedirect(reverse("register:edit_person", args=[found.pk, affiliation.pk]))
    return ask(
        request,
        lambda: accounts.invite(
            found.operator, person.email, Role.FIRM, user, person.name, organisation_id=found.pk
        ),
        heading=_("Giv adgang"),
        crumbs=crumbs(found, _("Giv adgang")),
        question=_("Skal %(name)s kunne logge ind og handle for %(organisation)s?")
        % {"name": person.name, "organisation": found.name},
        consequence=_("Vi sender en invitation til %(email)s. Linket gælder i 14 dage.")
        % {"email": person.email},
        yes=_("Ja, send invitationen"),
        harmless=True,
        back=found.get_absolute_url(),
        done=_("Invitationen er sendt til %(email)s.") % {"email": person.email},
    )
