# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who finds a case and its parts, and who does not: the bank, somebody partial, another office."""

from __future__ import annotations

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, Role
from brobygger.cases.models import Case, Vote
from brobygger.cases.services import contents
from tests.cases.made import at_decision, press, shown
from tests.factories import OrganisationFactory, user_as


def test_the_bank_sees_what_it_may_and_votes_once(operator, consultant, firm, sign_in) -> None:
    case, bank, _group = at_decision(operator, consultant, organisation=firm)
    case = contents.fill_in(case, {"secret": "Tvivlsomt"}, user=consultant, expected=case.version)
    client = sign_in(bank)
    assert case.title in shown(client, "/sager/mine/")
    page = shown(client, case.get_absolute_url())
    assert "Tvivlsomt" not in page
    address = f"/sager/{case.pk}/stem/decide/"
    shown(client, address)
    assert "Skriv en begrundelse" in press(client, address, answer="no", round=case.round)
    press(client, address, answer="yes", round=case.round)
    assert "allerede stemt" in press(client, address, answer="yes", round=case.round)
    assert Vote.objects.count() == 1
    for other in ("notat", "tjekliste", "ret", "oplysninger", "vent", "part", "arkivfil", "dage", "dokument"):
        assert client.post(f"/sager/{case.pk}/{other}/").status_code == 403, other


def test_somebody_partial_finds_nothing(operator, case, firm, sign_in) -> None:
    from brobygger.register.models import Affiliation
    from tests.factories import PersonFactory

    partial = user_as(Role.HEAD, operator)
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=partial), organisation=firm)
    client = sign_in(partial)
    for address in (
        "/sager/",
        "/sager/tavle/",
        "/sager/?q=bryggeri",
        "/i-dag/?vis=alle",
        firm.get_absolute_url(),
    ):
        assert case.title not in shown(client, address), address
    assert client.get(case.get_absolute_url()).status_code == 404
    assert "For sent" in shown(client, "/sager/hvem-har-hvad/")


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.HEAD])
def test_another_office_finds_nothing(case: Case, sign_in, role) -> None:
    client = sign_in(user_as(role))
    assert case.title not in shown(client, "/sager/")
    for path in ("", "dage/", "oplysninger/", "videre/complete/", "inhabil/"):
        assert client.get(f"/sager/{case.pk}/{path}").status_code == 404, path


def test_parties_come_and_go(case: Case, operator: Operator, as_consultant: Client) -> None:
    bank = OrganisationFactory(operator=operator, name="Prøvebanken")
    address = f"/sager/{case.pk}/part/"
    assert "Der er noget, der skal rettes" in press(as_consultant, address, role="bank")
    press(as_consultant, address, role="bank", organisation=bank.pk)
    party = case.parties.get(role="bank")
    shown(as_consultant, f"{address}{party.pk}/ud/")
    page = press(as_consultant, f"{address}{party.pk}/ud/")
    assert "Bank træder ud: Prøvebanken" in page
