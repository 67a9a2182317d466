# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The list as a spreadsheet."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Operator, Role
from brobygger.register import services
from brobygger.register.models import Organisation
from brobygger.register.search import index
from tests.factories import OrganisationFactory, firm_user, user_as

URL = reverse("register:export")


def rows(client: Client, **asked: object) -> list[dict[str, object]]:
    response = client.get(URL, asked)
    assert response.status_code == 200
    sheet = load_workbook(BytesIO(response.content)).active
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_the_filtered_list_is_exported_in_order(as_consultant: Client, operator: Operator) -> None:
    for name in ("Østers", "Zebra"):
        OrganisationFactory(operator=operator, name=name, employees=7, ad_protected=name == "Zebra")
    OrganisationFactory(operator=operator, name="Ophørt", status="dissolved")
    found = rows(as_consultant)
    assert [row["Navn"] for row in found] == ["Zebra", "Østers"]
    assert [row["Reklamebeskyttet"] for row in found] == ["ja", "nej"]
    assert found[0]["Ansatte"] == 7
    assert found[0]["Kommune"] == "Lejre"


def test_a_search_is_exported(as_consultant: Client, operator: Operator) -> None:
    firms = [OrganisationFactory(operator=operator, name=name) for name in ("Osted Bageri", "Osted Smedje")]
    services.set_tags(firms[0], ["brød"])
    index(firms)
    found = rows(as_consultant, q="bageri")
    assert [(row["Navn"], row["Mærkater"]) for row in found] == [("Osted Bageri", "brød")]


def test_nothing_of_another_office_is_exported(as_consultant: Client) -> None:
    OrganisationFactory()
    assert rows(as_consultant, status="alle") == []


def test_an_export_is_recorded(as_consultant: Client, operator: Operator) -> None:
    OrganisationFactory(operator=operator)
    rows(as_consultant, kommune="0350")
    entry = AuditEntry.objects.get(action="export")
    assert entry.detail == {"rows": 1, "asked": "kommune=0350"}


def test_text_that_looks_like_a_formula_stays_text(as_consultant: Client, operator: Operator) -> None:
    OrganisationFactory(operator=operator, name="=HYPERLINK(1)", city="\x0bLejre")
    assert rows(as_consultant)[0]["Navn"] == "=HYPERLINK(1)"
    response = as_consultant.get(URL)
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet["A2"].data_type == "s"


def test_a_list_that_is_too_long_says_so(as_consultant: Client, operator: Operator, monkeypatch) -> None:
    monkeypatch.setattr("brobygger.register.export.MOST_ROWS", 1)
    OrganisationFactory.create_batch(2, operator=operator)
    page = as_consultant.get(URL, {"status": "alle"}, follow=True)
    assert page.redirect_chain[0][0].endswith("?status=alle")
    assert "Vælg færre med filtrene" in page.content.decode()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FIRM, Role.PARTNER])
def test_only_the_office_exports(sign_in, operator: Operator, role: str) -> None:
    assert sign_in(user_as(role, operator)).get(URL).status_code == 403


def test_a_firm_does_not_export(sign_in, operator: Operator) -> None:
    firm: Organisation = OrganisationFactory(operator=operator)
    assert sign_in(firm_user(firm)).get(URL).status_code == 403
