# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Funnels: levels of engagement, and named rules for when a firm is ready to move between them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from brobygger.blueprints.kinds import Blueprint, Part
from brobygger.dialogue.figures import KEY

Months = Annotated[int, Field(ge=1, le=240)]


class LeastResult(Part):
    """The latest assessment by an instrument gave at least so much of a result, on the instrument's own scale."""

    rule: Literal["least_result"]
    instrument: str = Field(pattern=KEY)
    result: str = Field(pattern=KEY)
    at_least: float
    within_months: Months = 36


class MostResult(Part):
    """The latest assessment gave at most so much."""

    rule: Literal["most_result"]
    instrument: str = Field(pattern=KEY)
    result: str = Field(pattern=KEY)
    at_most: float
    within_months: Months = 36


class TalkedWithin(Part):
    """The office has talked with the firm in the last months."""

    rule: Literal["talked_within"]
    months: Months


class NotTalkedFor(Part):
    """The office has not talked with the firm for so many months."""

    rule: Literal["not_talked_for"]
    months: Months


class LeastActivities(Part):
    """The firm has taken part in at least so many activities of these kinds; no kinds means all."""

    rule: Literal["least_activities"]
    number: int = Field(ge=1, le=1000)
    within_months: Months
    kinds: tuple[str, ...] = ()


class MostActivities(Part):
    """The firm has taken part in at most so many."""

    rule: Literal["most_activities"]
    number: int = Field(ge=0, le=1000)
    within_months: Months
    kinds: tuple[str, ...] = ()


class LeastEmployees(Part):
    """The firm has at least so many employees."""

    rule: Literal["least_employees"]
    number: int = Field(ge=0)


class PriorityIndustry(Part):
    """The firm's industry is among those that the office has set as its priorities."""

    rule: Literal["priority_industry"]


Rule = Annotated[
    LeastResult | MostResult | TalkedWithin | NotTalkedFor | LeastActivities | MostActivities | LeastEmployees
    | PriorityIndustry,
    Field(discriminator="rule"),
]  # fmt: skip


class Level(Part):
    """A level. `up`: what must hold for a firm on the level below to be ready for this one; `down`: what must hold for
    a firm here to belong on the level below. No rules: nothing is ever suggested."""

    key: str = Field(pattern=KEY)
    name: str = Field(min_length=1, max_length=100)
    meaning: str = Field(default="", max_length=500)
    needs_key_account: bool = False
    """No firm is on this level without somebody at the office who knows it."""
    up: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()


class Funnel(Blueprint):
    """Levels from the widest to the narrowest."""

    portfolio: bool = False
    """A firm that comes into the portfolio comes in on the first level, and leaves with it."""
    ask_again_months: Months = 6
    """A suggestion that was declined is not made again before."""
    levels: tuple[Level, ...] = Field(min_length=2, max_length=10)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        keys = [level.key for level in self.levels]
        if len(set(keys)) < len(keys):
            raise ValueError(_("To niveauer har samme nøgle."))
        if self.levels[0].up or self.levels[0].down:
            raise ValueError(_("Der er intet niveau under det første, så det har ingen regler."))
        return self

    def place(self, key: str) -> int | None:
        """The level's number from 0, None where the version has no such level."""
        return next((number for number, level in enumerate(self.levels) if level.key == key), None)

    def level(self, key: str) -> Level | None:
        found = self.place(key)
        return None if found is None else self.levels[found]

    def name_of(self, key: str) -> str:
        """The level's name; the key itself where this version does not know it."""
        found = self.level(key)
        return found.name if found else key
