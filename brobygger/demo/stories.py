# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Matches that the demo has already followed to a result. The engine must have proposed them itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.errors import UserError
from brobygger.demo.actors import SEED, data
from brobygger.demo.moments import day, then
from brobygger.market.models import Agreement, Match, NetworkRun, Suggestion
from brobygger.market.services import agreements, deliveries, matches, outcomes
from brobygger.market.services.network import runs
from brobygger.register.models import Organisation


class NotProposed(UserError):
    """The demo tells of a match that the engine did not find."""


def tell(actors: Mapping[str, Organisation], consultant: User) -> None:
    """Take each story's suggestion and follow it as far as the story goes."""
    made = random.Random(SEED)
    for story in data("actors")["stories"]:
        began = story["days_ago"]
        with then(began):
            match = matches.choose(_suggestion(story, actors), consultant)
        match.refresh_from_db()
        with then(began - 1):
            _introduce(match, consultant)
        match.refresh_from_db()
        if story.get("stage") == Match.Stage.DIALOGUE:
            with then(began - 4):
                matches.move(match, Match.Stage.DIALOGUE, consultant, match.version)
        if "agreement" in story:
            _agree(match, story, consultant)
            _deliver(match, story, consultant, made)
        for row in story.get("outcomes", ()):
            report = outcomes.OutcomeReport(
                row["kind"], Decimal(row["amount"]), day(row["days_ago"]), row["said_by"], row["note"]
            )
            with then(row["days_ago"]):
                outcomes.report_outcome(match, report, consultant)
        if "follow_up" in story:
            _follow_up(match, story, consultant)


def lay_plan(office: Operator, consultant: User) -> None:
    """A plan of the whole network, as it is now that everything is told."""
    runs.carry_out(runs.ask_for_run(office, consultant, goal=NetworkRun.Goal.DKK, least=0.3))


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


def _agree(match: Match, story: Mapping[str, Any], consultant: User) -> None:
    row, ago = story["agreement"], story["days_ago"] - 14
    terms = agreements.AgreementTerms(
        agreed_on=day(ago), starts_on=day(ago), ends_on=None, quantity=Decimal(row["quantity"]), unit=row["unit"],
        period=row["period"], price=Decimal(row["price"]), terms=row["terms"], sure=True,
    )  # fmt: skip
    match.refresh_from_db()
    with then(ago):
        agreements.record_agreement(match, terms, consultant, match.version)


def _deliver(match: Match, story: Mapping[str, Any], consultant: User, made: random.Random) -> None:
    row = story["deliveries"]
    agreement = Agreement.objects.get(match=match)
    for ago in range(story["days_ago"] - 14 - row["every_days"], -1, -row["every_days"]):
        quantity = Decimal(str(round(made.uniform(*row["quantity"]), 1)))
        report = deliveries.DeliveryReport(day(ago), quantity, row["unit"], again=True, sure=True)
        with then(ago):
            deliveries.report_delivery(agreement, report, consultant)


def _follow_up(match: Match, story: Mapping[str, Any], consultant: User) -> None:
    """Planned some days later, and one of them is overdue, which nobody can plan."""
    planned, due = story["days_ago"] - 5, day(-story["follow_up"]["in_days"])
    match.refresh_from_db()
    with then(planned):
        matches.plan_follow_up(
            match, timezone.localdate(), story["follow_up"]["about"], consultant, match.version
        )
    Match.objects.filter(pk=match.pk).update(follow_up_on=due)
    match.history.filter(follow_up_on=timezone.localdate()).update(follow_up_on=due)
