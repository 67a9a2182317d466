# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Reads one Danish sentence into a proposed listing, which a person then corrects.

"Vi har 4 tons mask om ugen fra ølbrygning" becomes: have, spent grain, 4 t a week, waste code 02 07 04,
a food by-product. What the sentence does not say stays None; nothing is guessed beyond the rules here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from brobygger.engine.facts import Kind, ResourceType
from brobygger.engine.identify import type_lexicon
from brobygger.engine.text import fold
from brobygger.engine.units import dimension
from brobygger.knowledge import load
from brobygger.knowledge.amounts import HOW_OFTEN, Amount, Period, counted, measured, period_of, price_of
from brobygger.knowledge.finding import TypeFinder, TypeHit, names_something, plain_text
from brobygger.knowledge.rhythm import Rhythm, rhythm_of
from brobygger.knowledge.windows import window_of

__all__ = ["FOOD_BYPRODUCT_NOTE", "Proposal", "TypeFinder", "TypeHit", "finder_for", "read_listing"]

Side = Literal["have", "need"]

FOOD_BYPRODUCT_NOTE = (
    "Et biprodukt fra fødevareproduktion er ikke affald i lovens forstand, når det går til foder eller mad."
)

_HAVE_FIRST = re.compile(
    r"\b(?:søge[rs]|mangler|find(?:e|er)?|leder efter|ønsker) (?:en |et |nye? |lokale? )*"
    r"(?:aftager\w*|køber\w*|modtager\w*|lejer\w*|afsætning\w*|bruger\w*|låner\w*)"
    r"|\b(?:vil|skal) (?:gerne )?(?:af med|sælge|udleje|udlåne|give|forære|donere|tilbyde|dele)\b"
    r"|\bskal væk\b|\bstår og fylder\b|\bhvem (?:kan|vil) (?:bruge|have|aftage|overtage)\b"
    r"|\bkan nogen bruge\b|\bingen vil (?:købe|have)\b"
    r"|\bhar (?:du|i|nogen|nogle) brug for\b|\b(?:hvis|om|kan) (?:du|i|nogen) (?:kan )?bruge[rs]?\b"
    r"|\bnogen (?:der|som) kan bruge\b|\b(?:låner?|lejer?) (?:[^\W\d]+ ){1,4}ud\b|\bif you need\b"
)
_NEED = re.compile(
    r"\bmangle[rst]?\b|\bsøge[rs]?\b|\bbrug for\b|\bbehøver\b|\bbehov for\b|\bønske[rs]\b|\befterspørge[rs]\b"
    r"|\befterlyse[rs]\b|\bleder efter\b|\bkøbe[rs]\b|\bpå udkig efter\b|\bskal bruge\b|\bskaffe[rs]?\b"
    r"|\b(?:vil|kan|kunne|skal) (?:\w+ )?(?:købe|leje|låne|aftage|overtage|modtage|få|bruge)\b"
    r"|\b(?:har|er der) (?:i|du|nogen|nogle)\b|\bhvem (?:har|kan|vil)\b|\bhvor (?:kan|får)\b|\bhjælp til\b"
    r"|\bneed(?:s|ed)?\b|\blooking for\b|\bwanted\b|\bseeking\b|\b(?:we|i) want\b|\bwant to (?:buy|rent|borrow)\b"
)
_HAVE = re.compile(
    r"\b(?:vi|jeg|og|som|der|firma|virksomhed\w*|bageriet|gården|kommunen|\w+et|\w+en|\w+er|\w+firma) har\b|^har\b"
    r"|\bsælge[rs]\b|\btilbyde[rs]?\b|\bgive[rs]?\b|\b(?:lejes|lånes) ud\b|\btil forpagtning\b|\bforære[rs]\b|\bbortgives\b|\bafhentes\b|\bhentes\b"
    r"|\btil overs\b|\boverskyd\w*|\boverskud\w*|\bledige?t?\b|\bfri(?:e|t)?\b|\budleje[rs]?\b|\budlåne[rs]?\b"
    r"|\btil (?:leje|låns?|salg|rådighed|genbrug|afhentning)\b|\bkan (?:hentes|lånes|lejes|købes|opsamles|leveres)\b"
    r"|\bleverer?\b|\bkan (?:levere|tilbyde|undvære|stille)\b|\bstår? (?:tom\w*|stille|ubrugt)\b|\btomt?\b"
    r"|\bgratis\b|\bproducere[rs]\b|\brest(?:er|parti|lager)?\b|\bkassere\w+|\bbrugte\b|\bgamle\b|\bfrasorter\w+"
    r"|\busolgt\w*|\btilovers\b|\bstumper\b"
    r"|\b(?:we|i) have\b|^have\b|\bselling\b|\bfor (?:sale|rent|free)\b|\b(?:we|i) offer\b|\bavailable\b|\bsurplus\b"
)
_ORIGIN = re.compile(r"\b(?:fra|efter)\b")
_FREE = re.compile(
    r"\bgratis\b|\bforære[rs]\b|\bbortgives\b|\bkvit og frit\b|\buden beregning\b|\bgive[rs] (?:\w+ ){0,3}væk\b"
    r"|\bdonere[rs]\b|\bfor free\b|\bfree of charge\b|(?<![\d.,])0 kr\b"
)
_FOOD = re.compile(
    r"(?P<no>\b(?:ikke|uegnet|ej) (?:\w+ )?(?:til|som) (?:fødevare\w*|mad|mennesker|konsum|menneskeføde)\b"
    r"|\bkun (?:til|som) foder\b|\bikke (?:fødevaregodkendt|spiselig)\w*)"
    r"|(?P<yes>\bfødevaregodkend\w*|\blevnedsmiddel\w*|\bspiselige?t?\b|\bhuman(?:t)? konsum\b|\bfood.?grade\b"
    r"|\bfødevarekvalitet\b|\begnet til (?:mad|fødevarer)\b)"
)
_HARMLESS = re.compile(
    r"\b(?:ufarlig\w*|(?:ikke|uden|fri for) (?:\w+ )?(?:farlig\w*|giftig\w*|asbest|pcb|bly))\b"
)
_HAZARD = re.compile(r"\b(?:farlig\w*|giftig\w*|sundhedsskadelig\w*|ætsende|asbest\w*|pcb\w*|forurenet)\b")
_WASTE_CODE = re.compile(r"\b(?:eak|ewc|affaldskode)[:\s-]*(\d\d)[ .]?(\d\d)[ .]?(\d\d)\b")
_SIZE_ONLY = {"l"}
"""Litres before or after a thing counted in pieces say how big it is ("plastdunke 25 liter")."""
_CLOSE_UP = re.compile(r"\b(ca|cirka|maks|max|min|à|pr)\.(?=\w)")
"""People write "ca.4t pr.uge" without a space."""
_COUNT_UNITS = {"stk", "pladser", "palle"}
_GOODS = {"residue", "material"}
"""Days of a thing say when it comes, not how much of it."""
_OF_EQUIPMENT = {"count", "time", "seats"}
"""What is counted of equipment; tonnes, litres and metres say how big it is ("truck 2,5 ton")."""
_CLEAR = 0.6
"""From this score on a second thing is named as clearly as a first one that is chosen beforehand."""
_NAMED = 0.5
"""From this score on a single word names a type."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a sentence seems to say. None and "" mean that it does not say.

    `types`: best first, with score and words. `quantity` (up to `quantity_upto`) in `unit` per `period`;
    `price` in kroner for each `price_unit` ("" for the lot). `ewc`: typical waste code, six digits. `as_written`: the
    amount in the text's own words, where the quantity was reckoned from it ("60 liter hver 14. dag"). `another`: a second
    thing that the text speaks of, with an amount of its own. `starts_on`, `ends_on`: when it is there, read from
    `days_as_written`.
    """

    side: Side | None
    types: tuple[TypeHit, ...]
    kind: Kind | None
    quantity: Decimal | None
    quantity_upto: Decimal | None
    unit: str
    period: Period | None
    ewc: str
    food_grade: bool | None
    free: bool
    price: Decimal | None
    price_unit: str
    hazardous: bool
    food_byproduct: bool
    as_written: str = ""
    another: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    days_as_written: str = ""

    @property
    def type_id(self) -> str | None:
        """The most likely resource type, or None where nothing was recognised."""
        return self.types[0].type_id if self.types else None


