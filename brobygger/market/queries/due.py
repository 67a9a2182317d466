# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which of the office's matches want something today, and why. Keys first: the records are fetched once, by the caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import STAFF, Membership
from brobygger.base import mail
from brobygger.base.prepared import one_of, padded, prepared
from brobygger.market.models import Introduction, Match, MatchNote
from brobygger.market.queries.matches import OPEN, PATIENCE, still_since

MOST = 12
"""Lines of each part; the rest is one click away in the lists."""
READ = 3 * MOST
"""Matches of each part that are looked at."""
ANSWERS_SINCE = timedelta(days=30)
ANSWERS_READ = 100
"""Unanswered notes that are looked at, the oldest first; several may be about one match."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose matches: the operator's, and with `mine` only the person's own and those that nobody has taken."""

    operator: int
    user: int
    mine: bool

    def due(self, today: date, most: int) -> list[Any]:
        """To be followed up by today, the first due first."""
        return _due(self.operator, self.user, today, mine=self.mine, most=most)

    def letters(self, most: int) -> list[Any]:
        """With a letter that did not get through. Stuck letters are few, and are looked for first."""
        stuck = _stuck(mail.unsure_before())
        return _among(self.operator, self.user, *padded(stuck), mine=self.mine, most=most) if stuck else []

    def answers(self, most: int) -> list[Any]:
        """Where the last word is a firm's."""
        office = padded(_office(self.operator))
        notes = _unanswered(self.operator, timezone.now() - ANSWERS_SINCE, *office)
        return _among(self.operator, self.user, *padded(notes), mine=self.mine, most=most) if notes else []

    def still(self, today: date, most: int) -> list[Any]:
        """That have stood still for too long without a planned follow-up, the oldest first."""
        now = timezone.now()
        since = [now - timedelta(days=days) for days in PATIENCE.values()]
        return _still(self.operator, self.user, today, *since, mine=self.mine, most=most)

    def seen(self, keys: set[Any]) -> set[Any]:
        """Those of the keys that do not rest on what has become confidential elsewhere."""
        return set(_seen(self.operator, *padded(keys))) if keys else set()


def due_and_waiting(scope: Scope, today: date) -> tuple[list[Any], dict[Any, str]]:
    """Keys of matches to follow up, and key → why of those that wait: letters that failed first, then firms that wrote,
    then matches that have stood still, the oldest first. Of each `MOST` and one more, which says that there are others.

    What has become confidential elsewhere is left out by a rule that opens both of a match's listings, so it is put once, to
    the few that are found, as long as they are enough.
    """
    asked: dict[str, Callable[[int], list[Any]]] = {
        "due": lambda most: scope.due(today, most),
        "letter": scope.letters,
        "answer": scope.answers,
        "still": lambda most: scope.still(today, most),
    }
    found = {why: ask(READ) for why, ask in asked.items()}
    seen = scope.seen({key for keys in found.values() for key in keys})
    kept = {why: [key for key in keys if key in seen] for why, keys in found.items()}
    for why, keys in found.items():
        read = READ
        while len(keys) == read and len(kept[why]) <= MOST:
            read *= 8
            keys = asked[why](read)
            open_to_us = scope.seen(set(keys))
            kept[why] = [key for key in keys if key in open_to_us]
    due = kept.pop("due")[: MOST + 1]
    waits: dict[Any, str] = {}
    for why, keys in kept.items():
        for key in keys[: MOST + 1]:
            if key not in due:
                waits.setdefault(key, why)
    return due, waits


def _of(operator: Any, user: Any, *, mine: bool) -> QuerySet[Match]:
    whose = Q(consultant=user) | Q(consultant=None) if mine else Q()
    return Match.objects.filter(whose, operator=operator)


@prepared
def _due(operator: Any, user: Any, today: Any, *, mine: bool, most: int) -> QuerySet[Any]:
    rows = _of(operator, user, mine=mine).filter(follow_up_on__lte=today, stage__in=OPEN)
    return rows.order_by("follow_up_on", "pk").values_list("pk", flat=True)[:most]


@prepared
def _stuck(unsure_before: Any) -> QuerySet[Any]:
    rows = Introduction.objects.filter(letter__in=mail.stuck(unsure_before).values("pk"))
    return rows.values_list("match_id", flat=True)[:ANSWERS_READ]


@prepared
def _office(operator: Any) -> QuerySet[Any]:
    return Membership.objects.filter(operator=operator, role__in=sorted(STAFF)).values_list(
        "user_id", flat=True
    )


@prepared
def _unanswered(operator: Any, since: Any, *office: Any) -> QuerySet[Any]:
    later = MatchNote.objects.filter(one_of("by", office), match=OuterRef("match"), at__gt=OuterRef("at"))
    return (
        MatchNote.objects.filter(
            private=False,
            by__isnull=False,
            at__gte=since,
            match__operator=operator,
            match__stage__in=OPEN,
        )
        .exclude(one_of("by", office))
        .filter(~Exists(later))
        .order_by("at")
        .values_list("match_id", flat=True)[:ANSWERS_READ]
    )


@prepared
def _among(operator: Any, user: Any, *keys: Any, mine: bool, most: int) -> QuerySet[Any]:
    rows = _of(operator, user, mine=mine).filter(pk__in=keys, stage__in=OPEN)
    return rows.order_by().values_list("pk", flat=True)[:most]


@prepared
def _still(operator: Any, user: Any, today: Any, *since: Any, mine: bool, most: int) -> QuerySet[Any]:
    slow = still_since(dict(zip(PATIENCE, since, strict=True)))
    rows = _of(operator, user, mine=mine).filter(slow).exclude(follow_up_on__gt=today)
    return rows.order_by("stage_at", "pk").values_list("pk", flat=True)[:most]


@prepared
def _seen(operator: Any, *keys: Any) -> QuerySet[Any]:
    return Match.objects.of_office(operator).order_by().filter(pk__in=keys).values_list("pk", flat=True)
