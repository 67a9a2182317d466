# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What firms have been granted, and how much room there is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator, User
from brobygger.base.danish import sort_key
from brobygger.base.prepared import prepared
from brobygger.guidance import origins
from brobygger.guidance.de_minimis import (
    CEILING,
    Grant,
    first_day_with_room,
    headroom_on,
    three_years_before,
    total_on,
)
from brobygger.guidance.models import Aid, UndertakingMember
from brobygger.register.models import Organisation

HEADINGS = (
    _("Virksomhed"), _("CVR-nummer"), _("Tildelt den"), _("Beløb i kroner"), _("Kurs"), _("Beløb i euro"),
    _("De minimis"), _("Efter hvilke andre regler"), _("Støttegiver"), _("Ordning"), _("Reference"), _("Opdigtet"),
)  # fmt: skip
MOST_EXPORTED = 20_000
OWN_RULES = ("01", "03")
"""Divisions of primary production with ceilings of their own: agriculture and fisheries, outside the regulation by its
article 1(1)."""


@dataclass(frozen=True, slots=True)
class Account:
    """The de minimis account of one undertaking on a day, in euro."""

    organisation: Organisation
    on: date
    members: list[UndertakingMember]
    """Empty when the firm stands alone."""
    grants: list[Grant]

    @property
    def total(self) -> Decimal:
        """Granted in the three years that end on the day."""
        return total_on(self.grants, self.on)

    @property
    def headroom(self) -> Decimal:
        """What may still be granted on the day."""
        return headroom_on(self.grants, self.on)

    @property
    def ceiling(self) -> Decimal:
        return CEILING

    @property
    def has_own_rules(self) -> bool:
        """Primary production has other ceilings."""
        return self.organisation.industry[:2] in OWN_RULES

    def room_for(self, euro: Decimal) -> bool:
        """Whether the amount may be granted on the day."""
        return euro <= self.headroom

    def free_on(self, euro: Decimal) -> date | None:
        """The first later day when there is room for the amount."""
        return first_day_with_room(self.grants, euro, self.on)


def account(organisation: Organisation, on: date | None = None, *, without: int | None = None) -> Account:
    """The account of the firm's undertaking. `without`: an entry that is being corrected. Two queries."""
    members = _members_with(organisation.pk)
    if len(members) < 2:  # the other one has been laid together with it
        members = []
    firms = [member.organisation_id for member in members] or [organisation.pk]
    rows = (
        Aid.objects.filter(organisation_id__in=firms, de_minimis=True)
        .exclude(pk=without or 0)
        .order_by("granted_on")
    )
    grants = [
        Grant(day, euro) for day, euro in rows.values_list("granted_on", "amount_eur") if euro is not None
    ]
    return Account(organisation, on or timezone.localdate(), members, grants)


@dataclass(frozen=True, slots=True)
class Joined:
    """What two firms' accounts become when the two are laid together."""

    kept: Account
    gone: Account
    grants: list[Grant]
    twice: list[Aid]
    """Grants of the one that stand on the other too: the same day, and the same amount in euro and kroner. Only where the
    person may see both."""

    @property
    def joins(self) -> bool:
        """Whether firms that were not counted together so far will be."""
        here, there = ({row.organisation_id for row in one.members} for one in (self.kept, self.gone))
        return bool((here | there) and here != there)

    @property
    def names(self) -> list[str]:
        """The firms that are counted together afterwards, without the one that goes."""
        rows = {
            row.organisation_id: row.organisation.name for row in (*self.kept.members, *self.gone.members)
        }
        rows |= {self.kept.organisation.pk: self.kept.organisation.name}
        rows.pop(self.gone.organisation.pk, None)
        return sorted(rows.values(), key=sort_key)

    @property
    def total(self) -> Decimal:
        """Granted to them all in the three years that end today, in euro."""
        return total_on(self.grants, self.kept.on)

    @property
    def ceiling(self) -> Decimal:
        return CEILING


