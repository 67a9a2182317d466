# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One organisation's page."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.base import panels
from brobygger.register import services, services_people
from brobygger.register.models import Affiliation, Organisation
from brobygger.register.views.organisation import age_of, link_to
from tests.factories import (
    EstablishmentFactory,
    OperatorFactory,
    OrganisationFactory,
    PersonFactory,
    firm_user,
    user_as,
)


@pytest.fixture
def firm(operator: Operator, consultant: User) -> Organisation:
    firm = services.create_organisation(
        operator,
        {
            "name": "Herslev Bryghus",
            "cvr": "99200777",
            "industry": "110500",
            "employees": 14,
            "postal_code": "4000",
            "phone": "12 34 56 78",
            "website": "https://example.invalid",
            "description": "Øl fra marken.",
        },
        tags=["fødevarer"],
    )
    services.add_establishment(
        firm, {"name": "Gårdbutikken", "p_number": "1990000777", "postal_code": "4000"}
    )
    services.add_permit(firm, {"kind": "food", "number": "F-17"})
    services_people.add_person(firm, {"name": "Signe Opdigtet", "title": "brygmester"}, by=consultant)
    return firm


def page(client: Client, firm: Organisation) -> str:
    response = client.get(firm.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_everything_stands_on_one_page(as_consultant: Client, firm: Organisation) -> None:
    shown = page(as_consultant, firm)
    for text in (
        "Herslev Bryghus", "99200777", "Fremstilling af øl", "14", "4000 Roskilde", "12 34 56 78", "Øl fra marken.",
        "fødevarer", "Gårdbutikken", "1990000777", "F-17", "Signe Opdigtet", "brygmester", "Aktiv", "Historik",
    ):  # fmt: skip
        assert text in shown


def test_the_number_of_queries_does_not_grow_with_what_belongs_to_it(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    def queries() -> int:
        as_consultant.get(firm.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            as_consultant.get(firm.get_absolute_url())
        return len(captured)

    before = queries()
    for number in range(5):
        EstablishmentFactory(organisation=firm)
        services_people.add_person(firm, {"name": f"Person {number}"}, by=consultant)
        services.add_permit(firm, {"kind": "feed"})
    assert queries() == before


def test_looking_at_people_is_recorded(as_consultant: Client, firm: Organisation, consultant: User) -> None:
    page(as_consultant, firm)
    entry = AuditEntry.objects.get(action="person_set")
    assert entry.user == consultant
    assert "Herslev Bryghus" in entry.about


def test_a_page_without_people_is_not_recorded(as_consultant: Client, operator: Operator) -> None:
    page(as_consultant, OrganisationFactory(operator=operator))
    assert not AuditEntry.objects.filter(action="person_set").exists()


def test_a_history_that_is_too_long_to_show_says_so(as_consultant: Client, operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator)
    assert "nyeste ændringer vises" not in as_consultant.get(firm.get_absolute_url()).content.decode()
    for number in range(51):
        firm.phone = str(number)
        firm.save()
    page = as_consultant.get(firm.get_absolute_url()).content.decode()
    assert "Kun de 50 nyeste ændringer vises." in page
    assert page.count("telefon: fra") == 50


def test_an_organisation_without_history_has_a_page(as_consultant: Client, operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator)
    firm.history.all().delete()
    assert "Der er ingen ændringer endnu" in page(as_consultant, firm)


@pytest.mark.parametrize(
    ("fields", "badge"),
    [
        ({"status": "dissolved", "dissolved_on": date(2026, 1, 1)}, "Ophørt"),
        ({"status": "bankrupt"}, "Konkurs"),
        ({"ad_protected": True}, "Reklamebeskyttet"),
        ({"invented": True}, "Opdigtet"),
    ],
)
def test_its_state_is_said(
    as_consultant: Client, operator: Operator, fields: dict[str, object], badge: str
) -> None:
    assert badge in page(as_consultant, OrganisationFactory(operator=operator, **fields))


def test_other_rooms_put_their_pieces_on_the_page(as_consultant: Client, firm: Organisation) -> None:
    @panels.panel("register.organisation", order=1)
    def piece(request: HttpRequest, organisation: Organisation) -> str:
        return f"<p>Om {organisation.pk} til {request.user}</p>"

    try:
        assert f"<p>Om {firm.pk} til Prøve Konsulent</p>" in page(as_consultant, firm)
    finally:
        panels._registry["register.organisation"].pop(f"{piece.__module__}.{piece.__qualname__}")


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.HEAD, Role.ADMIN, Role.FIRM, Role.PARTNER])
def test_people_of_another_office_find_no_page(sign_in, firm: Organisation, role: str) -> None:
    stranger = sign_in(user_as(role, OperatorFactory()))
    assert stranger.get(firm.get_absolute_url()).status_code == 404
    assert stranger.get("/virksomheder/999999/").status_code == 404


@pytest.mark.parametrize("role", [Role.FIRM, Role.PARTNER])
def test_others_of_the_same_office_find_no_page(sign_in, firm: Organisation, role: str) -> None:
    assert sign_in(user_as(role, firm.operator)).get(firm.get_absolute_url()).status_code == 404


def test_the_firm_sees_itself(sign_in, firm: Organisation) -> None:
    shown = page(sign_in(firm_user(firm)), firm)
    assert "Herslev Bryghus" in shown
    assert "Markér som ophørt" not in shown
    assert f"/virksomheder/{firm.pk}/ret/" in shown


def test_the_offices_own_words_about_a_firm_are_not_shown_to_it(sign_in, firm: Organisation) -> None:
    services.set_tags(firm, ["svær kunde"])
    client = sign_in(firm_user(firm))
    for address in (firm.get_absolute_url(), "/virksomheder/", f"/api/v1/virksomheder/{firm.pk}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "svær kunde" not in answer.content.decode()
    assert "svær kunde" in page(sign_in(user_as(Role.ADMIN, firm.operator)), firm)


def test_an_administrator_reads_but_does_not_change(sign_in, firm: Organisation) -> None:
    client = sign_in(user_as(Role.ADMIN, firm.operator))
    assert "/ret/" not in page(client, firm)
    assert client.get(f"{firm.get_absolute_url()}ret/").status_code == 403


def test_a_huge_number_in_the_address_is_not_found(as_consultant: Client) -> None:
    assert as_consultant.get(f"/virksomheder/{'9' * 40}/").status_code == 404


@pytest.mark.parametrize(
    ("website", "link"),
    [
        ("https://example.invalid/a", "https://example.invalid/a"),
        ("www.example.invalid", "https://www.example.invalid"),
        ("javascript:alert(1)", ""),
        ("ingen", ""),
        ("", ""),
    ],
)
def test_only_a_home_page_becomes_a_link(website: str, link: str) -> None:
    assert link_to(website) == link


def test_age_is_counted_to_the_day_it_ceased() -> None:
    assert age_of(Organisation(founded_on=date(2000, 6, 15), dissolved_on=date(2010, 6, 14))) == "2000 (9 år)"
    assert age_of(Organisation()) == ""


def test_whom_to_call_stands_before_everything_else(as_consultant, operator):
    """Read in a car, on a phone: the name and the number come before what the office has written."""
    firm = OrganisationFactory(operator=operator)
    for name, is_contact, ended in (
        ("Aksel", False, None),
        ("Bodil", True, None),
        ("Carl", True, "2020-01-01"),
    ):
        person = PersonFactory(operator=operator, name=f"{name} Prøve", phone="12 34 56 78")
        Affiliation.objects.create(person=person, organisation=firm, is_contact=is_contact, ended_on=ended)
    page = as_consultant.get(firm.get_absolute_url()).content.decode()
    top = page[: page.index("Skriv notat")]
    assert "Bodil Prøve" in top
    assert 'href="tel:12345678"' in top
    assert "Aksel Prøve" not in top
    assert "Carl Prøve" not in top