_FINDERS: dict[int, TypeFinder] = {}


def finder_for(types: Mapping[str, ResourceType]) -> TypeFinder:
    """The finder for this very mapping, built on first use. For the shipped tree it shares the engine's index."""
    kept = _FINDERS.get(id(types))
    if kept is not None and kept.types is types:
        return kept
    shipped = load()
    finder = TypeFinder(types, type_lexicon(shipped) if shipped.types is types else None)
    if len(_FINDERS) >= 4:
        _FINDERS.pop(next(iter(_FINDERS)))
    _FINDERS[id(types)] = finder
    return finder


def read_listing(
    text: str,
    types: Mapping[str, ResourceType],
    finder: TypeFinder | None = None,
    today: date | None = None,
) -> Proposal:
    """Proposes a listing from a sentence; any text is accepted, also empty, huge or full of markup.

    `finder` replaces the shared one, for a reader with an index of its own. `today`: the day that "i november" is said.
    """
    plain = plain_text(text)
    whole = re.sub(r"\s+", " ", _CLOSE_UP.sub(r"\1. ", fold(plain))).strip()
    window = window_of(whole, today or date.today())
    folded = _blanked(whole, window.span) if window else whole
    finder = finder or finder_for(types)
    price = price_of(folded)
    priced = price.span if price else (0, 0)
    hits = _types(folded, priced, finder)
    node = types.get(hits[0].type_id) if hits else None
    amount = _amount(folded, node, priced, finder)
    said = _blanked(folded, priced)
    rhythm = rhythm_of(_blanked(said, amount.span)) if amount else None
    times = rhythm.times if rhythm else 1
    code = _WASTE_CODE.search(folded)
    typical = node.ewc[0] if node and node.ewc else ""
    return Proposal(
        side=_side(folded, node),
        types=hits,
        kind=node.kind if node else None,
        quantity=_so_often(amount.value, times) if amount else None,
        quantity_upto=_so_often(amount.upto, times) if amount and amount.upto else None,
        unit=amount.unit if amount else "",
        period=rhythm.period if rhythm else period_of(said),
        ewc="".join(code.groups()) if code else typical,
        food_grade=_food_grade(folded),
        free=_FREE.search(folded) is not None,
        price=price.kroner if price else None,
        price_unit=price.unit if price else "",
        hazardous=_hazardous(folded, node),
        food_byproduct=bool(node and node.food_byproduct),
        as_written=_as_written(folded, amount, rhythm),
        another=_another(hits, types, folded),
        starts_on=window.first if window else None,
        ends_on=window.last if window else None,
        days_as_written=whole[slice(*window.span)] if window else "",
    )


