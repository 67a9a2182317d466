# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which resource types a sentence speaks of, with the words of the sentence that led there."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from brobygger.engine.facts import Knowledge, ResourceType
from brobygger.engine.identify import type_lexicon
from brobygger.engine.lexicon import Lexicon
from brobygger.engine.text import MAX_CHARACTERS, fold, guess_language

_TAG = re.compile(r"<[^<>]{0,200}>")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LABEL_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TRADE = re.compile(
    r"\b(?:sælges|købes|søges|søger|mangler|ønskes|ønsker|efterspørges|efterspørger|efterlyses|efterlyser"
    r"|udlejes|udlånes|bortgives|foræres|afhentes|hentes|tilbydes|tilbyder|skaffes|samarbejder?\s+med"
    r"|ledige?t?|tomme|tomt?|smider|skal|kasserer|kassere(?:de|t)|masser af"
    r"|^sælger(?! (?:søges|ønskes|mangler|til))|til (?:salg|leje|låns?|rådighed|afhentning)"
    r"|(?:vi|jeg|og|der)\s+(?:sælger|køber|leverer|udlejer|udlåner|leder\s+efter))\b"
)
"""Words that say who has, who needs and that it is free to take; some of them name a type too ("en sælger"),
so they are read only where nothing else is recognised."""
_TAIL = re.compile(r"\b(?:til|fra|i|på|ved|hos|bag|med|for|mod|(?<!leder )efter)\b")
_ACTOR = re.compile(
    r"^(?P<actor>(?:(?! - )[^.,;:?!])+?)(?<!\bder)(?<!\bsom)\s+(?:har|mangler|søger|leder|ønsker|efterspørger|vil|skal|tilbyder|udlejer|udlåner)\b"
)
_ASIDE_SHARE = 0.8
"""What is named only before the verb says who ("bageriet har rugbrød"), what is named only after a
preposition says what for or where ("en kok til et nyt spisested"): both count less than the thing itself."""
_FIRST_SHARE = 1.08
"""The thing comes first ("oversættelse af brochure")."""
_ROOT_SHARE = 0.85
"""The name of a whole branch ("samarbejde", "rådgivning") is seldom what is meant when a leaf is named too."""
_MORE_WORDS = 0.05
"""What each further word of the sentence that names the same type by itself adds."""
_OWN_NAME = 0.5
_LABEL_WORDS = {1: 0.05, 2: 0.15, 3: 0.5}
_LONGEST_LABEL = 6
_BY_ENDING = 0.45
_SHORTEST_PART = 3
_MOST_WORDS = 40
_SHORTEST_ENGLISH = 4


@dataclass(frozen=True, slots=True)
class TypeHit:
    """A resource type that the text may mean. `score` 0..1; `words`: the text's own words that led there."""

    type_id: str
    score: float
    words: tuple[str, ...]


def plain_text(text: str) -> str:
    """The text without markup and invisible signs, at most `MAX_CHARACTERS` long."""
    start = text[: MAX_CHARACTERS * 4]
    return _INVISIBLE.sub("", html.unescape(_TAG.sub(" ", start)))[:MAX_CHARACTERS]


def names_something(text: str) -> bool:
    """False where a folded text holds nothing but numbers and words like "til salg"."""
    return _WORD.search(_TRADE.sub(" ", text)) is not None


