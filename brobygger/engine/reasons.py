# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Why a suggestion is made, and how sure it is, in words that a consultant can read aloud.

Clauses are worded once for each different thing they can say; each suggestion holds their numbers. A sentence is
put together when it is wanted: for one suggestion, or for a whole column (`worded_columns`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brobygger.engine.columns import Array, Coded, Side
from brobygger.engine.compatibility import Link
from brobygger.engine.listing import Confidence
from brobygger.engine.precedents import lower_first, upper_first

WELL_KNOWN_FIT = 0.8
"""From this fit on a link counts as well founded."""
_UNKNOWN = ("mængde", "tid", "sted", "fødevaregodkendelse", "økologi")
"""What a pair may leave open, one bit each."""
_AMOUNT, _PLACE = 1, 4
_BY_WORDS, _DOUBTFUL, _SIBLING, _TOO_LITTLE, _NOT_QUITE, _INCOMPLETE, _READ, _SURE = range(8)
"""Why a suggestion is as sure as it is; the first that holds counts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What sentences about pairs need; one row per pair. Parts are rounded, `metres` is NaN where unknown."""

    need: Array
    have: Array
    link: Array
    """Number of the link, -1 where words alone brought the two together."""
    type: Array
    text: Array
    quantity: Array
    time: Array
    metres: Array


@dataclass(frozen=True, slots=True)
class Wording:
    """The clauses of each pair's sentence, in order, and how sure it is because of what."""

    clauses: tuple[Coded, ...]
    confidence: Coded
    because: Coded

    def sentence(self, row: int) -> str:
        """What meets what, how, how much of the need, when (where somebody said when), how far."""
        return "".join(clause.values[clause.codes[row]] for clause in self.clauses)


def wording(pairs: Facts, needs: Side, haves: Side, links: Sequence[Link], names: Sequence[str]) -> Wording:
    """The words for each pair. `names`: what each numbered type is called."""
    no_amount = np.isnan(needs.given.quantity[pairs.need]) | np.isnan(haves.given.quantity[pairs.have])
    need_timed, have_timed = needs.columns.timed[pairs.need], haves.columns.timed[pairs.have]
    food = (needs.columns.food[pairs.need] == 1.0) & np.isnan(haves.columns.food[pairs.have])
    wished, organic = needs.columns.organic[pairs.need] == 1.0, haves.columns.organic[pairs.have]
    clauses = (
        _what(pairs, needs, haves, links, names),
        _how_much(
            pairs,
            no_amount,
            needs.unit_numbers[pairs.need] != haves.unit_numbers[pairs.have],
            haves.given.rest[pairs.have] + needs.given.rest[pairs.need] * 2,
        ),
        _when(pairs, need_timed, have_timed),
        _how_far(pairs),
        _organic(wished, organic),
        _terms(pairs, food, needs, haves),
    )
    chosen = needs.chosen[pairs.need] & haves.chosen[pairs.have]
    fit = np.array([*(link.fit for link in links), 0.0])[pairs.link]
    full = np.rint(fit * 1_000_000) / 1_000_000
    certain = chosen | ((pairs.type >= full) & (full > 0))
    unknown = no_amount * 1 + (need_timed != have_timed) * 2 + np.isnan(pairs.metres) * 4 + food * 8
    unknown += (wished & np.isnan(organic)) * 16
    sibling = np.array([*(link.via == "sibling" for link in links), False])[pairs.link]
    few = (np.array([bin(bits).count("1") for bits in range(32)])[unknown] >= 3) | (
        unknown & (_AMOUNT | _PLACE) == (_AMOUNT | _PLACE)
    )
    why = np.select(
        [
            pairs.link < 0,
            ~certain,
            sibling,
            few,
            (fit < WELL_KNOWN_FIT) | (wished & (organic == 0.0)),
            unknown > 0,
            ~chosen,
        ],
        [_BY_WORDS, _DOUBTFUL, _SIBLING, _TOO_LITTLE, _NOT_QUITE, _INCOMPLETE, _READ],
        _SURE,
    )
    return Wording(clauses, *_confidence(why, unknown, need_timed))


def distance_words(metres: float) -> str:
    """``under 1 km``, ``7,2 km``, ``13 km``."""
    if metres < 1_000:
        return "under 1 km"
    kilometres = metres / 1_000
    shown = f"{kilometres:.1f}".replace(".", ",") if metres < 9_950 else f"{kilometres:.0f}"
    return f"{shown} km"


def _numbered(keys: Array) -> tuple[Array, Array]:
    """Each key's number among the distinct ones, and where each distinct one first stands."""
    from brobygger.engine.number_kernels import numbered

    codes, firsts = numbered(np.ascontiguousarray(keys, dtype=np.int64))
    return codes, firsts


def _confidence(why: Array, unknown: Array, timed: Array) -> tuple[Coded, Coded]:
    codes, firsts = _numbered(why * 64 + unknown * 2 + timed)
    told = [_told(int(why[i]), int(unknown[i]), bool(timed[i])) for i in firsts]
    return Coded(codes, [word for word, _ in told]), Coded(codes, [because for _, because in told])


def _told(why: int, unknown: int, timed: bool) -> tuple[Confidence, str]:
    """How sure, and because of what."""
    missing = [name for bit, name in enumerate(_UNKNOWN) if unknown >> bit & 1]
    match why:
        case 0:
            return "usikker", "kun ordene i teksten ligner hinanden; ressourcetypen er ikke kendt"
        case 1:
            return "usikker", "ressourcetypen er læst ud af teksten og ikke valgt"
        case 2:
            return "usikker", "beslægtede ressourcer; om den ene kan bruges for den anden, må man spørge om"
        case 3:
            return "usikker", f"for lidt er oplyst: {_list(missing)}"
        case 4:
            return "sandsynlig", "det, der tilbydes, er ikke helt det, der søges"
        case 5:
            return "sandsynlig", f"ikke oplyst: {_list(missing)}"
        case 6:
            return "sandsynlig", "ressourcetypen er læst ud af teksten og ikke valgt"
    known = ["type", "mængde", *(["tid"] if timed else []), "afstand"]
    return "sikker", f"{_list(known)} er oplyst og passer"


def _what(pairs: Facts, needs: Side, haves: Side, links: Sequence[Link], names: Sequence[str]) -> Coded:
    """The first clause, with its capital."""
    base = len(names) + 1
    need_type, have_type = _first_types(needs, base)[pairs.need], _first_types(haves, base)[pairs.have]
    percent = _percent_codes(pairs.text)
    key = np.where(pairs.link < 0, percent, 1000 + (pairs.link * base + need_type) * base + have_type)
    codes, firsts = _numbered(key)
    called = [*names, ""]
    values = [
        f"teksterne har {_percent(int(percent[i]))} af ordene til fælles"
        if pairs.link[i] < 0
        else _served(links[pairs.link[i]], called[have_type[i]], called[need_type[i]])
        for i in firsts.tolist()
    ]
    return Coded(codes, [upper_first(value) for value in values])


def _first_types(side: Side, base: int) -> Array:
    """Each listing's first type; `base - 1` where it has none."""
    out = np.full(len(side), base - 1, dtype=np.int64)
    typed = np.diff(side.type_lists.start) > 0
    out[typed] = side.type_lists.values[side.type_lists.start[:-1][typed]]
    return out


def _served(link: Link, have: str, need: str) -> str:
    have, need = have or "det tilbudte", lower_first(need or "det søgte")
    match link.via:
        case "same":
            return f"{have} er netop det, der søges"
        case "narrower":
            return f"{have} er en slags {need}, som søges"
        case "broader":
            return f"{have} kan omfatte {need}, som søges"
        case "sibling":
            return f"{have} er beslægtet med {need}, som søges"
    how = f" ({link.process})" if link.process else ""
    if not link.becomes:
        return f"{have} kan bruges som {need}{how}"
    becomes = lower_first(link.becomes)
    told = f"{have} kan bruges som {becomes}{how}" if link.wider else f"{have} kan blive til {becomes}{how}"
    return (
        f"{told}, der kan omfatte {need}, som søges" if link.wider else f"{told}, en slags {need}, som søges"
    )


def _how_much(pairs: Facts, unknown: Array, units_differ: Array, rest: Array) -> Coded:
    """`rest`: 1 where the have is what is left beside agreements, 2 where the need is, 3 where both are."""
    share = pairs.quantity
    codes = np.select(
        [unknown, share >= 1, (share == 0.5) & units_differ], [0, 1, 2], 3 + _percent_codes(share)
    )
    told = [clause for left in range(4) for clause in _amounts_told(bool(left & 1), bool(left & 2))]
    return Coded(codes + rest * (len(told) // 4), [f"; {clause}" for clause in told])


def _amounts_told(have_rest: bool, need_rest: bool) -> list[str]:
    whole, need = ("resten af behovet",) * 2 if need_rest else ("hele behovet", "behovet")
    have, enough = ("det, der er tilbage,", "nok tilbage") if have_rest else ("det", "nok")
    told = ["mængden er ikke oplyst", f"der er {enough} til {whole}", "mængderne kan ikke sammenlignes"]
    return told + [f"{have} dækker {_percent(code)} af {need}" for code in range(102)]


def _when(pairs: Facts, need_timed: Array, have_timed: Array) -> Coded:
    """Nothing where neither gave a window: both are open-ended then, and there is nothing to ask about."""
    codes = np.select(
        [~need_timed & ~have_timed, ~have_timed, ~need_timed, pairs.time >= 1],
        [0, 1, 2, 3],
        4 + _percent_codes(pairs.time),
    )
    open_ = ["hvornår det er til rådighed, er ikke oplyst", "hvornår det skal bruges, er ikke oplyst"]
    shares = [f"tiden passer {_percent(code)}" for code in range(102)]
    return Coded(codes, ["", *(f"; {clause}" for clause in (*open_, "tiden passer", *shares))])


def _how_far(pairs: Facts) -> Coded:
    metres = pairs.metres
    with np.errstate(invalid="ignore"):
        near = np.where(metres % 100 == 50, 10_000_000 + metres, np.rint(metres / 100))
        key = np.select(
            [np.isnan(metres), metres < 1_000, metres < 9_950, np.isfinite(metres)],
            [-1, 0, near, 1_000 + np.rint(metres / 1_000)],
            -2,
        )
    codes, firsts = _numbered(np.clip(key, -2, 2**53))
    values = [
        "afstanden er ukendt" if math.isnan(m) else f"{distance_words(m)} væk"
        for m in metres[firsts].tolist()
    ]
    return Coded(codes, [f"; {value}" for value in values])


def _organic(wished: Array, organic: Array) -> Coded:
    """Nothing where organic is not wished for."""
    codes = np.select([~wished, np.isnan(organic), organic == 0.0], [0, 1, 2], 3)
    told = [
        "om det er økologisk, er ikke oplyst",
        "det er ikke økologisk, og det ønskes",
        "det er økologisk, som ønsket",
    ]
    return Coded(codes, ["", *(f"; {clause}" for clause in told)])


def _terms(pairs: Facts, food: Array, needs: Side, haves: Side) -> Coded:
    """The last clauses, with the full stop."""
    dearer = haves.columns.price[pairs.have] > needs.columns.price[pairs.need]
    grade = "; om det er fødevaregodkendt, er ikke oplyst"
    price = "; prisen er højere end ønsket"
    return Coded(food * 1 + dearer * 2, [".", f"{grade}.", f"{price}.", f"{grade}{price}."])


def _percent_codes(share: Array) -> Array:
    """0: nothing; 101: under one percent; else whole percent, rounded down."""
    whole = np.floor(share * 100 + 1e-9).astype(np.int64)
    return np.where((share > 0) & (share < 0.01), 101, np.minimum(whole, 100))


def _percent(code: int) -> str:
    return "under 1 %" if code == 101 else f"{code} %"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " og " + words[-1]