def joined(user: User, kept: Organisation, gone: Organisation) -> Joined:
    """The two accounts as one, before the firms are laid together."""
    mine, theirs = account(kept), account(gone)
    firms = {kept.pk, gone.pk, *(row.organisation_id for row in (*mine.members, *theirs.members))}
    rows = Aid.objects.filter(organisation__in=firms)
    counted = rows.filter(de_minimis=True).order_by("granted_on").values_list("granted_on", "amount_eur")
    seen = rows.exclude(origin__in=origins.kept_from(user))
    known = set(seen.filter(organisation=kept).values_list("granted_on", "amount_eur", "amount_dkk"))
    twice = [
        one
        for one in seen.filter(organisation=gone).order_by("granted_on", "pk")
        if (one.granted_on, one.amount_eur, one.amount_dkk) in known
    ]
    return Joined(mine, theirs, [Grant(day, euro) for day, euro in counted if euro is not None], twice)


@prepared
def _members_with(organisation: Any) -> QuerySet[UndertakingMember]:
    rows = UndertakingMember.objects.filter(undertaking__members__organisation=organisation)
    return rows.select_related("organisation").order_by("organisation__sort_name")


def without_room(operator: Operator, on: date) -> list[int]:
    """Organisations whose undertaking has no room left on that day. Two queries over what was granted lately."""
    first = three_years_before(on)
    rows = list(
        Aid.objects.filter(operator=operator, de_minimis=True, granted_on__gt=first).values_list(
            "organisation_id", "granted_on", "amount_eur"
        )
    )
    links: dict[int, int] = dict(
        UndertakingMember.objects.filter(undertaking__operator=operator).values_list(
            "organisation_id", "undertaking_id"
        )
    )
    grants: dict[tuple[str, int], list[Grant]] = {}
    for firm, day, euro in rows:
        key = ("together", links[firm]) if firm in links else ("alone", firm)
        grants.setdefault(key, []).append(Grant(day, euro or Decimal(0)))
    full = {key for key, held in grants.items() if headroom_on(held, on) == 0}
    alone = [firm for kind, firm in full if kind == "alone"]
    return alone + [firm for firm, together in links.items() if ("together", together) in full]


def entries(
    user: User, organisation: Organisation, members: list[UndertakingMember]
) -> tuple[QuerySet[Aid], str]:
    """What was granted to the firm and those it is linked with, newest first, and what is told of the entries that the person
    may not see. The account's sum counts them."""
    firms = [member.organisation_id for member in members] or [organisation.pk]
    rows = Aid.objects.filter(organisation_id__in=firms)
    kept = origins.kept_from(user)
    withheld = origins.words(rows.filter(origin__in=kept).count()) if kept else ""
    return rows.exclude(origin__in=kept).select_related("organisation", "scheme"), withheld


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list of aid is narrowed."""

    words: str = ""
    year: int | None = None
    kind: str = ""
    """`ja`: de minimis only; `nej`: other aid only."""


def of_office(user: User, operator: Operator, wanted: Wanted) -> QuerySet[Aid]:
    """The office's entries that the person may see, newest first."""
    rows = Aid.objects.visible_to(user).filter(operator=operator)
    if wanted.words:
        rows = rows.filter(
            Q(organisation__name__icontains=wanted.words)
            | Q(grantor__icontains=wanted.words)
            | Q(reference__icontains=wanted.words)
        )
    if wanted.year:
        rows = rows.filter(granted_on__year=wanted.year)
    if wanted.kind:
        rows = rows.filter(de_minimis=wanted.kind == "ja")
    return rows.select_related("organisation", "scheme").order_by("-granted_on", "-pk")


def export_rows(rows: QuerySet[Aid]) -> Iterator[list[Any]]:
    """One row a grant, in the order of `HEADINGS`."""
    for row in rows[:MOST_EXPORTED]:
        yield [
            row.organisation.name, row.organisation.cvr or "", row.granted_on, row.amount_dkk, row.rate, row.amount_eur,
            "ja" if row.de_minimis else "nej", row.basis, row.grantor, row.scheme.title if row.scheme else "",
            row.reference, "ja" if row.invented else "",
        ]  # fmt: skip
