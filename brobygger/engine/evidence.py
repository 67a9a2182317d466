# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What speaks for an industry as taker of a residue: rules, documented uses, traits, and what is common.

Four kinds of evidence are added up, each 0..1 before its weight:

* material rules: classes of material that the text, the waste code or the giver's industry point to; things left together
  are read one by one, and only who takes each of them gains;
* documented uses: the nearest ones by words (TF-IDF cosine) and by resource type, which are also what is pointed to;
* traits: what the resource type is made of, against what each industry takes in, as far as the rules are silent;
* popularity: how often the industry is the taker in documented uses, only to break the silence.

The sum is drawn towards the takers of documented residues that the same divisions take in (``likeness``).
``ranking`` turns it into probabilities: an industry gains from its neighbours in the same two-digit division, for
where dairy, pigs and beef could all take a residue, farming is likelier than a single other class.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from brobygger.engine.facts import Knowledge, Use
from brobygger.engine.identify import Remembered, identify
from brobygger.engine.likeness import Likeness
from brobygger.engine.listing import Residual
from brobygger.engine.materials import Materials, together
from brobygger.engine.precedents import Precedents, rule_told, told
from brobygger.engine.ranking import Divisions

Vector = Any
"""A numpy column with one number per industry."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts. Chosen on documented uses with whole sources left out."""

    rules: float = 2.1
    uses: float = 0.05
    traits: float = 0.05
    popularity: float = 0.02
    own_class: float = 0.5


WEIGHTS = Weights()
SHARPNESS = 8.0
"""How much the strongest class of material outweighs the weaker ones."""
SAME_TYPE, NEAR_TYPE = 0.6, 0.3
"""What a documented use of the very same resource type, or of one above or below it, counts at least."""
NAMED = 0.4
"""From this strength on a part of a text names a material."""
HARDLY = 0.02
"""What an industry that takes only one of several things is granted for each of the others."""
FAINT_TRAITS = 0.1
"""What traits count beside a material that is named for certain: enough to keep the industries that only they speak for."""
NEAREST = 12
"""So many documented uses speak."""
POINTED = 0.3
"""How readily a documented use is pointed to instead of a rule, times its likeness."""


class Clue(NamedTuple):
    """The strongest single reason for an industry: its strength, the words for it, ids of documented uses.

    `purpose`: what a rule says the industry does with it.
    """

    strength: float
    words: str
    uses: tuple[str, ...]
    purpose: str = ""


class Verdict(NamedTuple):
    """One score per industry (in `Evidence.codes` order), the clue behind it, and what the residue was read as."""

    scores: Vector
    clues: Mapping[str, Clue]
    types: Mapping[str, float]
    """Resource type → certainty."""
    known: float = 0.0
    """All that speaks for any industry; 0 where nothing is known of the residue."""


_KEPT: Remembered[Evidence] = Remembered()


def evidence(knowledge: Knowledge) -> Evidence:
    """The index of a knowledge, built once."""
    kept = _KEPT.get(knowledge)
    return kept if kept is not None else _KEPT.keep(knowledge, Evidence(knowledge))


