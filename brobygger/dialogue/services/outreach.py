# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""An office's own figures for its outreach, and how much room each consultant has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, Role, User
from brobygger.base.versions import claim
from brobygger.dialogue import priorities
from brobygger.dialogue.errors import BadValues, OnlyHeads
from brobygger.dialogue.models import OutreachSettings, VisitCapacity

MAY_SET = frozenset({Role.HEAD, Role.ADMIN})
LIMITS = {
    "visits_per_year": (1, 20_000),
    "talk_every_months": (1, 120),
    "visits_per_week": (0, 40),
    "weeks_per_year": (1, 52),
}


@dataclass(frozen=True)
class Wanted:
    """The figures as somebody set them. `capacities`: user → visits a week, None for the office's usual."""

    visits_per_year: int
    talk_every_months: int
    visits_per_week: int
    weeks_per_year: int
    priority_industries: Sequence[str]
    capacities: Mapping[int, int | None]


def settings_locked(operator: Operator) -> OutreachSettings:
    """The office's figures, locked until the end of the transaction: one plans at a time."""
    OutreachSettings.objects.get_or_create(operator=operator)
    found: OutreachSettings = OutreachSettings.objects.select_for_update().get(operator=operator)
    return found


@transaction.atomic
def save(operator: Operator, wanted: Wanted, *, user: User, expected: int) -> OutreachSettings:
    """Set the figures. What is planned stays planned. Raises EditedMeanwhile, BadValues, OnlyHeads."""
    if not user.roles.get(operator.pk, frozenset()) & MAY_SET:
        raise OnlyHeads
    stored = settings_locked(operator)
    claim(stored, expected)
    for name in LIMITS:
        setattr(stored, name, getattr(wanted, name))
    stored.priority_industries = list(dict.fromkeys(wanted.priority_industries))
    _check(wanted)
    stored.save()
    for user_id, most in wanted.capacities.items():
        _set_capacity(operator, user_id, most)
    return stored


def _check(wanted: Wanted) -> None:
    faults = {}
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(wanted, name) <= most:
            faults[name] = _("Vælg et tal fra %(least)s til %(most)s.") % {"least": least, "most": most}
    unknown = [code for code in wanted.priority_industries if not priorities.title_of(code)]
    if unknown:
        faults["priority_industries"] = _("Vi kender ikke branchen »%(code)s«.") % {"code": unknown[0]}
    if any(most is not None and not 0 <= most <= 40 for most in wanted.capacities.values()):
        faults["visits_per_week"] = _("Vælg et tal fra %(least)s til %(most)s.") % {"least": 0, "most": 40}
    if faults:
        raise BadValues(faults)


def _set_capacity(operator: Operator, user_id: int, most: int | None) -> None:
    if most is None:
        VisitCapacity.objects.filter(operator=operator, user_id=user_id).delete()
        return
    VisitCapacity.objects.update_or_create(
        operator=operator, user_id=user_id, defaults={"visits_per_week": most}
    )
