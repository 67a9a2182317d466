# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an office has answered to its suggestions, as the learning of weights reads it, and how an order changes.

Never a confidential listing, not even the office's own: weights move the order of what firms see, and nothing that
firms see may depend on what they must not know of. Never another office's answers, nor a neighbour's listing that is
not open now. Firms' own answers are left out: it is the consultants' judgement that is learned, and what came of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from brobygger.accounts.models import STAFF, Membership, Operator, Role
from brobygger.engine.learning import VISIBLY_SHORT, Answer, rescored
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.queries.suggestions import of_office, with_sides

State, Decline, Stage = Suggestion.State, Suggestion.Decline, Match.Stage

MOST_ANSWERS = 5000
"""The newest ones; older judgements are of another time."""
LOOKED_AT, TOP = 300, 20
"""An order is compared among so many of the best suggestions, and told about the first `TOP`."""
ABOUT = {
    Decline.TOO_FAR: "distance",
    Decline.QUANTITY: "quantity",
    Decline.TIMING: "time",
    Decline.PRICE: "conditions",
    Decline.QUALITY: "conditions",
    Decline.RULES: "conditions",
}
"""Reason of a no → the part it points at. The other reasons say nothing about the weights and are not learned from."""
ACCEPTED, RAN, DECLINED, FAILED, LEFT_OUT = "accepted", "ran", "declined", "failed", "left_out"
COUNTS_FOR = {ACCEPTED: 1.0, RAN: 2.0, DECLINED: 1.0, FAILED: 2.0}
"""What came of a match is worth twice what was thought of a suggestion."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers in the order they were given, and how many of each sort; `left_out` says nothing about the weights."""

    answers: list[Answer]
    counts: Mapping[str, int]


def answers_of(operator: Operator) -> Answers:
    """What the operator's consultants chose and declined, and what ran or failed."""
    rows = (
        _learnable(operator)
        .filter(state__in=[State.ACCEPTED, State.DECLINED], decided_at__isnull=False)
        .exclude(_said_by_a_firm(operator))
        .order_by("-decided_at", "pk")
        .values_list("state", "parts", "decline_reason", "match__stage")
    )[:MOST_ANSWERS]
    counts: Counter[str] = Counter(dict.fromkeys((*COUNTS_FOR, LEFT_OUT), 0))
    answers = []
    for state, parts, reason, stage in reversed(list(rows)):
        sort, answer = _answer(state, parts, reason, stage)
        counts[sort] += 1
        if answer is not None:
            answers.append(answer)
    return Answers(answers, counts)


def _learnable(operator: Operator) -> QuerySet[Suggestion]:
    broker = Listing.Visibility.BROKER
    return (
        of_office(operator)
        .filter(kind=Suggestion.Kind.PAIR, parts__has_key="type")
        .exclude(have__visibility=broker)
        .exclude(need__visibility=broker)
    )


def _said_by_a_firm(operator: Operator) -> Q:
    """A no that a firm or a partner gave by itself; one that ended a match is what came of it, and counts."""
    outside = Membership.objects.filter(role__in=[Role.FIRM, Role.PARTNER]).values("user")
    staff = Membership.objects.filter(operator=operator, role__in=STAFF).values("user")
    by_themselves = Suggestion.objects.filter(
        operator=operator, state=State.DECLINED, match__isnull=True, decided_by__in=outside
    ).exclude(decided_by__in=staff)
    return Q(pk__in=by_themselves.values("pk"))


def _answer(
    state: str, parts: Mapping[str, float | None], reason: str, stage: str | None
) -> tuple[str, Answer | None]:
    if state == State.ACCEPTED:
        sort = RAN if stage in (Stage.AGREED, Stage.RUNNING, Stage.ENDED) else ACCEPTED
        return sort, Answer(_type(parts), parts, True, COUNTS_FOR[sort])
    about = ABOUT.get(Decline(reason)) if reason in Decline.values else None
    shown = parts.get(about) if about else None
    if about is None or shown is None or shown >= VISIBLY_SHORT:
        return LEFT_OUT, None
    sort = FAILED if stage == Stage.FELL_THROUGH else DECLINED
    return sort, Answer(_type(parts), parts, False, COUNTS_FOR[sort], about)


def _type(parts: Mapping[str, float | None]) -> float:
    return float(parts.get("type") or 0.0)


@dataclass(frozen=True, slots=True)
class Moved:
    """A suggestion with its place in the order before and after; 1 is best."""

    suggestion: Suggestion
    before: int
    after: int

    @property
    def change(self) -> int:
        """Places up (above 0) or down."""
        return self.before - self.after


def reordered(operator: Operator, before: Mapping[str, float], after: Mapping[str, float]) -> list[Moved]:
    """The best new suggestions as they would stand under other weights, in the new order."""
    rows = _learnable(operator).filter(state=State.NEW).order_by("-score", "pk")
    chosen = list(with_sides(rows)[:LOOKED_AT])
    place_before, place_after = _places(chosen, before), _places(chosen, after)
    moved = [Moved(row, place_before[n], place_after[n]) for n, row in enumerate(chosen)]
    return sorted(moved, key=lambda row: row.after)


def _places(rows: list[Suggestion], weights: Mapping[str, float]) -> list[int]:
    scores = [rescored(_type(row.parts), row.parts, weights) for row in rows]
    order = sorted(range(len(rows)), key=lambda n: (-round(scores[n], 6), str(rows[n].pk)))
    places = [0] * len(rows)
    for place, n in enumerate(order, 1):
        places[n] = place
    return places
