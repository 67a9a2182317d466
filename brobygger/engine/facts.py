# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the engine knows about the world: plain, frozen tables.

The engine loads nothing itself. ``brobygger.knowledge.load()`` builds a `Knowledge` from the shipped
files; a test or a researcher builds one by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal[
    "residue",
    "material",
    "equipment",
    "premises",
    "land",
    "competence",
    "labour",
    "capital",
    "transport",
    "task",
]
Fit = Literal["same", "narrower", "broader", "sibling", "conversion"]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One node of the tree of resource types. Leaves and inner nodes may both be listed.

    `ewc` are six-digit codes of the European waste list without spaces, the most typical first.
    `unit` is the customary unit (a key of `brobygger.engine.units`), `density` is tonnes per cubic metre,
    loose as delivered. `traits` say what it is made of and good for (``protein``, ``fibre``, ``sugar``,
    ``mineral``, ``heat`` …): they let the engine reason about residues nobody has documented.
    `food_byproduct`: leaves a food process and is not waste in law when it goes to feed or food.
    """

    id: str
    parent: str | None
    kind: Kind
    name: str
    name_en: str = ""
    synonyms: tuple[str, ...] = ()
    ewc: tuple[str, ...] = ()
    unit: str = "t"
    density: float | None = None
    traits: tuple[str, ...] = ()
    food_byproduct: bool = False
    hazardous: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """A documented exchange: this residue served that purpose in that industry.

    `giver_nace`/`taker_nace`: NACE Rev. 2 class, four digits ("" where the source does not say).
    `becomes`: the resource type that comes out at the taker ("" where it is simply used up), `yield_`
    tonnes out per tonne in, where the source gives it. `text_en`: the residue in English. `status`: implemented, trial, planned or failed.
    """

    id: str
    residue: str
    text: str
    giver: str
    giver_nace: str
    taker: str
    taker_nace: str
    purpose: str
    becomes: str = ""
    yield_: float | None = None
    country: str = "DK"
    year: int | None = None
    status: str = "implemented"
    source: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A rule that turns one resource type into what another need can use (fermenting, drying, crushing …).

    `have` may serve a need of type `need` after `process`; `fit` 0..1 says how well. `precedents` are ids
    of `Use` rows; `source` is given where no documented use carries the rule. A rule for a type holds for the kinds of it,
    apart from those that are `excluded`: garden waste is chipped, its grass is not.
    """

    need: str
    have: str
    fit: float
    process: str
    precedents: tuple[str, ...] = ()
    source: str = ""
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Factor:
    """What a tonne of a resource type is worth when it is used instead of thrown away.

    `kg_co2e` kg CO2e avoided per tonne, `dkk` kroner per tonne; either may be None (unknown, never zero).
    `note` says how the figure was derived (e.g. "primary minus secondary production, an approximation").
    `co2e_use`: the resource types that it must become for the CO2e to be avoided (mash that becomes cattle feed); empty
    where the figure is for the thing used as what it is. Kroner are saved treatment, whatever it becomes.
    """

    resource: str
    kg_co2e: float | None
    dkk: float | None
    source: str
    note: str = ""
    co2e_use: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Industry:
    """A NACE Rev. 2 class (four digits) with titles and what it takes in, for takers nobody has documented."""

    code: str
    title: str
    title_en: str
    takes: tuple[str, ...] = ()
    """Traits and resource type ids that the industry is known to take in as input."""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Taker:
    """An industry (NACE Rev. 2 class) that takes in a material; `weight` 0..1 how usual, `reason` why, in Danish."""

    nace: str
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class MaterialRule:
    """General knowledge of who can use a class of material. A rule, never a documented exchange.

    `words` are Danish and English words or phrases that name the material (``spent grain``); a phrase applies when
    all its words are in the text. `ewc`: codes of the waste list, two, four or six digits. `givers`: NACE prefixes
    of industries that typically leave it.
    """

    id: str
    name: str
    words: tuple[str, ...]
    ewc: tuple[str, ...]
    givers: tuple[str, ...]
    takers: tuple[Taker, ...]


@dataclass(frozen=True)
class Knowledge:
    """Everything the engine may reason from. Immutable; build with `brobygger.knowledge.load()`."""

    types: Mapping[str, ResourceType] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    factors: Mapping[str, Factor] = field(default_factory=dict)
    industries: Mapping[str, Industry] = field(default_factory=dict)
    waste_codes: Mapping[str, str] = field(default_factory=dict)
    """Six-digit code → Danish title."""
    material_rules: tuple[MaterialRule, ...] = ()
    taker_prior: Mapping[str, float] = field(default_factory=dict)
    """Two-digit division → how much oftener it is a taker than its evidence says (logarithm)."""
    giver_words: tuple[tuple[str, str], ...] = ()
    """Word for a place of work (``bryggeri``, ``paper mill``) and the NACE Rev. 2 class it belongs to."""

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Type id → ids of its direct children, in file order."""
        out: dict[str, list[str]] = {}
        for node in self.types.values():
            if node.parent:
                out.setdefault(node.parent, []).append(node.id)
        return {k: tuple(v) for k, v in out.items()}

    @cached_property
    def becomes(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Residue and NACE class of a taker → what the documented uses say that it became there."""
        out: dict[tuple[str, str], set[str]] = {}
        for use in self.uses:
            if use.becomes and use.status != "failed":
                out.setdefault((use.residue, use.taker_nace), set()).add(use.becomes)
        return {key: frozenset(types) for key, types in out.items()}

    def ancestors(self, type_id: str) -> tuple[str, ...]:
        """Ids from the parent up to the root. Unknown id gives an empty tuple; a cycle is cut."""
        seen: list[str] = []
        node = self.types.get(type_id)
        while node and node.parent and node.parent not in seen:
            seen.append(node.parent)
            node = self.types.get(node.parent)
        return tuple(seen)

    def descendants(self, type_id: str) -> tuple[str, ...]:
        """Ids of everything below the node, depth first."""
        out: list[str] = []
        stack = list(reversed(self.children.get(type_id, ())))
        seen = {type_id}
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            out.append(current)
            stack.extend(reversed(self.children.get(current, ())))
        return tuple(out)
