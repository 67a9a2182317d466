# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading plans of the whole network: the newest, its flows as a person may see them today, totals, promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.knowledge import load
from brobygger.market.models import Listing, NetworkFlow, NetworkRun, NetworkWish
from brobygger.market.models.network import shown_to_office
from brobygger.market.queries.loops import Link

EARLIER = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Tonnes, kroner and kg CO2e in a year, summed over what is known; the rest is counted."""

    tonnes: Decimal = Decimal(0)
    dkk: Decimal = Decimal(0)
    co2e_kg: Decimal = Decimal(0)
    without_dkk: int = 0
    without_co2e: int = 0
    deliveries: int = 0

    def minus(self, other: Figures) -> Figures:
        return Figures(
            self.tonnes - other.tonnes,
            self.dkk - other.dkk,
            self.co2e_kg - other.co2e_kg,
            deliveries=self.deliveries - other.deliveries,
        )


def runs_of(user: User, operator: Operator) -> QuerySet[NetworkRun]:
    """The operator's runs, the newest first, for its consultants and heads."""
    if operator.pk not in user.operators_as(STAFF):
        return NetworkRun.objects.none()
    return NetworkRun.objects.filter(operator=operator).select_related("by", "job")


def flows_of(user: User, run: NetworkRun) -> QuerySet[NetworkFlow]:
    """The run's flows whose listings the person may see today, what earns most first, ready to be shown."""
    return (
        NetworkFlow.objects.visible_to(user)
        .filter(run=run)
        .select_related("have__organisation", "need", "taker", "suggestion", "match")
        .order_by("place", "-tonnes", "pk")
    )


def is_whole(run: NetworkRun, shown: QuerySet[NetworkFlow]) -> bool:
    """Whether everything in the run may still be shown; if not, its sums and its curve may not be either."""
    return shown.order_by().count() == run.flows.count()


def totals(flows: QuerySet[NetworkFlow]) -> tuple[Figures, Figures]:
    """What today's agreements among the flows are worth, and what all of them are. Added up in the database."""
    share = Cast("agreed_tonnes", FloatField()) / Cast("tonnes", FloatField())
    agreed = Q(agreed_tonnes__gt=0)
    row = flows.order_by().aggregate(
        all_tonnes=Sum("tonnes"),
        all_dkk=Sum("dkk"),
        all_co2e=Sum("co2e_kg"),
        all_without_dkk=Count("pk", filter=Q(dkk=None)),
        all_without_co2e=Count("pk", filter=Q(co2e_kg=None)),
        all_deliveries=Count("pk"),
        today_tonnes=Sum("agreed_tonnes"),
        today_dkk=Sum(Cast("dkk", FloatField()) * share, filter=agreed),
        today_co2e=Sum(Cast("co2e_kg", FloatField()) * share, filter=agreed),
        today_without_dkk=Count("pk", filter=agreed & Q(dkk=None)),
        today_without_co2e=Count("pk", filter=agreed & Q(co2e_kg=None)),
        today_deliveries=Count("pk", filter=agreed),
    )
    return _figures(row, "today_"), _figures(row, "all_")


def _figures(row: Mapping[str, Any], which: str) -> Figures:
    def amount(name: str, step: str) -> Decimal:
        return Decimal(str(row[which + name] or 0)).quantize(Decimal(step))

    return Figures(
        tonnes=amount("tonnes", "0.001"),
        dkk=amount("dkk", "0.01"),
        co2e_kg=amount("co2e", "0.001"),
        without_dkk=row[which + "without_dkk"],
        without_co2e=row[which + "without_co2e"],
        deliveries=row[which + "deliveries"],
    )


def link_of(flow: NetworkFlow) -> Link:
    """A delivery as a link between two organisations, for pictures and tables of loops."""
    node = load().types.get(flow.have.resource_type)
    return Link(
        suggestion=flow.suggestion_id,
        giver=flow.have.organisation_id,
        giver_name=flow.have.organisation.name,
        taker=flow.taker_id,
        taker_name=flow.taker.name,
        what=node.name if node else flow.have.title,
        process=flow.suggestion.process if flow.suggestion else "",
        score=flow.suggestion.score if flow.suggestion else 1.0,
        tonnes=flow.tonnes,
        dkk=flow.dkk,
        co2e_kg=flow.co2e_kg,
        chosen=flow.match_id is not None,
        confidential=flow.have.is_confidential or bool(flow.need and flow.need.is_confidential),
        match=flow.match_id,
    )


def wishes_of(user: User, operator: Operator) -> QuerySet[NetworkWish]:
    """The operator's wishes that hold, and those that did, the newest first, as far as their listings may be shown."""
    if operator.pk not in user.operators_as(STAFF):
        return NetworkWish.objects.none()
    return (
        NetworkWish.objects.filter(shown_to_office([operator.pk]), operator=operator)
        .select_related("have__organisation", "need__organisation", "by", "lifted_by")
        .order_by(F("lifted_at").desc(nulls_first=True), "-at", "pk")
    )


def changed_since(run: NetworkRun) -> bool:
    """Whether somebody pinned, forbade or lifted anything after the run was asked for."""
    later = Q(at__gt=run.asked_at) | Q(lifted_at__gt=run.asked_at)
    return NetworkWish.objects.filter(later, operator=run.operator_id).exists()


def without_amount(user: User, run: NetworkRun) -> list[Listing]:
    """The office's own listings that the run had to leave out because nobody knows how much, as they are now."""
    ids: list[Any] = run.figures.get("unmeasured", [])
    return list(
        Listing.objects.visible_to(user)
        .filter(pk__in=ids, operator=run.operator_id)
        .select_related("organisation")
        .order_by("-created_at")
    )


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A listing that should move at least so many tonnes a year, and the part of them that the plan could promise."""

    listing: Listing
    asked: float
    kept: float


def broken_promises(user: User, run: NetworkRun) -> list[BrokenPromise]:
    """The promises that the run could not keep, the largest shortfall first."""
    rows: list[dict[str, Any]] = run.figures.get("broken", [])
    found = (
        Listing.objects.visible_to(user).select_related("organisation").in_bulk([r["listing"] for r in rows])
    )
    by_id = {str(pk): listing for pk, listing in found.items()}
    return [
        BrokenPromise(by_id[row["listing"]], row["asked"], row["kept"])
        for row in rows
        if row["listing"] in by_id
    ]
