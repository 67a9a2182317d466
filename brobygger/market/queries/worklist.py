# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The worklist "I dag": what a consultant with twenty minutes does first. A fixed number of queries, whatever the size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from brobygger.base.indicators import Period
from brobygger.base.prepared import padded, prepared
from brobygger.market.models import Match, NetworkFlow, Suggestion
from brobygger.market.queries import marks
from brobygger.market.queries.due import MOST, Scope, due_and_waiting
from brobygger.market.queries.lately import Written, written_lately
from brobygger.market.queries.marks import kept_until_written
from brobygger.market.queries.planned import lines_in_plan, not_taken_up
from brobygger.market.queries.results import Totals, deliveries_in, matches_of, totals
from brobygger.market.queries.suggestions import of_office

BEST = 8
ON_A_LINE = (
    "stage", "stage_at", "follow_up_on", "follow_up_about", "giver__name", "taker__name", "consultant__name", "consultant__email",
)  # fmt: skip
"""What a line says about a match."""
KEPT_FOR = 60 * 60
"""Seconds that the year's figures are kept in memory."""
LATELY_KEPT_FOR = 10 * 60
"""Seconds that what firms wrote is kept: names may be corrected meanwhile."""


@dataclass(frozen=True, slots=True)
class Today:
    """What a panel of the place `market.today` is asked about: whose day it is. `mine`: the person's own and what nobody has taken."""

    operator: Any
    day: date
    mine: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A match that waits for the office. `why`: letter, answer or still (then `days` says for how long)."""

    match: Match
    why: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """The figures of the year so far."""

    period: Period
    agreed: int
    moved: Totals


@dataclass(frozen=True, slots=True)
class Worklist:
    """The parts of the page, each shortened to `MOST` lines; `more_…` says that there are others."""

    today: date
    follow_ups: Sequence[Match]
    waiting: Sequence[Waiting]
    asking: Sequence[Suggestion]
    best: Sequence[Suggestion]
    planned: Sequence[NetworkFlow]
    lately: Sequence[Written]
    year: Year
    more_follow_ups: bool
    more_waiting: bool

    @property
    def is_empty(self) -> bool:
        """Nothing to do at all."""
        return not (self.follow_ups or self.waiting or self.asking or self.best or self.planned)


def worklist(user: Any, operator: Any, *, mine: bool) -> Worklist:
    """What waits at the operator, for one of its consultants or heads; with `mine` only the person's own matches and those that nobody has taken."""
    today = timezone.localdate()
    due, waits = due_and_waiting(Scope(operator.pk, user.pk, mine), today)
    keys = [*due[:MOST], *list(waits)[:MOST]]
    matches = {match.pk: match for match in _matches(*padded(keys))} if keys else {}
    shown = [matches[key] for key in keys if key in matches]
    asking, best = asking_for(operator), best_new(operator, today)
    proposed = [*{*asking, *best}]
    suggestions = lines_in_plan(operator, proposed)
    return Worklist(
        today=today,
        follow_ups=[match for match in shown if match.pk not in waits],
        waiting=[_line(match, waits[match.pk]) for match in shown if match.pk in waits],
        asking=[suggestions[key] for key in asking if key in suggestions],
        best=[suggestions[key] for key in best if key in suggestions],
        planned=not_taken_up(operator, proposed),
        lately=kept_until_written(
            f"market.lately:{user.pk if mine else ''}",
            operator,
            marks.WORDS,
            lambda: written_lately(operator, _whose(operator, user, mine=mine)),
            seconds=LATELY_KEPT_FOR,
        ),
        year=year_so_far(operator, today),
        more_follow_ups=len(due) > MOST,
        more_waiting=len(waits) > MOST,
    )


@prepared
def _matches(*keys: Any) -> QuerySet[Match]:
    rows = Match.objects.filter(pk__in=keys).select_related("giver", "taker", "consultant")
    return rows.only(*ON_A_LINE).order_by()


def _whose(operator: Any, user: Any, *, mine: bool) -> QuerySet[Match]:
    whose = Q(consultant=user) | Q(consultant=None) if mine else Q()
    return Match.objects.of_office(operator).filter(whose)


def _line(match: Match, why: str) -> Waiting:
    return Waiting(match, why, days=(timezone.now() - match.stage_at).days if why == "still" else 0)


def asking_for(operator: Any) -> list[Any]:
    """Keys of suggestions where a firm has said that it is interested, the oldest answer first."""
    found: dict[Any, datetime] = {}
    for said in ("giver_interested_at", "taker_interested_at"):
        for key, moment in _asking(operator.pk, said=said):
            found[key] = min(moment, found.get(key, moment))
    return sorted(found, key=lambda key: (found[key], str(key)))[:MOST]


@prepared
def _asking(operator: Any, *, said: str) -> QuerySet[Any]:
    told = of_office(operator).filter(state__in=(Suggestion.State.NEW, Suggestion.State.PUT_OFF))
    return told.filter(**{f"{said}__isnull": False}).order_by(said, "pk").values_list("pk", said)[:MOST]


def best_new(operator: Any, today: date) -> list[Any]:
    """Keys of the best new suggestions, and of those put off until now, the highest score first."""
    new, back = _best(operator.pk), _back(operator.pk, today)
    return [key for key, _ in sorted([*new, *back], key=lambda found: -found[1])[:BEST]]


@prepared
def _best(operator: Any) -> QuerySet[Any]:
    return _by_score(operator).filter(state=Suggestion.State.NEW)[:BEST]


@prepared
def _back(operator: Any, today: Any) -> QuerySet[Any]:
    return _by_score(operator).filter(state=Suggestion.State.PUT_OFF, put_off_until__lte=today)[:BEST]


def _by_score(operator: Any) -> QuerySet[Any]:
    return of_office(operator).order_by("-score", "distance_m", "pk").values_list("pk", "score")


def year_so_far(operator: Any, today: date) -> Year:
    """Matches agreed and what moved since New Year. Added up again only when something it rests on has changed."""

    def added_up() -> Year:
        period = Period(date(today.year, 1, 1), today)
        matches = matches_of(operator)
        return Year(period, agreed_in(period, matches).count(), totals(deliveries_in(period, matches)))

    return kept_until_written(f"market.year:{today}", operator, marks.FIGURES, added_up, seconds=KEPT_FOR)


def agreed_in(period: Period, matches: QuerySet[Match]) -> QuerySet[Any]:
    """Matches whose first agreement was made in the period, with its day as `agreed_first`, in that order."""
    return (
        matches.annotate(agreed_first=Min("agreements__agreed_on"))
        .filter(agreed_first__range=(period.start, period.end))
        .order_by("agreed_first", "pk")
    )
