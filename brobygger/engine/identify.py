# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From a sentence to a resource type: what "4 tons mask om ugen fra ølbrygning" speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from brobygger.engine.facts import Knowledge
from brobygger.engine.lexicon import Lexicon

CERTAIN = 0.75
"""From this certainty on, a type read from a text counts as if it had been chosen."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """A resource type that a text may speak of. `certainty` 0..1, `words` the stems that told."""

    type: str
    certainty: float
    words: tuple[str, ...]


class Remembered(Generic[T]):
    """Remembers what was built from each of the last few objects, which are compared by identity."""

    def __init__(self, size: int = 4) -> None:
        self._size = size
        self._kept: dict[int, tuple[object, T]] = {}

    def get(self, source: object) -> T | None:
        """What was kept for this very object, or None."""
        kept = self._kept.get(id(source))
        return kept[1] if kept is not None and kept[0] is source else None

    def keep(self, source: object, value: T) -> T:
        """Keeps the value, and lets the oldest go."""
        while len(self._kept) >= self._size:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[id(source)] = (source, value)
        return value


_LEXICONS: Remembered[Lexicon] = Remembered()


def type_lexicon(knowledge: Knowledge) -> Lexicon:
    """The names and synonyms of all resource types, built once per tree of types."""
    kept = _LEXICONS.get(knowledge.types)
    return kept if kept is not None else _LEXICONS.keep(knowledge.types, Lexicon(_names(knowledge), "types"))


def _names(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    for node in knowledge.types.values():
        yield node.id, node.name, "da"
        if node.name_en:
            yield node.id, node.name_en, "en"
        for synonym in node.synonyms:
            yield node.id, synonym, ""


def identify(
    text: str, knowledge: Knowledge, *, lang: str = "", ewc: str = "", top: int = 5
) -> list[TypeGuess]:
    """The resource types a text may speak of, most certain first (equal certainty by id).

    A waste code that is typical of a type supports it, and alone gives a faint guess. Nothing recognised
    gives an empty list.
    """
    guesses = {
        found.key: TypeGuess(found.key, min(1.0, found.score), found.words)
        for found in type_lexicon(knowledge).find(text, lang)
    }
    code = ewc.replace(" ", "").rstrip("*")
    if code:
        for node in knowledge.types.values():
            if code in node.ewc:
                known = guesses.get(node.id)
                certainty = min(1.0, known.certainty + 0.15) if known else 0.3
                guesses[node.id] = TypeGuess(node.id, certainty, known.words if known else ())
    return sorted(guesses.values(), key=lambda g: (-g.certainty, g.type))[:top]
