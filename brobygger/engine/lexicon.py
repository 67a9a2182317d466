# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Finds which of many named things a short text speaks of: by lemma, compound part and misspelling.

Used for resource types (names and synonyms) and for material classes (words and phrases).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import simplemma

from brobygger.engine.kept import fingerprint, kept
from brobygger.engine.text import (
    MAX_WORD,
    STOPWORDS,
    Language,
    Spellings,
    fold,
    guess_language,
    is_word,
    split_compound,
    stem,
)

ORIGIN_WEIGHT = 0.55
"""Words after "fra" / "from" say where a thing comes from, not what it is."""
BELONGING_WEIGHT = 0.75
"""Words after "af" / "of" may say either: whose a thing is, or what it is made of."""
NAMED_ORIGIN = 0.9
"""What words of origin count for a phrase that names them after its thing, and the text does so too ("gips fra røgrensning")."""
FORM_ORIGIN_WEIGHT = 0.85
"""What stands before only names a form ("slam fra papirfabrik", "dust from a foundry"): the origin says what it is."""
HEAD_WEIGHT, MODIFIER_WEIGHT = 0.85, 0.7
"""The last part of a Danish compound says what it is, the first parts say of what kind."""
KNOWN_WHOLE = 0.4
"""The parts of a compound that is itself one of our words count this much less (``savsmuld`` is no ``muld``)."""
TYPO_WEIGHT = 0.75
FEWEST_SHARE = 0.55
"""A phrase counts as found when at least this share of its weight is in the text."""
NEARLY = 1 - 1e-9
"""Room for rounding when phrases are sifted before they are scored."""
MOST_MENDED = 12
"""So many words of one text are looked up as misspellings; the rest are read as written."""
SHORTEST_MENDED_COMPOUND = 7
"""Shorter words that can be taken apart are taken as compounds, not as misspellings."""
SHORTEST_PARTS = frozenset({"øl", "æg"})
"""The two-letter words that are taken for a part of a compound (``restøl``)."""

NO_PARTS = frozenset({"ler"})
"""Words that look like an ending (``skaller``, ``metaller``) and are never taken for a part of a compound."""

_SPLIT = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W_]+)*", re.UNICODE)
"""Words begin with a letter and may hold digits (``co2``); numbers and ``4t`` are no words."""
_AMOUNT = re.compile(r"\d[\d.,]*\s*[a-z](?!\w)[23²³]?")
"""An amount in a unit of one letter (``4 t``, ``250 g``), which would pass for a word."""
_ONE_WORD = re.compile(r"(?<=\bby)-(?=product)|(?<=\bmake)-(?=up\b)")
"""Hyphens within what is one word: to make is no make-up."""
_ELSEWHERE = frozenset({ORIGIN_WEIGHT, BELONGING_WEIGHT})
_ORIGIN = {"da": frozenset({"fra", "ved", "hos"}), "en": frozenset({"from", "at", "by"})}
_BELONGING = {"da": frozenset({"af"}), "en": frozenset({"of"})}
"""After a thing that is named ("steam of a dye works") these say whose it is, after a mere form ("slam af kalk") what it is."""
_DANISH_FORMS = """
affald affaldet rest rester restprodukt restprodukter restmateriale restmaterialer biprodukt biprodukter overskud
reststrøm reststrømme sidestrøm sidestrømme
spild slam aske støv skaller skræller skræl afskær afklip afpuds spåner smuld pulp kvas saft vand grus sand skum skind
sten kerner filterkage mudder væske rejekt afrens fibre pulver granulat stumper brokker overskydende brugt brugte våd
tør
"""
_ENGLISH_FORMS = """
waste wastes residue residues residual residuals product products byproduct byproducts rest
leftovers surplus sludge sludges ash ashes dust dusts shells shell husks peel peels trimmings offcuts scrap scraps
cuttings pulp slurry water sand stones kernels cake filter mud liquid liquids liquor reject rejects fines fibres powder
material materials used spent organic solid wet dry other mixed
"""
_FORMS = {"da": frozenset(_DANISH_FORMS.split()), "en": frozenset(_ENGLISH_FORMS.split())}
"""Words that say which form a residue has and not what it is made of."""
LANGUAGES: tuple[Language, Language] = ("da", "en")
WORTH_KEEPING = 500
"""A lexicon of so many names takes long enough to prepare that the result is kept on disk."""
_OTHER: dict[str, Language] = {"da": "en", "en": "da"}


class Found(NamedTuple):
    """One thing the text may speak of. `score` 0..1: how well its name covers and is covered by the text."""

    key: str
    score: float
    words: tuple[str, ...]


Silent = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Phrase:
    key: str
    language: Language
    stems: tuple[str, ...]
    weight: float


class _Words:
    """A vocabulary for splitting compounds: the lexicon's own words and the common words of Danish."""

    def __init__(self, own: frozenset[str]) -> None:
        self.own = own

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or (len(word) < 3 and word not in SHORTEST_PARTS):
            return False
        if word in NO_PARTS:
            return False
        return word in self.own or (len(word) >= 4 and is_word(word))

    def __iter__(self) -> Iterator[str]:
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)


