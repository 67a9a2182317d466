# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The worklist "I dag": what a consultant with twenty minutes does first. A fixed number of queries, whatever the size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import STAFF, Membership
from brobygger.base import mail
from brobygger.base.indicators import Period
from brobygger.market.models import Introduction, Match, MatchNote, Suggestion
from brobygger.market.queries import marks
from brobygger.market.queries.lately import Written, written_lately
from brobygger.market.queries.marks import kept_until_written
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
LATELY_KEPT_FOR = 10 * 60
"""Seconds that what firms wrote is kept: names may be corrected meanwhile."""
READ = 3 * MOST
"""Matches of each part that are looked at."""
NOT_SHOWN = ("parts", "precedents", "decline_facts", "factor_source")
"""What a line about a suggestion does not show."""


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
    mine_of_office = Match.objects.filter(whose, operator=operator)
    due, waits = _due_and_waiting(matches, mine_of_office, operator, today)
    shown = in_order(
        matches.select_related("giver", "taker", "consultant"), [*due[:MOST], *list(waits)[:MOST]]
    )
    asking, best = asking_for(operator), best_new(operator, today)
    suggestions = with_sides(Suggestion.objects.defer(*NOT_SHOWN)).in_bulk({*asking, *best})
    return Worklist(
        today=today,
        follow_ups=[match for match in shown if match.pk not in waits],
        waiting=[_line(match, waits[match.pk]) for match in shown if match.pk in waits],
        asking=[suggestions[key] for key in asking if key in suggestions],
        best=[suggestions[key] for key in best if key in suggestions],
        lately=kept_until_written(
            f"market.lately:{user.pk if mine else ''}",
            operator,
            marks.WORDS,
            lambda: written_lately(operator, matches),
            seconds=LATELY_KEPT_FOR,
        ),
        year=year_so_far(operator, today),
        more_follow_ups=len(due) > MOST,
        more_waiting=len(waits) > MOST,
    )


def _due_and_waiting(
    matches: QuerySet[Match], of_operator: QuerySet[Match], operator: Any, today: date
) -> tuple[list[Any], dict[Any, str]]:
    """Keys of matches to follow up, and key → why of those that wait: letters that failed first, then firms that wrote,
    then matches that have stood still, the oldest first.

    `matches` is `of_operator` without those that rest on what has become confidential elsewhere. That rule opens both of
    a match's listings, so it is put once, to the few that are found, as long as they are enough.
    """
    asked = {
        "due": of_operator.filter(follow_up_on__lte=today, stage__in=OPEN).order_by("follow_up_on", "pk"),
        "letter": _letters(of_operator),
        "answer": _answers(of_operator, operator),
        "still": _still(of_operator),
    }
    found = {why: list(rows.values_list("pk", flat=True)[:READ]) for why, rows in asked.items()}
    every = {key for keys in found.values() for key in keys}
    seen = set(matches.order_by().filter(pk__in=every).values_list("pk", flat=True)) if every else set()
    kept = {why: [key for key in keys if key in seen] for why, keys in found.items()}
    for why, keys in found.items():
        if len(keys) == READ and len(kept[why]) <= MOST:
            among = matches.order_by().values("pk")
            kept[why] = list(asked[why].filter(pk__in=among).values_list("pk", flat=True)[: MOST + 1])
    due = kept.pop("due")[: MOST + 1]
    waits: dict[Any, str] = {}
    for why, keys in kept.items():
        for key in keys[: MOST + 1]:
            if key not in due:
                waits.setdefault(key, why)
    return due, waits


def _line(match: Match, why: str) -> Waiting:
    return Waiting(match, why, days=(timezone.now() - match.stage_at).days if why == "still" else 0)


def _letters(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Matches with a letter that did not get through. Stuck letters are few, and are looked for first."""
    stuck = Introduction.objects.filter(letter__in=mail.stuck().values("pk"))
    return matches.filter(
        pk__in=list(stuck.values_list("match_id", flat=True)[:ANSWERS_READ]), stage__in=OPEN
    )


def _answers(matches: QuerySet[Match], operator: Any) -> QuerySet[Match]:
    """Matches where the last word is a firm's."""
    office = list(
        Membership.objects.filter(operator=operator, role__in=STAFF).values_list("user_id", flat=True)
    )
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


def _still(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Matches that have stood still for too long without a planned follow-up, the oldest first."""
    slow = matches.filter(waiting_too_long(timezone.now())).exclude(follow_up_on__gt=timezone.localdate())
    return slow.order_by("stage_at", "pk")


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
