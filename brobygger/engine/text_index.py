# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Search in hundreds of thousands of short Danish texts: by inflection, inside compounds, and through typing errors.

Built once over the texts; each distinct word is read once. A text is found by the stems of its words and of the parts of
its compounds; a query word that stands in no text is taken for the words it looks most like, chosen by shared trigrams
and counted by edit distance. A rare word tells more than a common one (inverse document frequency), and of two texts
that hold the same words the shorter comes first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from brobygger.engine.lexicon import HEAD_WEIGHT, MODIFIER_WEIGHT, TYPO_WEIGHT
from brobygger.engine.text import STOPWORDS, is_headword, is_word, split_compound, stem, words

Array = npt.NDArray[Any]
SHORTEST_PART = 3
"""Letters of the shortest word that is looked for inside another."""
SHORTEST_MENDED = 4
MOST_LIKE = 12
"""So many words with the most trigrams in common are measured letter by letter."""
MOST_MEANT = 3
"""So many words that a misspelt one may have meant."""
_NONE = np.zeros(0, dtype=np.int32)


class TextHit(NamedTuple):
    """A text that was found: its position among those given, and how well it fits (0..1 of the query)."""

    position: int
    score: float


class TextIndex:
    """Short texts, searchable. Immutable once built, so several threads may ask."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are Danish; of each the first 2,000 characters are read."""
        self._size = len(texts)
        numbers: dict[str, int] = {}
        holders, held = [], []
        for position, text in enumerate(texts):
            for word in _content(text):
                held.append(numbers.setdefault(word, len(numbers)))
                holders.append(position)
        self._words = list(numbers)
        self._known = _Known(frozenset(numbers))
        self._stems: dict[str, int] = {}
        pairs = [self._reading(word) for word in self._words]
        self._lists = _inverted(
            np.array(held, dtype=np.int64), np.array(holders, dtype=np.int32), pairs, len(self._stems)
        )
        self._lengths = np.bincount(np.array(holders, dtype=np.int64), minlength=self._size).astype(
            np.float32
        )
        self._by_trigram, self._trigrams = _trigram_lists(self._words)
        self.meant = lru_cache(maxsize=4096)(self._meant)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        lists = (self._lists, self._by_trigram)
        return sum(a.nbytes for pair in lists for a in pair) + self._lengths.nbytes + self._trigrams.nbytes

    def search(self, query: str, top: int = 10) -> list[TextHit]:
        """The `top` best texts, best first; equal ones in the order they were given. Raises ValueError for `top` < 1."""
        if top < 1:
            raise ValueError("top skal være mindst 1")
        asked = [self._ways(word) for word in dict.fromkeys(_content(query))]
        found = np.zeros(self._size, dtype=np.float32)
        whole = 0.0
        for ways in asked:
            whole += self._add(found, ways)
        positions = np.flatnonzero(found)
        if not len(positions) or whole == 0.0:
            return []
        score = found[positions] / whole
        shorter = score - self._lengths[positions] * 1e-4
        if len(positions) > 4 * top:
            bar = np.partition(shorter, len(shorter) - top)[len(shorter) - top]
            chosen = np.flatnonzero(shorter >= bar)
            positions, score, shorter = positions[chosen], score[chosen], shorter[chosen]
        order = np.lexsort((positions, -shorter))[:top]
        rows = zip(positions[order].tolist(), score[order].tolist(), strict=True)
        return [TextHit(position, min(1.0, value)) for position, value in rows]

    def _add(self, found: Array, ways: Mapping[int, float]) -> float:
        """Give each text its best way to one query word; what the word was worth at most."""
        if not ways:
            return self._worth(0)
        best = max(self._worth(len(_entries(self._lists, number))) for number in ways)
        if len(ways) == 1:
            ((number, share),) = ways.items()
            found[_entries(self._lists, number)] += best * share
            return best
        lists = [_entries(self._lists, number) for number in ways]
        positions = np.concatenate(lists)
        shares = np.repeat(np.array(list(ways.values()), dtype=np.float32), list(map(len, lists)))
        order = np.lexsort((-shares, positions))
        positions, shares = positions[order], shares[order]
        first = np.ones(len(positions), dtype=bool)
        first[1:] = positions[1:] != positions[:-1]
        found[positions[first]] += best * shares[first]
        return best

    def _worth(self, holders: int) -> float:
        return math.log(1 + (self._size + 1) / (holders + 1))

    def _ways(self, word: str) -> dict[int, float]:
        """Stem number → how much a text with that stem counts for the word, 0..1."""
        ways: dict[int, float] = {}
        self._by_stems(word, 1.0, ways)
        if not ways and len(word) >= SHORTEST_MENDED:
            for meant in self.meant(word):
                self._by_stems(meant, TYPO_WEIGHT, ways)
        return ways

    def _by_stems(self, word: str, share: float, ways: dict[int, float]) -> None:
        for name, weight in _stems_of(word, self._known):
            number = self._stems.get(name)
            if number is not None:
                ways[number] = max(ways.get(number, 0.0), share * weight)

    def _meant(self, word: str) -> tuple[str, ...]:
        """The words of the texts that it is most likely a misspelling of: those at the least edit distance."""
        allowed = 1 if len(word) < 8 else 2
        mine = np.unique(np.array(_trigrams(word), dtype=np.int64))
        at = np.flatnonzero(np.isin(self._trigrams, mine, assume_unique=True))
        if not len(at):
            return ()
        touched = np.concatenate([_entries(self._by_trigram, int(number)) for number in at])
        candidates, shared = np.unique(touched, return_counts=True)
        likely = candidates[np.argsort(-shared, kind="stable")[:MOST_LIKE]]
        measured = sorted(
            (distance, other)
            for other in (self._words[number] for number in likely.tolist())
            if (distance := OSA.distance(word, other, score_cutoff=allowed)) <= allowed
        )
        return tuple(other for distance, other in measured if distance == measured[0][0])[:MOST_MEANT]

    def _reading(self, word: str) -> list[int]:
        """Numbers of the stems of a word and of its parts; new ones are numbered."""
        return [self._stems.setdefault(name, len(self._stems)) for name, _ in _stems_of(word, self._known)]


