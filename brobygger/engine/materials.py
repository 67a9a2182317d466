# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which classes of material a residue belongs to: by its words, its waste code, its resource type and who leaves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from brobygger.engine.facts import Knowledge, MaterialRule
from brobygger.engine.lexicon import Lexicon
from brobygger.engine.listing import Residual
from brobygger.engine.text import STATE_WORDS, STOPWORDS

MOST_CLASSES = 4
"""A text is read as at most this many classes of material."""
TITLE_SHARE = 0.2
"""The official title of a waste code counts this much of the residue's own words."""
EWC_SUPPORT = {6: 0.2, 4: 0.1, 2: 0.03}
"""What a waste code adds to a class that lists it, by how many digits agree."""
TEXT_OUTWEIGHS = 0.7
"""So much of a waste code's support falls away where the text names its material beyond doubt: most codes are wider than words."""
GIVER_BOOST = {4: 1.15, 3: 1.1, 2: 1.05}
"""By how much a class gains when the giver's industry typically leaves it, by how many digits agree."""
TYPE_SHARE = 0.7
"""A class that the resource type's own names point to counts this much of the certainty of the type."""
CERTAIN_NAME, CERTAIN_SYNONYM = 0.5, 0.75
"""From this score on the name, or one of the synonyms, of a resource type points to a class."""
PARENT_SHARE = 0.8
"""A type whose names point nowhere belongs where its parent does, a little less certainly."""
NAMED_GIVER = 0.3
"""From this score on words after "fra" / "from" name the place of work that leaves the residue."""
_FROM = re.compile(r"\b(?:fra|hos|ved|from|by|at|of)\b(?!-)", re.IGNORECASE)
_ORIGIN = re.compile(r"\b(?:fra|hos|ved|from|by|at|of|af|til|for|in|i|med|with)\b(?!-)", re.IGNORECASE)
_JOINED = re.compile(r"\s+(?:og|and|samt)\s+|,\s*(?:(?:og|and)\s+)?|\s*[;/+]\s*", re.IGNORECASE)


def together(residual: Residual) -> tuple[Residual, ...]:
    """A residue of several things taken apart, each with what is said of the origin (``aske og slam fra papirfabrik``)."""
    origin = _ORIGIN.search(residual.text)
    at = origin.start() if origin else len(residual.text)
    things = [thing for thing in _JOINED.split(residual.text[:at]) if thing.strip()]
    rest = residual.text[at:]
    return tuple(replace(residual, text=f"{thing.strip()} {rest}".strip()) for thing in things)


@lru_cache(maxsize=4)
def rule_lexicon(rules: tuple[MaterialRule, ...]) -> Lexicon:
    """The words of all material classes, built once however many knowledges share the rules."""
    silent = {lang: STOPWORDS[lang] | STATE_WORDS[lang] for lang in STOPWORDS}
    return Lexicon(((rule.id, words, "") for rule in rules for words in rule.words), "rules", silent)


@lru_cache(maxsize=4)
def place_lexicon(words: tuple[tuple[str, str], ...]) -> Lexicon:
    """The words for places of work, by industry."""
    return Lexicon((nace, word, "") for word, nace in words)


class Materials:
    """The material classes of one knowledge, ready to be asked which of them a residue belongs to."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.lexicon = rule_lexicon(knowledge.material_rules)
        self.rules = {rule.id: rule for rule in knowledge.material_rules}
        self._places = place_lexicon(knowledge.giver_words)
        self._by_type: dict[str, dict[str, float]] = {}
        self.by_code = lru_cache(maxsize=2048)(self._by_code)

    def of(self, residual: Residual, types: Mapping[str, float]) -> dict[str, float]:
        """The classes a residue belongs to, with strengths, strongest first. `types`: resource type → certainty."""
        strength = {found.key: found.score for found in self.lexicon.find(residual.text, residual.lang)}
        for type_id, certainty in types.items():
            for rule, score in self.of_type(type_id).items():
                if certainty > 0:
                    strength[rule] = max(strength.get(rule, 0.0), TYPE_SHARE * certainty * score)
        if residual.ewc:
            unnamed = 1.0 - TEXT_OUTWEIGHS * min(1.0, max(strength.values(), default=0.0))
            for rule, support in self.by_code(residual.ewc).items():
                strength[rule] = strength.get(rule, 0.0) + unnamed * support
        giver = residual.giver_nace or self.giver(residual)
        if giver:
            for rule in strength:
                strength[rule] *= _giver_boost(giver, self.rules[rule].givers)
        return dict(sorted(strength.items(), key=lambda e: (-e[1], e[0]))[:MOST_CLASSES])

    def giver(self, residual: Residual) -> str:
        """The industry that the text says the residue comes from (``slam fra papirfabrik``), or ""."""
        _, _, origin = _FROM.sub("\0", residual.text, count=1).partition("\0")
        found = self._places.find(origin or residual.text, residual.lang)
        return found[0].key if found and found[0].score >= NAMED_GIVER else ""

    def of_type(self, type_id: str) -> dict[str, float]:
        """The classes that the names of a resource type point to, else those of its parent."""
        if type_id not in self._by_type:
            self._by_type[type_id] = {}
            self._by_type[type_id] = self._read_type(type_id)
        return self._by_type[type_id]

    def _read_type(self, type_id: str) -> dict[str, float]:
        node = self.knowledge.types.get(type_id)
        if node is None:
            return {}
        out: dict[str, float] = {}
        names = [(node.name, "da", CERTAIN_NAME), (node.name_en, "en", CERTAIN_NAME)]
        for name, lang, least in (*names, *((synonym, "", CERTAIN_SYNONYM) for synonym in node.synonyms)):
            for found in self.lexicon.find(name, lang)[:2] if name else ():
                if found.score >= least:
                    out[found.key] = max(out.get(found.key, 0.0), found.score)
        if not out and node.parent:
            return {rule: PARENT_SHARE * score for rule, score in self.of_type(node.parent).items()}
        return dict(sorted(out.items(), key=lambda e: (-e[1], e[0]))[:MOST_CLASSES])

    def _by_code(self, code: str) -> dict[str, float]:
        """What a waste code adds to each class: its title's words and the codes the class lists."""
        out: dict[str, float] = {}
        title = self.knowledge.waste_codes.get(code, "")
        for found in self.lexicon.find(title, "") if title else ():
            out[found.key] = TITLE_SHARE * found.score
        for rule in self.rules.values():
            support = _code_support(code, rule.ewc)
            if support:
                out[rule.id] = out.get(rule.id, 0.0) + support
        return out


def _code_support(code: str, codes: tuple[str, ...]) -> float:
    return max(
        (EWC_SUPPORT[n] for n in (6, 4, 2) for own in codes if len(own) >= n and own[:n] == code[:n]),
        default=0.0,
    )


def _giver_boost(giver: str, givers: tuple[str, ...]) -> float:
    return max((GIVER_BOOST[n] for n in (4, 3, 2) for own in givers if own[:n] == giver[:n]), default=1.0)