class Lexicon:
    """Names and synonyms of many things, searchable by a short text in Danish or English."""

    def __init__(
        self, names: Iterable[tuple[str, str, str]], keep_as: str = "", silent: Silent = STOPWORDS
    ) -> None:
        """`names`: (key, phrase, language or "" for both). A large lexicon is kept on disk under `keep_as`.

        `silent`: the words of each language that say nothing.
        """
        self._silent = silent
        wanted = sorted(set(names))
        self._phrases: list[_Phrase] = []
        self._postings: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._spellings: dict[str, Spellings] = {}
        if keep_as and len(wanted) >= WORTH_KEEPING:
            told = sorted((lang, sorted(words)) for lang, words in silent.items())
            print_of = fingerprint(_how_we_read(), wanted, told)
            prepared = kept(f"lexicon-{keep_as}", print_of, lambda: _prepared(wanted, silent))
        else:
            prepared = _prepared(wanted, silent)
        self._words = {lang: frozenset(own) for lang, own in prepared["words"].items()}
        self._apart = {lang: _splitter(own) for lang, own in self._words.items()}
        stemmed = [(key, language, tuple(stems)) for key, language, stems in prepared["phrases"]]
        frequency: dict[str, int] = defaultdict(int)
        for _, _, variant in stemmed:
            for token in set(variant):
                frequency[token] += 1
        total = len(stemmed) + 1
        self._weight = {token: math.log(1 + total / n) for token, n in frequency.items()}
        self._unknown_weight = 0.5 * math.log(1 + total)
        seen: set[tuple[str, str, tuple[str, ...]]] = set()
        for key, language, variant in stemmed:
            if (key, language, variant) in seen:
                continue
            seen.add((key, language, variant))
            index = len(self._phrases)
            self._phrases.append(_Phrase(key, language, variant, sum(self._weight[t] for t in variant)))
            for token in variant:
                self._postings[language, token].append(index)
        self._least = [NEARLY * FEWEST_SHARE * phrase.weight for phrase in self._phrases]
        self.find = lru_cache(maxsize=65_536)(self._find)
        self.reading = lru_cache(maxsize=65_536)(self._reading)

    def _reading(self, text: str, lang: str = "") -> dict[tuple[str, str], float]:
        """(language, stem) → weight of every content word of the text, compounds taken apart, typos mended."""
        primary: Language = "en" if (lang or guess_language(text)) == "en" else "da"
        out: dict[tuple[str, str], float] = {}

        def add(language: str, token: str, weight: float) -> None:
            key = (language, token)
            out[key] = max(out.get(key, 0.0), weight)

        elsewhere, form, named, mended = 0.0, False, False, 0
        for word in _phrase_words(text):
            if word in _ORIGIN[primary]:
                elsewhere = FORM_ORIGIN_WEIGHT if form and not named else ORIGIN_WEIGHT
                continue
            if word in _BELONGING[primary] and named and not elsewhere:
                elsewhere = BELONGING_WEIGHT
            if word in self._silent[primary]:
                continue
            form = form or word in _FORMS[primary]
            named = named or word not in _FORMS[primary]
            weight = elsewhere or 1.0
            root = stem(word, primary)
            add(primary, root, weight)
            other = _OTHER[primary]
            foreign = stem(word, other)
            if (other, foreign) in self._postings:
                add(other, foreign, weight * (0.6 if (primary, root) in self._postings else 0.95))
            elif (primary, root) not in self._postings and mended < MOST_MENDED:
                mended += self._mend(word, primary, weight, add)
            if primary == "da" and word not in _FORMS["da"]:
                parts = self._apart["da"](word)
                whole = KNOWN_WHOLE if (primary, root) in self._postings else 1.0
                for i, part in enumerate(parts if len(parts) > 1 else ()):
                    share = whole * (HEAD_WEIGHT if i == len(parts) - 1 else MODIFIER_WEIGHT)
                    add("da", stem(part, "da"), weight * share)
        return out

    def _mend(self, word: str, lang: Language, weight: float, add: Callable[[str, str, float], None]) -> int:
        """Adds what the word is a misspelling of; 1 where that had to be searched for, else 0.

        A word that can be taken apart is changed by one letter at most (``gibsplader``), and a word that is none in the
        language of the text may be one of the other (``cardbord``).
        """
        if len(word) < 5 or not word.isalpha() or is_word(word, lang):
            return 0
        taken_apart = len(self._apart[lang](word)) > 1
        if taken_apart and len(word) < SHORTEST_MENDED_COMPOUND:
            return 0
        meant = self._spelling(lang).nearest(word, 1 if taken_apart or len(word) < 9 else 2)
        if meant is None and not is_word(word, _OTHER[lang]):
            lang = _OTHER[lang]
            meant = self._spelling(lang).nearest(word, 1)
        if meant is not None:
            add(lang, stem(meant, lang), weight * TYPO_WEIGHT)
        return 1

    def _spelling(self, lang: str) -> Spellings:
        """Indexed when the first unknown word is met."""
        if lang not in self._spellings:
            self._spellings[lang] = Spellings(self._words[lang])
        return self._spellings[lang]

    def _find(self, text: str, lang: str = "") -> tuple[Found, ...]:
        """Everything the text may speak of, best first (equal scores by key)."""
        reading = self.reading(text, lang)
        matched: dict[int, float] = defaultdict(float)
        for key, weight in reading.items():
            postings = self._postings.get(key)
            if postings:
                worth = self._weight[key[1]] * weight
                for index in postings:
                    matched[index] += worth
        least = self._least
        likely = [i for i, m in matched.items() if m >= least[i]]
        if not likely:
            return ()
        information = dict.fromkeys(("da", "en"), 0.0)
        for (language, token), weight in reading.items():
            information[language] += weight * self._weight.get(token, self._unknown_weight)
        everything = max(information.values())
        best: dict[str, Found] = {}
        for index in sorted(likely):
            phrase = self._phrases[index]
            found = self._score(phrase, reading, everything)
            if found and (phrase.key not in best or found.score > best[phrase.key].score):
                best[phrase.key] = found
        return tuple(sorted(best.values(), key=lambda f: (-f.score, f.key)))

    def _score(
        self, phrase: _Phrase, reading: dict[tuple[str, str], float], information: float
    ) -> Found | None:
        language = phrase.language
        weights = [reading.get((language, t), 0.0) for t in phrase.stems]
        if 1.0 in weights and not _ELSEWHERE.isdisjoint(weights):
            weights = [NAMED_ORIGIN if w in _ELSEWHERE else w for w in weights]
        matched = sum(self._weight[t] * w for t, w in zip(phrase.stems, weights, strict=True))
        coverage = matched / phrase.weight if phrase.weight else 0.0
        if coverage < FEWEST_SHARE:
            return None
        explained = min(1.0, matched / information) if information else 0.0
        score = coverage * coverage * (0.35 + 0.65 * math.sqrt(explained))
        words = tuple(t for t, w in zip(phrase.stems, weights, strict=True) if w > 0)
        return Found(phrase.key, score, words)


