# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Instruments: what a firm is scored on, in which words, and what is computed from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from brobygger.base.danish import number
from brobygger.blueprints.kinds import Blueprint, Part
from brobygger.dialogue.figures import KEY, Figure, Moment, Sum


class Group(Part):
    """Parameters that belong together on the form."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=100)


class Parameter(Part):
    """One thing to score, on the instrument's steps from 1."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=100)
    short: str = Field(default="", max_length=30)
    """What the spoke of the wheel is called, where the name is long."""
    question: str = Field(default="", max_length=500)
    words: tuple[str, ...]
    """What each step means, the lowest first."""
    group: str = ""
    wheel: bool = True
    """Drawn as a spoke of the wheel."""
    barrier: bool = False
    """High is bad: a barrier. Results count it the other way round."""


class SizeStep(Part):
    """The score of a firm with at least so many employees."""

    employees: int = Field(ge=0)
    score: int = Field(ge=1)


class Result(Part):
    """What is computed: a weighted mean of parameters, or a step read from the number of employees."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=100)
    meaning: str = Field(default="", max_length=300)
    weights: dict[str, int] = Field(default_factory=dict)
    by_size: tuple[SizeStep, ...] = ()
    least_answered: float = Field(default=0.5, gt=0, le=1)
    """Share of the weights that must have been answered before it is computed."""


class Instrument(Blueprint):
    """A way of assessing firms."""

    steps: int = Field(ge=2, le=10)
    groups: tuple[Group, ...] = ()
    parameters: tuple[Parameter, ...] = Field(min_length=3, max_length=40)
    results: tuple[Result, ...] = ()
    main_result: str = ""
    """The result that puts firms in order: the promising first."""
    moments: tuple[Moment, ...] = Field(default=(), max_length=4)
    """When each figure is asked for, the first being now."""
    figures: tuple[Figure, ...] = Field(default=(), max_length=60)
    sums: tuple[Sum, ...] = Field(default=(), max_length=12)
    firm_keeps_figures: bool = False
    """An action plan that is shared with the firm shows the figures and sums, though never the steps."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        keys = [parameter.key for parameter in self.parameters]
        for names in (keys, [result.key for result in self.results], [group.key for group in self.groups]):
            if len(set(names)) < len(names):
                raise ValueError(_("To har samme nøgle."))
        for parameter in self.parameters:
            if len(parameter.words) != self.steps:
                told = {"name": parameter.name, "steps": self.steps}
                raise ValueError(_("»%(name)s« skal have ord til alle %(steps)s trin.") % told)
            if parameter.group and parameter.group not in {group.key for group in self.groups}:
                raise ValueError(_("Gruppen »%(key)s« findes ikke.") % {"key": parameter.group})
        for result in self.results:
            self._check(result, set(keys))
        self._check_figures()
        if self.main_result and self.main_result not in {result.key for result in self.results}:
            raise ValueError(_("Hovedresultatet »%(key)s« findes ikke.") % {"key": self.main_result})
        return self

    def _check(self, result: Result, keys: set[str]) -> None:
        if bool(result.weights) == bool(result.by_size):
            told = {"name": result.name}
            raise ValueError(_("»%(name)s« skal have enten vægte eller trin efter størrelse.") % told)
        if unknown := sorted(set(result.weights) - keys):
            raise ValueError(_("Parameteren »%(key)s« findes ikke.") % {"key": unknown[0]})
        if any(weight < 1 for weight in result.weights.values()):
            raise ValueError(_("Vægtene skal være mindst 1."))
        if any(step.score > self.steps for step in result.by_size):
            raise ValueError(_("Et trin efter størrelse er højere end skalaen."))

    def _check_figures(self) -> None:
        keys = [figure.key for figure in self.figures]
        for names in (keys, [one.key for one in self.moments], [one.key for one in self.sums]):
            if len(set(names)) < len(names):
                raise ValueError(_("To har samme nøgle."))
        if bool(self.figures) != bool(self.moments):
            raise ValueError(_("Tal kræver mindst ét tidspunkt, og et tidspunkt kræver tal."))
        groups = {group.key for group in self.groups}
        for figure in self.figures:
            if figure.group and figure.group not in groups:
                raise ValueError(_("Gruppen »%(key)s« findes ikke.") % {"key": figure.group})
        sums = {one.key for one in self.sums}
        for one in self.sums:
            if unknown := sorted(set(one.terms) - set(keys)):
                raise ValueError(_("Tallet »%(key)s« findes ikke.") % {"key": unknown[0]})
            if one.share_of and one.share_of not in sums - {one.key}:
                raise ValueError(_("Summen »%(key)s« findes ikke.") % {"key": one.share_of})

    def figure(self, key: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.key == key), None)

    def parameter(self, key: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.key == key), None)

    def result(self, key: str) -> Result | None:
        return next((result for result in self.results if result.key == key), None)


