# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Choosing one of a thousand resource types by words, never by an id."""

from __future__ import annotations

from functools import lru_cache

from brobygger.knowledge import load, resource_types
from brobygger.knowledge.reading import finder_for
from brobygger.market.wording import type_path

MOST = 8
LIKELY = 0.65
"""A guess from here on comes before types that merely begin with what was typed."""


def types_for(words: str, most: int = MOST) -> list[str]:
    """Ids of the types that the words may speak of: what is likely meant, then names that begin so, then the rest."""
    text = words.strip()[:500]
    if not text:
        return []
    guesses = finder_for(resource_types()).find(text, most)
    likely = [guess.type_id for guess in guesses if guess.score >= LIKELY]
    rest = [guess.type_id for guess in guesses if guess.score < LIKELY]
    return list(dict.fromkeys([*likely, *_named(text), *rest]))[:most]


def _named(text: str) -> list[str]:
    """Types with a name or synonym in which a word begins as the text does (`plast` → Plastemballage), short ones first."""
    wanted = text.casefold()
    if len(wanted) < 2 or " " in wanted:
        return []
    types = resource_types()
    found = [type_id for type_id in types if any(word.startswith(wanted) for word in _words(type_id))]
    return sorted(found, key=lambda type_id: len(types[type_id].name))


@lru_cache(maxsize=4096)
def _words(type_id: str) -> tuple[str, ...]:
    node = resource_types()[type_id]
    return tuple(" ".join((node.name, *node.synonyms)).casefold().replace(",", " ").split())


def choices(type_ids: list[str]) -> list[tuple[str, str]]:
    """For radio buttons: each type with the way to it, so that two of the same name can be told apart."""
    types = resource_types()
    return [(type_id, type_path(type_id)) for type_id in dict.fromkeys(type_ids) if type_id in types]


@lru_cache(maxsize=1)
def branches() -> tuple[tuple[str, str], ...]:
    """The top of the tree, for filters: id and name."""
    return tuple((node.id, node.name) for node in resource_types().values() if node.parent is None)


@lru_cache(maxsize=512)
def within(type_id: str) -> tuple[str, ...]:
    """The type and everything below it. Unknown ids give nothing."""
    if type_id not in resource_types():
        return ()
    return (type_id, *load().descendants(type_id))
