# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches go along when a consultant's work is handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext
from simple_history.utils import bulk_update_with_history

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import number
from brobygger.market.models import Match
from brobygger.register import handing_over
from brobygger.register.handing_over import Handing


def _count(many: int) -> str:
    return ngettext("%(count)s match", "%(count)s match", many) % {"count": number(many)}


def _held(operator: Operator, user: User, firms: Collection[int] | None) -> list[Any]:
    rows = Match.objects.filter(operator=operator, consultant=user).exclude(stage__in=Match.OVER)
    if firms is not None:
        rows = rows.filter(Q(giver__in=firms) | Q(taker__in=firms))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _give(handing: Handing, keys: Sequence[Any]) -> list[Any]:
    rows = list(
        Match.objects.filter(operator=handing.operator, consultant=handing.giver, pk__in=keys).exclude(
            stage__in=Match.OVER
        )
    )
    for row in rows:
        row.consultant, row.version = handing.receiver, row.version + 1
    if rows:
        bulk_update_with_history(
            rows, Match, ["consultant", "version"], batch_size=500, default_user=handing.by
        )
    return [row.pk for row in rows]


handing_over.register("matches", count=_count, held=_held, give=_give, order=40)
