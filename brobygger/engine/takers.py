# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Takers that posted nothing: which industries could use a residue, and which firms nearby belong to them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from brobygger.engine.calibration import TOO_LITTLE, firm_word, industry_word
from brobygger.engine.evidence import Clue, Evidence, Verdict, evidence
from brobygger.engine.facts import Knowledge, Use
from brobygger.engine.listing import (
    Candidate,
    Confidence,
    FirmRow,
    InvalidListing,
    Listing,
    Residual,
    TakerRow,
)
from brobygger.engine.parts import HALF_WAY, UNKNOWN
from brobygger.engine.precedents import can_be_used, done_before, lower_first, told, upper_first
from brobygger.engine.reasons import distance_words
from brobygger.engine.text import MAX_CHARACTERS

FIRMS_FROM = 40
"""Only firms in the industries that rank this high are considered."""
HALF_SIZE = 10
"""Employees at which the size part is one half."""
DISTANCE_SHARE, SIZE_SHARE = 0.8, 0.2
SECOND_NACE = 0.8
"""A firm's secondary industry counts this much of its main one."""


def takers(residuals: Iterable[Residual], knowledge: Knowledge, *, top: int = 50) -> list[TakerRow]:
    """For each residue the `top` industries that could take it, best first; equal scores by code.

    `score` is the probability that the taker belongs to the industry's division, less for the classes that speak less
    for themselves. `precedent` is the documented exchange or the rule behind the rank, in Danish; an industry that only
    its general intake speaks for says so, and so does a ranking where too little is known of the residue. A residual
    without text and waste code gets no rows. Of a text the first 2,000 characters (`MAX_CHARACTERS`) are read. Raises InvalidListing for a waste code or industry code that is not digits,
    and ValueError for `top` < 1.
    """
    if top < 1:
        raise ValueError("top skal være mindst 1")
    index = evidence(knowledge)
    rows: list[TakerRow] = []
    for residual in residuals:
        clean = _clean(residual)
        if not (clean.text.strip() or clean.ewc):
            continue
        verdict = index.judge(clean)
        sure = confidence(verdict)
        for rank, (code, score) in enumerate(_ranked(index.codes, verdict, top), 1):
            clue = verdict.clues.get(code)
            words = _words(clue, code, knowledge) if verdict.known > 0 else TOO_LITTLE
            rows.append(
                TakerRow(residual.id, rank, code, round(score, 6), words, clue.uses if clue else (), sure)
            )
    return rows


def confidence(verdict: Verdict) -> Confidence:
    """How sure it is that the first industry's division is the right one, by measured hit rates."""
    chance = float(verdict.scores.max()) if len(verdict.scores) else 0.0
    return industry_word(chance if verdict.known > 0 else 0.0)


def takers_among(
    listing: Listing,
    organisations: Iterable[Candidate],
    knowledge: Knowledge,
    *,
    giver_nace: str = "",
    top: int = 20,
) -> list[FirmRow]:
    """Firms that could take what the listing offers, best first; equal scores by distance, then id.

    score = industry × (0.8 distance + 0.2 size). `industry` is the plausibility of the firm's class relative
    to the most plausible one; unknown place or size is 0.5. The listing's own reach excludes, and so does
    being its own organisation. Hazardous waste is never offered to firms whose permit nobody has recorded; and where
    nothing is known of what is offered, no firm is guessed.
    """
    if top < 1:
        raise ValueError("top skal være mindst 1")
    if listing.hazardous or _hazardous_type(listing, knowledge):
        return []
    index = evidence(knowledge)
    verdict = index.judge(_residual(listing, giver_nace, knowledge), listing.type)
    ranked = _ranked(index.codes, verdict, FIRMS_FROM)
    if not ranked or verdict.known <= 0:
        return []
    plausible = {code: score / ranked[0][1] for code, score in ranked}
    found = []
    for firm in organisations:
        code, industry = _best_class(firm, plausible)
        if industry <= 0 or firm.id == listing.organisation:
            continue
        metres = _metres(listing, firm)
        if metres is not None and listing.max_distance is not None and metres > listing.max_distance:
            continue
        near = UNKNOWN if metres is None else 1.0 / (1.0 + metres / HALF_WAY)
        size = UNKNOWN if firm.employees is None else firm.employees / (firm.employees + HALF_SIZE)
        score = round(industry * (DISTANCE_SHARE * near + SIZE_SHARE * size), 6)
        found.append(
            (
                -score,
                math.inf if metres is None else metres,
                firm.id,
                firm,
                code,
                industry,
                near,
                size,
                metres,
            )
        )
    found.sort(key=lambda e: e[:3])
    rows = []
    kin = index.kin(verdict.types)
    what = _material(listing, verdict, knowledge)
    for rank, (negative, _, _, firm, code, industry, near, size, metres) in enumerate(found[:top], 1):
        clue = verdict.clues.get(code)
        use = _precedent(clue, verdict.types, kin, code, index)
        rows.append(
            FirmRow(
                listing=listing.id,
                organisation=firm.id,
                rank=rank,
                score=-negative,
                industry=round(industry, 6),
                distance=round(near, 6),
                size=round(size, 6),
                nace=code,
                metres=metres,
                precedent=told(use) if use else _words(clue, code, knowledge),
                precedent_ids=(use.id,) if use else (),
                confidence=firm_word(index.chance(verdict, code), documented=use is not None),
                reason=_reason(
                    firm, what, use, clue, metres, kindred=use is not None and use.taker_nace != code
                ),
            )
        )
    return rows


