# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whether firms are ready to move in a funnel: the rules applied to what the office knows of each."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brobygger.accounts.models import Operator
from brobygger.base.danish import join, number
from brobygger.blueprints.models import Definition
from brobygger.dialogue import activities, priorities
from brobygger.dialogue.blueprints import INSTRUMENT
from brobygger.dialogue.funnels import (
    Funnel,
    LeastActivities,
    LeastEmployees,
    LeastResult,
    MostActivities,
    MostResult,
    NotTalkedFor,
    PriorityIndustry,
    TalkedWithin,
)
from brobygger.dialogue.models import Assessment, OutreachSettings
from brobygger.register.models import Organisation

LONGEST = 240
"""Months: so far back no rule looks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule holds for a firm, the rule in words, and what it was measured to."""

    holds: bool
    rule: str
    measured: str

    def as_json(self) -> list[Any]:
        return [self.holds, self.rule, self.measured]


@dataclass(frozen=True, slots=True)
class Ready:
    """A firm is ready to move, and why."""

    up: bool
    to_level: str
    verdicts: list[Verdict]


@dataclass
class Facts:
    """What the rules ask about, for many firms at once. Loaded with a fixed number of questions."""

    today: date
    latest: dict[tuple[int, str], tuple[date, dict[str, float]]] = field(default_factory=dict)
    activities: dict[int, list[tuple[str, date]]] = field(default_factory=lambda: defaultdict(list))
    firms: dict[int, tuple[int | None, str]] = field(default_factory=dict)
    """Organisation → (employees, industry)."""
    priorities: tuple[str, ...] = ()
    names: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """(instrument, result) → their names."""

    def last_talk(self, firm: int) -> date | None:
        return max((day for kind, day in self.activities.get(firm, ()) if kind == "talk"), default=None)

    def count(self, firm: int, months: int, kinds: tuple[str, ...]) -> int:
        since = back(self.today, months)
        return sum(
            day >= since and (not kinds or kind in kinds) for kind, day in self.activities.get(firm, ())
        )


def back(day: date, months: int) -> date:
    """So many months earlier; the last day of a shorter month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def facts_of(operator: Operator, firms: Any, funnel: Funnel, today: date) -> Facts:
    """What the funnel's rules ask about. `firms`: a query of keys, or keys."""
    rules = [rule for level in funnel.levels for rule in (*level.up, *level.down)]
    found = Facts(today)
    rows = Organisation.objects.filter(pk__in=firms).values_list("pk", "employees", "industry")
    found.firms = {key: (employees, industry) for key, employees, industry in rows.order_by()}
    asked = {rule.instrument for rule in rules if isinstance(rule, LeastResult | MostResult)}
    if asked:
        _read_results(found, firms, asked)
        _read_names(found, operator, asked)
    if any(isinstance(r, TalkedWithin | NotTalkedFor | LeastActivities | MostActivities) for r in rules):
        _read_activities(found, firms, _farthest(rules))
    settings = OutreachSettings.objects.filter(operator=operator).first()
    found.priorities = priorities.beginnings(settings.priority_industries) if settings else ()
    return found


def _farthest(rules: Iterable[Any]) -> int:
    """Months back that must be known to judge every rule."""
    return max((getattr(rule, "within_months", 0) or getattr(rule, "months", 0) for rule in rules), default=0)


def _read_results(found: Facts, firms: Any, asked: set[str]) -> None:
    rows = Assessment.objects.filter(organisation__in=firms, instrument_key__in=sorted(asked))
    for firm, key, on, results in rows.order_by("on", "pk").values_list(
        "organisation_id", "instrument_key", "on", "results"
    ):
        found.latest[firm, key] = (on, results)


def _read_names(found: Facts, operator: Operator, asked: set[str]) -> None:
    tools = Definition.objects.current().filter(operator=operator, kind=INSTRUMENT, key__in=sorted(asked))
    for tool in tools:
        for result in tool.content.results:
            found.names[tool.key, result.key] = (tool.title, result.name)


def _read_activities(found: Facts, firms: Any, months: int) -> None:
    since = back(found.today, months)
    for kind in activities.every():
        for firm, day in kind.read(firms, since):
            if day <= found.today:
                found.activities[firm].append((kind.key, day))


def readiness(funnel: Funnel, level: str, firm: int, facts: Facts) -> Ready | None:
    """The move that the rules suggest for a firm on a level: up before down, None where they suggest none."""
    here = funnel.place(level)
    if here is None:
        return None
    if here + 1 < len(funnel.levels) and (ready := _all_hold(funnel, here + 1, True, firm, facts)):
        return ready
    return _all_hold(funnel, here, False, firm, facts)


