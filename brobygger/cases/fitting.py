# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which firms fit what somebody has written, read by the engine's text index: by inflection, inside compounds and through
typing errors. What is read is what a firm writes of itself, its industry, and what it has or lacks that is not confidential.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import F, QuerySet

from brobygger.engine.text import STOPWORDS, words
from brobygger.engine.text_index import TextIndex
from brobygger.knowledge.industries import industry_title
from brobygger.market.models import Listing
from brobygger.register.filters import industry_clause
from brobygger.register.models import Organisation

A_LITTLE, SAME = 0.1, 0.8
"""From this share of what is written a text fits a little, and a single word is held to be the same: more than a part of it."""
MOST_WORDS, LONGEST_ENDING = 5, 3
GENERAL = frozenset(["vi", "sammen", "hver", "hvert", "meget", "flere", "nogle", "deres", "vores", "jeres", "os", "jer", "vil", "kan", "skal", "mangler", "har", "gerne", "mere", "mindre", "alle", "andre", "hvor", "hvordan", "også", "være", "bliver", "få", "får", "ny", "nye", "god", "gode", "mange", "fremstilling", "aktiviteter", "virksomhed", "virksomheder", "løsning", "opgave", "hjælp", "behov", "brug", "bruge", "bruges", "brugt", "brugte", "arbejde", "arbejder", "arbejdspladser", "helst", "købe", "køber", "sælge", "sælger", "tage", "tager", "retur", "finde", "finder", "sætte", "sættes", "stand", "stille", "stilles", "passe", "passer", "søger", "søge", "komme", "kommer", "give", "giver", "holde", "holder", "lave", "laver", "gøre", "gør", "vise", "viser", "levere", "leverer", "hente", "henter", "bringe", "indrette", "prøve", "afprøve", "halvt", "år"])  # fmt: skip
"""Words that stand in every text of this sort and tell nothing."""


READ = 1_000
"""So many firms' words are read, the largest firms first."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a firm's own words fit what is written (0..1 of it), and by which of its words."""

    score: float = 0.0
    words: tuple[str, ...] = ()


NONE = Fit()


def approachable(operator_id: int, codes: Sequence[str]) -> QuerySet[Organisation]:
    """The office's organisations in those industries, in any where none is named. Those under advertising protection are left
    in peace."""
    rows: QuerySet[Organisation] = Organisation.objects.filter(
        operator_id=operator_id, status=Organisation.Status.ACTIVE, ad_protected=False
    )
    return rows.filter(reduce(or_, map(industry_clause, codes))) if codes else rows


def best_first(said: str, rows: QuerySet[Organisation], *, listed: str) -> list[tuple[Organisation, Fit]]:
    """The firms with their fit, the best first; among equals, and where nothing fits, the largest first."""
    firms = list(rows.order_by(F("employees").desc(nulls_last=True), "pk")[:READ])
    found = fits(said, firms, listed=listed)
    return sorted(
        ((firm, found.get(firm.pk, NONE)) for firm in firms), key=lambda pair: -round(pair[1].score, 2)
    )


def fits(said: str, firms: Iterable[Organisation], *, listed: str) -> dict[int, Fit]:
    """Key of the organisation → its fit, for those that fit at all. `listed`: whether what they have or what they lack counts;
    never what is confidential. Two questions to the database at most, however many firms."""
    texts = {firm.pk: [firm.description, industry_title(firm.industry) or ""] for firm in firms}
    asked = telling(said, GENERAL)
    if not asked or not texts:
        return {}
    rows = Listing.objects.filter(organisation__in=list(texts), side=listed, status=Listing.Status.ACTIVE)
    for row in rows.exclude(visibility=Listing.Visibility.BROKER).only("organisation_id", "text"):
        texts[row.organisation_id].append(row.text)
    keys = list(texts)
    index = TextIndex([" ".join(texts[key]) for key in keys])
    found = {
        keys[hit.position]: hit.score
        for hit in index.search(" ".join(asked), top=len(keys))
        if hit.score >= A_LITTLE
    }
    told: dict[int, list[str]] = {key: [] for key in found}
    for word, position in holders(index, asked, SAME):
        known = told.get(keys[position])
        if known is not None and not any(_akin(word, one) for one in known):
            known.append(word)
    return {key: Fit(score, tuple(told[key][:MOST_WORDS])) for key, score in found.items() if told[key]}


def _akin(one: str, other: str) -> bool:
    """`madspildet` after `madspild` tells nothing more; `mad` does."""
    return abs(len(one) - len(other)) <= LONGEST_ENDING and (one.startswith(other) or other.startswith(one))


def telling(said: str, general: frozenset[str]) -> list[str]:
    """The words that tell what a text is about, each once: none that stands in every text, nor in every text of its sort."""
    return [
        word
        for word in dict.fromkeys(words(said))
        if len(word) > 2 and word not in STOPWORDS["da"] and word not in general
    ]


def holders(index: TextIndex, asked: Iterable[str], same: float) -> Iterator[tuple[str, int]]:
    """(word, position of a text that holds it), by inflection, inside compounds and through typing errors; from the share
    `same` of a word on it is held to be the same."""
    for word in asked:
        for hit in index.search(word, top=max(1, len(index))):
            if hit.score >= same:
                yield word, hit.position
