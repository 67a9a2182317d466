# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One organisation: read it, enter it, change it, mark it as ceased."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brobygger.accounts import audit
from brobygger.accounts.access import SIGNED_IN, STAFF, access
from brobygger.base import panels
from brobygger.base.danish import number
from brobygger.base.history import history_of, history_under
from brobygger.knowledge.company_forms import company_form
from brobygger.knowledge.geography import municipality
from brobygger.knowledge.industries import industry_title
from brobygger.register import queries, queries_merges, rights, services
from brobygger.register.forms import DissolveForm, FirmForm, OrganisationForm, VersionOnly
from brobygger.register.lately import changed_lately
from brobygger.register.models import Establishment, Organisation, Permit
from brobygger.register.views.common import crumbs, editable, form_page, managed

PANELS = "register.organisation"


@access(SIGNED_IN)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one organisation on one page."""
    user: Any = request.user
    try:
        page = queries.organisation_page(user, pk)
    except Organisation.DoesNotExist as error:
        into = queries_merges.now_part_of(user, pk)
        if into is None:
            raise Http404 from error
        messages.info(request, _("Virksomheden er lagt sammen med %(name)s.") % {"name": into.name})
        return redirect(into)
    found, people = page.organisation, page.people
    if people:
        audit.record("person_set", user=user, operator=found.operator, about=f"{found.name} ({found.pk})")
    current = [person for person in people if person.ended_on is None]
    may_edit = rights.can_edit(user, found)
    changes = history_of(found) if may_edit else []
    context = {
        "heading": found.name,
        "crumbs": [(_("Virksomheder"), reverse("register:organisations")), (found.name, None)],
        "organisation": found,
        "summary": summary_of(found),
        "facts": facts_of(found),
        "places": [
            (place, industry_title(place.industry) if place.industry else "") for place in page.places
        ],
        "tags": page.tags,
        "people": current,
        "contact": next((one for one in current if one.is_contact), current[0] if current else None),
        "former_people": [person for person in people if person.ended_on is not None],
        "permits": [(permit, permit.is_valid_on(timezone.localdate())) for permit in page.permits],
        "permit_changes": history_under(Permit, organisation=found) if may_edit else [],
        "points": {"points": points_of(found, page.places)},
        "website": link_to(found.website),
        "panels": panels.render(PANELS, request, found),
        "sees_tags": rights.sees_tags(user, found.operator_id),
        "may_edit": may_edit,
        "changes": changes,
        "lately": changed_lately(changes),
        "may_manage": rights.can_manage(user, found),
        "duplicates": queries_merges.waiting_for(found) if rights.can_manage(user, found) else (),
        "merges": queries_merges.merges_into(found) if rights.can_manage(user, found) else (),
    }
    return render(request, "register/organisation.html", context)


def summary_of(found: Organisation) -> list[str]:
    """What a consultant needs before the door opens: what it is, how big, where."""
    title = industry_title(found.industry) if found.industry else None
    size = size_of(found)
    people = (
        ngettext("%(size)s ansat", "%(size)s ansatte", 1 if size == "1" else 2) % {"size": size}
        if size
        else ""
    )
    return [part for part in (title or "", people, found.address) if part]


def facts_of(found: Organisation) -> list[tuple[str, str]]:
    """(label, value) of what is known, in the order that a person asks."""
    form = company_form(found.form_code) if found.form_code else None
    place = municipality(found.municipality_code) if found.municipality_code else None
    title = industry_title(found.industry) if found.industry else None
    known = [
        (_("CVR-nummer"), found.cvr or ""),
        (_("Virksomhedsform"), form.name if form else ""),
        (_("Branche"), f"{title or _('Ukendt kode')} ({found.industry})" if found.industry else ""),
        (_("Ansatte"), size_of(found)),
        (_("Startet"), age_of(found)),
        (_("Kommune"), place.name if place else ""),
    ]
    return [(label, value) for label, value in known if value]


def link_to(website: str) -> str:
    """The address of a home page as a link may carry it, or nothing when it cannot be one."""
    if website.startswith(("https://", "http://")):
        return website
    return f"https://{website}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", website) else ""


def size_of(found: Organisation) -> str:
    """The interval of the source where there is one, else the number."""
    if found.employees_text:
        return found.employees_text
    return "" if found.employees is None else number(found.employees)


def age_of(found: Organisation) -> str:
    """`2011 (15 år)`, counted to today or to the day it ceased."""
    if found.founded_on is None:
        return ""
    until = found.dissolved_on or timezone.localdate()
    years = (
        until.year
        - found.founded_on.year
        - ((until.month, until.day) < (found.founded_on.month, found.founded_on.day))
    )
    if years < 1:
        return _("%(year)s (under et år)") % {"year": found.founded_on.year}
    return _("%(year)s (%(years)s år)") % {"year": found.founded_on.year, "years": years}


def points_of(found: Organisation, places: Iterable[Establishment]) -> list[dict[str, Any]]:
    """The organisation and its open places of work, for the small map."""
    here = [(found.name, found.latitude, found.longitude, True)]
    here += [
        (place.name, place.latitude, place.longitude, False) for place in places if place.ended_on is None
    ]
    return [
        {"name": name, "lat": latitude, "lon": longitude, "big": big}
        for name, latitude, longitude, big in here
        if latitude is not None and longitude is not None
    ]


@access(STAFF)
def new(request: HttpRequest) -> HttpResponse:
    """Enter an organisation that is not in CVR, or not imported yet."""
    operator: Any = getattr(request, "operator", None)
    if not request.user.is_staff_of(operator.pk if operator else None):  # type: ignore[union-attr]
        raise PermissionDenied
    form = OrganisationForm(request.POST or None)
    back = reverse("register:organisations")
    return form_page(
        request,
        form,
        lambda: services.create_organisation(operator, form.values, tags=form.tags),
        heading=_("Ny virksomhed"),
        path=[(_("Virksomheder"), back), (_("Ny"), None)],
        back=back,
        done=_("Virksomheden er oprettet."),
    )


@access(SIGNED_IN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known. The firm itself changes its contact details and what it tells of itself."""
    found = editable(request, pk)
    office = rights.can_manage(request.user, found)  # type: ignore[arg-type]
    form = (OrganisationForm if office else FirmForm)(request.POST or None, instance=found)
    name = Organisation.objects.values_list("name", flat=True).get(pk=pk)
    return form_page(
        request,
        form,
        lambda: services.update_organisation(
            found, form.values, expected=form.expected_version, tags=form.tags if office else None
        ),
        heading=_("Ret %(name)s") % {"name": name},
        path=crumbs(found, _("Ret")),
        back=found.get_absolute_url(),
        done=_("Ændringerne er gemt."),
    )


