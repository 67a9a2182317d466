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


class PerKnowledge(Generic[T]):
    """Remembers what was built from each of the last few `Knowledge` objects (compared by identity)."""

    def __init__(self, size: int = 4) -> None:
        self._size = size
        self._kept: dict[int, tuple[Knowledge, T]] = {}

    def get(self, knowledge: Knowledge) -> T | None:
        """What was kept for this knowledge, or None."""
        kept = self._kept.get(id(knowledge))
        return kept[1] if kept is not None and kept[0] is knowledge else None

    def keep(self, knowledge: Knowledge, value: T) -> T:
        """Keeps the value, and lets the oldest go."""
        while len(self._kept) >= self._size:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[id(knowledge)] = (knowledge, value)
        return value


_LEXICONS: PerKnowledge[Lexicon] = PerKnowledge()


def type_lexicon(knowledge: Knowledge) -> Lexicon:
    """The names and synonyms of all resource types, built once per knowledge."""
    kept = _LEXICONS.get(knowledge)
    return kept if kept is not None else _LEXICONS.keep(knowledge, Lexicon(_names(knowledge)))


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
