# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Members of a standing body have their role in every case of a type that names it: as many rows as the body has seats. And
who is wished for a role, which the office gives them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from brobygger.base import bodies
from brobygger.blueprints.models import Definition
from brobygger.cases import sources
from brobygger.cases.definition import PartyRole
from brobygger.cases.models import Case, CaseParty
from brobygger.cases.sources import Party


def fill(case: Case) -> None:
    """Give the body's members of today their role, and end that of those who left it. Two questions where a role has a body,
    none where no role has."""
    for role in case.type.roles:
        if not role.body:
            continue
        members = bodies.members(role.body, case.operator)
        rows = CaseParty.objects.filter(case=case, role=role.key, ended_at=None)
        seated = set(rows.values_list("user_id", flat=True))
        if members == seated:
            continue
        rows.filter(user_id__in=seated - members).update(ended_at=timezone.now())
        CaseParty.objects.bulk_create(
            CaseParty(case=case, role=role.key, user_id=pk, interested=role.interested, sees=role.sees)
            for pk in sorted(members - seated)
        )


def wished(case: Case) -> list[tuple[PartyRole, Party]]:
    """Who is wished for a role that nobody has. One question for each such role, and none in a type without."""
    found = []
    for role in case.type.roles:
        key = case.value(role.proposed_by) if role.proposed_by and case.is_open else None
        if key is None or CaseParty.objects.filter(case=case, role=role.key, ended_at=None).exists():
            continue
        if party := sources.behind(case.type.field(role.proposed_by), case.operator, key):
            found.append((role, party))
    return found


@receiver(bodies.changed)
@transaction.atomic
def fill_all(sender: Any = None, operator_id: int | None = None, **kwargs: Any) -> None:
    """In every open case with a body: those whose term has ended see it no longer, those whose term begins do and are
    written to, once for all of them."""
    from brobygger.cases.services.telling import newcomers

    rows = Case.objects.filter(is_open=True)
    if operator_id is not None:
        rows = rows.filter(operator_id=operator_id)
    used = Definition.objects.filter(pk__in=rows.order_by().values("definition_id").distinct())
    kept = [found.pk for found in used if any(role.body for role in found.content.roles)]
    if kept:
        cases = list(
            rows.filter(definition_id__in=kept).select_related("definition", "operator").order_by("pk")
        )
        for case in cases:
            fill(case)
        newcomers(cases)
