# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reading goals: the value and the records behind it, the trend, and whether it is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, Role
from brobygger.base import indicators
from brobygger.base.indicators import Period, Question, Reading, Record
from brobygger.plan.models import Goal, Initiative, Measurement, Plan, Track

VIEWERS = STAFF | {Role.ADMIN}
MEASUREMENTS = Prefetch("measurements", Measurement.objects.order_by("-on", "-pk"))
"""The newest first, as a goal reads them."""


@dataclass(frozen=True, slots=True)
class Point:
    """The goal's value at the end of a day."""

    on: date
    value: Decimal | None


@dataclass(frozen=True)
class GoalReading:
    """A goal with its value as of a day. `value` is None when nothing is known yet."""

    goal: Goal
    reading: Reading
    today: date

    @property
    def value(self) -> Decimal | None:
        return self.reading.value

    @property
    def is_measured(self) -> bool:
        """Entered with a source, since nothing in the product can know it."""
        return not self.goal.indicator

    @property
    def share(self) -> Decimal | None:
        """Share of the target reached, 0..1 and above; None without target or value, or where less is better."""
        if not self.goal.target or self.value is None or self.goal.direction == Goal.Direction.DOWN:
            return None
        return self.value / self.goal.target

    @property
    def percent(self) -> int | None:
        """For the bar: 0-100."""
        return None if self.share is None else int(min(Decimal(1), max(Decimal(0), self.share)) * 100)

    @property
    def elapsed(self) -> Decimal:
        """Share of the goal's period that has passed, 0..1."""
        days = (self.goal.ends_on - self.goal.starts_on).days + 1
        passed = (min(self.today, self.goal.ends_on) - self.goal.starts_on).days + 1
        return Decimal(max(0, passed)) / days

    @property
    def elapsed_percent(self) -> int:
        return int(self.elapsed * 100)

    @cached_property
    def status(self) -> str:
        """`reached`, `missed`, `ahead`, `behind`, `within` or `unknown`; see `status_words`."""
        if self.value is None or self.goal.target is None:
            return "unknown"
        over = self.today > self.goal.ends_on
        if self.goal.direction == Goal.Direction.DOWN:
            return "missed" if self.value > self.goal.target else "reached" if over else "within"
        if self.value >= self.goal.target:
            return "reached"
        if over:
            return "missed"
        if self.is_measured:
            return "ahead" if self.goal.baseline is not None and self.value > self.goal.baseline else "behind"
        return "ahead" if (self.share or 0) >= self.elapsed else "behind"

    @property
    def status_words(self) -> str:
        return {
            "reached": _("Nået"),
            "missed": _("Ikke nået"),
            "ahead": _("Følger planen"),
            "behind": _("Bagud"),
            "within": _("Inden for målet indtil nu"),
            "unknown": _("Intet målt endnu"),
        }[self.status]

    @property
    def badge(self) -> str:
        """Class of the design system's badge."""
        return {
            "reached": "badge-success", "ahead": "badge-success", "within": "badge-success",
            "behind": "badge-warning", "missed": "badge-error", "unknown": "badge-info",
        }[self.status]  # fmt: skip


def plans_of(operator: Any) -> QuerySet[Plan]:
    """The operator's plans, newest first."""
    return Plan.objects.filter(operator=operator)


def plan_with_goals(
    plan: Plan, *, office: bool
) -> list[tuple[Track, list[tuple[Initiative, list[GoalReading]]]]]:
    """Tracks with their initiatives and each goal's reading as of today. `office`: see `read_all`."""
    goals = Prefetch("initiatives__goals", Goal.objects.order_by("pk").prefetch_related(MEASUREMENTS))
    tracks = list(plan.tracks.prefetch_related("initiatives__responsible", goals))
    initiatives = [initiative for track in tracks for initiative in track.initiatives.all()]
    of_plan = [goal for initiative in initiatives for goal in initiative.goals.all()]
    readings = {reading.goal.pk: reading for reading in read_all(of_plan, plan.operator, office=office)}
    return [
        (
            track,
            [
                (initiative, [readings[goal.pk] for goal in initiative.goals.all()])
                for initiative in track.initiatives.all()
            ],
        )
        for track in tracks
    ]


