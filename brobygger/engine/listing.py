# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What goes into `suggest` and `takers`, and what comes out: frozen rows, nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Visibility = Literal["open", "members", "broker_only"]
Via = Literal["same", "narrower", "broader", "sibling", "conversion", "text"]
Confidence = Literal["sikker", "sandsynlig", "usikker"]
VISIBILITIES: tuple[Visibility, ...] = ("open", "members", "broker_only")


class InvalidListing(ValueError):
    """A listing that cannot be reasoned about. `listing` is its id, `field` the column at fault."""

    def __init__(self, listing: str, field: str, message: str) -> None:
        super().__init__(f"{listing}: {field}: {message}")
        self.listing = listing
        self.field = field


@dataclass(frozen=True, slots=True)
class Listing:
    """One resource that somebody has, or needs. Whatever is None or empty is unknown, not zero.

    `x`, `y` and `max_distance` are metres (ETRS89 / UTM 32N). `quantity` counts `unit` per `period` (a
    period may also stand in the unit: ``t/år``). `food_grade`: on a have, that it is; on a need, that it
    must be; `organic` likewise, as a wish on a need. `hazardous`: hazardous waste. `permit`: the receiver holds a permit for
    hazardous waste. `rest`: the quantity is what is left of more, the rest of which is agreed with others.
    `price`: kroner per unit, asked on a have, the most that is paid on a need. `unit_weight`: kg per piece.
    Raises InvalidListing on amounts that are not finite or are negative, and on a window that ends before
    it starts.
    """

    id: str
    organisation: str = ""
    type: str = ""
    text: str = ""
    quantity: float | None = None
    unit: str = ""
    start: date | None = None
    end: date | None = None
    x: float | None = None
    y: float | None = None
    max_distance: float | None = None
    visibility: Visibility = "open"
    period: str = ""
    food_grade: bool | None = None
    hazardous: bool | None = None
    permit: bool | None = None
    price: float | None = None
    unit_weight: float | None = None
    lang: str = ""
    organic: bool | None = None
    rest: bool = False

    def __post_init__(self) -> None:
        for name in ("quantity", "max_distance", "unit_weight"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise InvalidListing(self.id, name, "skal være et tal, der ikke er negativt")
        for name in ("x", "y", "price"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise InvalidListing(self.id, name, "skal være et tal")
        if self.start and self.end and self.end < self.start:
            raise InvalidListing(self.id, "end", "slutter, før den begynder")
        if self.visibility not in VISIBILITIES:
            raise InvalidListing(self.id, "visibility", f"skal være en af {', '.join(VISIBILITIES)}")


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One have for one need. The parts `type` … `conditions` are 0..1; 0.5 stands for unknown.

    `metres`, `have_per_year` and `need_per_year` are None where they are unknown; the amounts are in `unit`.
    `via` says how the types meet, `process` the conversion, `precedents` the ids of documented uses.
    `broker_only`: one of the two may be seen by the operator's consultants only; the caller must hide it.
    `have_rank` is the need's rank seen from the have (None unless both directions were asked for; 0 where the
    pair is not among the have's best), `rank` likewise 0 where only the have ranks the pair.
    """

    need: str
    have: str
    rank: int
    score: float
    type: float
    text: float
    quantity: float
    time: float
    distance: float
    conditions: float
    via: Via
    process: str
    precedents: tuple[str, ...]
    confidence: Confidence
    confidence_reason: str
    reason: str
    metres: float | None = None
    have_per_year: float | None = None
    need_per_year: float | None = None
    unit: str = ""
    broker_only: bool = False
    have_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Residual:
    """A residue that looks for industries. `ewc` six digits, `giver_nace` four (NACE Rev. 2); both may be empty."""

    id: str
    text: str
    lang: str = ""
    ewc: str = ""
    giver_nace: str = ""


@dataclass(frozen=True, slots=True)
class TakerRow:
    """An industry that could take the residue. `score` 0..1 within one residue; `precedent` in words.

    `confidence`: how sure it is that the first division of the residue's ranking is the right one.
    """

    id: str
    rank: int
    nace: str
    score: float
    precedent: str
    precedent_ids: tuple[str, ...] = ()
    confidence: Confidence = "usikker"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that posted nothing. `nace`: its classes, four digits (NACE Rev. 2), the main one first."""

    id: str
    nace: tuple[str, ...]
    x: float | None = None
    y: float | None = None
    employees: int | None = None
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm that could take a listing's residue though it posted no need. Parts are 0..1."""

    listing: str
    organisation: str
    rank: int
    score: float
    industry: float
    distance: float
    size: float
    nace: str
    metres: float | None
    precedent: str
    precedent_ids: tuple[str, ...]
    confidence: Confidence
    reason: str