class _Known:
    """What a part of a compound may be: a word of the texts, or of the dictionary."""

    def __init__(self, own: frozenset[str]) -> None:
        self.own = own

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or len(word) < SHORTEST_PART:
            return False
        return word in self.own or (is_word(word) if len(word) > SHORTEST_PART else is_headword(word))

    def __iter__(self) -> Iterator[str]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)


def _content(text: str) -> list[str]:
    """The words that say something."""
    parts = (part for word in words(text) for part in (word.split("-") if "-" in word else (word,)))
    return [part for part in parts if part and part not in STOPWORDS["da"]]


def _stems_of(word: str, known: _Known) -> list[tuple[str, float]]:
    """(stem, weight) of the word, and of its parts where it is a compound; the last part weighs most."""
    found = {stem(word): 1.0}
    parts = split_compound(word, known, SHORTEST_PART) if len(word) > 2 * SHORTEST_PART - 1 else (word,)
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        weight = HEAD_WEIGHT if place == len(parts) - 1 else MODIFIER_WEIGHT
        found.setdefault(stem(part), weight)
    return list(found.items())


def _inverted(held: Array, holders: Array, readings: list[list[int]], stems: int) -> tuple[Array, Array]:
    """Stem → the texts that hold it, ascending and once: (where each list begins, the texts)."""
    sizes = np.array([len(reading) for reading in readings], dtype=np.int64)
    flat = np.array([number for reading in readings for number in reading], dtype=np.int64)
    begins = np.cumsum(sizes) - sizes
    many = sizes[held]
    where = np.arange(many.sum()) + np.repeat(begins[held] - (np.cumsum(many) - many), many)
    pairs = np.unique(
        flat[where] * (int(holders.max(initial=0)) + 1) + np.repeat(holders, many).astype(np.int64)
    )
    numbers, texts = np.divmod(pairs, int(holders.max(initial=0)) + 1)
    starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=stems))])
    return starts, texts.astype(np.int32)


def _entries(lists: tuple[Array, Array], number: int) -> Array:
    starts, values = lists
    return values[starts[number] : starts[number + 1]] if number + 1 < len(starts) else _NONE


def _trigrams(word: str) -> list[int]:
    """Each three letters of the word, its ends marked, as one number."""
    padded = f"^{word}$"
    codes = [ord(letter) for letter in padded]
    return [(a * 1_114_112 + b) * 1_114_112 + c for a, b, c in zip(codes, codes[1:], codes[2:], strict=False)]


def _trigram_lists(vocabulary: Sequence[str]) -> tuple[tuple[Array, Array], Array]:
    """Trigram → words that hold it, and the trigrams, sorted."""
    each = [_trigrams(word) for word in vocabulary]
    holders = np.repeat(np.arange(len(each), dtype=np.int32), list(map(len, each)) or 0)
    flat = np.array([number for numbers in each for number in numbers], dtype=np.int64)
    trigrams, inverse = np.unique(flat, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(inverse, minlength=len(trigrams)))])
    return (starts, holders[order]), trigrams
