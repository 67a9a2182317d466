# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who somebody is to a case, asked as questions. Answered by the database each time: a role can end while a page is open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from brobygger.accounts.models import User
from brobygger.base.danish import number
from brobygger.base.indicators import Withholds
from brobygger.base.prepared import prepared
from brobygger.cases.definition.case_type import PartyRole
from brobygger.cases.definition.gates import APPLICANT, OFFICER
from brobygger.cases.models import Case, CaseParty
from brobygger.register.models import Affiliation
from brobygger.register.rights import acts_for_key


def has_conflict(user: User, case: Case) -> bool:
    """The person is a party with an interest, or has a role in an organisation that is (forvaltningsloven § 3)."""
    return bool(_interest(user.pk, case.pk))


@prepared
def _interest(user: Any, case: Any) -> QuerySet[CaseParty]:
    return CaseParty.objects.interests_of(user).filter(case=case).order_by().only("pk")[:1]


def is_officer(user: User, case: Case) -> bool:
    """One of the office's own people who may handle the case."""
    return user.is_staff_of(case.operator_id) and not has_conflict(user, case)


def is_applicant(user: User, case: Case) -> bool:
    """The person acts for the applicant."""
    return case.organisation_id is not None and acts_for_key(user, case.organisation_id)


def electorate(case: Case, of: str) -> list[User]:
    """Who may answer for a role: the people themselves, or those who act for its organisation. Without the partial ones."""
    if of == OFFICER:
        found = User.objects.filter(
            memberships__operator_id=case.operator_id,
            memberships__role__in=("consultant", "head"),
            is_active=True,
        )
    else:
        found = User.objects.filter(pk__in=_of_role(case, of), is_active=True)
    partial = _partial(case)
    return [user for user in found.distinct().order_by("pk") if user.pk not in partial]


def people_of(party: CaseParty) -> list[User]:
    """Who stands behind one party: themselves, or those who act for its organisation. Without the partial ones."""
    wanted = _behind(CaseParty.objects.filter(pk=party.pk)) - _partial(party.case)
    return list(User.objects.filter(pk__in=wanted, is_active=True).order_by("pk"))


def _of_role(case: Case, of: str) -> set[int]:
    return _behind(CaseParty.objects.filter(case=case, role=of, ended_at=None))


def _behind(rows: QuerySet[CaseParty]) -> set[int]:
    """Users who are one of the parties, or act for it."""
    return _users_of(rows, may_act=True)


def _partial(case: Case) -> set[int]:
    """Users with an interest in the case."""
    return _users_of(CaseParty.objects.filter(case=case, interested=True, ended_at=None))


def _users_of(rows: QuerySet[CaseParty], **affiliation: Any) -> set[int]:
    """Users that the parties are, or who have such a role in an organisation among them."""
    found: set[int] = set()
    firms = set()
    for user, person, firm in rows.order_by().values_list("user_id", "person__user_id", "organisation_id"):
        found |= {key for key in (user, person) if key}
        if firm:
            firms.add(firm)
    if firms:
        people = Affiliation.objects.filter(
            organisation_id__in=firms, ended_on=None, person__user__isnull=False, **affiliation
        )
        found |= set(people.order_by().values_list("person__user_id", flat=True))
    return found


def roles_of(user: User, case: Case) -> frozenset[str]:
    """All that the person may act as in the case: `officer`, `applicant`, parties' roles."""
    found = set()
    if is_applicant(user, case):
        found.add(APPLICANT)
    if not has_conflict(user, case):
        if user.is_staff_of(case.operator_id):
            found.add(OFFICER)
        mine = CaseParty.objects.deciding(user).filter(case=case)
        found |= set(mine.values_list("role", flat=True))
    return frozenset(found)


def writes_as(user: User, case: Case) -> PartyRole | None:
    """The role in which the person may leave remarks in the case."""
    held = roles_of(user, case)
    return next((role for role in case.type.roles if role.may_write and role.key in held), None)


def partial_in(user: Any) -> set[int]:
    """Keys of the cases that the person has an interest in."""
    return set(CaseParty.objects.cases_of_interest(user))


def withheld(count: int) -> str:
    """That so many of a figure's cases are not shown to somebody who is partial in them."""
    return ngettext(
        "%(count)s post vises ikke, fordi du er inhabil i sagen. Den er talt med i tallet.",
        "%(count)s poster vises ikke, fordi du er inhabil i sagerne. De er talt med i tallet.",
        count,
    ) % {"count": number(count)}


PARTIAL = Withholds(partial_in, withheld)
"""The records behind a figure of cases, whose keys are the cases', for somebody who is partial."""
