# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The worklist "I dag": what a consultant with twenty minutes does first. A fixed number of queries, whatever the size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import STAFF, Membership
from brobygger.base import mail
from brobygger.base.indicators import Period
from brobygger.market.models import (
    Agreement,
    Delivery,
    Introduction,
    Listing,
    Match,
    MatchNote,
    Suggestion,
)
from brobygger.market.queries.lately import Written, written_lately
from brobygger.market.queries.matches import OPEN, in_order, waiting_too_long
from brobygger.market.queries.results import Totals, deliveries_in, matches_of, totals
from brobygger.market.queries.suggestions import of_office, with_sides

MOST = 12
"""Lines of each part; the rest is one click away in the lists."""
BEST = 8
ANSWERS_SINCE = timedelta(days=30)
ANSWERS_READ = 100
"""Unanswered notes that are looked at, the oldest first; several may be about one match."""
KEPT_FOR = 60 * 60
"""Seconds that the year's figures are kept in memory."""


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
    lately: Sequence[Written]
    year: Year
    more_follow_ups: bool
    more_waiting: bool

    @property
    def is_empty(self) -> bool:
        """Nothing to do at all."""
        return not (self.follow_ups or self.waiting or self.asking or self.best)


def worklist(user: Any, operator: Any, *, mine: bool) -> Worklist:
    """What waits at the operator, for one of its consultants or heads; with `mine` only the person's own matches and those that nobody has taken."""
    today = timezone.localdate()
    whose = Q(consultant=user) | Q(consultant=None) if mine else Q()
    matches = Match.objects.of_office(operator).filter(whose)
    due = list(
        matches.filter(follow_up_on__lte=today, stage__in=OPEN)
        .order_by("follow_up_on", "pk")
        .values_list("pk", flat=True)[: MOST + 1]
    )
    waits = {key: why for key, why in _waiting(matches, operator, whose).items() if key not in due}
    shown = in_order(
        matches.select_related("giver", "taker", "consultant"), [*due[:MOST], *list(waits)[:MOST]]
    )
    asking, best = asking_for(operator), best_new(operator, today)
    suggestions = with_sides(Suggestion.objects.all()).in_bulk({*asking, *best})
    return Worklist(
        today=today,
        follow_ups=[match for match in shown if match.pk not in waits],
        waiting=[_line(match, waits[match.pk]) for match in shown if match.pk in waits],
        asking=[suggestions[key] for key in asking if key in suggestions],
        best=[suggestions[key] for key in best if key in suggestions],
        lately=written_lately(operator, matches),
        year=year_so_far(operator, today),
        more_follow_ups=len(due) > MOST,
        more_waiting=len(waits) > MOST,
    )


def _waiting(matches: QuerySet[Match], operator: Any, whose: Q) -> dict[Any, str]:
    """Key → why: letters that failed first, then firms that wrote, then matches that have stood still, the oldest first."""
    found: dict[Any, str] = {}
    for why, rows in (
        ("letter", _letters(matches)), ("answer", _answers(matches, operator)), ("still", _still(matches, Q(whose, operator=operator))),
    ):  # fmt: skip
        for key in rows.values_list("pk", flat=True)[: MOST + 1]:
            found.setdefault(key, why)
    return found


def _line(match: Match, why: str) -> Waiting:
    return Waiting(match, why, days=(timezone.now() - match.stage_at).days if why == "still" else 0)


