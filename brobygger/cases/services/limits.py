# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How many open cases the office wants each of its people to have at most."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from brobygger.accounts.models import Operator, Role, User
from brobygger.cases.errors import LimitMeanwhile, NotYours
from brobygger.cases.models import CaseLimit
from brobygger.cases.queries.lists import limits, officers

Limits = Mapping[int | None, int | None]


@transaction.atomic
def set_limits(operator: Operator, most: Limits, *, opened: Limits, user: User) -> None:
    """Officer → limit; under None what holds for the others. A limit of None is none. `opened`: what the person saw; only what
    they wrote otherwise is saved. Heads alone. Raises NotYours, LimitMeanwhile."""
    if Role.HEAD not in user.roles.get(operator.pk, frozenset()):
        raise NotYours
    known = {None, *officers(operator).values_list("pk", flat=True)}
    Operator.objects.select_for_update().get(pk=operator.pk)
    stored = limits(operator)
    wanted = {who: limit for who, limit in most.items() if who in known and limit != opened.get(who)}
    if meanwhile := {
        who: stored.get(who)
        for who, limit in wanted.items()
        if stored.get(who) not in (opened.get(who), limit)
    }:
        raise LimitMeanwhile(meanwhile)
    for who, limit in wanted.items():
        rows = CaseLimit.objects.filter(operator=operator, officer=who)
        if limit is None:
            rows.delete()
        elif not rows.update(most=limit):
            CaseLimit.objects.create(operator=operator, officer_id=who, most=limit)
