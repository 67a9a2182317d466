# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Danish and English text as the engine reads it: folding, words, lemmas, stems, compounds, typing errors.

Everything here is deterministic and cached. Texts are read to `MAX_CHARACTERS`; what follows is ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Literal

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA
from simplemma.strategies import RulesStrategy
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

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
vi vil ville vor vores være været år årligt hentes leveres tilbydes
"""
_ENGLISH_STOPWORDS = """
a about after all also an and any approx are as at be been both but by can could did different do does
each etc for from further had has have he her here his how i if in into is it its just kg may more most
my no nor not of off on only or other our out over per same she so some such than that the their them
then there these they this those through to ton tonnes tons too under up various very was we week were
what when where which who will with year you your
generated obtained produced
"""
STOPWORDS: dict[str, frozenset[str]] = {
    "da": frozenset(_DANISH_STOPWORDS.split()),
    "en": frozenset(_ENGLISH_STOPWORDS.split()),
}

STATE_WORDS: dict[str, frozenset[str]] = {
    "da": frozenset(
        [
            "frasorteret",
            "frasorterede",
            "indsamlet",
            "indsamlede",
            "kasseret",
            "kasserede",
            "udtjent",
            "udtjente",
        ]
    ),
    "en": frozenset({"collected", "discarded", "grained", "matter", "rejected"}),
}
"""They tell a resource type from another (``frasorterede grøntsager``), but not what a thing is made of."""


_LEMMAS = {
    "da": {"fliser": "flise", "fliserne": "flise", "masker": "maske", "maskerne": "maske"},
    "en": {},
}
"""Words that the dictionary gives to a neighbour: tiles are no wood chips, masks no spent grain."""


_DANISH_OWN_STEMS = """
banner beds books boots bumpers cane duvets fersken filler filter flowers foder ham hens hides hove hulls husks jam kites
kobber lagen lighters lime mattes monitors nets pels pepper pile printers props pude pudder rails rubber rumen samples
sinks skinner slagge stalks stems styrene sukker tables tailings tapet tar tire trusses veneer water wrappers zippers
"""
_ENGLISH_OWN_STEMS = """
bedding casings container dressing fermentate generator glasses led middlings sanding screenings sharps skimmings soiled
stockings sweets tailings thinner tights turnings
"""
_OWN_STEMS = {"da": frozenset(_DANISH_OWN_STEMS.split()), "en": frozenset(_ENGLISH_OWN_STEMS.split())}
"""Words whose stem is another word's and who therefore keep themselves: »lagner« are no »lag«, tables no »tabletter«, and what
contains something is no container."""


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
    known_en = sum(is_word(w, "en") for w in found)
    known_da = sum(is_word(w, "da") for w in found)
    return "en" if known_en > known_da else "da"


@lru_cache(maxsize=2)
def _dictionary(lang: Language) -> Mapping[str, str]:
    """Inflected form → dictionary form, read where it lies: half a second and 100 MB less than unpacked."""
    return LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(lang)


@lru_cache(maxsize=65_536)
def is_word(word: str, lang: Language = "da") -> bool:
    """Whether the (folded) word is in the dictionary, inflected or not."""
    return word in _LEMMAS[lang] or _dictionary(lang).get(word) is not None


@lru_cache(maxsize=65_536)
def lemma(word: str, lang: Language = "da") -> str:
    """The dictionary form of a word (``gulerødderne`` → ``gulerod``); an unknown word comes back folded."""
    folded = fold(word)
    known = _LEMMAS[lang].get(folded) or _dictionary(lang).get(folded)
    if known is None and lang == "en" and folded.isalpha():
        known = RulesStrategy().get_lemma(folded, lang)
    return known.casefold() if known else folded


@lru_cache(maxsize=2)
def _stemmer(lang: Language) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english" if lang == "en" else "danish")


@lru_cache(maxsize=65_536)
def stem(word: str, lang: Language = "da") -> str:
    """What inflections of one word share: the Snowball stem of its lemma, or the lemma where the stem is another word.

    A tile (``flise``) would be stemmed to wood chips (``flis``), a mask (``maske``) to spent grain (``mask``).
    """
    base = lemma(word, lang)
    for own in (base, fold(word)):
        if own in _OWN_STEMS[lang]:
            return own
    root = str(_stemmer(lang).stemWord(base))
    return base if lang == "da" and root == base[:-1] and is_headword(root) else root


def is_headword(word: str) -> bool:
    """Whether the word is itself a Danish dictionary form."""
    return _dictionary("da").get(word) == word


@lru_cache(maxsize=16_384)
def tokens(text: str, lang: Language = "da") -> tuple[str, ...]:
    """The stems of a text's content words, in order, stop words left out (``A-træ`` keeps its a)."""
    stop = STOPWORDS[lang]
    parts = (part for word in words(text) for part in (word.split("-") if "-" in word else (word,)))
    return tuple(stem(part, lang) for part in parts if part not in stop)


