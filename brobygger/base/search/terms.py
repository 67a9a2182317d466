# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Danish text as search terms: the same reading of what is stored and of what is typed.

Terms are written with a-z and 0-9 only (æ as ae, ø as oe, å as aa), so that `Koebenhavn` finds København and no
database's locale matters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from brobygger.engine.text import MAX_WORD, STOPWORDS, fold, is_word, lemma, split_compound, stem

SHORTEST_COMPOUND = 6
MOST_CHARACTERS = 8_000  # of one record's field
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_INITIALS = re.compile(r"(?<=\b\w)[./](?=\w\b)")
_SPACED_NUMBER = re.compile(r"(?<!\d)(?:\d[ .-]?){7,9}\d(?!\d)")
_VAT = re.compile(r"(?<!\w)dk(?=\d{8}(?!\w))", re.IGNORECASE)
"""Before a CVR number, as it stands on an invoice."""
_PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "ð": "d", "þ": "th", "ł": "l"})
_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")

GENERIC = frozenset(
    [
        "firma",
        "firmaet",
        "selskab",
        "selskabet",
        "virksomhed",
        "virksomheden",
        "aps",
        "as",
        "is",
        "ks",
        "ps",
        "ivs",
        "ltd",
        "gmbh",
        "amba",
        "fmba",
        "smba",
        "holding",
        "service",
        "forretning",
        "danmark",
        "dansk",
        "hus",
        "huset",
        "v",
        "og",
    ]
)
"""Words that say nothing about which firm it is. Left out when something more telling is typed too."""

_SHORT_ROOTS = frozenset(
    [
        "hus",
        "øl",
        "mad",
        "kød",
        "ost",
        "fisk",
        "bil",
        "tøj",
        "træ",
        "skov",
        "jord",
        "is",
        "te",
        "korn",
        "æg",
        "får",
        "ged",
        "ko",
        "hø",
        "el",
        "vvs",
        "gas",
    ]
)
"""Short words that Danish compounds in firm names are made of; other parts have four letters or more."""


class _Vocabulary:
    """The words that a compound may be made of."""

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        return word in _SHORT_ROOTS or (len(word) >= 4 and is_word(word))

    def __iter__(self) -> Iterator[str]:
        return iter(_SHORT_ROOTS)

    def __len__(self) -> int:
        return len(_SHORT_ROOTS)


_VOCABULARY = _Vocabulary()


class Word(NamedTuple):
    """One word and what it is found by."""

    text: str
    """As written, in lower case: what a person is shown."""
    key: str
    """As written, in a-z and 0-9: what half-typed words are compared with."""
    stem: str
    """What its inflections share."""
    parts: tuple[str, ...]
    """The stems of a compound's telling parts; empty for a simple word."""
    roots: tuple[str, ...]
    """What words of its family share: bryggeri and bryghus both have bryg."""


def plain(text: str) -> str:
    """Lower case a-z and 0-9: `Gærslam-Ø` → `gaerslamoe`."""
    decomposed = unicodedata.normalize("NFKD", fold(text).translate(_PLAIN))
    return _ALPHANUMERIC.sub("", decomposed)


def read(text: str) -> tuple[Word, ...]:
    """The words of a text in order. A number written in groups (`12 34 56 78`) is also read as one."""
    joined = _VAT.sub("", _INITIALS.sub("", text[:MOST_CHARACTERS].replace("\x00", " ")))
    found = [word_of(token) for token in _tokens(joined)]
    found += [
        word_of(digits)
        for match in _SPACED_NUMBER.findall(joined)
        if len(digits := re.sub(r"\D", "", match)) in (8, 10) and digits != match
    ]
    return tuple(word for word in found if word.key)


def _tokens(text: str) -> list[str]:
    pieces = (text[start : start + 1_900] for start in range(0, len(text), 1_900))
    return [token for piece in pieces for token in _WORD.findall(fold(piece))]


def word_of(token: str) -> Word:
    """A single folded word with everything it is found by. Numbers are not worth remembering: most come once."""
    if token.isdigit() and token.isascii():
        return Word(token[:MAX_WORD], token[:MAX_WORD], token[:MAX_WORD], (), ())
    return _word_of(token)


@lru_cache(maxsize=131_072)
def _word_of(token: str) -> Word:
    text = token[:MAX_WORD]
    key = plain(text)[:MAX_WORD]
    if not key or any(sign.isdigit() for sign in key) or len(key) < 3:
        return Word(text, key, key, (), ())
    danish = _danish_spelling(text)
    base = plain(stem(danish)) or key
    parts = _parts(danish)
    roots = {root for part in (danish, *parts) if (root := _family_root(part))}
    stems = tuple(dict.fromkeys(plain(stem(part)) for part in parts))
    return Word(text, key, base, stems, tuple(sorted(roots - {base})))


def _danish_spelling(text: str) -> str:
    """`groentsager` → `grøntsager`, when only that is a Danish word."""
    if text.isascii() and any(pair in text for pair in ("ae", "oe", "aa")) and not is_word(text):
        danish = text.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")
        if is_word(danish):
            return danish
    return text


def _parts(text: str) -> tuple[str, ...]:
    """The telling parts of a compound (`gulerodsfirma` → gulerod); none for a simple word."""
    base = lemma(text)
    if len(base) < SHORTEST_COMPOUND:
        return ()
    parts = split_compound(base, _VOCABULARY, shortest=2)
    if len(parts) < 2:
        return ()
    return tuple(part for part in parts if part not in GENERIC) or parts


def _family_root(text: str) -> str:
    """What a trade shares with its product and its people: bryggeri, brygger → bryg; slagteri, slagter → slagt."""
    base = lemma(text)
    for ending in ("eri", "ning", "er"):
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            base = base[: -len(ending)]
            break
    if len(base) >= 4 and base[-1] == base[-2] and base[-1] in "bdfgklmnprst":
        base = base[:-1]
    return plain(base) if len(base) >= 3 else ""


def is_telling(word: Word) -> bool:
    """Whether a typed word narrows a search at all."""
    return word.text not in STOPWORDS["da"] and word.text not in GENERIC and len(word.key) > 1
