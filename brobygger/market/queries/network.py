# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading plans of the whole network: the newest, its flows as a person may see them today, totals, and its loops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.engine.loops import loops as engine_loops
from brobygger.knowledge import load
from brobygger.market.models import Listing, NetworkFlow, NetworkRun, NetworkWish
from brobygger.market.models.network import shown_to_office
from brobygger.market.queries.loops import LONGEST, Link, Path

MOST_LOOPS = 5
MOST_LINKS = 4000
EARLIER = 10
_ORDER = {NetworkRun.Goal.CO2E: "co2e_kg"}


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
        return Figures(self.tonnes - other.tonnes, self.dkk - other.dkk, self.co2e_kg - other.co2e_kg)


def runs_of(user: User, operator: Operator) -> QuerySet[NetworkRun]:
    """The operator's runs, the newest first, for its consultants and heads."""
    if operator.pk not in user.operators_as(STAFF):
        return NetworkRun.objects.none()
    return NetworkRun.objects.filter(operator=operator).select_related("by", "job")


def flows_of(user: User, run: NetworkRun) -> QuerySet[NetworkFlow]:
    """The run's flows whose listings the person may see today, the most valuable first, ready to be shown."""
    first = _ORDER.get(NetworkRun.Goal(run.goal), "dkk")
    return (
        NetworkFlow.objects.visible_to(user)
        .filter(run=run)
        .select_related("have__organisation", "need", "taker", "suggestion", "match")
        .order_by(F(first).desc(nulls_last=True), "-tonnes", "pk")
    )


def is_whole(run: NetworkRun, shown: QuerySet[NetworkFlow]) -> bool:
    """Whether everything in the run may still be shown; if not, its sums and its curve may not be either."""
    return shown.order_by().count() == run.flows.count()


def totals(flows: QuerySet[NetworkFlow]) -> tuple[Figures, Figures]:
    """What today's agreements among the flows are worth, and what all of them are."""
    rows = list(flows.order_by().values_list("tonnes", "agreed_tonnes", "dkk", "co2e_kg"))
    today = [
        (agreed, _share(dkk, agreed, tonnes), _share(co2e, agreed, tonnes))
        for tonnes, agreed, dkk, co2e in rows
        if agreed
    ]
    return _summed(today), _summed((tonnes, dkk, co2e) for tonnes, _agreed, dkk, co2e in rows)


def _share(value: Decimal | None, part: Decimal, whole: Decimal) -> Decimal | None:
    return None if value is None else value * part / whole


def _summed(rows: Iterable[tuple[Decimal, Decimal | None, Decimal | None]]) -> Figures:
    listed = list(rows)
    return Figures(
        tonnes=sum((row[0] for row in listed), Decimal(0)),
        dkk=sum((row[1] for row in listed if row[1] is not None), Decimal(0)),
        co2e_kg=sum((row[2] for row in listed if row[2] is not None), Decimal(0)),
        without_dkk=sum(row[1] is None for row in listed),
        without_co2e=sum(row[2] is None for row in listed),
        deliveries=len(listed),
    )


def loops_in(flows: Iterable[NetworkFlow]) -> list[Path]:
    """Closed loops among the deliveries of a plan. They can all run at once: the plan shared the tonnes out."""
    links: dict[tuple[int, int], Link] = {}
    for flow in flows:
        link = link_of(flow)
        key = (link.giver, link.taker)
        if key not in links or _worth(link) > _worth(links[key]):
            links[key] = link
    edges = [(str(giver), str(taker), _worth(link), 1.0) for (giver, taker), link in links.items()]
    if not edges:
        return []
    found = engine_loops(edges, LONGEST, MOST_LOOPS)
    return [
        Path(
            tuple(
                links[int(giver), int(taker)]
                for giver, taker in zip(loop.nodes, [*loop.nodes[1:], loop.nodes[0]], strict=True)
            ),
            True,
        )
        for loop in found
    ]


def _worth(link: Link) -> float:
    return float(link.dkk or 0) + float(link.tonnes or 0) / 1000


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
