# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Amounts, periods and prices as people write them in Danish: "1.500 kg", "et halvt ton", "om ugen"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from brobygger.engine.units import UNITS, canonical

Period = Literal["once", "day", "week", "month", "quarter", "year"]

LARGEST = Decimal(10) ** 12
"""What is larger is a slip of the keyboard or a phone number, not an amount."""

_ONES = "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
_TENS = {
    "tyve": 20, "tredive": 30, "fyrre": 40, "fyrretyve": 40, "halvtreds": 50, "halvtredsindstyve": 50,
    "tres": 60, "tresindstyve": 60, "halvfjerds": 70, "halvfjerdsindstyve": 70, "firs": 80,
    "firsindstyve": 80, "halvfems": 90, "halvfemsindstyve": 90,
}  # fmt: skip
_SCALES = {
    "hundrede": 100, "hundred": 100, "tusind": 1000, "tusinde": 1000, "million": 10**6,
    "millioner": 10**6, "mio": 10**6, "mia": 10**9, "milliarder": 10**9, "snese": 20, "dusin": 12,
}  # fmt: skip
_HALVES = {
    "halv": "0.5", "halvt": "0.5", "halve": "0.5", "kvart": "0.25", "halvanden": "1.5", "halvandet": "1.5",
    "½": "0.5", "¼": "0.25", "¾": "0.75", "1/2": "0.5", "1/4": "0.25", "3/4": "0.75",
}  # fmt: skip


def _spelled() -> dict[str, Decimal]:
    ones = {word: Decimal(value) for value, word in enumerate(_ONES.split())}
    ones["én"] = ones["et"] = ones["ét"] = Decimal(1)
    out = ones | {word: Decimal(value) for word, value in _TENS.items()}
    for tens, value in _TENS.items():
        out |= {f"{one}og{tens}": ones[one] + value for one in _ONES.split()[1:10]}
    for scale in ("hundrede", "tusind", "tusinde"):
        out |= {f"{one}{scale}": ones[one] * _SCALES[scale] for one in [*_ONES.split()[1:20], "et"]}
        out[scale] = Decimal(_SCALES[scale])
    return out | {word: Decimal(value) for word, value in _HALVES.items()}


