# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches that the demo has already followed to a result. The engine must have proposed them itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.base.errors import UserError
from brobygger.demo.actors import SEED, data
from brobygger.market.models import Agreement, Match, MatchNote, Suggestion
from brobygger.market.services import matches, results
from brobygger.register.models import Organisation


class NotProposed(UserError):
    """The demo tells of a match that the engine did not find."""


def tell(actors: Mapping[str, Organisation], consultant: User) -> None:
    """Take each story's suggestion and follow it as far as the story goes."""
    made = random.Random(SEED)
    for story in data("actors")["stories"]:
        match = matches.choose(_suggestion(story, actors), consultant)
        began = timezone.now() - timedelta(days=story["days_ago"])
        _introduce(match, consultant)
        if story.get("stage") == Match.Stage.DIALOGUE:
            matches.move(match, Match.Stage.DIALOGUE, consultant, match.version)
        if "agreement" in story:
            _agree(match, story, began, consultant)
            _deliver(match, story, began, consultant, made)
        for row in story.get("outcomes", ()):
            report = results.OutcomeReport(
                row["kind"], Decimal(row["amount"]), _day(row["days_ago"]), row["said_by"], row["note"]
            )
            results.report_outcome(match, report, consultant)
        if "follow_up" in story:
            match.refresh_from_db()
            matches.plan_follow_up(match, _day(0), story["follow_up"]["about"], consultant, match.version)
        _date_back(match, began, story)


def _suggestion(story: Mapping[str, Any], actors: Mapping[str, Organisation]) -> Suggestion:
    found = Suggestion.objects.filter(
        have__organisation=actors[story["giver"]],
        have__resource_type=story["have"],
        need__organisation=actors[story["taker"]],
        need__resource_type=story["need"],
        operator=actors[story["giver"]].operator,
    ).first()
    if found is None:
        raise NotProposed(f"{story['giver']} → {story['taker']}: {story['have']} blev ikke foreslået")
    return found


def _introduce(match: Match, consultant: User) -> None:
    """Without sending letters to people who do not exist."""
    matches.enter_because(match, Match.Stage.INTRODUCED, consultant)


def _agree(match: Match, story: Mapping[str, Any], began: datetime, consultant: User) -> None:
    row = story["agreement"]
    start = timezone.localdate(began) + timedelta(days=14)
    terms = results.AgreementTerms(
        agreed_on=start, starts_on=start, ends_on=None, quantity=Decimal(row["quantity"]), unit=row["unit"],
        period=row["period"], price=Decimal(row["price"]), terms=row["terms"],
    )  # fmt: skip
    match.refresh_from_db()
    results.record_agreement(match, terms, consultant, match.version)


def _deliver(
    match: Match, story: Mapping[str, Any], began: datetime, consultant: User, made: random.Random
) -> None:
    row = story["deliveries"]
    agreement = Agreement.objects.get(match=match)
    on = agreement.starts_on + timedelta(days=row["every_days"])
    while on <= timezone.localdate():
        quantity = Decimal(str(round(made.uniform(*row["quantity"]), 1)))
        results.report_delivery(
            agreement, results.DeliveryReport(on, quantity, row["unit"], again=True), consultant
        )
        on += timedelta(days=row["every_days"])


def _date_back(match: Match, began: datetime, story: Mapping[str, Any]) -> None:
    """The story happened earlier than today: its notes and history say when."""
    notes = list(MatchNote.objects.filter(match=match).order_by("pk"))
    last = min(timezone.now(), began + timedelta(days=15))
    for position, note in enumerate(notes):
        note.at = began + (last - began) * position / max(1, len(notes))
    MatchNote.objects.bulk_update(notes, ["at"])
    Match.objects.filter(pk=match.pk).update(created_at=began, stage_at=notes[-1].at if notes else began)
    if "follow_up" in story:  # one of them is overdue, which nobody can plan
        Match.objects.filter(pk=match.pk).update(follow_up_on=_day(-story["follow_up"]["in_days"]))
    match.history.update(history_date=began)


def _day(days_ago: int) -> date:
    return timezone.localdate() - timedelta(days=days_ago)
