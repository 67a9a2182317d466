# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reads of matches: the list, the page of one, and who is waiting too long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import STAFF
from brobygger.base.models import Letter
from brobygger.base.prepared import prepared
from brobygger.market.models import Introduction, Match, MatchNote

Stage = Match.Stage
PATIENCE: dict[str, int] = {
    Stage.CHOSEN: 3,
    Stage.INTRODUCED: 14,
    Stage.DIALOGUE: 30,
    Stage.AGREED: 30,
}
"""Days that a match may stand still in a stage before the office is told."""
OPEN = (Stage.CHOSEN, Stage.INTRODUCED, Stage.DIALOGUE, Stage.AGREED, Stage.RUNNING)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a match's timeline. `stage` is set for a change of stage."""

    at: datetime
    by: str
    text: str
    stage: str
    private: bool
    letter: Letter | None = None


def waiting_too_long(now: datetime | None = None) -> Q:
    """The condition that a match has stood still for longer than `PATIENCE`."""
    moment = now or timezone.now()
    return still_since({stage: moment - timedelta(days=days) for stage, days in PATIENCE.items()})


def still_since(moments: Mapping[str, Any]) -> Q:
    """The condition that a match has been in its stage since before the stage's moment."""
    return reduce(or_, (Q(stage=stage, stage_at__lt=moment) for stage, moment in moments.items()))


def matches_for(user: Any, operator: Any, roles: Iterable[str]) -> QuerySet[Match]:
    """The matches of the list: the operator's for its staff, else those the person is part of."""
    office = bool(set(roles) & STAFF)
    matches = Match.objects.of_office(operator) if office else Match.objects.visible_to(user)
    return matches.select_related("giver", "taker", "have", "need", "consultant")


def in_order(matches: QuerySet[Match], keys: list[Any]) -> list[Match]:
    """The matches with these keys, in the order of the keys: a database turns to a late page quickest by keys alone."""
    found = {match.pk: match for match in matches.order_by().filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def find(matches: QuerySet[Match], words: str) -> QuerySet[Match]:
    """Those whose parties or listings hold every word."""
    for word in words.split()[:8]:
        matches = matches.filter(
            Q(giver__name__icontains=word)
            | Q(taker__name__icontains=word)
            | Q(have__text__icontains=word)
            | Q(need__text__icontains=word)
        )
    return matches


def timeline(match: Match, *, office: bool) -> list[Happening]:
    """What happened, the newest first. A firm sees what is shared and that letters were sent, not the office's notes."""
    notes = _notes_of(match.pk, office=office)
    lines = [
        Happening(note.at, str(note.by or ""), note.text, note.get_stage_display(), note.private)
        for note in notes
    ]
    if office:
        lines += [
            Happening(letter.at, str(letter.by or ""), "", "", False, letter.letter)
            for letter in introductions(match)
        ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


@prepared
def _notes_of(match: Any, *, office: bool) -> QuerySet[MatchNote]:
    shared = Q() if office else Q(private=False)
    return MatchNote.objects.filter(shared, match=match).select_related("by")


def introductions(match: Match) -> list[Introduction]:
    """The letters of a match, the newest first."""
    return _introductions(match.pk)


@prepared
def _introductions(match: Any) -> QuerySet[Introduction]:
    return Introduction.objects.filter(match=match).select_related("letter", "by")