def read(goal: Goal, operator: Any, until: date | None = None, *, office: bool) -> GoalReading:
    """One goal; see `read_all`."""
    return read_all([goal], operator, until, office=office)[0]


def read_all(
    goals: Sequence[Goal], operator: Any, until: date | None = None, *, office: bool
) -> list[GoalReading]:
    """The operator's goals as of a day (today, at most the end of each goal's period), in their order.

    `office`: the reader is one of the operator's consultants or heads. For others the figures leave out what rests on
    confidential listings, so that not even their number shows. What the figures are computed from is fetched once for
    all of them, however many goals there are.
    """
    today = timezone.localdate()
    ends = [min(until or today, goal.ends_on) for goal in goals]
    asked = {
        place: _question(goal, end, office)
        for place, (goal, end) in enumerate(zip(goals, ends, strict=True))
        if _is_known(goal) and end >= goal.starts_on
    }
    answers = dict(zip(asked, indicators.read_all(list(asked.values()), operator), strict=True))
    unknown = Reading(None, [])
    return [
        GoalReading(goal, answers.get(place, unknown) if goal.indicator else _measured(goal, end), today)
        for place, (goal, end) in enumerate(zip(goals, ends, strict=True))
    ]


def records_for(user: Any, reading: GoalReading) -> tuple[list[Record], str]:
    """The records behind a goal that the person may see, the newest first, and what is told of those that they may not."""
    records, withheld = list(reading.reading.records), ""
    if _is_known(reading.goal):
        records, withheld = indicators.shown_to(user, reading.goal.indicator, records)
    return sorted(records, key=lambda record: record.when, reverse=True), withheld


def _is_known(goal: Goal) -> bool:
    """Whether the goal names a figure that somebody publishes today."""
    try:
        indicators.get(goal.indicator)
    except KeyError:
        return False
    return True


def _question(goal: Goal, end: date, office: bool) -> Question:
    parameters = dict(goal.parameters)
    if not office and "open_only" in indicators.get(goal.indicator).parameters:
        parameters["open_only"] = True
    return Question(goal.indicator, Period(goal.starts_on, end), parameters)


def _measured(goal: Goal, end: date) -> Reading:
    entered = [m for m in goal.measurements.all() if goal.starts_on <= m.on <= end]
    if not entered:
        return Reading(None, [])
    return Reading(entered[0].value, [Record(m.source, m.on, m.value) for m in entered])


def trend(reading: GoalReading, operator: Any, *, office: bool) -> list[Point]:
    """The value at the end of each month of the period so far, and today."""
    goal, end = reading.goal, min(reading.today, reading.goal.ends_on)
    days = list(_month_ends(goal.starts_on, end))
    if reading.is_measured:
        return [Point(record.when, record.amount) for record in reversed(reading.reading.records)]
    if _adds_up(reading.reading):
        return [Point(day, _sum(reading.reading.records, day)) for day in days]
    questions = [_question(goal, day, office) for day in days] if _is_known(goal) else []
    readings = indicators.read_all(questions, operator)
    return [Point(day, reading.value) for day, reading in zip(days, readings, strict=False)]


def _adds_up(reading: Reading) -> bool:
    return reading.value is not None and sum((r.amount for r in reading.records), Decimal(0)) == reading.value


def _sum(records: Iterable[Record], until: date) -> Decimal:
    return sum((record.amount for record in records if record.when <= until), Decimal(0))


def _month_ends(start: date, end: date) -> Iterator[date]:
    day = start
    while day <= end:
        first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield min(first_of_next - timedelta(days=1), end)
        day = first_of_next