def _letters(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Matches with a letter that did not get through."""
    stuck = Introduction.objects.filter(match=OuterRef("pk"), letter__in=mail.stuck().values("pk"))
    return matches.filter(Exists(stuck), stage__in=OPEN)


def _answers(matches: QuerySet[Match], operator: Any) -> QuerySet[Match]:
    """Matches where the last word is a firm's."""
    office = Membership.objects.filter(operator=operator, role__in=STAFF).values("user_id")
    later = MatchNote.objects.filter(match=OuterRef("match"), at__gt=OuterRef("at"), by__in=office)
    rows = (
        MatchNote.objects.filter(
            private=False,
            by__isnull=False,
            at__gte=timezone.now() - ANSWERS_SINCE,
            match__operator=operator,
            match__stage__in=OPEN,
        )
        .exclude(by__in=office)
        .filter(~Exists(later))
        .order_by("at")
        .values_list("match_id", flat=True)[:ANSWERS_READ]
    )
    return matches.filter(pk__in=list(rows))


def _still(matches: QuerySet[Match], mine: Q) -> QuerySet[Match]:
    """Matches that have stood still for too long without a planned follow-up, the oldest first.

    `mine` is what `matches` asks of a match itself. The rule about whose listings may be seen opens both of a match's
    listings, so it is put to the oldest alone, as long as they are enough.
    """
    slow = Match.objects.filter(mine, waiting_too_long(timezone.now())).exclude(
        follow_up_on__gt=timezone.localdate()
    )
    oldest = list(slow.order_by("stage_at", "pk").values_list("pk", flat=True)[: 3 * MOST])
    seen = list(matches.filter(pk__in=oldest).values_list("pk", flat=True))
    if len(seen) > MOST or len(oldest) < 3 * MOST:
        return matches.filter(pk__in=seen).order_by("stage_at", "pk")
    return matches.filter(pk__in=slow.values("pk")).order_by("stage_at", "pk")


def asking_for(operator: Any) -> list[Any]:
    """Keys of suggestions where a firm has said that it is interested, the oldest answer first."""
    told = of_office(operator).filter(state__in=(Suggestion.State.NEW, Suggestion.State.PUT_OFF))
    found: dict[Any, datetime] = {}
    for said in ("giver_interested_at", "taker_interested_at"):
        rows = told.filter(**{f"{said}__isnull": False}).order_by(said, "pk").values_list("pk", said)[:MOST]
        for key, moment in rows:
            found[key] = min(moment, found.get(key, moment))
    return sorted(found, key=lambda key: (found[key], str(key)))[:MOST]


def best_new(operator: Any, today: date) -> list[Any]:
    """Keys of the best new suggestions, and of those put off until now, the highest score first."""
    visible = of_office(operator).order_by("-score", "distance_m", "pk").values_list("pk", "score")
    new = list(visible.filter(state=Suggestion.State.NEW)[:BEST])
    back = list(visible.filter(state=Suggestion.State.PUT_OFF, put_off_until__lte=today)[:BEST])
    return [key for key, _ in sorted([*new, *back], key=lambda found: -found[1])[:BEST]]


def year_so_far(operator: Any, today: date) -> Year:
    """Matches agreed and what moved since New Year. Added up again only when something it rests on has changed."""
    key = f"market.year:{operator.pk}:{today}:{_last_change()}"
    found: Year | None = cache.get(key)
    if found is None:
        period = Period(date(today.year, 1, 1), today)
        matches = matches_of(operator)
        found = Year(period, agreed_in(period, matches).count(), totals(deliveries_in(period, matches)))
        cache.set(key, found, KEPT_FOR)
    return found


def _last_change() -> str:
    """What was last written in the history of deliveries, agreements and listings. A question to a primary key each."""
    marks: list[Any] = []
    for model in (Delivery, Agreement, Listing):
        newest = model.history.order_by("-history_id").values_list("history_id", "history_date")
        marks += newest.first() or ()
    return "-".join(
        mark.strftime("%Y%m%d%H%M%S%f") if isinstance(mark, datetime) else str(mark) for mark in marks
    )


def agreed_in(period: Period, matches: QuerySet[Match]) -> QuerySet[Any]:
    """Matches whose first agreement was made in the period, with its day as `agreed_first`, in that order."""
    return (
        matches.annotate(agreed_first=Min("agreements__agreed_on"))
        .filter(agreed_first__range=(period.start, period.end))
        .order_by("agreed_first", "pk")
    )