_NUMBER_WORDS = _spelled()
_ARTICLES = frozenset({"en", "et", "én", "ét"})
_DIGITS = r"\d{1,3}(?:[.\u00a0 ]\d{3}){1,4}(?:,\d{1,9})?|\d{1,13}(?:[.,]\d{1,9})?"
_WORDS = "|".join(sorted(map(re.escape, _NUMBER_WORDS), key=len, reverse=True))
_VALUE = rf"(?:{_DIGITS}|\b(?:{_WORDS})\b|[½¼¾])"
_SPELLINGS = {s: unit.key for unit in UNITS.values() for s in unit.spellings if unit.key != "g"}
_SPELLINGS |= {
    "kvm.": "m2", "siddepladser": "pladser", "arbejdspladser": "pladser", "kasser": "kasse",
    "bakker": "bakke", "sække": "sæk", "læs": "læs", "baller": "balle",
    "container": "container", "containere": "container", "timers": "timer", "dages": "dage",
}  # fmt: skip
_PACKS = frozenset({"kasse", "bakke", "sæk", "læs", "balle", "container"})
"""Measures of no fixed size: the number is kept, the unit is left for the person to say."""
_UNIT_WORDS = "|".join(sorted(map(re.escape, _SPELLINGS), key=len, reverse=True))
AMOUNT = re.compile(
    rf"(?<![\w.,/])(?:(?P<lots>\d{{1,3}}|to|tre|fire|fem)\s?(?:x|×|\*|gange)\s?)?(?P<between>mellem\s)?(?P<low>{_VALUE})"
    rf"(?:(?(between)\sog\s|\s?(?:-|–|til|eller)\s?)(?P<high>{_VALUE}))?"
    rf"(?:\s?(?P<half>½|¼|¾)|\s(?P<scale>{'|'.join(_SCALES)})\b\.?)?"
    rf"(?P<more>\s(?:og\s(?:en|et)\s)?halv[et]?\b)?\s?(?P<unit>{_UNIT_WORDS})(?![\w])",
    re.UNICODE,
)
_IN_LOTS = frozenset({"t", "kg", "g", "m3", "l"})
"""Measures of which "2 x 500" is so much in all; "2 x 4 m" says how long two things are."""
_SIZE_OF_ONE = {
    "kw", "w", "watt", "v", "volt", "a", "ampere", "hk", "fod", "fods", "ft", "tommer", "cm", "mm", "km", "gr", "grader",
    "personers", "mands", "kroner", "dkk", "års", "meters",
}  # fmt: skip
_SIZE_OF_ONE |= {
    spelling
    for spelling, unit in _SPELLINGS.items()
    if unit in UNITS and UNITS[unit].dimension not in ("count", "seats")
}
"""Words after a number that say how big one thing is, or what it costs, and not how many there are."""
_COUNT = re.compile(rf"(?<![\w.,/-])(?P<low>{_VALUE})(?:\s?(?:-|–)\s?(?P<high>{_VALUE}))?\s+(?=[^\W\d])")
_FOLLOWING = re.compile(r"(?:[^\W\d_][\w-]*\s?){1,3}")
_PER = r"(?:pr\.?|per|i|om|/)\s*"
_EACH_ENGLISH = r"(?:/|\b(?:a|per|every|each) )"
_WEEKDAY = r"(?:man|tirs|ons|tors|fre|lør|søn)dag"
_PERIODS: tuple[tuple[Period, re.Pattern[str]], ...] = tuple(
    (period, re.compile(pattern))  # type: ignore[misc]
    for period, pattern in (
        ("once", r"\b(?:engangs\w*|[eé]n enkelt gang|kun [eé]n gang|her og nu|restparti)\b"),
        (
            "quarter",
            rf"{_PER}kvartal(?:et)?\b|{_EACH_ENGLISH}quarter\b|\bquarterly\b|\bhvert kvartal\b|\bkvartals?vis\b|\bkvartalet\b",
        ),
        (
            "month",
            rf"{_PER}(?:måneden|måned|md|mdr)\b|\bhver måned\b|\bmånedligt?\b|\bmånedsvis\b|\bmå?n?dl\b"
            rf"|{_EACH_ENGLISH}month\b|\bmonthly\b",
        ),
        (
            "week",
            rf"{_PER}(?:ugen|uge)\b(?!\s?\d)|\bhver uge\b|\bugentligt?\b|\bhver {_WEEKDAY}\b|\bom {_WEEKDAY}en\b"
            rf"|\bi hver uge\b|\bhver weekend\b|\bugenligt?\b|\bugt?l\b|{_EACH_ENGLISH}week\b|\bweekly\b",
        ),
        (
            "day",
            rf"{_PER}(?:dagen|dag|døgnet|døgn)\b|\bhver (?:dag|aften|morgen|nat)\b|\bdagligt?\b|\bom aftenen\b"
            rf"|\bdagl\b|{_EACH_ENGLISH}day\b|\bdaily\b",
        ),
        (
            "year",
            rf"{_PER}(?:året|år)\b|\bhvert år\b|\bårligt?\b|\bp\.\s?a\.|\bom året\b|\bårsvis\b|{_EACH_ENGLISH}year\b|\b(?:yearly|annually)\b",
        ),
    )
)
_LONG_TERM = re.compile(r"\b(?:for|i|om|af|over) \d+ år\b|\bhele året\b")
_EACH = (
    rf"\.?,?-?\s?(?:(?:pr\.?|per|/|om|for (?:et|en|hver))\s?(?P<unit>{_UNIT_WORDS})"
    r"|(?P<bare>stk|styk|stykket|kilo|kiloet|kg|ton|tonnet))(?![\w])"
)
_KRONER = r"(?:\s?(?:kr|kroner|dkk)\b|,-)"
_PRICE = re.compile(
    rf"(?<![\w.,])(?P<price>{_DIGITS}){_KRONER}{_EACH}"
    rf"|(?:pris(?:en)?(?: er)?:?|koster|til|for|à|a)\s(?P<flat>{_DIGITS}){_KRONER}"
    rf"(?:{_EACH.replace('<unit>', '<each>').replace('<bare>', '<alone>')})?"
)


