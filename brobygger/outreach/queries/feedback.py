# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How satisfied firms were with talks, without who said it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from brobygger.accounts.models import Operator
from brobygger.base.indicators import Period
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


def comments(operator: Operator, period: Period, most: int = 20) -> list[str]:
    """What was said, in the order of the alphabet so that the order tells nothing; none while few have answered."""
    rows = Feedback.objects.filter(operator=operator, on__range=(period.start, period.end))
    if rows.count() < FEWEST:
        return []
    return sorted(rows.exclude(comment="").values_list("comment", flat=True)[:most])
