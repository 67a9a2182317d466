# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm that a neighbour referred is made in one's own register from what was shared, or laid with one that is there."""

from __future__ import annotations

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.base.versions import EditedMeanwhile
from brobygger.guidance.errors import BadValues, ConsentWithdrawn, HasAFirm, NotYourOffice
from brobygger.guidance.models import Referral
from brobygger.guidance.services import adopting
from brobygger.guidance.services.referrals import send, withdraw
from brobygger.register.errors import CvrTaken
from brobygger.register.models import Affiliation, Organisation
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, user_as
from tests.guidance.made import wish


@pytest.fixture
def came(operator: Operator) -> Referral:
    """From a neighbour, to the office of these tests."""
    neighbour = OperatorFactory(name="Nabokontoret")
    there = user_as("consultant", neighbour)
    firm = OrganisationFactory(
        operator=neighbour, name="Bryggeriet", cvr="99217771", street="Humlevej 3", employees=12,
        phone="11111111", description="Hemmeligt",
    )  # fmt: skip
    bodil = PersonFactory(operator=neighbour, name="Bodil Prøve", email="b@example.invalid", phone="12345678")
    Affiliation.objects.create(person=bodil, organisation=firm)
    send(neighbour, wish(organisation=firm, office=operator, contact=bodil), user=there)
    return Referral.objects.get(operator=operator)


def adopted(came: Referral, consultant: User) -> Organisation:
    """The firm, made from what the neighbour told."""
    bodil = adopting.Contact("Bodil Prøve", "b@example.invalid", "")
    told = {"name": "Bryggeriet", "cvr": "99217771", "kind": "firm"}
    return adopting.make(came, told, bodil, user=consultant, expected=came.version)


def test_the_snapshot_fills_the_form(came: Referral) -> None:
    assert adopting.told(came) == {
        "name": "Bryggeriet", "cvr": "99217771", "employees": 12, "street": "Humlevej 3", "postal_code": "4320",
        "contact_name": "Bodil Prøve", "contact_email": "b@example.invalid", "contact_phone": "12345678",
    }  # fmt: skip


def test_the_firm_is_made_with_its_contact_and_nothing_that_was_not_shared(
    came: Referral, consultant: User
) -> None:
    firm = adopted(came, consultant)
    came.refresh_from_db()
    assert came.organisation == firm
    assert (firm.operator, firm.phone, firm.description) == (came.operator, "", "")
    assert firm.affiliations.get().person.operator == came.operator
    assert Organisation.objects.filter(name="Bryggeriet").count() == 2
    with pytest.raises(HasAFirm):
        adopting.lay_with(came, firm, user=consultant, expected=came.version)


def test_one_that_is_there_is_proposed_and_not_made_twice(came: Referral, consultant: User) -> None:
    ours = OrganisationFactory(operator=came.operator, name="Bryghuset A/S", cvr="99217771")
    assert adopting.like(came.operator, "Bryggeriet", "99217771")[0] == ours
    with pytest.raises(CvrTaken):
        adopting.make(
            came, {"name": "B", "cvr": "99217771"}, adopting.Contact(), user=consultant, expected=came.version
        )
    adopting.lay_with(came, ours, user=consultant, expected=came.version)
    came.refresh_from_db()
    assert came.organisation == ours


def test_strangers_their_firms_and_stale_pages_are_refused(came: Referral, consultant: User) -> None:
    theirs = Organisation.objects.get(name="Bryggeriet")
    with pytest.raises(NotYourOffice):
        adopting.lay_with(came, theirs, user=consultant, expected=came.version)
    ours = OrganisationFactory(operator=came.operator)
    with pytest.raises(NotYourOffice):
        adopting.lay_with(came, ours, user=user_as("consultant"), expected=came.version)
    with pytest.raises(EditedMeanwhile):
        adopting.lay_with(came, ours, user=consultant, expected=came.version + 1)


