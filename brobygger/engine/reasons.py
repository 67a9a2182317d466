# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Why a suggestion is made, and how sure it is, in words that a consultant can read aloud."""

from __future__ import annotations

import math
from typing import NamedTuple

from brobygger.engine.compatibility import Link
from brobygger.engine.listing import Confidence, Listing
from brobygger.engine.parts import Parts
from brobygger.engine.precedents import lower_first, upper_first

WELL_KNOWN_FIT = 0.8
"""From this fit on a link counts as well founded."""


class Pair(NamedTuple):
    """What a sentence about a pair needs. `certain`: no type was read from a text with doubt; `chosen`: none was read."""

    need: Listing
    have: Listing
    need_type: str
    have_type: str
    link: Link
    certain: bool
    chosen: bool
    parts: Parts


def confidence(pair: Pair) -> tuple[Confidence, str]:
    """How sure the suggestion is, and because of what."""
    unknown = _unknown(pair)
    if pair.link.via == "text":
        return "usikker", "kun ordene i teksten ligner hinanden; ressourcetypen er ikke kendt"
    if not pair.certain:
        return "usikker", "ressourcetypen er læst ud af teksten og ikke valgt"
    if pair.link.via == "sibling":
        return "usikker", "beslægtede ressourcer; om den ene kan bruges for den anden, må man spørge om"
    if len(unknown) >= 3 or {"mængde", "sted"} <= set(unknown):
        return "usikker", f"for lidt er oplyst: {_list(unknown)}"
    if pair.link.fit < WELL_KNOWN_FIT:
        return "sandsynlig", "det, der tilbydes, er ikke helt det, der søges"
    if unknown:
        return "sandsynlig", f"ikke oplyst: {_list(unknown)}"
    if not pair.chosen:
        return "sandsynlig", "ressourcetypen er læst ud af teksten og ikke valgt"
    known = ["type", "mængde", *(["tid"] if _timed(pair.need) else []), "afstand"]
    return "sikker", f"{_list(known)} er oplyst og passer"


def reason(pair: Pair) -> str:
    """One sentence: what meets what, how, how much of the need, when (where somebody said when), how far."""
    clauses = [_what(pair), _how_much(pair), _when(pair), _how_far(pair), *_terms(pair)]
    sentence = "; ".join(clause for clause in clauses if clause) + "."
    return upper_first(sentence)


def distance_words(metres: float) -> str:
    """``under 1 km``, ``7,2 km``, ``13 km``."""
    if metres < 1_000:
        return "under 1 km"
    kilometres = metres / 1_000
    shown = f"{kilometres:.1f}".replace(".", ",") if metres < 9_950 else f"{kilometres:.0f}"
    return f"{shown} km"


def _unknown(pair: Pair) -> list[str]:
    out = []
    if pair.need.quantity is None or pair.have.quantity is None:
        out.append("mængde")
    if _timed(pair.need) != _timed(pair.have):
        out.append("tid")
    if math.isnan(pair.parts.metres):
        out.append("sted")
    if pair.need.food_grade and pair.have.food_grade is None:
        out.append("fødevaregodkendelse")
    return out


def _what(pair: Pair) -> str:
    have, need = pair.have_type or "det tilbudte", pair.need_type or "det søgte"
    match pair.link.via:
        case "same":
            return f"{have} er netop det, der søges"
        case "narrower":
            return f"{have} er en slags {lower_first(need)}, som søges"
        case "broader":
            return f"{have} kan omfatte {lower_first(need)}, som søges"
        case "sibling":
            return f"{have} er beslægtet med {lower_first(need)}, som søges"
        case "conversion":
            how = f" ({pair.link.process})" if pair.link.process else ""
            return f"{have} kan bruges som {lower_first(need)}{how}"
        case _:
            return f"teksterne har {_percent(float(pair.parts.text))} af ordene til fælles"


def _how_much(pair: Pair) -> str:
    if pair.need.quantity is None or pair.have.quantity is None:
        return "mængden er ikke oplyst"
    share = float(pair.parts.quantity)
    if share >= 1:
        return "der er nok til hele behovet"
    if share == 0.5 and _may_differ(pair):
        return "mængderne kan ikke sammenlignes"
    return f"det dækker {_percent(share)} af behovet"


def _may_differ(pair: Pair) -> bool:
    return pair.need.unit != pair.have.unit


def _when(pair: Pair) -> str:
    """Nothing where neither gave a window: both are open-ended then, and there is nothing to ask about."""
    match _timed(pair.need), _timed(pair.have):
        case False, False:
            return ""
        case True, False:
            return "hvornår det er til rådighed, er ikke oplyst"
        case False, True:
            return "hvornår det skal bruges, er ikke oplyst"
    share = float(pair.parts.time)
    return "tiden passer" if share >= 1 else f"tiden passer {_percent(share)}"


def _how_far(pair: Pair) -> str:
    metres = float(pair.parts.metres)
    return "afstanden er ukendt" if math.isnan(metres) else f"{distance_words(metres)} væk"


def _terms(pair: Pair) -> list[str]:
    out = []
    if pair.need.food_grade and pair.have.food_grade is None:
        out.append("om det er fødevaregodkendt, er ikke oplyst")
    if pair.need.price is not None and pair.have.price is not None and pair.have.price > pair.need.price:
        out.append("prisen er højere end ønsket")
    return out


def _timed(listing: Listing) -> bool:
    return listing.start is not None or listing.end is not None


def _percent(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{math.floor(share * 100 + 1e-9)} %"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " og " + words[-1]
