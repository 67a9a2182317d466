# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that are entered twice are found, and told apart from those that only look alike."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brobygger.accounts.models import AuditEntry, Operator, Role
from brobygger.base.models import Job
from brobygger.register import duplicates
from brobygger.register.duplicates.finding import blocks_of, read
from brobygger.register.duplicates.weighing import core_of, digits_of, domains_of, street_of
from brobygger.register.errors import NotAllowed
from brobygger.register.models import Organisation, PossibleDuplicate
from brobygger.register.services_duplicates import set_apart
from brobygger.register.services_merge import merge
from brobygger.register.tasks import find_duplicates_everywhere
from tests.factories import EstablishmentFactory, OrganisationFactory, user_as

OWN = {"name": "Øens Bryghus ApS", "street": "Havnegade 8, 1. tv.", "postal_code": "4320", "phone": "+45 12 34 56 78",
       "email": "post@oensbryghus.invalid", "cvr": "99100001"}  # fmt: skip


def firm(operator: Operator, **values: object) -> Organisation:
    plain = {"street": "", "postal_code": "", "phone": "", "email": "", "cvr": None}
    return OrganisationFactory(operator=operator, **{**plain, **values})


def waiting(operator: Operator) -> list[set[int]]:
    duplicates.find(operator)
    return [{pair.first_id, pair.second_id} for pair in PossibleDuplicate.objects.waiting()]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "OENS BRYGHUS", "postal_code": "4320"},
        {"name": "Øens Bryghuss", "postal_code": "4320", "street": "Havnegade 8"},
        {"name": "Bryghuset Øen", "phone": "12345678"},
        {"name": "Noget helt andet", "email": "POST@oensbryghus.invalid"},
        {"name": "Øens Bryghus", "website": "https://www.oensbryghus.invalid/kontakt"},
        {"name": "Øens Bryghus", "cvr": "99100002", "status": "dissolved", "postal_code": "4320"},
    ],
    ids=["other spelling", "typing error", "phone", "e-mail", "domain", "ceased under another number"],
)
def test_the_same_firm_entered_again_is_found(operator: Operator, other: dict[str, str]) -> None:
    first, second = firm(operator, **OWN), firm(operator, **other)
    assert waiting(operator) == [{first.pk, second.pk}]


@pytest.mark.parametrize(
    "other",
    [
        {**OWN, "cvr": "99100002"},
        {"name": "Øens Bryghus", "postal_code": "9000"},
        {"name": "Tømrer Prøve", "street": "Havnegade 8, 2.", "postal_code": "4320"},
        {"name": "Fjordens Bageri", "postal_code": "4320"},
        {"name": "Fjordens Bageri", "email": "a@gmail.com"},
    ],
    ids=[
        "another number, both active",
        "same name elsewhere",
        "neighbour in the house",
        "same town",
        "free mail",
    ],
)
def test_two_firms_that_are_two_are_left_alone(operator: Operator, other: dict[str, str]) -> None:
    firm(operator, **{**OWN, "email": "b@gmail.com"} if other.get("email") == "a@gmail.com" else OWN)
    firm(operator, **other)
    assert waiting(operator) == []


def test_a_firm_that_is_also_a_place_of_work_of_another_is_found(operator: Operator) -> None:
    parent = firm(operator, name="Prøve Holding ApS", cvr="99100001", postal_code="4000")
    EstablishmentFactory(organisation=parent, name="Bageren på Torvet", street="Torvet 1", postal_code="4320")
    shop = firm(operator, name="Bageren på Torvet", street="Torvet 1", postal_code="4320")
    duplicates.find(operator)
    pair = PossibleDuplicate.objects.get()
    assert {pair.first, pair.second} == {parent, shop}
    assert "P-nummer" in " ".join(pair.why)
    assert (pair.keep, pair.other) == (parent, shop)


def test_a_neighbours_firm_is_never_in_it(operator: Operator) -> None:
    firm(operator, **OWN)
    OrganisationFactory(**OWN)
    assert waiting(operator) == []


def test_names_numbers_and_addresses_are_compared_in_one_spelling() -> None:
    assert core_of("Øens Bryghus v/ Prøve ApS") == core_of("PRØVE, ØENS BRYGHUS")
    assert digits_of("+45 12 34 56 78") == digits_of("004512345678") == "12345678"
    assert digits_of("+46 8 123 456") == ""
    assert street_of("Havnegade 8, 1. tv.") == street_of("HAVNEGADE 8")
    assert domains_of("a@gmail.com", "www.Proeve.invalid/x") == {"proeve.invalid"}


