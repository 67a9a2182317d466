# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Follow-ups as lists and pages read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator, User
from brobygger.base.prepared import prepared
from brobygger.dialogue.models import FollowUp
from brobygger.register.models import Organisation


def of_office(operator: Any, *, user: Any, done: bool = False) -> QuerySet[FollowUp]:
    """The operator's open follow-ups, the first due first, or those done, the last done first.

    With `user` only the person's own and those that nobody has taken.
    """
    rows = FollowUp.objects.filter(operator=operator, done_at__isnull=not done)
    if user:
        rows = rows.filter(Q(assignee=user) | Q(assignee=None))
    order = ("-done_at", "-pk") if done else ("due_on", "pk")
    return rows.select_related("organisation", "assignee", "done_by").order_by(*order)


MOST_EXPORTED = 20_000
HEADINGS = (
    _("Senest"), _("Virksomhed"), _("CVR-nummer"), _("Hvad skal der ske?"), _("Hvem"), _("Gjort"), _("Gjort af"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list is narrowed. `who`: a colleague's key; else one's own and nobody's (`mine`), or everybody's."""

    mine: bool = True
    who: int | None = None
    done: bool = False
    late: bool = False
    words: str = ""


def wanted(operator: Operator, user: User, asked: Wanted) -> QuerySet[FollowUp]:
    """The office's follow-ups as asked for. `late`: those that should have been done before today."""
    rows = of_office(operator, user=user if asked.mine and not asked.who else None, done=asked.done)
    if asked.who:
        rows = rows.filter(assignee_id=asked.who)
    if asked.late and not asked.done:
        rows = rows.filter(due_on__lt=timezone.localdate())
    if asked.words:
        rows = rows.filter(Q(organisation__name__icontains=asked.words) | Q(about__icontains=asked.words))
    return rows


def export_rows(rows: QuerySet[FollowUp]) -> Iterator[list[Any]]:
    """One row a follow-up, in the order of `HEADINGS`."""
    for row in rows[:MOST_EXPORTED]:
        yield [
            row.due_on, row.organisation.name, row.organisation.cvr or "", row.about, str(row.assignee or ""),
            timezone.localdate(row.done_at) if row.done_at else None, str(row.done_by or ""),
        ]  # fmt: skip


def due(operator: Operator, day: date, *, user: User | None, most: int) -> list[FollowUp]:
    """What should be done by that day and is not, the oldest first; with `user` as in `of_office`."""
    return _due(operator.pk, day, user.pk if user else 0, most=most, mine=user is not None)


@prepared
def _due(operator: Any, day: Any, user: Any, *, most: int, mine: bool) -> QuerySet[FollowUp]:
    return of_office(operator, user=user if mine else None).filter(due_on__lte=day)[:most]


def open_with(organisation: Organisation, most: int) -> list[FollowUp]:
    """What is still to be done with an organisation, the first due first."""
    return _open_with(organisation.pk, most=most)


@prepared
def _open_with(organisation: Any, *, most: int) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(organisation=organisation).open().select_related("assignee")
    return rows.order_by("due_on", "pk")[:most]
