# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Booked talks go along when a consultant's work is handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import number
from brobygger.outreach.models import Talk
from brobygger.outreach.services import booking
from brobygger.register import handing_over
from brobygger.register.handing_over import Handing


def _count(many: int) -> str:
    return ngettext("%(count)s booket samtale", "%(count)s bookede samtaler", many) % {"count": number(many)}


def _taken(keys: Sequence[Any]) -> str:
    many = len(keys)
    return ngettext(
        "%(count)s booket samtale blev, hvor den var, fordi kollegaen er optaget.",
        "%(count)s bookede samtaler blev, hvor de var, fordi kollegaen er optaget.",
        many,
    ) % {"count": number(many)}


def _held(operator: Operator, user: User, firms: Collection[int] | None) -> list[Any]:
    rows = Talk.objects.filter(
        operator=operator, consultant=user, state=Talk.State.BOOKED, starts_at__gt=timezone.now()
    )
    if firms is not None:
        rows = rows.filter(organisation__in=firms)
    return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))


def _give(handing: Handing, keys: Sequence[Any]) -> list[Any]:
    """A talk at a time when the receiver has something else stays where it is."""
    rows = Talk.objects.filter(operator=handing.operator, pk__in=keys).order_by("starts_at", "pk")
    return [row.pk for row in rows if booking.give(row, handing.giver, handing.receiver)]


handing_over.register("talks", count=_count, held=_held, give=_give, left=_taken, order=50)
