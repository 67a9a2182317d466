# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""People in organisations, and what those who were invited may do."""

from __future__ import annotations

import pytest

from brobygger.accounts import services as accounts
from brobygger.accounts.models import AuditEntry, Invitation, Operator, Role, User
from brobygger.base import search
from brobygger.base.versions import EditedMeanwhile
from brobygger.register import errors, services_people
from brobygger.register.models import Affiliation, Organisation, Person
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, firm_user


@pytest.fixture
def firm(operator: Operator) -> Organisation:
    return OrganisationFactory(operator=operator)


def test_a_person_is_found_by_name(firm: Organisation, consultant: User) -> None:
    services_people.add_person(firm, {"name": "Signe Opdigtet"}, by=consultant)
    assert search.find("organisation", "opdigtet", scopes=[str(firm.operator_id)]).keys == [firm.pk]


def test_the_same_address_is_the_same_person_for_the_office(firm: Organisation, consultant: User) -> None:
    other = OrganisationFactory(operator=firm.operator)
    first = services_people.add_person(
        firm, {"name": "Signe", "email": "signe@example.invalid"}, by=consultant
    )
    second = services_people.add_person(
        other, {"name": "S.", "email": "SIGNE@example.invalid"}, by=consultant
    )
    assert first.person_id == second.person_id


def test_a_firm_learns_nothing_of_another_firms_people(firm: Organisation, consultant: User) -> None:
    other = OrganisationFactory(operator=firm.operator)
    known = services_people.add_person(
        other, {"name": "Signe", "email": "signe@example.invalid"}, by=consultant
    )
    own = services_people.add_person(
        firm, {"name": "S", "email": "signe@example.invalid"}, by=firm_user(firm)
    )
    assert own.person_id != known.person_id


def test_a_person_is_in_an_organisation_once(firm: Organisation, consultant: User) -> None:
    values = {"name": "Signe", "email": "signe@example.invalid"}
    affiliation = services_people.add_person(firm, values, by=consultant)
    with pytest.raises(errors.AlreadyAffiliated):
        services_people.add_person(firm, values, by=consultant)
    services_people.end_affiliation(affiliation, by=consultant)
    again = services_people.add_person(firm, values, by=consultant)
    assert again.pk == affiliation.pk
    assert again.ended_on is None


def test_a_firm_cannot_give_somebody_the_right_to_act(firm: Organisation) -> None:
    affiliation = services_people.add_person(firm, {"name": "Ven", "may_act": True}, by=firm_user(firm))
    assert not affiliation.may_act


def test_a_firm_cannot_shut_out_its_own_users(firm: Organisation) -> None:
    user = firm_user(firm)
    with pytest.raises(errors.NotAllowed):
        services_people.end_affiliation(Affiliation.objects.get(person__user=user), by=user)


def test_a_firm_does_not_change_a_person_others_know(firm: Organisation, consultant: User) -> None:
    other = OrganisationFactory(operator=firm.operator)
    values = {"name": "Signe", "email": "signe@example.invalid"}
    services_people.add_person(other, values, by=consultant)
    affiliation = services_people.add_person(firm, values, by=consultant)
    with pytest.raises(errors.KnownElsewhere):
        services_people.edit_person(affiliation, {"name": "Hacket"}, expected=1, by=firm_user(firm))
    assert services_people.edit_person(affiliation, {"name": "Signe B"}, expected=1, by=consultant)


def test_the_second_of_two_editors_of_a_person_is_told(firm: Organisation, consultant: User) -> None:
    affiliation = services_people.add_person(firm, {"name": "Signe"}, by=consultant)
    services_people.edit_person(affiliation, {"name": "Signe A"}, expected=1, by=consultant)
    with pytest.raises(EditedMeanwhile):
        services_people.edit_person(affiliation, {"name": "Signe B"}, expected=1, by=consultant)


def test_whoever_has_left_no_longer_acts_for_the_organisation(firm: Organisation, consultant: User) -> None:
    user = firm_user(firm)
    services_people.end_affiliation(Affiliation.objects.get(person__user=user), by=consultant)
    assert not Organisation.objects.visible_to(user).exists()


def test_an_erased_person_leaves_no_trace_but_that_it_was_done(firm: Organisation, consultant: User) -> None:
    affiliation = services_people.add_person(firm, {"name": "Signe Opdigtet"}, by=consultant)
    services_people.erase_person(affiliation.person, by=consultant)
    assert not Person.history.exists()
    assert not Affiliation.history.exists()
    assert search.find("organisation", "opdigtet", scopes=[str(firm.operator_id)]).keys == []
    entry = AuditEntry.objects.get(action="person_erased")
    assert "Signe" not in f"{entry.about}{entry.detail}"


def accept(invitation: Invitation) -> User:
    from brobygger.accounts.services import link_to

    token = link_to(invitation).rstrip("/").rsplit("/", 1)[-1]
    return accounts.accept_as_new(token, "Ny Bruger", "et langt kodeord 123")


def test_an_invited_person_acts_for_the_organisation_when_the_account_is_made(
    firm: Organisation, consultant: User
) -> None:
    known = services_people.add_person(
        firm, {"name": "Signe", "email": "signe@example.invalid"}, by=consultant
    )
    invitation = accounts.invite(
        firm.operator, "signe@example.invalid", Role.FIRM, consultant, organisation_id=firm.pk
    )
    user = accept(invitation)
    known.refresh_from_db()
    assert known.person.user == user
    assert known.may_act
    assert Organisation.objects.acted_for_by(user).get() == firm


def test_an_invited_stranger_becomes_a_person(firm: Organisation, consultant: User) -> None:
    user = accept(
        accounts.invite(firm.operator, "ny@example.invalid", Role.FIRM, consultant, organisation_id=firm.pk)
    )
    assert Person.objects.get(user=user).email == "ny@example.invalid"
    assert Organisation.objects.acted_for_by(user).get() == firm


def test_an_invitation_never_opens_another_operators_organisation(
    operator: Operator, consultant: User
) -> None:
    foreign = OrganisationFactory(operator=OperatorFactory())
    user = accept(
        accounts.invite(operator, "ny@example.invalid", Role.FIRM, consultant, organisation_id=foreign.pk)
    )
    assert not Organisation.objects.acted_for_by(user).exists()


def test_a_person_of_another_operator_is_not_taken_over(firm: Organisation, consultant: User) -> None:
    foreign = PersonFactory(operator=OperatorFactory(), email="ny@example.invalid")
    accept(
        accounts.invite(firm.operator, "ny@example.invalid", Role.FIRM, consultant, organisation_id=firm.pk)
    )
    foreign.refresh_from_db()
    assert foreign.user is None