def _prepared(names: list[tuple[str, str, str]], silent: Silent) -> dict[str, Any]:
    """The vocabulary of each language and every phrase in stems, as plain lists: the slow half of a lexicon."""
    vocabulary: dict[str, list[str]] = {}
    phrases: list[tuple[str, str, list[str]]] = []
    for lang in LANGUAGES:
        split = [(k, _phrase_words(p)) for k, p, given in names if lang == _language_of(p, given, lang)]
        single = {w for _, ws in split for w in ws if w not in silent[lang]}
        own = frozenset(single | {stem(w, lang) for w in single})
        vocabulary[lang] = sorted(own)
        apart = _splitter(own)
        phrases += [
            (key, lang, variant) for key, ws in split for variant in _variants(ws, lang, apart, silent[lang])
        ]
    return {"words": vocabulary, "phrases": phrases}


def _variants(
    ws: tuple[str, ...], lang: Language, apart: Callable[[str], tuple[str, ...]], silent: frozenset[str]
) -> list[list[str]]:
    """A phrase as written, and with its compounds taken apart (``kvægfoder`` also as kvæg + foder)."""
    content = [w for w in ws if w not in silent] or list(ws)
    whole = list(dict.fromkeys(stem(w, lang) for w in content))
    out = [whole] if whole else []
    if lang == "da":
        parts = list(dict.fromkeys(stem(part, lang) for w in content for part in apart(w)))
        if parts and parts != whole:
            out.append(parts)
    return out


@lru_cache(maxsize=1)
def _how_we_read() -> str:
    """Changes with the code and the dictionaries that decide how a phrase is read."""
    sources = [Path(__file__), Path(__file__).with_name("text.py")]
    code = [path.read_bytes() for path in sources if path.exists()]
    return fingerprint(simplemma.__version__, version("snowballstemmer"), code)


def _language_of(phrase: str, given: str, lang: str) -> str:
    """The language a phrase is indexed in, asked for each: as given, else Danish, and English where it can be."""
    return given or ("da" if any(letter in "æøåÆØÅ" for letter in phrase) else lang)


def _splitter(own: frozenset[str]) -> Callable[[str], tuple[str, ...]]:
    """Takes words apart by one vocabulary and remembers them; a shared memory would hash the whole vocabulary for each word."""
    vocabulary = _Words(own)

    @lru_cache(maxsize=65_536)
    def apart(word: str) -> tuple[str, ...]:
        return split_compound(word, vocabulary) if len(word) >= 5 else (word,)

    return apart


def _phrase_words(text: str) -> tuple[str, ...]:
    out: list[str] = []
    for word in _SPLIT.findall(_ONE_WORD.sub("", _AMOUNT.sub(" ", fold(text)))):
        out.extend(part[:MAX_WORD] for part in word.split("-") if part)
    return tuple(out)
