# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations over the API."""

from __future__ import annotations

from django.test import Client

from brobygger.accounts.models import AuditEntry, Operator, Role, User
from brobygger.register import services_people
from brobygger.register.search import index
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

URL = "/api/v1/virksomheder"


def test_the_list_is_searched_and_paged(as_consultant: Client, operator: Operator) -> None:
    firms = OrganisationFactory.create_batch(30, operator=operator)
    index(firms)
    answer = as_consultant.get(URL, {"side": 2}).json()
    assert (answer["count"], answer["page"], answer["pages"], len(answer["items"])) == (30, 2, 2, 5)
    answer = as_consultant.get(URL, {"q": firms[0].cvr}).json()
    assert [item["id"] for item in answer["items"]] == [firms[0].pk]


def test_one_organisation_with_its_people(
    as_consultant: Client, operator: Operator, consultant: User
) -> None:
    firm = OrganisationFactory(operator=operator)
    services_people.add_person(firm, {"name": "Signe", "title": "smed"}, by=consultant)
    answer = as_consultant.get(f"{URL}/{firm.pk}").json()
    assert answer["industry_title"] == "Fremstilling af øl"
    assert answer["people"][0]["title"] == "smed"
    assert AuditEntry.objects.filter(action="person_set").count() == 1


def test_another_office_gets_nothing(sign_in, operator: Operator) -> None:
    firm = OrganisationFactory(operator=operator)
    stranger = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    assert stranger.get(URL).json()["count"] == 0
    assert stranger.get(f"{URL}/{firm.pk}").status_code == 404


def test_a_firm_gets_itself(sign_in, operator: Operator) -> None:
    own, other = OrganisationFactory.create_batch(2, operator=operator)
    client = sign_in(firm_user(own))
    assert [item["id"] for item in client.get(URL).json()["items"]] == [own.pk]
    assert client.get(f"{URL}/{other.pk}").status_code == 404


def test_nobody_gets_nothing(client: Client, operator: Operator) -> None:
    assert client.get(URL).status_code == 401
