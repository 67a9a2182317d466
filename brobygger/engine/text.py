# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Danish and English text as the engine reads it: folding, words, lemmas, stems, compounds, typing errors.

Everything here is deterministic and cached. Texts are read to `MAX_CHARACTERS`; what follows is ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Literal

import simplemma
import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

Language = Literal["da", "en"]

MAX_CHARACTERS = 2_000
MAX_WORD = 60

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*", re.UNICODE)
_LIGATURES = str.maketrans({"’": "'", "´": "'", "`": "'", "ä": "æ", "ö": "ø"})

_DANISH_STOPWORDS = """
ad af alle alt anden andet andre at bl.a blev blive bliver ca cirka da de dem den denne der deres det
dette dig din disse diverse dog du efter eks eller en end er et evt for forskellige fra fx få får gennem
ham han har havde have hende her herunder hos hun hvad hver hvis hvor i ikke ind jeg jer jo kan kg kun
kunne lidt liter man mange med meget men mere mest mig min mm mod mon mv må ned nogen noget nogle nu når
og også om op os over pr primært på samt selv sig sin som stk så til ton tons ud uge ugen under var ved
vi vil ville vor vores være været år årligt
"""
_ENGLISH_STOPWORDS = """
a about after all also an and any approx are as at be been both but by can could did different do does
each etc for from further had has have he her here his how i if in into is it its just kg may more most
my no nor not of off on only or other our out over per same she so some such than that the their them
then there these they this those through to ton tonnes tons too under up various very was we week were
what when where which who will with year you your
"""
STOPWORDS: dict[str, frozenset[str]] = {
    "da": frozenset(_DANISH_STOPWORDS.split()),
    "en": frozenset(_ENGLISH_STOPWORDS.split()),
}


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, composed letters, one kind of apostrophe, Swedish ä/ö read as æ/ø; capped in length."""
    return unicodedata.normalize("NFC", text[:MAX_CHARACTERS]).casefold().translate(_LIGATURES)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text in order; numbers are left out, words are capped in length."""
    return tuple(w[:MAX_WORD] for w in _WORD.findall(fold(text)) if not w[0].isdigit())


def guess_language(text: str) -> Language:
    """``en`` when English function words or spellings outnumber the Danish ones, else ``da``."""
    found = words(text)
    if any(c in "æøå" for w in found for c in w):
        return "da"
    english = sum(w in STOPWORDS["en"] and w not in STOPWORDS["da"] for w in found)
    danish = sum(w in STOPWORDS["da"] and w not in STOPWORDS["en"] for w in found)
    if english != danish:
        return "en" if english > danish else "da"
    known_en = sum(simplemma.is_known(w, lang="en") for w in found)
    known_da = sum(simplemma.is_known(w, lang="da") for w in found)
    return "en" if known_en > known_da else "da"


@lru_cache(maxsize=65_536)
def lemma(word: str, lang: Language = "da") -> str:
    """The dictionary form of a word (``gulerødderne`` → ``gulerod``); an unknown word comes back folded."""
    return simplemma.lemmatize(fold(word), lang=lang).casefold()


@lru_cache(maxsize=2)
def _stemmer(lang: Language) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english" if lang == "en" else "danish")


@lru_cache(maxsize=65_536)
def stem(word: str, lang: Language = "da") -> str:
    """The Snowball stem of the word's lemma: what inflections of one word share."""
    return str(_stemmer(lang).stemWord(lemma(word, lang)))


@lru_cache(maxsize=16_384)
def tokens(text: str, lang: Language = "da") -> tuple[str, ...]:
    """The stems of a text's content words, in order, stop words and single letters left out."""
    stop = STOPWORDS[lang]
    parts = (part for word in words(text) for part in word.split("-"))
    return tuple(stem(part, lang) for part in parts if len(part) > 1 and part not in stop)


def split_compound(word: str, vocabulary: Collection[str], shortest: int = 2) -> tuple[str, ...]:
    """The parts of a Danish compound that all stand in `vocabulary`, or the word itself.

    A linking s or e between parts is allowed (``affaldstræ`` → affald + træ). Of several splits the one
    with fewest parts wins, then the one with the longest last part, for in Danish the last part is the head.
    """
    best = _split(fold(word)[:MAX_WORD], vocabulary, shortest, 4)
    return best if best is not None else (word,)


def _split(word: str, vocabulary: Collection[str], shortest: int, depth: int) -> tuple[str, ...] | None:
    best: tuple[str, ...] | None = None
    if depth == 0:
        return None
    for cut in range(shortest, len(word) - shortest + 1):
        head = _known_part(word[:cut], vocabulary, shortest)
        if head is None:
            continue
        tail = word[cut:]
        rest: tuple[str, ...] | None = (tail,) if tail in vocabulary else None
        if rest is None:
            found = _known_part(tail, vocabulary, shortest, inflected=True)
            rest = (found,) if found else _split(tail, vocabulary, shortest, depth - 1)
        if rest is not None and (best is None or len(rest) + 1 < len(best)):
            best = (head, *rest)
    return best


def _known_part(
    part: str, vocabulary: Collection[str], shortest: int, *, inflected: bool = False
) -> str | None:
    """`part` as it stands in the vocabulary: as written, without a linking letter, or by its lemma."""
    if part in vocabulary:
        return part
    if not inflected and part[-1] in "se-" and len(part) > shortest and part[:-1] in vocabulary:
        return part[:-1]
    if len(part) > shortest:
        base = lemma(part, "da")
        if base in vocabulary and len(base) >= shortest:
            return base
        root = stem(part, "da")
        if root in vocabulary and len(root) >= shortest:
            return root
    return None


def nearest_word(word: str, vocabulary: Iterable[str], tolerance: int | None = None) -> str | None:
    """The word of the vocabulary that `word` is most likely a misspelling of, or None.

    Allows one typing error (a letter missing, added, changed or swapped) from four letters and two from
    eight, unless `tolerance` says otherwise. Equal distances go to the alphabetically first.
    """
    folded = fold(word)[:MAX_WORD]
    allowed = tolerance if tolerance is not None else (0 if len(folded) < 4 else 1 if len(folded) < 8 else 2)
    if allowed == 0:
        return folded if folded in set(vocabulary) else None
    found = process.extract(
        folded,
        sorted(vocabulary),
        scorer=DamerauLevenshtein.distance,
        processor=None,
        score_cutoff=allowed,
        limit=5,
    )
    return min(found, key=lambda hit: (hit[1], hit[0]))[0] if found else None
