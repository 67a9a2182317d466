# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a person may do in the register, asked as questions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from brobygger.accounts.models import STAFF, Role, User
from brobygger.base.prepared import prepared
from brobygger.register.models import Affiliation, Organisation, Person


def can_manage(user: User, organisation: Organisation) -> bool:
    """Consultants and heads of its operator: everything."""
    return user.is_staff_of(organisation.operator_id)


def acts_for(user: User, organisation: Organisation) -> bool:
    """A signed-in person of the organisation itself."""
    return acts_for_key(user, organisation.pk)


def acts_for_key(user: User, organisation_id: int | None) -> bool:
    """The same, where only the organisation's key is at hand; never for None."""
    return organisation_id is not None and bool(_acted_for(user.pk, organisation_id))


@prepared
def _acted_for(user: Any, organisation: Any) -> QuerySet[Any]:
    return Organisation.objects.acted_for_by(user).filter(pk=organisation).values_list("pk", flat=True)


def may_open(user: User, organisation: Organisation) -> bool:
    """Whether the organisation's page opens for the person (the rule of `visible_to`, asked of one)."""
    offices = user.operators_as(STAFF | {Role.ADMIN})
    return organisation.operator_id in offices or acts_for(user, organisation)


def sees_tags(user: User, operator_id: int | None) -> bool:
    """Tags are the office's own words about firms, not for the firms to read."""
    return operator_id in user.operators_as(STAFF | {Role.ADMIN})


def can_edit(user: User, organisation: Organisation) -> bool:
    """Contact details, description and people: the office, and the organisation itself."""
    return can_manage(user, organisation) or acts_for(user, organisation)


def is_known_elsewhere(person: Person, organisation: Organisation) -> bool:
    """Whether the person also has a role, or signs in, somewhere else than here."""
    others = Affiliation.objects.filter(person=person).filter(~Q(organisation=organisation) | Q(may_act=True))
    return others.exists()
