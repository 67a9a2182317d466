# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Figures of cases: the share of building cases decided within their goal, and what grants brought the firms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractYear

from brobygger.accounts.models import Operator, User
from brobygger.cases.models import Case, CaseEvent, CasePayment
from brobygger.cases.rights import partial_in
from brobygger.register.models import Organisation

BUILDING, GRANT = "building_case", "grant_application"
DECIDED = ("granted", "refused")
"""A case that the applicant withdrew was not decided by the office."""


@dataclass(frozen=True, slots=True)
class Month:
    """Building cases decided in a month that a service goal holds for."""

    first: date
    decided: int
    within: int
    days: int
    """Together, for the average."""

    @property
    def share(self) -> float | None:
        return self.within / self.decided if self.decided else None

    @property
    def average(self) -> float | None:
        return self.days / self.decided if self.decided else None


def decided_building_cases(
    operator: Operator, since: date, until: date, *, subtype: str = "", firms_only: bool = False
) -> QuerySet[Case]:
    """Complete applications decided in the period, both days included, that a goal holds for."""
    rows = Case.objects.filter(
        operator=operator, type_key=BUILDING, outcome__in=DECIDED, decided_on__range=(since, until),
        days_used__isnull=False, goal_days__isnull=False,
    )  # fmt: skip
    if subtype:
        rows = rows.filter(subtype=subtype)
    return rows.filter(organisation__isnull=False) if firms_only else rows


def by_month(rows: QuerySet[Case], since: date, until: date) -> list[Month]:
    """Every month of the period, also those when nothing was decided. One query."""
    counted = (
        rows.order_by()
        .values("decided_on__year", "decided_on__month")
        .annotate(
            decided=Count("pk"),
            within=Count("pk", filter=Q(days_used__lte=F("goal_days"))),
            days=Sum("days_used"),
        )
    )
    found = {(row["decided_on__year"], row["decided_on__month"]): row for row in counted}
    months, first = [], since.replace(day=1)
    while first <= until:
        row: Any = found.get((first.year, first.month), {})
        months.append(Month(first, row.get("decided", 0), row.get("within", 0), row.get("days") or 0))
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return months


def by_subtype(rows: QuerySet[Case]) -> dict[str, tuple[int, int, int]]:
    """Sort → how many were decided, within their goal, and days together."""
    counted = (
        rows.order_by()
        .values("subtype")
        .annotate(
            decided=Count("pk"),
            within=Count("pk", filter=Q(days_used__lte=F("goal_days"))),
            days=Sum("days_used"),
        )
    )
    return {row["subtype"]: (row["decided"], row["within"], row["days"]) for row in counted}


@dataclass(frozen=True, slots=True)
class Sum_:
    """What came of applications, together for one scheme, firm or year."""

    key: Any
    name: str
    applications: int
    granted: int
    amount: Decimal
    paid: Decimal


_SUMMED = {
    "topic": ("topic", "case__topic"),
    "organisation": ("organisation_id", "case__organisation_id"),
    "year": ("year", "on__year"),
}
"""What is summed by → where it stands on an application, and on a payment."""


def grants_by(user: User, operator: Operator, by: str, *, year: int | None = None) -> Sequence[Sum_]:
    """Grant applications summed by `topic` (scheme), `organisation` or `year`: largest amount first, years newest first.
    `year`: that year alone. An application belongs to the year in which it was decided (or, undecided, opened), as in the
    plan's goals; money to the year in which it was paid, whenever it was granted. Three questions at most."""
    rows = Case.objects.filter(operator=operator, type_key=GRANT).without_conflict(user)
    paid = CasePayment.objects.filter(case__in=rows.values("pk"))
    if year:
        rows = rows.filter(Q(decided_on__year=year) | Q(decided_on=None, opened_on__year=year))
        paid = paid.filter(on__year=year)
    if by == "year":
        rows = rows.annotate(year=Coalesce(ExtractYear("decided_on"), ExtractYear("opened_on")))
    of_case, of_payment = _SUMMED[by]
    granted = Q(outcome="granted")
    counted = (
        rows.order_by()
        .values_list(of_case)
        .annotate(all=Count("pk"), many=Count("pk", filter=granted), total=Sum("amount", filter=granted))
    )
    applied = {key: figures for key, *figures in counted}
    payments = dict(paid.order_by().values_list(of_payment).annotate(Sum("amount")))
    keys = applied.keys() | payments.keys()
    names = _names(keys) if by == "organisation" else {}
    found = []
    for key in keys:
        applications, many, amount = applied.get(key, (0, 0, None))
        name = names.get(key, "") if by == "organisation" else str(key or "")
        found.append(Sum_(key, name, applications, many, amount or Decimal(0), payments.get(key, Decimal(0))))
    if by == "year":
        return sorted(found, key=lambda row: row.key, reverse=True)
    return sorted(found, key=lambda row: (-row.amount, -row.applications, row.name))


def leaves_out(user: User, operator: Operator) -> bool:
    """Whether `grants_by` leaves out applications that the person is partial in."""
    kept = partial_in(user)
    return bool(kept) and Case.objects.filter(operator=operator, type_key=GRANT, pk__in=kept).exists()


def _names(keys: Iterable[Any]) -> dict[Any, str]:
    rows = Organisation.objects.filter(pk__in=[key for key in keys if key])
    return dict(rows.order_by().values_list("pk", "name"))


def moves(operator: Operator, type_key: str, since: date, until: date, **which: str) -> list[CaseEvent]:
    """Moves of that type's cases in the period (`name`: the way taken; `data__to`: the stage), by the day on which they
    happened as it was put right since, in order; none that was taken back. Two questions."""
    rows = CaseEvent.objects.filter(
        kind=CaseEvent.Kind.MOVED, case__operator=operator, case__type_key=type_key, **which
    ).exclude(referred_by__kind=CaseEvent.Kind.VOIDED)
    put_right = CaseEvent.objects.filter(kind=CaseEvent.Kind.REDATED).order_by("pk")
    found = []
    for row in rows.select_related("case").prefetch_related(Prefetch("referred_by", put_right, "put_right")):
        if row.put_right:
            row.at = datetime.fromisoformat(row.put_right[-1].data["at"])
        if since <= row.on <= until:
            found.append(row)
    return sorted(found, key=lambda row: (row.at, row.pk))


def granted(operator: Operator, since: date, until: date) -> QuerySet[Case]:
    """Applications that were granted in the period."""
    return Case.objects.filter(
        operator=operator, type_key=GRANT, outcome="granted", decided_on__range=(since, until)
    ).select_related("organisation")


def payments(operator: Operator, since: date, until: date) -> QuerySet[CasePayment]:
    """Money paid out in the period to the firms that applied."""
    return CasePayment.objects.filter(
        case__operator=operator, case__type_key=GRANT, on__range=(since, until)
    ).select_related("case__organisation")
