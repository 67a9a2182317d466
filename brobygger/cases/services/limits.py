# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How many open cases the office wants each of its people to have at most."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from brobygger.accounts.models import Operator, Role, User
from brobygger.cases.errors import NotYours
from brobygger.cases.models import CaseLimit
from brobygger.cases.queries.lists import officers


@transaction.atomic
def set_limits(operator: Operator, most: Mapping[int | None, int | None], *, user: User) -> None:
    """Officer → limit; under None what holds for the others. A limit of None is none. Heads alone. Raises NotYours."""
    if Role.HEAD not in user.roles.get(operator.pk, frozenset()):
        raise NotYours
    known = {None, *officers(operator).values_list("pk", flat=True)}
    Operator.objects.select_for_update().get(pk=operator.pk)
    CaseLimit.objects.filter(operator=operator).delete()
    CaseLimit.objects.bulk_create(
        CaseLimit(operator=operator, officer_id=officer, most=limit)
        for officer, limit in most.items()
        if limit is not None and officer in known
    )
