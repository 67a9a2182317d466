# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Key accounts, open follow-ups and open planned visits go along when a consultant's work is handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import ngettext
from simple_history.utils import bulk_update_with_history

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import number
from brobygger.dialogue.models import FollowUp, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import visits
from brobygger.register import handing_over
from brobygger.register.handing_over import Handing


def _firms(many: int) -> str:
    return ngettext("%(count)s virksomhed", "%(count)s virksomheder", many) % {"count": number(many)}


def _steps(many: int) -> str:
    return ngettext("%(count)s opfølgning", "%(count)s opfølgninger", many) % {"count": number(many)}


def _visits(many: int) -> str:
    return ngettext("%(count)s planlagt besøg", "%(count)s planlagte besøg", many) % {"count": number(many)}


def _left_visits(keys: Sequence[Any]) -> str:
    """Those that were given up, and those that stayed where they were."""
    full = PlannedVisit.objects.filter(pk__in=keys, state=PlannedVisit.State.SKIPPED).count()
    stayed = len(keys) - full
    told = []
    if full:
        many = ngettext(
            "%(count)s planlagt besøg var der ikke plads til. Det foreslås på ny.",
            "%(count)s planlagte besøg var der ikke plads til. De foreslås på ny.",
            full,
        )
        told.append(many % {"count": number(full)})
    if stayed:
        many = ngettext(
            "%(count)s planlagt besøg blev, hvor det var, fordi kollegaen er optaget eller ikke har plads den uge.",
            "%(count)s planlagte besøg blev, hvor de var, fordi kollegaen er optaget eller ikke har plads de uger.",
            stayed,
        )
        told.append(many % {"count": number(stayed)})
    return " ".join(told)


def _keys(rows: Any, firms: Collection[int] | None) -> list[Any]:
    if firms is not None:
        rows = rows.filter(organisation__in=firms)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _held_firms(operator: Operator, user: User, firms: Collection[int] | None) -> list[Any]:
    return _keys(PortfolioFirm.objects.filter(operator=operator, key_account=user), firms)


def _held_steps(operator: Operator, user: User, firms: Collection[int] | None) -> list[Any]:
    return _keys(FollowUp.objects.filter(operator=operator, assignee=user).open(), firms)


def _held_visits(operator: Operator, user: User, firms: Collection[int] | None) -> list[Any]:
    rows = PlannedVisit.objects.filter(operator=operator, consultant=user, state__in=PlannedVisit.OPEN)
    return _keys(rows, firms)


def _give_firms(handing: Handing, keys: Sequence[Any]) -> list[Any]:
    rows = PortfolioFirm.objects.filter(operator=handing.operator, key_account=handing.giver, pk__in=keys)
    return _given(list(rows), "key_account", handing)


def _give_steps(handing: Handing, keys: Sequence[Any]) -> list[Any]:
    rows = FollowUp.objects.filter(operator=handing.operator, assignee=handing.giver, pk__in=keys).open()
    return _given(list(rows), "assignee", handing)


def _given(rows: list[Any], field: str, handing: Handing) -> list[Any]:
    for row in rows:
        setattr(row, field, handing.receiver)
        row.version += 1
    if rows:
        bulk_update_with_history(
            rows, type(rows[0]), [field, "version"], batch_size=500, default_user=handing.by
        )
    return [row.pk for row in rows]


handing_over.register("firms", count=_firms, held=_held_firms, give=_give_firms, order=10)
handing_over.register("follow_ups", count=_steps, held=_held_steps, give=_give_steps, order=15)
handing_over.register(
    "visits",
    count=_visits,
    held=_held_visits,
    give=visits.give,
    left=_left_visits,
    take_back=visits.take_back,
    order=20,
)