_TAKES_S = ("ing", "hed", "skab", "dom", "tion", "tet", "else", "ment")
"""A first part that ends like this always takes a linking s: ``brygnings|mask``, never ``brygning|smask``."""


def split_compound(word: str, vocabulary: Collection[str], shortest: int = 2) -> tuple[str, ...]:
    """The parts of a Danish compound that all stand in `vocabulary`, or the word itself.

    A linking s or e between parts is allowed (``affaldstræ`` → affald + træ), and the last part may be
    inflected. Of several splits the one with fewest parts wins, then the one with the longest last part, for
    in Danish the last part is the head.
    """
    folded = fold(word)[:MAX_WORD]
    best = _split(folded, vocabulary, shortest, 4)
    return best if best is not None else (word,)


def _split(word: str, vocabulary: Collection[str], shortest: int, depth: int) -> tuple[str, ...] | None:
    best: tuple[str, ...] | None = None
    if depth == 0:
        return None
    for cut in range(shortest, len(word) - shortest + 1):
        if word[cut] == "s" and word[:cut].endswith(_TAKES_S):
            continue
        head = _first_part(word[:cut], vocabulary, shortest)
        tail = _last_part(word[cut:], vocabulary, shortest, inflected=head is not None)
        if tail is None:
            continue
        heads = (head,) if head is not None else _split(word[:cut], vocabulary, shortest, depth - 1)
        if heads is not None and (best is None or len(heads) + 1 < len(best)):
            best = (*heads, tail)
    return best


def _first_part(part: str, vocabulary: Collection[str], shortest: int) -> str | None:
    """`part` as it stands in the vocabulary: as written, or without a linking letter."""
    if part in vocabulary:
        return part
    if part[-1] in "se-" and len(part) > shortest and part[:-1] in vocabulary:
        return part[:-1]
    return None


def _last_part(part: str, vocabulary: Collection[str], shortest: int, *, inflected: bool) -> str | None:
    """`part` as it stands in the vocabulary: as written, or when `inflected` by its lemma or stem too."""
    if part in vocabulary:
        return part
    if len(part) <= shortest or not inflected:
        return None
    for base in (lemma(part, "da"), stem(part, "da")):
        if base != part and len(base) >= shortest and base in vocabulary:
            return base
    return None


class Spellings:
    """A vocabulary that finds the word that was meant. Build once, ask often."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = frozenset(vocabulary)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            self._by_length[len(word)].append(word)
        self.nearest = lru_cache(maxsize=65_536)(self._nearest)

    def _nearest(self, word: str, tolerance: int | None = None) -> str | None:
        """The word that `word` is most likely a misspelling of, or None.

        Allows one typing error (a letter missing, added, changed or two swapped) from four letters and two
        from eight, unless `tolerance` says otherwise. Equal distances go to the alphabetically first.
        """
        folded = fold(word)[:MAX_WORD]
        if folded in self._words:
            return folded
        size = len(folded)
        allowed = tolerance if tolerance is not None else (0 if size < 4 else 1 if size < 8 else 2)
        best: tuple[float, str] | None = None
        for length in range(size - allowed, size + allowed + 1) if allowed else ():
            near = self._by_length.get(length, ())
            found = process.extract(
                folded, near, scorer=OSA.distance, processor=None, score_cutoff=allowed, limit=5
            )
            for candidate, distance, _ in found:
                if best is None or (distance, candidate) < best:
                    best = (distance, candidate)
        return best[1] if best else None


def nearest_word(word: str, vocabulary: Iterable[str], tolerance: int | None = None) -> str | None:
    """One question to `Spellings`, for a vocabulary that is asked once."""
    return Spellings(vocabulary).nearest(word, tolerance)
