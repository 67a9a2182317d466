# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From a scheme to an application: the office's and the firm's own way, with scheme and firm filled in."""

from __future__ import annotations

import html
import re

from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.models import Case
from tests.factories import OrganisationFactory, firm_user
from tests.guidance.made import scheme


def way(page: str) -> str:
    found = re.search(r'href="([^"]*ordning=[^"]*)"[^>]*>Begynd en ansøgning', page)
    assert found
    return html.unescape(found[1])


def test_without_the_case_type_there_is_no_way(as_consultant: Client, operator: Operator) -> None:
    pool = scheme(operator)
    assert "Begynd en ansøgning" not in as_consultant.get(f"/ordninger/{pool.pk}/").content.decode()


def test_the_office_opens_one_with_both_filled_in(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    adopt_shipped(operator, "case_type", "grant_application", user=None)
    pool, firm = scheme(operator), OrganisationFactory(operator=operator)
    assert "ordning=pulje" in way(as_consultant.get(f"/ordninger/{pool.pk}/").content.decode())
    assert "ordning=pulje" in way(
        as_consultant.get(f"/ordninger/{pool.pk}/virksomhed/{firm.pk}/").content.decode()
    )
    address = way(as_consultant.get(f"/ordninger/virksomhed/{firm.pk}/").content.decode())
    page = as_consultant.get(address).content.decode()
    assert 'value="Prøvepuljen"' in page
    assert firm.name in page
    typed = {
        "type": "grant_application",
        "title": "Prøvepuljen",
        "organisation": firm.pk,
        "officer": consultant.pk,
    }
    assert as_consultant.post(address, typed).status_code == 302
    case = Case.objects.get()
    assert (case.organisation, case.values["scheme"]) == (firm, "pulje")


def test_the_firm_begins_its_own(client: Client, operator: Operator) -> None:
    adopt_shipped(operator, "case_type", "grant_application", user=None)
    scheme(operator)
    firm = OrganisationFactory(operator=operator)
    client.force_login(firm_user(firm))
    address = way(client.get(f"/ordninger/virksomhed/{firm.pk}/").content.decode())
    assert 'value="Prøvepuljen"' in client.get(address).content.decode()
    client.post(address, {"title": "Ny kedel"})
    case = Case.objects.get()
    assert (case.title, case.organisation, case.values["scheme"]) == ("Ny kedel", firm, "pulje")


def test_a_scheme_that_the_office_does_not_have_fills_nothing_in(
    as_consultant: Client, operator: Operator
) -> None:
    adopt_shipped(operator, "case_type", "grant_application", user=None)
    firm = OrganisationFactory(operator=operator)
    address = "/sager/ny/?type=grant_application&ordning=fremmed"
    as_consultant.post(address, {"type": "grant_application", "title": "X", "organisation": firm.pk})
    assert "scheme" not in Case.objects.get().values
