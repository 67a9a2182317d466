# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an office's newest plan for the whole network says on other pages: of one listing, and what nobody has taken up.

Only for the office's consultants and heads. A delivery whose listings were changed since the plan was laid is not brought up
on the worklist, and is marked on the listing's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from brobygger.accounts.models import Operator, User
from brobygger.base.prepared import padded, prepared
from brobygger.engine.units import per_year
from brobygger.market.models import Listing, Match, NetworkFlow, NetworkRun, Suggestion
from brobygger.market.models.network import shown_to_office
from brobygger.market.queries.network import runs_of
from brobygger.market.queries.rings import Ring, rings_of
from brobygger.market.queries.suggestions import with_sides
from brobygger.market.wording import amount

MOST_NEW = 3
MOST_OF_LISTING = 6
LOOKED_AT = 1_000
"""Of the plan's most valuable deliveries, those that nobody has taken up are looked for among so many."""
ON_A_LINE = (
    "kind", "reason", "dkk_year", "co2e_kg_year", "giver_interested_at", "taker_interested_at", "organisation__name",
    "have__text", "have__resource_type", "have__period", "have__starts_on", "have__ends_on", "have__organisation__name",
    "need__period", "need__starts_on", "need__ends_on", "need__organisation__name",
)  # fmt: skip
"""What a line of the worklist says about a suggestion."""

State = Suggestion.State


def _newest(operator: Any) -> Subquery:
    """The key of the operator's newest plan that is done."""
    runs = NetworkRun.objects.filter(operator=operator, done_at__isnull=False)
    return Subquery(runs.order_by("-asked_at", "pk").values("pk")[:1])


def _unchanged() -> Q:
    """That both listings still are as they were when the plan was asked for."""
    found = Q()
    for side in ("have", "need"):
        found &= Q(
            **{f"{side}__status": Listing.Status.ACTIVE, f"{side}__changed_at__lte": F("run__asked_at")}
        )
    return found


def not_taken_up(operator: Operator, beside: Sequence[Any]) -> list[NetworkFlow]:
    """The most valuable deliveries of the plan that are only proposed. `beside`: suggestions that stand on the page already."""
    rows = _not_taken_up(operator.pk, most=MOST_NEW + len(padded(beside)))
    return [flow for flow in rows if flow.suggestion_id not in set(beside)][:MOST_NEW]


@prepared
def _not_taken_up(operator: Any, *, most: int) -> QuerySet[NetworkFlow]:
    """The rule of `visible_to`, for one office. By place along an index, of the first `LOOKED_AT`."""
    return (
        NetworkFlow.objects.filter(
            _unchanged(),
            shown_to_office([operator]),
            run=_newest(operator),
            place__lte=LOOKED_AT,
            match=None,
            suggestion__state=State.NEW,
        )
        .select_related("run", "have__organisation", "taker")
        .defer("run__figures")
        .order_by("place")[:most]
    )


def lines_in_plan(operator: Operator, keys: Sequence[Any]) -> dict[Any, Suggestion]:
    """These suggestions by key, as a line shows them, each with `in_plan`: whether the newest plan has it too."""
    return {row.pk: row for row in _lines(operator.pk, *padded(keys))} if keys else {}


@prepared
def _lines(operator: Any, *keys: Any) -> QuerySet[Suggestion]:
    planned = NetworkFlow.objects.filter(_unchanged(), suggestion=OuterRef("pk"), run=_newest(operator))
    rows = with_sides(Suggestion.objects.only(*ON_A_LINE)).filter(pk__in=keys)
    return rows.annotate(in_plan=Exists(planned)).order_by()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery of the plan seen from one of its listings. `today`: what was agreed when the plan was laid, where that holds.

    `agreed_since`: the two have agreed something that the plan does not know. `changed`: the other listing has changed since.
    """

    name: str
    url: str
    amount: str
    today: str
    agreed_since: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class OfListing:
    """What the newest plan says of a listing, and the loops it has part in. `changed`: the listing was changed since."""

    run: NetworkRun
    deliveries: list[Delivery]
    more: bool
    rings: list[Ring]
    changed: bool


def plan_of(user: User, operator: Operator, listing: Listing) -> OfListing | None:
    """What the operator's newest plan says of the listing; None where it has no part in it, or the person may not see it."""
    run = runs_of(user, operator).select_related(None).filter(done_at__isnull=False).first()
    if run is None:
        return None
    rows = _of_listing(operator.pk, run.pk, listing.pk, side=str(listing.side))
    flows = [flow for flow in rows if _stands(flow)]
    rings = rings_of(user, run, about=listing.pk).together
    if not flows and not rings:
        return None
    return OfListing(
        run,
        [_delivery(flow, listing) for flow in flows[:MOST_OF_LISTING]],
        len(flows) > MOST_OF_LISTING,
        rings,
        listing.changed_at > run.asked_at,
    )


@prepared
def _of_listing(office: Any, run: Any, listing: Any, *, side: str) -> QuerySet[NetworkFlow]:
    return (
        NetworkFlow.objects.filter(shown_to_office([office]), run=run, **{side: listing})
        .select_related(
            "run", "have__organisation", "need__organisation", "taker", "match", "suggestion__match"
        )
        .defer("run__figures")
        .order_by("place")[: 4 * MOST_OF_LISTING]
    )


def _match(flow: NetworkFlow) -> Match | None:
    """The match as it is now, also where it came after the plan."""
    return flow.match or getattr(flow.suggestion, "match", None)


def _stands(flow: NetworkFlow) -> bool:
    """Whether the two can still deliver: their match goes on, or they are proposed and both still have and need it."""
    match = _match(flow)
    if match is not None:
        return match.stage not in Match.OVER
    active = all(side is None or side.status == Listing.Status.ACTIVE for side in (flow.have, flow.need))
    return active and flow.suggestion is not None and flow.suggestion.state in (State.NEW, State.PUT_OFF)


def _delivery(flow: NetworkFlow, listing: Listing) -> Delivery:
    match = _match(flow)
    gives = flow.have_id == listing.pk
    other = flow.need if gives else flow.have
    page = match or flow.suggestion
    moves, unit = _in_period(flow.tonnes, listing)
    return Delivery(
        name=flow.taker.name if gives else flow.have.organisation.name,
        url=page.get_absolute_url() if page else "",
        amount=amount(moves, unit, listing.period),
        today=amount(*_in_period(flow.agreed_tonnes, listing)) if flow.agreed_tonnes else "0",
        agreed_since=not flow.agreed_tonnes and match is not None and match.stage in Match.IN_FORCE,
        changed=other is not None and other.changed_at > flow.run.asked_at,
    )


def _in_period(tonnes: Decimal, listing: Listing) -> tuple[Decimal, str]:
    """Tonnes a year as an amount in the listing's own period, in kilos where it is written so or where it is little."""
    found = tonnes / per_year(1, listing.period)
    if listing.unit == "kg" or found < 1:
        return round(found * 1000, 0 if found > Decimal("0.01") else 1), "kg"
    return round(found, 1), "t"