def test_the_page_makes_it_or_lays_it(as_consultant: Client, came: Referral, operator: Operator) -> None:
    address = f"/henvisninger/{came.pk}/virksomhed/"
    assert address in as_consultant.get(came.get_absolute_url()).content.decode()
    page = as_consultant.get(address).content.decode()
    assert 'value="Bryggeriet"' in page
    assert 'value="99217771"' in page
    assert "Hemmeligt" not in page
    typed = {"name": "Bryggeriet", "kind": "firm", "cvr": "99217771", "opened_version": came.version}
    assert as_consultant.post(address, typed).status_code == 302
    made = Organisation.objects.get(operator=operator, cvr="99217771")
    page = as_consultant.get(came.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in page
    assert address not in page


def test_the_page_lays_it_with_one_of_the_offices_own_only(as_consultant: Client, came: Referral) -> None:
    theirs = Organisation.objects.get(name="Bryggeriet")
    address = f"/henvisninger/{came.pk}/virksomhed/"
    typed = {"laeg": theirs.pk, "opened_version": came.version}
    assert as_consultant.post(address, typed).status_code == 404
    ours = OrganisationFactory(operator=came.operator)
    as_consultant.post(address, {"laeg": ours.pk, "opened_version": came.version})
    came.refresh_from_db()
    assert came.organisation == ours


def test_what_one_sent_has_no_such_page(as_consultant: Client, operator: Operator, consultant: User) -> None:
    firm = OrganisationFactory(operator=operator)
    sent = send(operator, wish(organisation=firm, office=OperatorFactory()), user=consultant)
    assert as_consultant.get(f"/henvisninger/{sent.pk}/virksomhed/").status_code == 302


def taken_back(came: Referral) -> None:
    """By the neighbour that sent it."""
    sent = Referral.objects.get(counterpart=came)
    withdraw(sent, user=user_as("consultant", sent.operator), expected=sent.version)


def test_consent_withdrawn_after_the_firm_was_made_erases_who_it_was(
    as_consultant: Client, came: Referral, consultant: User
) -> None:
    firm = adopted(came, consultant)
    taken_back(came)
    everything = (
        f"{Referral.objects.filter(pk=came.pk).values()}{Referral.history.filter(id=came.pk).values()}"
    )
    assert not any(trace in everything for trace in ("Bodil", "Bryggeriet", "b@example", "kedel"))
    assert Referral.objects.get(pk=came.pk).organisation is None
    assert not Referral.history.filter(id=came.pk).exclude(organisation=None).exists()
    assert firm.affiliations.get().person.name == "Bodil Prøve"
    page = as_consultant.get(came.get_absolute_url()).content.decode()
    assert "Bryggeriet" not in page
    assert "bliver de stående i jeres register" in page


def test_consent_withdrawn_after_it_was_laid_with_ours_leaves_the_firm(
    came: Referral, consultant: User
) -> None:
    ours = OrganisationFactory(operator=came.operator, name="Bryghuset A/S")
    adopting.lay_with(came, ours, user=consultant, expected=came.version)
    taken_back(came)
    came.refresh_from_db()
    assert (came.organisation, came.who, came.consent_by) == (None, "(trukket tilbage)", "(trukket tilbage)")
    assert Organisation.objects.filter(pk=ours.pk).exists()


def test_what_was_withdrawn_does_not_come_into_the_register(
    as_consultant: Client, came: Referral, consultant: User
) -> None:
    taken_back(came)
    came.refresh_from_db()
    address = f"/henvisninger/{came.pk}/virksomhed/"
    assert address not in as_consultant.get(came.get_absolute_url()).content.decode()
    assert as_consultant.get(address).status_code == 302
    with pytest.raises(ConsentWithdrawn):
        adopting.make(came, {"name": "B"}, adopting.Contact(), user=consultant, expected=came.version)


def test_a_contact_without_a_name_is_asked_for_one(
    as_consultant: Client, came: Referral, consultant: User
) -> None:
    for contact in (adopting.Contact(email="b@example.invalid"), adopting.Contact(" ", phone="12345678")):
        with pytest.raises(BadValues, match="Skriv kontaktpersonens navn"):
            adopting.make(came, {"name": "B"}, contact, user=consultant, expected=came.version)
    typed = {
        "name": "Bryggeriet", "kind": "firm", "contact_email": "b@example.invalid", "opened_version": came.version,
    }  # fmt: skip
    page = as_consultant.post(f"/henvisninger/{came.pk}/virksomhed/", typed)
    assert page.context["form"].errors["contact_name"]
    assert not Organisation.objects.filter(operator=came.operator).exists()