def test_what_hundreds_share_makes_no_hundred_thousand_pairs(operator: Operator) -> None:
    for number in range(60):
        firm(operator, name=f"Kontor {number}", street="Hotelvej 1", postal_code="4000", phone="12345678")
    assert max((len(block) for block in blocks_of({one.pk: one for one in read(operator)})), default=0) <= 40


def test_they_are_not_proposed_again_when_somebody_said_they_are_two(operator, consultant) -> None:
    firm(operator, **OWN)
    firm(operator, name="Øens Bryghus", postal_code="4320")
    assert len(waiting(operator)) == 1
    set_apart(PossibleDuplicate.objects.get(), user=consultant)
    assert waiting(operator) == []
    assert PossibleDuplicate.objects.get().decided_by == consultant
    assert AuditEntry.objects.filter(action="duplicates_apart").count() == 1


def test_a_pair_that_no_longer_looks_alike_leaves_the_list(operator) -> None:
    firm(operator, **OWN)
    second = firm(operator, name="Øens Bryghus", postal_code="4320")
    assert len(waiting(operator)) == 1
    Organisation.objects.filter(pk=second.pk).update(name="Fjordens Bageri", postal_code="9000")
    assert waiting(operator) == []


def test_after_a_merge_the_pair_is_gone(operator, consultant) -> None:
    first, second = firm(operator, **OWN), firm(operator, name="Øens Bryghus", postal_code="4320")
    assert len(waiting(operator)) == 1
    merge(first, second, chosen={}, expected=(1, 1), user=consultant)
    assert not PossibleDuplicate.objects.exists()


def test_only_the_offices_own_people_decide(operator) -> None:
    firm(operator, **OWN)
    firm(operator, name="Øens Bryghus", postal_code="4320")
    duplicates.find(operator)
    for stranger in (user_as(Role.ADMIN, operator), user_as(Role.CONSULTANT)):
        with pytest.raises(NotAllowed):
            set_apart(PossibleDuplicate.objects.get(), user=stranger)


def test_every_office_is_looked_through_at_night(operator) -> None:
    firm(operator, **OWN)
    firm(operator, name="Øens Bryghus", postal_code="4320")
    assert find_duplicates_everywhere.call() == 1


def pairs(operator: Operator, many: int) -> None:
    for _ in range(many):
        number = Organisation.objects.count()
        first, second = (firm(operator, name=f"Par {number} {side}") for side in "ab")
        PossibleDuplicate.objects.create(
            operator=operator, first=first, second=second, score=0.7, reasons=[["name", 0.9], ["phone", 1.0]]
        )


def test_the_worklist_shows_why_and_leads_to_merging_and_to_saying_no(
    as_consultant: Client, operator
) -> None:
    pairs(operator, 1)
    pair = PossibleDuplicate.objects.get()
    html = as_consultant.get(reverse("register:duplicates")).content.decode()
    assert "navnet ligner, samme telefonnummer" in html
    assert "70 %" in html
    assert reverse("register:merge_with", args=[pair.first_id, pair.second_id]) in html
    as_consultant.post(reverse("register:not_duplicates", args=[pair.pk]))
    assert "Par 0" not in as_consultant.get(reverse("register:duplicates")).content.decode()
    assert "Par 0" in as_consultant.get(reverse("register:duplicates") + "?vis=adskilt").content.decode()
    as_consultant.post(reverse("register:duplicates_again", args=[pair.pk]))
    assert PossibleDuplicate.objects.waiting().count() == 1


def test_the_worklist_asks_as_little_of_many_as_of_one(as_consultant: Client, operator) -> None:
    page = reverse("register:duplicates")
    pairs(operator, 1)
    as_consultant.get(page)
    with CaptureQueriesContext(connection) as one:
        as_consultant.get(page)
    pairs(operator, 12)
    with CaptureQueriesContext(connection) as many:
        as_consultant.get(page)
    assert len(many) == len(one)


def test_a_neighbour_neither_sees_nor_decides(sign_in, operator) -> None:
    pairs(operator, 1)
    neighbour = sign_in(user_as(Role.CONSULTANT))
    assert "Par 0" not in neighbour.get(reverse("register:duplicates")).content.decode()
    pair = PossibleDuplicate.objects.get()
    assert neighbour.post(reverse("register:not_duplicates", args=[pair.pk])).status_code == 404
    assert PossibleDuplicate.objects.waiting().exists()


def test_the_register_is_looked_through_now_when_asked_and_once_at_a_time(as_consultant, operator) -> None:
    for _ in range(2):
        answer = as_consultant.post(reverse("register:find_duplicates"))
    assert answer.status_code == 302
    assert Job.objects.filter(kind="duplicates").count() == 1
