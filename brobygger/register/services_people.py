# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Everything a person does to the people in organisations. As little personal data as the work needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from brobygger.accounts import audit
from brobygger.accounts.models import Invitation, User
from brobygger.base.versions import claim
from brobygger.register import search
from brobygger.register.errors import AlreadyAffiliated, KnownElsewhere, NotAllowed
from brobygger.register.models import Affiliation, MergeStep, Organisation, Person
from brobygger.register.rights import can_manage, is_known_elsewhere

log = structlog.get_logger("brobygger.register")
PERSON = ("name", "email", "phone")
ROLE = ("title", "is_contact", "may_act")


@transaction.atomic
def add_person(organisation: Organisation, values: Mapping[str, Any], *, by: User) -> Affiliation:
    """Enter a person with a role in the organisation.

    The office may enter somebody it knows already: the same e-mail address is the same person. A firm always enters
    a new one, so that it learns nothing of other firms' people. Raises AlreadyAffiliated.
    """
    office = can_manage(by, organisation)
    person = _known_person(organisation, str(values.get("email", "")), everywhere=office)
    if person is None:
        person = Person(operator_id=organisation.operator_id)
        _set(person, values, PERSON)
        person.save()
    affiliation = Affiliation.objects.filter(person=person, organisation=organisation).first()
    if affiliation and affiliation.ended_on is None:
        raise AlreadyAffiliated(person.name)
    affiliation = affiliation or Affiliation(person=person, organisation=organisation)
    affiliation.started_on, affiliation.ended_on = timezone.localdate(), None
    _set(affiliation, values, ROLE)
    if not office:
        affiliation.may_act = False
    affiliation.save()
    search.index([organisation])
    return affiliation


@transaction.atomic
def edit_person(
    affiliation: Affiliation, values: Mapping[str, Any], *, expected: int, by: User
) -> Affiliation:
    """Correct a person and the role. Raises EditedMeanwhile, and KnownElsewhere for a firm when others know the person."""
    office = can_manage(by, affiliation.organisation)
    person = Person.objects.get(pk=affiliation.person_id)
    if not office and is_known_elsewhere(person, affiliation.organisation) and person.user_id != by.pk:
        raise KnownElsewhere
    claim(person, expected)
    _set(person, values, PERSON)
    person.save()
    stored = Affiliation.objects.get(pk=affiliation.pk)
    _set(stored, values, ROLE if office else ("title", "is_contact"))
    stored.save()
    search.index(person.affiliations.values_list("organisation_id", flat=True))
    return stored


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, by: User, on: date | None = None) -> None:
    """The person is no longer in the organisation; whoever acted for it here no longer can.

    Raises NotAllowed when a firm would shut out somebody who acts for it: the office does that.
    """
    if affiliation.may_act and not can_manage(by, affiliation.organisation):
        raise NotAllowed
    affiliation.ended_on = on or timezone.localdate()
    affiliation.may_act = False
    affiliation.save()
    search.index([affiliation.organisation_id])


@transaction.atomic
def erase_person(person: Person, *, by: User) -> None:
    """Erase a person on request: the record, its roles and their history. That it was done is recorded, not whom."""
    organisations = list(person.affiliations.values_list("organisation_id", flat=True))
    Affiliation.history.filter(person_id=person.pk).delete()
    operator, pk = person.operator, person.pk
    MergeStep.objects.filter(before__person_id=pk).delete()
    person.delete()
    Affiliation.history.filter(person_id=pk).delete()
    Person.history.filter(id=pk).delete()
    search.index(organisations)
    audit.record("person_erased", user=by, operator=operator, about=f"person {pk}")


@transaction.atomic
def connect_invited(user: User, invitation: Invitation) -> Affiliation | None:
    """Let somebody who accepted an invitation act for its organisation; None when it names none of the operator's."""
    if invitation.organisation_id is None:
        return None
    organisations = Organisation.objects.filter(operator_id=invitation.operator_id)
    organisation = organisations.filter(pk=invitation.organisation_id).first()
    if organisation is None:
        log.warning("invitation to an unknown organisation", invitation=invitation.pk)
        return None
    people = Person.objects.filter(operator_id=invitation.operator_id)
    person = (
        people.filter(user=user).first()
        or people.filter(user=None, email__iexact=user.email, affiliations__organisation=organisation).first()
        or people.filter(user=None, email__iexact=user.email).first()
        or Person(operator_id=invitation.operator_id, name=user.name, email=user.email)
    )
    person.user = user
    person.name = person.name or user.name
    person.save()
    affiliation = Affiliation.objects.filter(person=person, organisation=organisation).first()
    affiliation = affiliation or Affiliation(person=person, organisation=organisation)
    affiliation.started_on = affiliation.started_on or timezone.localdate()
    affiliation.ended_on, affiliation.may_act = None, True
    affiliation.save()
    search.index([organisation])
    return affiliation


@transaction.atomic
def follow_address(user: User, old: str) -> None:
    """The account has another address than the old one: so do its people who had that, at every office."""
    for person in Person.objects.select_for_update(of=("self",)).filter(user=user, email__iexact=old):
        person.email = user.email
        person.version += 1
        person.save()


def _known_person(organisation: Organisation, email: str, *, everywhere: bool) -> Person | None:
    if not email:
        return None
    people = Person.objects.filter(operator_id=organisation.operator_id, email__iexact=email)
    if not everywhere:
        people = people.filter(affiliations__organisation=organisation)
    return people.first()


def _set(record: Any, values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in values:
            setattr(record, name, values[name])