@dataclass(frozen=True, slots=True)
class Computed:
    """A result of one assessment. `value` is None when too little was answered; `formula` shows how it came about."""

    key: str
    name: str
    meaning: str
    value: float | None
    formula: str
    answered: int
    of: int

    @property
    def is_partial(self) -> bool:
        """Computed although something was not answered."""
        return self.value is not None and self.answered < self.of


def compute(instrument: Instrument, scores: Mapping[str, int], employees: int | None) -> list[Computed]:
    """Every result of the instrument, in its order, on the instrument's scale."""
    return [
        _by_size(result, employees) if result.by_size else _weighted(instrument, result, scores)
        for result in instrument.results
    ]


def share_of_scale(instrument: Instrument, value: float | None) -> float | None:
    """A value on the instrument's scale as 0 to 1."""
    return None if value is None else (value - 1) / (instrument.steps - 1)


def _by_size(result: Result, employees: int | None) -> Computed:
    steps = sorted(result.by_size, key=lambda step: step.employees)
    reached = [step for step in steps if employees is not None and employees >= step.employees]
    value = float(reached[-1].score) if reached else None
    formula = (
        _("%(employees)s ansatte giver %(score)s (trin: %(steps)s)")
        % {
            "employees": number(employees),
            "score": number(value),
            "steps": ", ".join(
                _("fra %(from)s: %(score)s") % {"from": number(step.employees), "score": step.score}
                for step in steps
            ),
        }
        if reached
        else _("Antal ansatte er ikke kendt.")
    )
    return Computed(result.key, result.name, result.meaning, value, formula, int(bool(reached)), 1)


def _weighted(instrument: Instrument, result: Result, scores: Mapping[str, int]) -> Computed:
    terms = [
        (parameter, result.weights[parameter.key], _counted(instrument, parameter, scores[parameter.key]))
        for parameter in instrument.parameters
        if parameter.key in result.weights and parameter.key in scores
    ]
    weight = sum(part for _parameter, part, _score in terms)
    enough = weight >= result.least_answered * sum(result.weights.values()) and weight > 0
    value = sum(part * score for _parameter, part, score in terms) / weight if enough else None
    return Computed(
        result.key, result.name, result.meaning, value, _formula(terms, weight, value),
        len(terms), len(result.weights),
    )  # fmt: skip


def _counted(instrument: Instrument, parameter: Parameter, score: int) -> int:
    return instrument.steps + 1 - score if parameter.barrier else score


def _formula(terms: list[tuple[Parameter, int, int]], weight: int, value: float | None) -> str:
    if value is None:
        return _("For lidt er besvaret til at regne det ud.")
    parts = [
        f"{part} × {parameter.name}{_(' (vendt om)') if parameter.barrier else ''} {score}"
        for parameter, part, score in terms
    ]
    return f"({' + '.join(parts)}) : {weight} = {number(round(value, 2))}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands out in an assessment: names of parameters."""

    strengths: list[str]
    weaknesses: list[str]
    barriers: list[str]


def read(instrument: Instrument, scores: Mapping[str, int]) -> Reading:
    """Strengths are in the top two fifths of the scale, weaknesses in the bottom two fifths, barriers likewise high."""
    high, low = 1 + 0.7 * (instrument.steps - 1), 1 + 0.3 * (instrument.steps - 1)
    answered = [
        (parameter, scores[parameter.key]) for parameter in instrument.parameters if parameter.key in scores
    ]
    return Reading(
        [parameter.name for parameter, score in answered if not parameter.barrier and score >= high],
        [parameter.name for parameter, score in answered if not parameter.barrier and score <= low],
        [parameter.name for parameter, score in answered if parameter.barrier and score >= high],
    )