def _blanked(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]


def _so_often(value: Decimal, times: Decimal | int) -> Decimal:
    return value if times == 1 else (value * times).quantize(Decimal("0.001")).normalize() + 0


def _as_written(text: str, amount: Amount | None, rhythm: Rhythm | None) -> str:
    if amount is None or rhythm is None or rhythm.times == 1:
        return ""
    return f"{text[slice(*amount.span)].strip()} {text[slice(*rhythm.span)]}"


def _another(hits: tuple[TypeHit, ...], types: Mapping[str, ResourceType], text: str) -> str | None:
    """A second thing named as clearly as the first, by other words, where there is an amount for each."""
    if len(hits) < 2 or hits[1].score < _CLEAR or set(hits[0].words) & set(hits[1].words):
        return None
    first, second = types.get(hits[0].type_id), types.get(hits[1].type_id)
    related = first and second and (first.parent == second.id or second.parent == first.id)
    amounts = [amount for amount in measured(text) if amount.unit != "kr"]
    return hits[1].type_id if len(amounts) > 1 and not related else None


def _types(text: str, price: tuple[int, int], finder: TypeFinder) -> tuple[TypeHit, ...]:
    """Leaves out "tre paller om ugen" and the like, which say how much and not what, unless nothing else is named."""
    thing = _without_amounts(text, price)
    return tuple((finder.find(thing) if names_something(thing) else []) or finder.find(text))


def _without_amounts(text: str, price: tuple[int, int]) -> str:
    spans = [amount.span for amount in measured(text)] + [found.span() for found in HOW_OFTEN.finditer(text)]
    for start, end in sorted({*spans, price}, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _side(text: str, node: ResourceType | None) -> Side | None:
    """A residue that is merely named, or a material that comes from somewhere, is something somebody has."""
    if _HAVE_FIRST.search(text):
        return "have"
    if _NEED.search(text):
        return "need"
    if _HAVE.search(text):
        return "have"
    if node is None:
        return None
    from_somewhere = node.kind == "material" and _ORIGIN.search(text) is not None
    return "have" if node.kind == "residue" or from_somewhere else None


def _amount(
    text: str, node: ResourceType | None, price: tuple[int, int], finder: TypeFinder
) -> Amount | None:
    """The first amount that measures the thing itself, not its price, size or the number of its users."""
    money = node is not None and node.kind == "capital"
    for amount in measured(text):
        if price[0] <= amount.span[0] < price[1] and not money:
            continue
        if (amount.unit == "kr") != money:
            continue
        if node and node.unit in _COUNT_UNITS and amount.unit in _SIZE_ONLY:
            continue
        if node and node.kind in _GOODS and amount.unit and dimension(amount.unit) == "time":
            continue
        if node and node.kind == "equipment" and amount.unit and dimension(amount.unit) not in _OF_EQUIPMENT:
            continue
        return amount
    return _count(text, node, finder) if node and not money else None


def _count(text: str, node: ResourceType, finder: TypeFinder) -> Amount | None:
    """A bare number counts when the words right after it name the type ("15 brugte cykler")."""
    for amount, following in counted(text):
        named = {
            hit.type_id for word in following.split() for hit in finder.find(word, 3) if hit.score >= _NAMED
        }
        if named & {node.id, node.parent}:
            unit = node.unit if node.unit in _COUNT_UNITS else "stk"
            return Amount(amount.value, unit, amount.upto, amount.span)
    return None


def _food_grade(text: str) -> bool | None:
    match = _FOOD.search(text)
    return None if match is None else match["yes"] is not None


def _hazardous(text: str, node: ResourceType | None) -> bool:
    said = _HAZARD.search(_HARMLESS.sub(" ", text)) is not None
    return said or bool(node and node.hazardous)
