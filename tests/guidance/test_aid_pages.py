# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The register of aid and a firm's account, by hand in the browser."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from brobygger.accounts.models import Operator, Role, User
from brobygger.base import search
from brobygger.guidance.models import Aid, UndertakingMember
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, user_as
from tests.guidance.made import aid, day

TYPED = {"granted_on": day().isoformat(), "grantor": "Prøvefonden", "amount_dkk": "75.000", "rate": "7,46",
         "amount_eur": "", "de_minimis": "ja", "basis": "", "reference": "A-1"}  # fmt: skip


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator, name="Bryggeriet")


def test_a_consultant_registers_in_kroner_and_sees_the_room_that_is_left(
    as_consultant: Client, firm: Organisation
) -> None:
    account = f"/de-minimis/virksomhed/{firm.pk}/"
    assert "Registrér den første" in as_consultant.get(account).content.decode()
    assert as_consultant.post(f"{account}ny/", TYPED)["Location"] == account
    page = as_consultant.get(account).content.decode()
    assert "10.053,62 €" in page
    assert "289.946,38 €" in page


def test_what_is_refused_is_told_with_the_room_and_nothing_typed_is_lost(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    aid(firm, consultant, amount_eur=Decimal(295_000))
    page = as_consultant.post(f"/de-minimis/virksomhed/{firm.pk}/ny/", TYPED).content.decode()
    assert "plads til 5.000,00 euro den dag" in page
    assert 'value="7,46"' in page
    assert Aid.objects.count() == 1


def test_an_amount_is_tried_before_it_is_granted(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    aid(firm, consultant, granted_on=day(-10), amount_eur=Decimal(250_000))
    account = f"/de-minimis/virksomhed/{firm.pk}/"
    assert "Ja, der er plads" in as_consultant.get(f"{account}?beloeb=50.000").content.decode()
    assert "er for meget" in as_consultant.get(f"{account}?beloeb=50.000,01").content.decode()
    assert (
        "Ja, der er plads"
        in as_consultant.get(f"{account}?beloeb=300.000&dato={day(-1200)}").content.decode()
    )
    assert as_consultant.get(f"{account}?beloeb=x&dato=y").status_code == 200


def test_an_entry_is_corrected_and_taken_out(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    kept = aid(firm, consultant, amount_eur=None, amount_dkk=Decimal(75_000), rate=Decimal("7.46"))
    page = as_consultant.get(f"/de-minimis/{kept.pk}/ret/")
    assert 'value="75.000"' in page.content.decode()
    as_consultant.post(
        f"/de-minimis/{kept.pk}/ret/",
        TYPED | {"amount_dkk": "74.600", "amount_eur": "10.053,62", "opened_version": "1"},
    )
    kept.refresh_from_db()
    assert (kept.amount_dkk, kept.amount_eur) == (74_600, 10_000)
    again = as_consultant.post(f"/de-minimis/{kept.pk}/ret/", TYPED | {"opened_version": "1"})
    assert again.status_code == 409
    assert (
        "Slet den registrerede støtte?" in as_consultant.get(f"/de-minimis/{kept.pk}/slet/").content.decode()
    )
    as_consultant.post(f"/de-minimis/{kept.pk}/slet/")
    assert not Aid.objects.exists()


def test_firms_are_linked_and_parted_again(
    as_consultant: Client, firm: Organisation, operator: Operator
) -> None:
    sister = OrganisationFactory(operator=operator, name="Søsterværket")
    search.index("organisation", [firm, sister])
    address = f"/de-minimis/virksomhed/{firm.pk}/forbind/?q=Søsterværket"
    assert "Søsterværket" in as_consultant.get(address).content.decode()
    as_consultant.post(address, {"other": sister.pk, "basis": "votes"})
    assert UndertakingMember.objects.count() == 2
    assert "Søsterværket" in as_consultant.get(f"/de-minimis/virksomhed/{firm.pk}/").content.decode()
    as_consultant.post(f"/de-minimis/virksomhed/{firm.pk}/skil/")
    assert not UndertakingMember.objects.exists()


def test_primary_production_is_told_that_other_rules_hold(as_consultant: Client, operator: Operator) -> None:
    farm = OrganisationFactory(operator=operator, industry="014700")
    assert (
        "egne de minimis-regler" in as_consultant.get(f"/de-minimis/virksomhed/{farm.pk}/").content.decode()
    )


def test_the_register_is_narrowed_and_fetched(
    as_consultant: Client, firm: Organisation, consultant: User
) -> None:
    aid(firm, consultant, granted_on=day(-800))
    aid(firm, consultant, grantor="Andenfonden", de_minimis=False, basis="Gruppefritagelse")
    foreign = OrganisationFactory()
    aid(foreign, user_as(Role.HEAD, foreign.operator), grantor="Fremmedfonden")
    page = as_consultant.get("/de-minimis/?q=anden").content.decode()
    assert "Andenfonden" in page
    assert "Prøvefonden" not in page
    assert "Fremmedfonden" not in as_consultant.get("/de-minimis/").content.decode()
    for query, expected in (("?deminimis=nej", ["Andenfonden"]), (f"?aar={day(-800).year}", ["Prøvefonden"])):
        sheet = load_workbook(BytesIO(as_consultant.get(f"/de-minimis/regneark/{query}").content)).active
        assert [row[8] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected
    assert "Ingen støtte passer" in as_consultant.get("/de-minimis/?q=findesikke").content.decode()
