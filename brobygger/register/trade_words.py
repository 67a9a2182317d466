# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a firm's trade belongs under, in the words of the sections and divisions above its DB25 code: a brewery makes `drikkevarer`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from brobygger.base.search.terms import Word, is_telling, read
from brobygger.knowledge.industries import DIVISION, IndustryNode, industry_tree
from brobygger.knowledge.industry_words import everyday_words

_ACTIVITIES = re.compile(r"(?:(?<=\w{3})s)?-?aktiviteter\b", re.IGNORECASE)
"""Restaurationsaktiviteter is restauration."""
_EXCEPT = re.compile(
    r"\(?\b(?:undtagen|bortset fra|eksklusive|ekskl|uden|dog ikke)\b[^;)]*\)?", re.IGNORECASE
)
"""A shop with other goods »undtagen motorkøretøjer« has none."""
_OTHERS = re.compile(r"\b(?:andre|anden|andet|øvrige)\b", re.IGNORECASE)
_ONLY_OF = {"landbrug": "01", "jagt": "017"}
"""Words of a title that names several trades, for one whose own title does not have them."""
_TELL_NOTHING = frozenset([
    "administrations", "almindelig", "anden", "andet", "andre", "ansat", "behov", "bestemt", "bortset", "brug",
    "diverse", "drift", "egen", "eget", "eksklusive", "ellers", "enheders", "forbindelse", "form", "formål",
    "forretnings", "fremstilling", "fremstillings", "færdige", "generel", "generelle", "gælder", "helhed", "hermed",
    "hertil", "hjælp", "honorar", "hovedvægt", "højere", "husholdninger", "håndtering", "ian", "ikkespecialiseret",
    "inden", "inklusive", "kontraktbasis", "leaset", "levering", "lignende", "liberale", "medhjælp", "mv", "nævnt",
    "ol", "område", "opgaver", "organisationer", "personer", "private", "produkter", "produktion", "relateret",
    "salg", "samfundet", "samme", "samt", "selvstændig", "service", "serviceydelser", "specialiserede",
    "specialiseret", "støtte", "særlig", "tekniske", "tilknyttede", "tilhørende", "tjenesteydelser", "tjenester",
    "udføres", "udifferentierede", "udstyr", "varer", "ydelser", "øvrige",
])  # fmt: skip
"""Words of many titles that do not say what is done."""


@lru_cache(maxsize=1_024)
def trade_words(code: str) -> str:
    """The telling words of the section and division above a DB25 code that neither its own title nor `everyday_words` has, the
    nearest first. Of a title that names several trades those that are a neighbour's are left out: a farm is under »Landbrug,
    jagt, skovbrug og fiskeri«, and does not fish."""
    path = _path(code)
    if not path:
        return ""
    said = " ".join((path[-1].title, *everyday_words(code)))
    known = {word.stem for word in _words(said)}
    found: list[str] = []
    for above, way in reversed(list(pairwise(path[: DIVISION + 1]))):
        neighbours = _called(child for child in above.children if child.code != way.code)
        for word in _words(above.title):
            if word.stem in known | neighbours or not code.startswith(_ONLY_OF.get(word.text, "")):
                continue
            known.add(word.stem)
            found.append(word.text)
    return " ".join(found)


def _called(nodes: Iterable[IndustryNode]) -> set[str]:
    """What the neighbours are called; »andre fødevarer« takes the word from no other food."""
    titles = (node.title for node in nodes if not _OTHERS.search(node.title))
    return {stem for title in titles for word in _words(title) for stem in (word.stem, *word.parts)}


def _words(title: str) -> Iterator[Word]:
    for word in read(_ACTIVITIES.sub("", _EXCEPT.sub("", title))):
        if is_telling(word) and word.text not in _TELL_NOTHING:
            yield word


@lru_cache(maxsize=1)
def _paths() -> dict[str, tuple[IndustryNode, ...]]:
    found: dict[str, tuple[IndustryNode, ...]] = {}

    def walk(node: IndustryNode, above: tuple[IndustryNode, ...]) -> None:
        if not node.children:
            found[node.code] = (*above, node)
        for child in node.children:
            walk(child, (*above, node))

    for section in industry_tree():
        walk(section, ())
    return found


def _path(code: str) -> tuple[IndustryNode, ...]:
    """From the section down to the code; empty where the tree does not know it."""
    return _paths().get(code, ())