def _all_hold(funnel: Funnel, place: int, up: bool, firm: int, facts: Facts) -> Ready | None:
    level = funnel.levels[place]
    rules = level.up if up else level.down
    verdicts = [judge(rule, firm, facts) for rule in rules]
    if not verdicts or not all(verdict.holds for verdict in verdicts):
        return None
    return Ready(up, level.key if up else funnel.levels[place - 1].key, verdicts)


def towards(funnel: Funnel, level: str, to_level: str, firm: int, facts: Facts) -> list[Verdict]:
    """What the rules say of a move, also where they do not all hold: of every level passed on the way."""
    here, there = funnel.place(level), funnel.place(to_level)
    if here is None or there is None:
        return []
    if there > here:
        rules = [rule for level in funnel.levels[here + 1 : there + 1] for rule in level.up]
    else:
        rules = [rule for level in funnel.levels[there + 1 : here + 1] for rule in level.down]
    return [judge(rule, firm, facts) for rule in rules]


# One rule at a time ------------------------------------------------------------------------------


def judge(rule: Any, firm: int, facts: Facts) -> Verdict:
    """Whether one rule holds for one firm."""
    if isinstance(rule, LeastResult | MostResult):
        return _result(rule, firm, facts)
    if isinstance(rule, TalkedWithin | NotTalkedFor):
        return _talked(rule, firm, facts)
    if isinstance(rule, LeastActivities | MostActivities):
        return _active(rule, firm, facts)
    employees, industry = facts.firms.get(firm, (None, ""))
    if isinstance(rule, LeastEmployees):
        words = ngettext(
            "Mindst %(count)s ansat", "Mindst %(count)s ansatte", rule.number
        ) % {"count": number(rule.number)}  # fmt: skip
        return Verdict(employees is not None and employees >= rule.number, words, number(employees))
    assert isinstance(rule, PriorityIndustry)
    holds = priorities.is_priority(industry, facts.priorities)
    return Verdict(holds, _("I en af kontorets prioriterede brancher"), industry or _("ukendt branche"))


def _result(rule: LeastResult | MostResult, firm: int, facts: Facts) -> Verdict:
    tool, name = facts.names.get((rule.instrument, rule.result), (rule.instrument, rule.result))
    least = isinstance(rule, LeastResult)
    limit = rule.at_least if isinstance(rule, LeastResult) else rule.at_most
    shape = (
        _("%(name)s mindst %(limit)s (%(tool)s, højst %(months)s måneder gammel)")
        if least
        else _("%(name)s højst %(limit)s (%(tool)s, højst %(months)s måneder gammel)")
    )
    words = shape % {"name": name, "limit": number(limit), "tool": tool, "months": rule.within_months}
    on, results = facts.latest.get((firm, rule.instrument), (None, {}))
    value = results.get(rule.result)
    if on is None or value is None:
        return Verdict(False, words, _("ikke vurderet"))
    holds = on >= back(facts.today, rule.within_months) and (value >= limit if least else value <= limit)
    return Verdict(holds, words, f"{number(round(value, 2))}, {on:%d.%m.%Y}")


def _talked(rule: TalkedWithin | NotTalkedFor, firm: int, facts: Facts) -> Verdict:
    last = facts.last_talk(firm)
    lately = last is not None and last >= back(facts.today, rule.months)
    if isinstance(rule, TalkedWithin):
        words, holds = _("Samtale inden for %(months)s måneder"), lately
    else:
        words, holds = _("Ingen samtale i %(months)s måneder"), not lately
    measured = f"{last:%d.%m.%Y}" if last else _("ingen samtale")
    return Verdict(holds, words % {"months": rule.months}, measured)


def _active(rule: LeastActivities | MostActivities, firm: int, facts: Facts) -> Verdict:
    count = facts.count(firm, rule.within_months, rule.kinds)
    kinds = join([activities.label_of(kind) for kind in rule.kinds]) if rule.kinds else _("aktiviteter")
    least = isinstance(rule, LeastActivities)
    shape = (
        _("Mindst %(count)s %(kinds)s på %(months)s måneder")
        if least
        else _("Højst %(count)s %(kinds)s på %(months)s måneder")
    )
    words = shape % {"count": number(rule.number), "kinds": kinds, "months": rule.within_months}
    return Verdict(count >= rule.number if least else count <= rule.number, words, number(count))