class TypeFinder:
    """Finds resource types by name and synonym: inflected, in compounds, misspelt. Build once, ask often."""

    def __init__(self, types: Mapping[str, ResourceType], lexicon: Lexicon | None = None) -> None:
        """`lexicon` may be one that already holds the names of `types`; else it is built here (seconds)."""
        self.types = types
        self._lexicon = lexicon if lexicon is not None else type_lexicon(Knowledge(types=types))
        self._labels: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for node in types.values():
            for label in (node.name, node.name_en, *node.synonyms):
                self._labels[tuple(_LABEL_WORD.findall(fold(label)))].add(node.id)

    def find(self, text: str, limit: int = 5) -> list[TypeHit]:
        """At most `limit` types, best first, equal scores as named; an empty list where nothing is recognised."""
        folded = fold(plain_text(text))
        return (
            self._find(folded, _TRADE.sub(" ", folded), limit)
            or self._find(folded, folded, limit)
            or self._by_ending(folded)[:limit]
        )

    def _find(self, folded: str, asked: str, limit: int) -> list[TypeHit]:
        surface = list(dict.fromkeys(_WORD.findall(asked)))[:_MOST_WORDS]
        words = " ".join(surface)
        english = len(surface) >= _SHORTEST_ENGLISH and guess_language(words) == "en"
        lang = "en" if english else "da"
        hits = self._with_labels(self._hits(words, surface, lang), folded, asked)
        if not english:
            hits = _thing_first(hits, folded)
        hits = [self._root_last(hit) for hit in hits]
        place = {word: at for at, word in reversed(list(enumerate(surface)))}
        best = sorted(hits, key=lambda hit: (-round(hit.score, 2), _first(hit, place), hit.type_id))[:limit]
        return [replace(hit, score=min(1.0, hit.score)) for hit in best]

    def _hits(self, asked: str, surface: list[str], lang: str) -> list[TypeHit]:
        """Every candidate with all the words that speak for it, together or one by one."""
        stems = {word: {stem for _, stem in self._lexicon.reading(word, lang)} for word in surface}
        alone = {
            word: {found.key for found in self._lexicon.find(word, lang) if found.score >= _OWN_NAME}
            for word in surface
        }
        hits = []
        for found in self._lexicon.find(asked, lang)[:_MOST_WORDS]:
            together = [word for word in surface if stems[word].intersection(found.words)]
            more = [word for word in surface if word not in together and found.key in alone[word]]
            led = tuple(word for word in surface if word in together or word in more)
            hits.append(TypeHit(found.key, found.score + _MORE_WORDS * len(more), led))
        return hits

    def _with_labels(self, hits: list[TypeHit], folded: str, asked: str) -> list[TypeHit]:
        """Lifts the types whose name or synonym stands in the text word for word, longer ones most."""
        words, single = _LABEL_WORD.findall(folded)[:_MOST_WORDS], set(_LABEL_WORD.findall(asked))
        longest: dict[str, tuple[str, ...]] = {}
        for size in range(1, _LONGEST_LABEL + 1):
            for start in range(len(words) - size + 1):
                phrase = tuple(words[start : start + size])
                if size == 1 and phrase[0] not in single:
                    continue
                for type_id in self._labels.get(phrase, ()):
                    longest[type_id] = phrase
        known = {hit.type_id: hit for hit in hits}
        for type_id, phrase in longest.items():
            hit = known.get(type_id, TypeHit(type_id, _OWN_NAME, phrase))
            led = hit.words + tuple(word for word in phrase if word not in hit.words)
            known[type_id] = TypeHit(type_id, hit.score + _LABEL_WORDS[min(len(phrase), 3)], led)
        return list(known.values())

    def _by_ending(self, folded: str) -> list[TypeHit]:
        """Types named by the end of a long word nobody could take apart (``ølbrygningsmask`` → mask)."""
        hits: dict[str, TypeHit] = {}
        for word in _WORD.findall(folded)[:_MOST_WORDS]:
            endings = (word[start:] for start in range(_SHORTEST_PART, len(word) - _SHORTEST_PART))
            named = next((self._labels[(end,)] for end in endings if (end,) in self._labels), set())
            hits |= {type_id: TypeHit(type_id, _BY_ENDING, (word,)) for type_id in named}
        return sorted(hits.values(), key=lambda hit: hit.type_id)

    def _root_last(self, hit: TypeHit) -> TypeHit:
        node = self.types.get(hit.type_id)
        return replace(hit, score=hit.score * _ROOT_SHARE) if node and node.parent is None else hit


def _first(hit: TypeHit, place: Mapping[str, int]) -> int:
    return min((place[word] for word in hit.words if word in place), default=len(place))


def _thing_first(hits: list[TypeHit], text: str) -> list[TypeHit]:
    """Lowers what is named only as actor or purpose when something is named in between, and lifts the first."""
    actor = _ACTOR.search(text)
    start = actor.end("actor") if actor else 0
    tail = _TAIL.search(text, start)
    named = {word for hit in hits for word in hit.words}
    thing = [word for word in _WORD.findall(text[start : tail.start() if tail else None]) if word in named]
    if not thing:
        return hits
    return [replace(hit, score=hit.score * _share(hit, thing)) for hit in hits]


def _share(hit: TypeHit, thing: list[str]) -> float:
    if thing[0] in hit.words:
        return _FIRST_SHARE
    return 1.0 if any(word in hit.words for word in thing) else _ASIDE_SHARE
