# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Industries as people write them: the title beside a code, and the codes that a word may mean.

A choice is the first digits of a DB25 code: a division (10), a group (105), a class (1051) or a whole code (105100).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from brobygger.engine.text import stem
from brobygger.engine.text_index import TextIndex
from brobygger.knowledge.industries import (
    CLASS,
    DB25,
    DIVISION,
    GROUP,
    IndustryNode,
    db25_codes,
    industry_tree,
)
from brobygger.knowledge.tables import HERE, read_table, unique

SHORTEST, LONGEST = 2, 6
MOST = 12
"""So many codes are proposed for a word."""
LEAST, NEAR_THE_BEST = 0.5, 0.9
"""A title that fits less of what was typed is not proposed, nor one that fits so much less than the best."""
EVERYDAY_COLUMNS = ("word", "codes")


def load_everyday(path: Path = HERE / "everyday_industries.csv") -> dict[str, tuple[str, ...]]:
    """Words that stand in no title, and those that are best known by their division → codes. Raises `TableError`."""
    return {
        row.required("word"): row.many("codes") for row in unique(read_table(path, EVERYDAY_COLUMNS), "word")
    }


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    return load_everyday()


@lru_cache(maxsize=1)
def _everyday() -> dict[str, tuple[str, ...]]:
    """Stem of a word (`bagere` is `bager`) → codes."""
    return {stem(word): codes for word, codes in _words().items()}


@lru_cache(maxsize=1024)
def everyday_words(code: str) -> tuple[str, ...]:
    """What people call firms with a DB25 code: 432100 → elektriker, håndværker, …"""
    return tuple(word for word, codes in _words().items() if code.startswith(codes))


@lru_cache(maxsize=1)
def _nodes() -> dict[str, IndustryNode]:
    """Code → node, from divisions down. A class with one code under it is that code's own title: the class is kept."""
    found: dict[str, IndustryNode] = {}

    def walk(node: IndustryNode) -> None:
        if node.level >= DIVISION:
            found[node.code] = node
        for child in node.children:
            walk(child)

    for section in industry_tree():
        walk(section)
    return found


def plain_code(typed: str) -> str:
    """`10.51` → `1051`."""
    return "".join(sign for sign in typed if sign.isdecimal())


@lru_cache(maxsize=4096)
def is_known(code: str) -> bool:
    """Whether industry codes begin with these digits."""
    return SHORTEST <= len(code) <= LONGEST and any(known.startswith(code) for known in db25_codes())


def written(code: str) -> str:
    """With the points that statistics put in it: `10.51.00`."""
    return ".".join(code[at : at + 2] for at in range(0, len(code), 2))


def name_of(code: str) -> str:
    """`Fremstilling af fødevarer (10)`; the bare code where the digits end between two levels."""
    node = _nodes().get(code)
    return f"{node.title} ({written(code)})" if node else written(code)


def title_of(code: str) -> str:
    """`Fremstilling af fødevarer`, or the bare code."""
    node = _nodes().get(code)
    return node.title if node else written(code)


@lru_cache(maxsize=1)
def options() -> tuple[str, ...]:
    """Every division and group by name, in order."""
    return tuple(name_of(node.code) for node in _nodes().values() if node.level in (DIVISION, GROUP))


@lru_cache(maxsize=1)
def _index() -> tuple[tuple[str, ...], TextIndex]:
    """The codes, and their titles as a text index; a title that stands at several levels is the highest's."""
    by_title: dict[str, str] = {}
    for node in sorted(_nodes().values(), key=lambda node: (node.level, node.code)):
        by_title.setdefault(node.title.casefold(), node.code)
    return tuple(by_title.values()), TextIndex(list(by_title))


@lru_cache(maxsize=512)
def meant(words: str, most: int = MOST) -> tuple[str, ...]:
    """The codes whose title speaks of what was typed, the widest first among equals; by inflection, inside compounds and
    through typing errors. An exact title is alone."""
    codes, index = _index()
    nodes = _nodes()
    found = [hit for hit in index.search(words, top=60) if hit.score >= LEAST]
    hits = [(hit.score, codes[hit.position]) for hit in found if hit.score >= NEAR_THE_BEST * found[0].score]
    exact = [code for _score, code in hits if nodes[code].title.casefold() == words.strip().casefold()]
    if exact:
        return tuple(exact[:1])
    order = {DIVISION: 0, GROUP: 1, CLASS: 2, DB25: 3}
    hits.sort(key=lambda hit: (-round(hit[0], 2), order[nodes[hit[1]].level], hit[1]))
    everyday = _everyday().get(stem(words.strip().casefold()), ())
    return tuple(dict.fromkeys([*everyday, *(code for _score, code in hits)]))[:most]