class Evidence:
    """Rules, uses and traits of one knowledge, ready to be asked."""

    def __init__(
        self, knowledge: Knowledge, weights: Weights = WEIGHTS, read: dict[str, Vector] | None = None
    ) -> None:
        """`read`: keeps what the rules say of each use, for the next index with the same rules and industries."""
        self._read = read
        self.knowledge = knowledge
        self.weights = weights
        self.codes = sorted(
            {*knowledge.industries}
            | {t.nace for rule in knowledge.material_rules for t in rule.takers}
            | {use.taker_nace for use in knowledge.uses if use.taker_nace}
        )
        self.position = {code: i for i, code in enumerate(self.codes)}
        self.divisions = Divisions(self.codes, knowledge.taker_prior)
        self.materials = Materials(knowledge)
        self._lexicon = self.materials.lexicon
        self._uses = tuple(
            u for u in knowledge.uses if u.taker_nace in self.position and u.status != "failed"
        )
        self._use_postings, self._word_idf = self._index_uses()
        self._uses_of: dict[str, list[int]] = defaultdict(list)
        for index, use in enumerate(self._uses):
            self._uses_of[use.residue].append(index)
        self._use_by_id = {use.id: use for use in self._uses}
        self.precedents = Precedents(self._uses)
        self._popularity = self._count_takers()
        self._trait_columns = self._index_traits()
        self._likeness = Likeness(self._uses, self.position, self.divisions.of, self._ruled)

    def judge(self, residual: Residual, type_id: str = "") -> Verdict:
        """Every industry's score as taker. `type_id`: the resource type where somebody chose it."""
        clues: dict[str, Clue] = {}
        types = self._types(residual, type_id)
        strength = self.strength(residual, types, clues)
        self._prefer_documented(types, clues)
        known = float(strength.sum()) if len(strength) else 0.0
        everywhere = self.weights.popularity * self._popularity
        return Verdict(self.divisions.scores(strength + everywhere), clues, types, known)

    def strength(self, residual: Residual, types: Mapping[str, float], clues: dict[str, Clue]) -> Vector:
        """What speaks for each industry, before the divisions are compared; nothing known is all zero."""
        ruled = self.weights.rules * self._by_materials(residual, types, clues)
        unnamed = max(FAINT_TRAITS, 1.0 - float(ruled.sum()) / self.weights.rules)
        out = ruled + self.weights.uses * self._by_uses(residual, types, clues)
        out += self.weights.traits * unnamed * self._by_traits(types)
        if residual.giver_nace in self.position:
            out[self.position[residual.giver_nace]] *= self.weights.own_class
        return self._likeness.corrected(out, ruled)

    def _prefer_documented(self, types: Mapping[str, float], clues: dict[str, Clue]) -> None:
        """A documented use of the same kind of residue by the same class says more than the rule that agrees."""
        kin = self.kin(types)
        for code, clue in clues.items():
            use = None if clue.uses else self.precedents.nearest(kin, code)
            if use is not None:
                clues[code] = Clue(clue.strength, told(use), (use.id,))

    def _types(self, residual: Residual, type_id: str) -> dict[str, float]:
        if type_id:
            return {type_id: 1.0}
        guesses = identify(residual.text, self.knowledge, lang=residual.lang, ewc=residual.ewc, top=3)
        return {g.type: g.certainty for g in guesses}

    def chance(self, verdict: Verdict, code: str) -> float:
        """The probability of the division that the industry belongs to."""
        same = self.divisions.of == self.divisions.of[self.position[code]]
        return float(verdict.scores[same].max())

    def use(self, use_id: str) -> Use | None:
        """The documented use with this id, or None."""
        return self._use_by_id.get(use_id)

    def _by_materials(self, residual: Residual, types: Mapping[str, float], clues: dict[str, Clue]) -> Vector:
        """Things left together (``madaffald og slam``) need an industry that takes each: the geometric mean of the parts."""
        parts = together(residual)
        if len(parts) > 1:
            read = [self.materials.of(part, self._types(part, "")) for part in parts]
            known = [classes for classes in read if max(classes.values(), default=0.0) > NAMED]
            if len(known) > 1:
                logs = [np.log(HARDLY + self._by_rules(classes, clues)) for classes in known]
                return np.exp(np.mean(logs, axis=0)) - HARDLY
        return self._by_rules(self.materials.of(residual, types), clues)

    def _ruled(self, use: Use) -> Vector:
        """What the rules say of a documented residue, by its words alone."""
        if self._read is not None and use.text in self._read:
            return self._read[use.text]
        found = self._by_materials(Residual(use.id, use.text), {}, {})
        if self._read is not None:
            self._read[use.text] = found
        return found

    def _by_rules(self, classes: Mapping[str, float], clues: dict[str, Clue]) -> Vector:
        out = np.zeros(len(self.codes))
        if not classes:
            return out
        strongest = max(classes.values())
        squares = {rule: s**SHARPNESS for rule, s in classes.items()}
        total = sum(squares.values())
        for rule_id, square in squares.items():
            rule, share = self.materials.rules[rule_id], square / total * min(1.0, 0.4 + strongest)
            for taker in rule.takers:
                out[self.position[taker.nace]] += share * taker.weight
                strength = share * taker.weight * self.weights.rules
                _keep(clues, taker.nace, Clue(strength, rule_told(rule, taker), (), taker.reason))
        return out

    def _by_uses(self, residual: Residual, types: Mapping[str, float], clues: dict[str, Clue]) -> Vector:
        out = np.zeros(len(self.codes))
        near = self._nearest_uses(residual, types)
        total = sum(near.values())
        if not total:
            return out
        strongest = max(near.values())
        for index, similarity in near.items():
            use, share = self._uses[index], similarity / total * min(1.0, 2.0 * strongest)
            out[self.position[use.taker_nace]] += share
            clue = Clue(similarity * POINTED, told(use), (use.id,))
            _keep(clues, use.taker_nace, clue)
        return out

    def _nearest_uses(self, residual: Residual, types: Mapping[str, float]) -> dict[int, float]:
        words = self._vector(residual.text, residual.lang)
        similarity: dict[int, float] = defaultdict(float)
        for word, weight in words.items():
            for index, share in self._use_postings.get(word, ()):
                similarity[index] += weight * share
        for residue, kin in self.kin(types).items():
            for index in self._uses_of.get(residue, ()):
                similarity[index] = max(similarity[index], kin) + 0.3 * min(similarity[index], kin)
        if residual.giver_nace:
            for index in similarity:
                if self._uses[index].giver_nace == residual.giver_nace:
                    similarity[index] *= 1.2
        known = [(index, s) for index, s in similarity.items() if s > 0.1]
        ordered = sorted(known, key=lambda e: (-e[1], self._uses[e[0]].id))[:NEAREST]
        return {index: s * s for index, s in ordered}

    def kin(self, types: Mapping[str, float]) -> dict[str, float]:
        """Resource type → what a documented use of it counts at least: the same, the parent, the children."""
        out: dict[str, float] = {}
        for type_id, certainty in types.items():
            near = (*self.knowledge.ancestors(type_id)[:1], *self.knowledge.children.get(type_id, ()))
            for kin, value in ((type_id, SAME_TYPE), *((other, NEAR_TYPE) for other in near)):
                out[kin] = max(out.get(kin, 0.0), value * certainty)
        return out

    def _by_traits(self, types: Mapping[str, float]) -> Vector:
        out = np.zeros(len(self.codes))
        if not types:
            return out
        type_id, certainty = next(iter(types.items()))
        node = self.knowledge.types.get(type_id)
        if node is None:
            return out
        wanted = [
            w for w in (type_id, *self.knowledge.ancestors(type_id), *node.traits) if w in self._trait_columns
        ]
        total = sum(self._trait_columns[w][0] for w in wanted)
        for word in wanted:
            rarity, where = self._trait_columns[word]
            out[where] += certainty * rarity / total
        return out

    def _vector(self, text: str, lang: str) -> dict[str, float]:
        reading = self._lexicon.reading(text, lang)
        raw = {
            word: weight * self._word_idf[word]
            for (_, word), weight in reading.items()
            if word in self._word_idf
        }
        size = math.sqrt(sum(w * w for w in raw.values()))
        return {word: w / size for word, w in raw.items()} if size else {}

    def _index_uses(self) -> tuple[dict[str, list[tuple[int, float]]], dict[str, float]]:
        """Word → the uses that hold it, each with the word's share of its vector; word → how telling it is."""
        readings = [self._words_of(use) for use in self._uses]
        frequency: dict[str, int] = defaultdict(int)
        for reading in readings:
            for word in reading:
                frequency[word] += 1
        idf = {word: math.log(1 + len(readings) / n) for word, n in frequency.items()}
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, reading in enumerate(readings):
            raw = {word: weight * idf[word] for word, weight in reading.items()}
            size = math.sqrt(sum(w * w for w in raw.values())) or 1.0
            for word, w in raw.items():
                postings[word].append((index, w / size))
        return postings, idf

    def _words_of(self, use: Use) -> dict[str, float]:
        """The stems of a use's text in both languages, with their weights."""
        out: dict[str, float] = {}
        for text, lang in ((use.text, ""), (use.text_en, "en")):
            for (_, word), weight in self._lexicon.reading(text, lang).items() if text else ():
                out[word] = max(out.get(word, 0.0), weight)
        return out

    def _count_takers(self) -> Vector:
        """Share of the documented uses; where there are none, of the rules' weights."""
        out = np.zeros(len(self.codes))
        for use in self._uses:
            out[self.position[use.taker_nace]] += 1.0
        for rule in self.materials.rules.values():
            for taker in rule.takers:
                out[self.position[taker.nace]] += taker.weight
        return out / out.max() if len(out) and out.max() > 0 else out

    def _index_traits(self) -> dict[str, tuple[float, Vector]]:
        """Trait or type id → (how telling it is, positions of the industries that take it in)."""
        where: dict[str, list[int]] = defaultdict(list)
        for code, industry in self.knowledge.industries.items():
            for trait in industry.takes:
                where[trait].append(self.position[code])
        total = max(len(self.knowledge.industries), 1)
        return {t: (math.log(1 + total / len(p)), np.array(p, dtype=np.int64)) for t, p in where.items()}


def _keep(clues: dict[str, Clue], nace: str, clue: Clue) -> None:
    if nace not in clues or clue.strength > clues[nace].strength:
        clues[nace] = clue
