# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Open cases go along when an officer's work is handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import ngettext

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import number
from brobygger.base.errors import UserError
from brobygger.cases.models import Case
from brobygger.cases.services.opening import assign
from brobygger.register import handing_over
from brobygger.register.handing_over import Handing


def _count(many: int) -> str:
    return ngettext("%(count)s åben sag", "%(count)s åbne sager", many) % {"count": number(many)}


def _partial(keys: Sequence[Any]) -> str:
    many = len(keys)
    return ngettext(
        "%(count)s sag blev, hvor den var, fordi en af jer er inhabil i den.",
        "%(count)s sager blev, hvor de var, fordi en af jer er inhabil i dem.",
        many,
    ) % {"count": number(many)}


def _held(operator: Operator, user: User, firms: Collection[int] | None) -> list[Any]:
    rows = Case.objects.filter(operator=operator, officer=user, is_open=True)
    if firms is not None:
        rows = rows.filter(organisation__in=firms)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _give(handing: Handing, keys: Sequence[Any]) -> list[Any]:
    """A case that the receiver, or the one who hands over, is partial in stays where it is (forvaltningsloven § 3)."""
    rows = Case.objects.filter(
        operator=handing.operator, officer=handing.giver, is_open=True, pk__in=keys
    ).order_by("pk")
    moved = []
    for case in rows:
        try:
            assign(case, handing.receiver, user=handing.by, expected=case.version)
        except UserError:
            continue
        moved.append(case.pk)
    return moved


handing_over.register("cases", count=_count, held=_held, give=_give, left=_partial, order=30)