@access(STAFF)
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as ceased. The organisation stays in the register."""
    found = managed(request, pk)
    form = DissolveForm(
        request.POST or None, initial={"on": timezone.localdate(), "opened_version": found.version}
    )
    return form_page(
        request,
        form,
        lambda: services.dissolve(
            found,
            on=form.cleaned_data["on"],
            status=form.cleaned_data["status"],
            expected=form.cleaned_data["opened_version"],
        ),
        heading=_("Er %(name)s ophørt?") % {"name": found.name},
        path=crumbs(found, _("Ophørt")),
        back=found.get_absolute_url(),
        done=_("%(name)s er markeret som ophørt.") % {"name": found.name},
        lead=_("Virksomheden bliver i registret med sin historik, men foreslås ikke længere til nogen."),
        yes=_("Ja, markér som ophørt"),
    )


@access(STAFF)
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo `dissolve`."""
    found = managed(request, pk)
    form = VersionOnly(request.POST or None, initial={"opened_version": found.version})
    return form_page(
        request,
        form,
        lambda: services.reactivate(found, expected=form.cleaned_data["opened_version"]),
        heading=_("Er %(name)s aktiv igen?") % {"name": found.name},
        path=crumbs(found, _("Aktiv igen")),
        back=found.get_absolute_url(),
        done=_("%(name)s er aktiv igen.") % {"name": found.name},
        yes=_("Ja, markér som aktiv"),
    )
