# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How satisfied firms were with talks, without who said it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from brobygger.accounts.models import Operator
from brobygger.base.indicators import Period
from brobygger.base.prepared import prepared
from brobygger.outreach.models import Feedback, Talk

FEWEST = 3
"""Fewer answers than this are not shown: with one or two, everybody knows who said it."""
SATISFIED = (4, 5)
"""»Meget stor eller stor tilfredshed« (001, spor 2, mål for indsats 5): the two best of five."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many answered, how many of them were satisfied, and how many were asked."""

    answers: int
    satisfied: int
    asked: int
    by_score: dict[int, int]

    @property
    def share(self) -> float | None:
        """0..1; None until enough have answered."""
        return self.satisfied / self.answers if self.answers >= FEWEST else None

    @property
    def is_shown(self) -> bool:
        return self.answers >= FEWEST


def satisfaction(operator: Operator, period: Period) -> Satisfaction:
    """Of the period's answers; asked are the talks whose question was sent in it."""
    rows = Feedback.objects.filter(operator=operator, on__range=(period.start, period.end))
    by_score = dict(rows.order_by().values_list("score").annotate(number=Count("pk")))
    asked = Talk.objects.filter(operator=operator, asked_at__date__range=(period.start, period.end)).count()
    answers = sum(by_score.values())
    return Satisfaction(
        answers, sum(by_score.get(score, 0) for score in SATISFIED), max(asked, answers), by_score
    )


def of_last_year(operator_id: int, today: date) -> Satisfaction:
    """The office's answers of the last twelve months, for a firm's page: one question, written once. Nobody knows which firm
    said what (see docs/decisions/0008-beside-data-hub.md)."""
    counted = Counter(_scores(operator_id, today - timedelta(days=365)))
    answers = sum(counted.values())
    return Satisfaction(answers, sum(counted[score] for score in SATISFIED), answers, dict(counted))


@prepared
def _scores(operator: Any, since: Any) -> QuerySet[Any]:
    return Feedback.objects.filter(operator=operator, on__gte=since).values_list("score", flat=True)


def comments(operator: Operator, period: Period, most: int = 20) -> list[str]:
    """What was said, in the order of the alphabet so that the order tells nothing; none while few have answered."""
    rows = Feedback.objects.filter(operator=operator, on__range=(period.start, period.end))
    if rows.count() < FEWEST:
        return []
    return sorted(rows.exclude(comment="").values_list("comment", flat=True)[:most])
