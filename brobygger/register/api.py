# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""This room's part of the API: the organisations a person may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from ninja import Router, Schema

from brobygger.accounts import audit
from brobygger.knowledge.industries import industry_title
from brobygger.register import queries, rights
from brobygger.register.models import Organisation

router = Router()


class PlaceOut(Schema):
    """A place of work."""

    name: str
    p_number: str | None
    address: str
    latitude: float | None
    longitude: float | None
    ended_on: date | None


class PersonOut(Schema):
    """Somebody in the organisation now."""

    name: str
    title: str
    email: str
    phone: str
    is_contact: bool


class OrganisationRow(Schema):
    """An organisation in a list. Distances and positions: WGS84 degrees."""

    id: int
    name: str
    cvr: str | None
    kind: str
    status: str
    industry: str
    industry_title: str
    employees: int | None
    address: str
    municipality_code: str
    latitude: float | None
    longitude: float | None
    ad_protected: bool
    invented: bool


class OrganisationOut(OrganisationRow):
    """An organisation with what belongs to it."""

    description: str
    founded_on: date | None
    dissolved_on: date | None
    email: str
    phone: str
    website: str
    tags: list[str]
    places: list[PlaceOut]
    people: list[PersonOut]


class OrganisationPage(Schema):
    """A page of organisations. `corrected`: the words as understood, when typing errors were mended."""

    count: int
    page: int
    pages: int
    corrected: str
    items: list[OrganisationRow]


def _row(organisation: Organisation) -> dict[str, Any]:
    same = ("name", "cvr", "kind", "status", "industry", "employees", "address", "municipality_code", "latitude", "longitude", "ad_protected", "invented")  # fmt: skip
    return {
        "id": organisation.pk,
        "industry_title": (industry_title(organisation.industry) or "") if organisation.industry else "",
        **{name: getattr(organisation, name) for name in same},
    }


@router.get("", response=OrganisationPage, summary="Søg i virksomheder")
def organisations(
    request: HttpRequest,
    q: str = "",
    branche: str = "",
    kommune: str = "",
    ansatte: str = "",
    sted: str = "",
    km: str = "",
    maerkat: str = "",
    art: str = "",
    status: str = "",
    sorter: str = "",
    side: int = 1,
) -> dict[str, Any]:
    """Those the person may see, 25 a page, with the same words and filters as the list on screen."""
    operator: Any = getattr(request, "operator", None)
    listed = queries.organisations(request.user, operator, request.GET)  # type: ignore[arg-type]
    page: Any = Paginator(listed.rows, settings.PAGE_SIZE).get_page(side)  # type: ignore[arg-type]
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "corrected": listed.found.corrected if listed.found else "",
        "items": [_row(organisation) for organisation in page.object_list],
    }


@router.get("/{int:pk}", response=OrganisationOut, summary="Én virksomhed")
def organisation(request: HttpRequest, pk: int) -> dict[str, Any]:
    """One organisation with its places of work and people; 404 when the person may not see it."""
    user: Any = request.user
    try:
        page = queries.organisation_page(user, pk)
    except Organisation.DoesNotExist as error:
        raise Http404 from error
    found = page.organisation
    people = [affiliation for affiliation in page.people if affiliation.ended_on is None]
    if people:
        audit.record(
            "person_set", user=user, operator=found.operator, about=f"{found.name} ({found.pk})", by="api"
        )
    same = ("description", "founded_on", "dissolved_on", "email", "phone", "website")
    return {
        **_row(found),
        **{name: getattr(found, name) for name in same},
        "tags": [tag.name for tag in page.tags] if rights.sees_tags(user, found.operator_id) else [],
        "places": page.places,
        "people": [
            {
                "name": a.person.name,
                "title": a.title,
                "email": a.person.email,
                "phone": a.person.phone,
                "is_contact": a.is_contact,
            }
            for a in people
        ],
    }
