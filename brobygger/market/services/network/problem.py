# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The network as the engine reads it: who has how many tonnes a year, who needs how many, and what a tonne is worth.

Only pairs that are proposed, being worked on or agreed are edges, and only where both amounts are known: a plan that
guesses amounts is no plan. What two have agreed stays in it, with at least the agreed tonnes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.market.models import Agreement, Match, NetworkFlow, NetworkWish, Suggestion
from brobygger.market.queries.results import factors
from brobygger.market.queries.suggestions import of_office
from brobygger.market.services.network.amounts import (
    Amount,
    agreed_tonnes,
    amounts_of,
    common_lot,
    in_whole_lots,
)

MOST_PAIRS = 200_000
"""Of the most obvious suggestions."""
YOUNG = (Match.Stage.CHOSEN, Match.Stage.INTRODUCED, Match.Stage.DIALOGUE)
"""Matches that are worked on: the plan may use them, and need not."""
Why = NetworkFlow.Why


@dataclass(slots=True)
class Pair:
    """A possible delivery, in tonnes a year. `need` is None for a taker that posted nothing.

    `agreed` is what the two have agreed, `least` what the plan must give them (never less than agreed); beyond that it
    moves in whole loads of `lot` tonnes (0: any amount). Worth is per tonne; None is unknown.
    """

    have: UUID
    need: UUID | None
    giver: int
    taker: int
    score: float
    dkk: float | None
    co2e_kg: float | None
    suggestion: UUID | None = None
    match: UUID | None = None
    agreed: Decimal = Decimal(0)
    least: Decimal = Decimal(0)
    lot: Decimal = Decimal(0)
    why: str = Why.BEST

    @property
    def other(self) -> str:
        """The node that takes: the need, or the organisation."""
        return str(self.need) if self.need else f"o{self.taker}"


@dataclass(slots=True)
class Problem:
    """Amounts by node, pairs, and what had to be left out and why."""

    gives: dict[str, Decimal] = field(default_factory=dict)
    takes: dict[str, Decimal] = field(default_factory=dict)
    promises: dict[str, Decimal] = field(default_factory=dict)
    """Node → the least that it moves, where its listing says so."""
    pairs: list[Pair] = field(default_factory=list)
    unmeasured: set[UUID] = field(default_factory=set)
    """Listings whose tonnes a year are not known, so that their suggestions are not in the plan."""
    unmet: list[UUID] = field(default_factory=list)
    """Pinned wishes that find nothing left, or whose pair is no longer proposed."""
    too_large_lots: int = 0
    """Pairs where not even one load fits what the other can move."""
    agreed_without_amount: int = 0
    """Agreements that name no amount: reckoned with what both can move at most."""
    agreed_unknown: int = 0
    """Agreements whose tonnes nobody can know: they are not in the figures."""

    def left(self) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
        """What each node gives and takes beyond what agreements and pins have taken."""
        gives, takes = dict(self.gives), dict(self.takes)
        for pair in self.pairs:
            if pair.least:
                gives[str(pair.have)] -= pair.least
                takes[pair.other] -= pair.least
        return gives, takes


def candidates(operator: Operator, least: float) -> QuerySet[Suggestion]:
    """Suggestions that a plan may use: proposed, put off, or worked on and not agreed yet; the most obvious first."""
    state = Suggestion.State
    return (
        of_office(operator)
        .filter(
            Q(state__in=[state.NEW, state.PUT_OFF]) | Q(state=state.ACCEPTED, match__stage__in=YOUNG),
            kind=Suggestion.Kind.PAIR,
        )
        .filter(Q(score__gte=least) | Q(pk__in=_pinned(operator)))
        .order_by("-score", "pk")
    )


def _pinned(operator: Operator) -> list[UUID]:
    """Ids of the suggestions of pinned pairs: a person's word counts more than the least score."""
    wishes = NetworkWish.objects.filter(
        operator=operator, kind=NetworkWish.Kind.PIN, lifted_at=None
    ).values_list("have_id", "need_id")
    found: list[UUID] = []
    for have, need in wishes:
        found += Suggestion.objects.filter(operator=operator, have=have, need=need).values_list(
            "pk", flat=True
        )
    return found


def problem_of(operator: Operator, least: float) -> Problem:
    """The operator's network now."""
    rows = list(
        candidates(operator, least).values_list("pk", "score", "have_id", "need_id", "match__pk")[:MOST_PAIRS]
    )
    agreed = list(_delivering(operator))
    wishes = list(NetworkWish.objects.filter(operator=operator, lifted_at=None).order_by("at", "pk"))
    ids = {row[2] for row in rows} | {row[3] for row in rows}
    ids |= {match.have_id for match, _ in agreed} | {match.need_id for match, _ in agreed if match.need_id}
    amounts = amounts_of(ids, operator.pk)
    problem = Problem()
    for match, agreements in agreed:
        _add_agreed(problem, match, agreements, amounts)
    _widen(problem, amounts)
    bound_together = {(pair.have, pair.need) for pair in problem.pairs}
    forbidden = {(wish.have_id, wish.need_id) for wish in wishes if wish.kind == NetworkWish.Kind.FORBID}
    for pk, score, have, need, match_id in rows:
        if (have, need) not in forbidden and (have, need) not in bound_together:
            _add_proposed(problem, (have, need), amounts, score=score, suggestion=pk, match=match_id)
    _pin(problem, (wish for wish in wishes if wish.kind == NetworkWish.Kind.PIN))
    _promise(problem, amounts)
    return problem


