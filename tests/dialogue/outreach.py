# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented assessments, portfolio firms and planned visits for the dialogue's tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt_shipped
from brobygger.dialogue.models import Assessment, PlannedVisit, PortfolioFirm
from brobygger.dialogue.services import assessments, portfolio
from brobygger.dialogue.services.assessments import Answers
from brobygger.dialogue.services.visits import monday
from brobygger.register.models import Organisation
from tests.dialogue.made import day
from tests.factories import OrganisationFactory

SEVEN = ("history", "concept", "process", "product", "internationalisation", "management", "finance")


def tool(operator: Operator, key: str = "virksomhedsprofil") -> Definition:
    """A delivered instrument in use."""
    return adopt_shipped(operator, "instrument", key, user=None)


def funnel(operator: Operator, key: str = "virksomhedstragt") -> Definition:
    """A delivered funnel in use."""
    return adopt_shipped(operator, "funnel", key, user=None)


def all_at(score: int, **others: int) -> dict[str, int]:
    """The seven parameters and the will at one step, with exceptions."""
    return {**dict.fromkeys((*SEVEN, "will_to_grow"), score), **others}


def assessed(
    firm: Organisation, user: User, scores: dict[str, int] | None = None, **values: Any
) -> Assessment:
    """A firm scored by the company profile."""
    answers = Answers(on=values.pop("on", day()), scores=scores or all_at(4), **values)
    return assessments.assess(firm, tool(firm.operator), answers, user=user)


def member(operator: Operator, user: User, firm: Organisation | None = None, **values: Any) -> PortfolioFirm:
    """A firm in the portfolio."""
    return portfolio.add(firm or OrganisationFactory(operator=operator), user=user, **values)


def this_week() -> date:
    return monday(timezone.localdate())


def next_week() -> date:
    return this_week() + timedelta(weeks=1)


def proposed(operator: Operator) -> list[PlannedVisit]:
    return list(
        PlannedVisit.objects.filter(operator=operator, state="proposed").order_by("consultant", "place")
    )