def _clean(residual: Residual) -> Residual:
    ewc = residual.ewc.replace(" ", "").rstrip("*")
    giver = residual.giver_nace.replace(".", "").strip()
    if ewc and not (ewc.isdecimal() and len(ewc) == 6):
        raise InvalidListing(residual.id, "ewc", f"forventede seks cifre, fandt {residual.ewc[:40]!r}")
    if giver and not (giver.isdecimal() and len(giver) == 4):
        raise InvalidListing(
            residual.id, "giver_nace", f"forventede fire cifre, fandt {residual.giver_nace[:40]!r}"
        )
    return Residual(residual.id, residual.text[:MAX_CHARACTERS], residual.lang, ewc, giver)


def _residual(listing: Listing, giver_nace: str, knowledge: Knowledge) -> Residual:
    node = knowledge.types.get(listing.type)
    text = " ".join(part for part in (node.name if node else "", listing.text) if part)
    return _clean(
        Residual(listing.id, text, listing.lang, node.ewc[0] if node and node.ewc else "", giver_nace)
    )


def _hazardous_type(listing: Listing, knowledge: Knowledge) -> bool:
    node = knowledge.types.get(listing.type)
    return listing.hazardous is None and node is not None and node.hazardous


def _ranked(codes: list[str], verdict: Verdict, top: int) -> list[tuple[str, float]]:
    """Codes with a score above zero, best first; `codes` is sorted, so equal scores stand by code."""
    order = np.argsort(-np.round(verdict.scores, 6), kind="stable")[:top]
    return [(codes[i], float(verdict.scores[i])) for i in order if verdict.scores[i] > 0]


def _words(clue: Clue | None, code: str, knowledge: Knowledge) -> str:
    if clue is not None:
        return clue.words
    industry = knowledge.industries.get(code)
    title = industry.title if industry else code
    return f"Intet fortilfælde: branchen ({title}) tager stoffer af denne slags ind"


def _best_class(firm: Candidate, plausible: dict[str, float]) -> tuple[str, float]:
    """The class that speaks most for the firm; secondary classes count a little less."""
    best = ("", 0.0)
    for place, code in enumerate(firm.nace):
        value = plausible.get(code, 0.0) * (1.0 if place == 0 else SECOND_NACE)
        if value > best[1]:
            best = (code, value)
    return best


def _metres(listing: Listing, firm: Candidate) -> float | None:
    if listing.x is None or listing.y is None or firm.x is None or firm.y is None:
        return None
    return math.hypot(listing.x - firm.x, listing.y - firm.y)


def _precedent(
    clue: Clue | None, types: Mapping[str, float], kin: Mapping[str, float], code: str, index: Evidence
) -> Use | None:
    """The documented use to point to: by the same class of industry, else by the same group (01.4). Where a rule says what
    this very class does with it, a like thing that went to another class is none ("insects eat it" of a dairy farm)."""
    named = index.use(clue.uses[0]) if clue is not None and clue.uses else None
    found = named or index.precedents.nearest(kin, code, digits=3)
    astray = found is not None and found.residue not in types and found.taker_nace != code
    return None if astray and clue is not None and clue.purpose else found


def _material(listing: Listing, verdict: Verdict, knowledge: Knowledge) -> str:
    """What is offered, by the name of its type."""
    type_id = listing.type or next(iter(verdict.types), "")
    node = knowledge.types.get(type_id)
    return lower_first(node.name) if node else "det, der tilbydes,"


def _reason(
    firm: Candidate, what: str, use: Use | None, clue: Clue | None, metres: float | None, *, kindred: bool
) -> str:
    """``Engholm har ikke selv søgt, men mask bruges som kvægfoder (Herslev → Østagergård, 2017). 7 km væk.``

    `kindred`: the use is of another class of industry than the firm's, pigs where it has cattle.
    """
    far = "Afstanden er ukendt" if metres is None else upper_first(f"{distance_words(metres)} væk")
    name = firm.name or "Virksomheden"
    if use is not None:
        near = " Det er i en beslægtet branche." if kindred else ""
        return f"{name} har ikke selv søgt, men {done_before(what, use)}.{near} {far}."
    if clue is not None and clue.purpose:
        hint = "Det er en regel; vi kender ikke et tilfælde"
        return f"{name} har ikke selv søgt, men {can_be_used(what, clue.purpose)}. {hint}. {far}."
    return f"{name} har ikke selv søgt, men branchen tager den slags ind. Vi kender ikke et tilfælde. {far}."
