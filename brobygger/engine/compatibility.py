# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which types of resource can serve which type of need, how well, and by what way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from brobygger.engine.facts import Conversion, Knowledge
from brobygger.engine.listing import Via

NARROWER_FIT = 0.95
"""What is had is one kind of what is needed: "gulerodstoppe" for a need of "grønne plantedele"."""
BROADER_FIT = (0.7, 0.5)
"""What is had is described more broadly than the need, by one step and by two."""
SIBLING_FIT = 0.4
"""Two kinds of the same thing; asked about, not assumed. Not directly under a root of the tree."""

Compat = Mapping[tuple[str, str], float] | Iterable[tuple[str, str, float]]


@dataclass(frozen=True, slots=True)
class Link:
    """How a have of one type serves a need of another. `fit` 0..1."""

    fit: float
    via: Via
    process: str = ""
    precedents: tuple[str, ...] = ()
    source: str = ""
    becomes: str = ""
    """Where a conversion gives something else than is needed: a kind of it, or what it is a kind of. The name."""
    wider: bool = False
    """What it becomes is wider than the need."""


class Compatibility:
    """For each type of need, the types that serve it. Built on demand and remembered."""

    def __init__(self, knowledge: Knowledge, compat: Compat | None = None) -> None:
        """`compat` (need type, have type, fit) replaces everything the knowledge says, identity included."""
        self._knowledge = knowledge
        self._links: dict[str, dict[str, Link]] = {}
        self._given: dict[str, dict[str, Link]] | None = None
        if compat is not None:
            rows = ((n, h, f) for (n, h), f in compat.items()) if isinstance(compat, Mapping) else compat
            self._given = {}
            for need, have, fit in rows:
                if not 0 <= fit <= 1:
                    raise ValueError(f"compat {need}, {have}: fit skal være fra 0 til 1, ikke {fit}")
                if fit > 0:
                    self._given.setdefault(need, {})[have] = Link(
                        fit, "same" if need == have else "conversion"
                    )
        self._conversions: dict[str, list[Conversion]] = {}
        for rule in knowledge.conversions:
            self._conversions.setdefault(rule.need, []).append(rule)

    def accepts(self, need: str) -> Mapping[str, Link]:
        """Have type → link, for everything that serves a need of this type."""
        if need not in self._links:
            self._links[need] = self._given.get(need, {}) if self._given is not None else self._derive(need)
        return self._links[need]

    def _derive(self, need: str) -> dict[str, Link]:
        out = {need: Link(1.0, "same")}
        ancestors = self._knowledge.ancestors(need)
        below = self._knowledge.descendants(need)
        self._add(out, below, Link(NARROWER_FIT, "narrower"))
        # The roots of the tree are kinds, not things: "a residue" serves nobody's need of mash.
        for fit, ancestor in zip(BROADER_FIT, ancestors[:-1], strict=False):
            self._add(out, [ancestor], Link(fit, "broader"))
        if len(ancestors) > 1:
            siblings = self._knowledge.children.get(ancestors[0], ())
            self._add(out, siblings, Link(SIBLING_FIT, "sibling"))
        self._add_conversions(out, need, 1.0)
        for kind in below:
            self._add_conversions(out, kind, 1.0, becomes=self._knowledge.types[kind].name)
        for ancestor in ancestors[:-1]:
            becomes = self._knowledge.types[ancestor].name
            self._add_conversions(out, ancestor, NARROWER_FIT, becomes=becomes, wider=True)
        return out

    def _add_conversions(
        self, out: dict[str, Link], target: str, share: float, *, becomes: str = "", wider: bool = False
    ) -> None:
        for rule in self._conversions.get(target, ()):
            kinds = [kind for kind in self._knowledge.descendants(rule.have) if kind not in rule.excluded]
            for inherited, haves in ((1.0, [rule.have]), (NARROWER_FIT, kinds)):
                fit = rule.fit * share * inherited
                link = Link(fit, "conversion", rule.process, rule.precedents, rule.source, becomes, wider)
                self._add(out, haves, link)

    def _add(self, out: dict[str, Link], haves: Iterable[str], link: Link) -> None:
        """Keeps the better of two ways; on equal fit the one found first."""
        for have in haves:
            if have not in out or link.fit > out[have].fit:
                out[have] = link