def _delivering(operator: Operator) -> list[tuple[Match, list[Agreement]]]:
    """Agreed and running matches with their agreements that have not ended; the longest agreed first."""
    current = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    found = Match.objects.of_office(operator).filter(operator=operator, stage__in=Match.IN_FORCE)
    found = found.select_related("taker")
    agreements: dict[UUID, list[Agreement]] = {}
    for agreement in Agreement.objects.filter(current, match__in=found.values("pk")):
        agreements.setdefault(agreement.match_id, []).append(agreement)
    return [
        (match, agreements[match.pk]) for match in found.order_by("stage_at", "pk") if match.pk in agreements
    ]


def _add_agreed(
    problem: Problem, match: Match, agreements: Iterable[Agreement], amounts: Mapping[UUID, Amount]
) -> None:
    have, need = amounts[match.have_id], amounts[match.need_id] if match.need_id else None
    known = [side.tonnes for side in (have, need) if side is not None and side.tonnes is not None]
    agreed = agreed_tonnes(agreements, have.type_id)
    if agreed is None:
        agreed = min(known, default=None)
        problem.agreed_without_amount += agreed is not None
    if not agreed:
        problem.agreed_unknown += 1
        return
    pair = _pair((match.have_id, match.need_id), have, need, match.taker_id, match.taker.industry, score=1.0)
    pair.suggestion, pair.match = match.suggestion_id, match.pk
    pair.agreed = pair.least = agreed
    pair.why = Why.AGREED
    problem.pairs.append(pair)


def _widen(problem: Problem, amounts: Mapping[UUID, Amount]) -> None:
    """A party can move what its listing says, and never less than it has agreed to in all."""
    listed: dict[str, Decimal] = {}
    for pair in problem.pairs:
        for side, node, listing in (
            (problem.gives, str(pair.have), pair.have),
            (problem.takes, pair.other, pair.need),
        ):
            side[node] = side.get(node, Decimal(0)) + pair.agreed
            known = amounts[listing].tonnes if listing else None
            listed[node] = known or Decimal(0)
    for side in (problem.gives, problem.takes):
        for node in side:
            side[node] = max(side[node], listed[node])


def _add_proposed(
    problem: Problem, ends: tuple[UUID, UUID], amounts: Mapping[UUID, Amount], **what: Any
) -> None:
    have, need = (amounts[end] for end in ends)
    unknown = [end for end in ends if amounts[end].tonnes is None]
    if unknown or have.tonnes is None or need.tonnes is None:
        problem.unmeasured.update(unknown)
        return
    problem.gives.setdefault(str(ends[0]), have.tonnes)
    problem.takes.setdefault(str(ends[1]), need.tonnes)
    pair = _pair(ends, have, need, need.organisation, need.industry, score=what["score"])
    pair.suggestion, pair.match = what["suggestion"], what["match"]
    problem.too_large_lots += pair.lot > min(have.tonnes, need.tonnes)
    problem.pairs.append(pair)


def _pair(
    ends: tuple[UUID, UUID | None],
    have: Amount,
    need: Amount | None,
    taker: int,
    industry: str,
    *,
    score: float,
) -> Pair:
    worth = factors(have.type_id, need.type_id if need else "", industry)
    lot = common_lot(have.lot, need.lot) if need is not None else have.lot
    return Pair(*ends, have.organisation, taker, score, worth.dkk, worth.kg_co2e, lot=lot)


def _pin(problem: Problem, wishes: Iterable[NetworkWish]) -> None:
    """Each pinned pair gets as much as both have left after agreements and earlier pins, in whole loads."""
    gives, takes = problem.left()
    by_ends = {(pair.have, pair.need): pair for pair in problem.pairs}
    for wish in wishes:
        found = by_ends.get((wish.have_id, wish.need_id))
        left = min(gives[str(found.have)], takes[found.other]) if found else Decimal(0)
        left = in_whole_lots(left, found.lot) if found else left
        if found is None or left <= 0:
            if found is None or found.why != Why.AGREED:
                problem.unmet.append(wish.pk)
            continue
        found.least += left
        found.why = Why.PINNED if found.why == Why.BEST else found.why
        gives[str(found.have)] -= left
        takes[found.other] -= left


def _promise(problem: Problem, amounts: Mapping[UUID, Amount]) -> None:
    for pk, amount in amounts.items():
        node = str(pk)
        if amount.least and (node in problem.gives or node in problem.takes):
            problem.promises[node] = amount.least