_DEFINITE = {"stykket": "stk", "kiloet": "kg", "tonnet": "t"}


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` (and `upto` for "15-20 kg") in `unit`, a key of `engine.units` or "" for a bare number."""

    value: Decimal
    unit: str
    upto: Decimal | None
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Price:
    """`kroner` for each `unit` ("" for the lot)."""

    kroner: Decimal
    unit: str
    span: tuple[int, int]


def number(written: str) -> Decimal:
    """``1.500`` → 1500, ``2,5`` → 2.5, ``fire`` → 4. Raises ValueError for anything else."""
    word = written.strip()
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    if not re.fullmatch(_DIGITS, word):
        raise ValueError(f"Ikke et tal: {written[:40]}")
    joined = re.sub(r"[\u00a0 ]", "", word)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", joined):
        joined = joined.replace(".", "")
    return Decimal(joined.replace(",", "."))


def measured(text: str) -> Iterator[Amount]:
    """Every amount with a unit in the folded text, in order. Money is in kr."""
    for match in AMOUNT.finditer(text):
        factor = Decimal(_SCALES[match["scale"]]) if match["scale"] else Decimal(1)
        value, upto = number(match["low"]), number(match["high"]) if match["high"] else None
        if match["half"]:
            value += _NUMBER_WORDS[match["half"]]
        if match["more"]:
            value = Decimal("0.5") + (0 if match["low"] in _ARTICLES else value)
        unit = _SPELLINGS[match["unit"]]
        value, upto = value * factor, upto * factor if upto is not None else None
        if match["lots"] and unit in _IN_LOTS:
            value, upto = value * number(match["lots"]), upto and upto * number(match["lots"])
        if value > LARGEST:
            continue
        yield Amount(value, "" if unit in _PACKS else canonical(unit), upto, match.span())


def counted(text: str) -> Iterator[tuple[Amount, str]]:
    """Every bare number in the folded text with the (at most three) words right after it."""
    for match in _COUNT.finditer(text):
        if match["low"] in _ARTICLES or match["low"] in _HALVES:
            continue
        value = number(match["low"])
        words = _FOLLOWING.match(text, match.end(), match.end() + 120)
        following = words.group() if words else ""
        first = following.split(maxsplit=1)[:1]
        if value <= LARGEST and value == int(value) and first and first[0] not in _SIZE_OF_ONE:
            upto = number(match["high"]) if match["high"] else None
            yield Amount(value, "", upto, match.span()), following


def period_of(text: str) -> Period | None:
    """How often, as said in the folded text; None where nothing is said ("i 5 år" is how long, not how often)."""
    said = _LONG_TERM.sub(" ", text)
    return next((period for period, pattern in _PERIODS if pattern.search(said)), None)


HOW_OFTEN = re.compile(
    r"(?:/|\b(?:pr\.?|per|i|om))\s*(?:ugen?|dagen?|døgn(?:et)?|timen?|måned(?:en)?|mdr?|kvartal(?:et)?|år(?:et)?)\b|\bpr\.(?=\s)"
    rf"|\bhver(?:t|anden)? (?:(?:\d+\.|anden|andet|tredje) )?(?:uge|dag|måned|kvartal|år|{_WEEKDAY})\b"
)
"""The words that only say how often, and never what."""


def price_of(text: str) -> Price | None:
    """The price said in the folded text: "12 kr pr. kg", "til 500 kr"."""
    match = _PRICE.search(text)
    if match is None:
        return None
    written = match["unit"] or match["bare"] or match["each"] or match["alone"]
    unit = _SPELLINGS[_DEFINITE.get(written, written)] if written else ""
    kroner = number(match["price"] or match["flat"])
    if kroner > LARGEST:
        return None
    return Price(kroner, "" if unit in _PACKS else unit, match.span())
