# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Listings as columns of numbers, so that thousands are compared at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np

from brobygger.engine import units
from brobygger.engine.facts import Knowledge, ResourceType
from brobygger.engine.identify import CERTAIN, identify, type_lexicon
from brobygger.engine.listing import InvalidListing, Listing

Array = Any
"""A numpy column, or one number of it: the same formula serves both."""

FAR_PAST, FAR_FUTURE = -(10**7), 10**7
"""Day numbers that stand for an open beginning and an open end."""
FAINTEST_GUESS = 0.35
"""A type read from a text less certainly than this is not used."""
_DIMENSIONS = ("mass", "volume", "length", "area", "energy", "time", "money", "seats")
_BASE = dict(zip(_DIMENSIONS, ("t", "m3", "m", "m2", "kWh", "timer", "kr", "pladser"), strict=True))
_NO_UNIT = 1000
_UNIT_CODES = {"": -1, **{key: i for i, key in enumerate(units.UNITS)}}


@dataclass(frozen=True, slots=True)
class Columns:
    """One value per listing (or a single value each). NaN is unknown; times are day numbers.

    `measure` is a code for what `amount` counts per year; `tonnes` is the same amount in tonnes where that is
    known. `food`, `hazard`, `permit`: 1 yes, 0 no, NaN unknown. Prices compare only per the same `price_unit`.
    """

    order: Array
    organisation: Array
    x: Array
    y: Array
    reach: Array
    measure: Array
    amount: Array
    tonnes: Array
    start: Array
    end: Array
    timed: Array
    food: Array
    hazard: Array
    permit: Array
    price: Array
    price_unit: Array
    words: Array

    def take(self, index: Array) -> Columns:
        """The listings at `index` (an array), or one of them (a number)."""
        return Columns(*(getattr(self, f.name)[index] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Side:
    """All listings of one side, read and ready. `types[i]`: (type, certainty) pairs of listing i."""

    listings: Sequence[Listing]
    columns: Columns
    types: list[tuple[tuple[str, float], ...]]
    tokens: list[frozenset[str]]
    postings: dict[str, Array]
    """Word stem → positions of the listings whose text holds it."""
    by_type: dict[str, tuple[Array, Array]]
    """Type → positions and certainties."""
    untyped: Array


def read_side(listings: Sequence[Listing], knowledge: Knowledge, organisations: dict[str, int]) -> Side:
    """Raises InvalidListing for an unknown unit or period and for an id that repeats.

    `organisations` numbers the organisations and is filled in, so that both sides agree.
    """
    ids = [listing.id for listing in listings]
    _refuse_repeats(ids)
    types = [listing_types(listing, knowledge) for listing in listings]
    tokens = [text_tokens(listing, knowledge) for listing in listings]
    return Side(
        listings,
        _columns(listings, types, tokens, knowledge, organisations),
        types,
        tokens,
        _positions(tokens),
        _by_type(types),
        np.array([i for i, found in enumerate(types) if not found], dtype=np.int64),
    )


def listing_types(listing: Listing, knowledge: Knowledge) -> tuple[tuple[str, float], ...]:
    """The type that was given, or those that the text speaks of (at most three, near the best)."""
    if listing.type:
        return ((listing.type, 1.0),)
    if not listing.text:
        return ()
    guesses = identify(listing.text, knowledge, lang=listing.lang, top=3)
    best = guesses[0].certainty if guesses else 0.0
    return tuple(
        (g.type, 1.0 if g.certainty >= CERTAIN else g.certainty)
        for g in guesses
        if g.certainty >= FAINTEST_GUESS and g.certainty >= 0.8 * best
    )


def text_tokens(listing: Listing, knowledge: Knowledge) -> frozenset[str]:
    """The stems of the text's content words and of the parts of its compounds."""
    if not listing.text:
        return frozenset()
    return frozenset(token for _, token in type_lexicon(knowledge).reading(listing.text, listing.lang))


def _refuse_repeats(ids: list[str]) -> None:
    seen: set[str] = set()
    for listing_id in ids:
        if listing_id in seen:
            raise InvalidListing(listing_id, "id", "står der mere end én gang")
        seen.add(listing_id)


def _columns(
    listings: Sequence[Listing],
    types: list[tuple[tuple[str, float], ...]],
    tokens: list[frozenset[str]],
    knowledge: Knowledge,
    organisations: dict[str, int],
) -> Columns:
    ranked = {listing_id: i for i, listing_id in enumerate(sorted(listing.id for listing in listings))}
    nodes = [knowledge.types.get(found[0][0]) if found else None for found in types]
    amounts = [yearly_amount(listing, node) for listing, node in zip(listings, nodes, strict=True)]

    def number(values: list[float | None]) -> Array:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    return Columns(
        order=np.array([ranked[n.id] for n in listings], dtype=np.int64),
        organisation=np.array(
            [
                organisations.setdefault(n.organisation, len(organisations)) if n.organisation else -1
                for n in listings
            ],
            dtype=np.int64,
        ),
        x=number([n.x if n.y is not None else None for n in listings]),
        y=number([n.y if n.x is not None else None for n in listings]),
        reach=np.array(
            [np.inf if n.max_distance is None else n.max_distance for n in listings], dtype=np.float64
        ),
        measure=np.array([a[0] for a in amounts], dtype=np.int64),
        amount=number([a[1] for a in amounts]),
        tonnes=number([a[2] for a in amounts]),
        start=np.array([n.start.toordinal() if n.start else FAR_PAST for n in listings], dtype=np.int64),
        end=np.array([n.end.toordinal() if n.end else FAR_FUTURE for n in listings], dtype=np.int64),
        timed=np.array([n.start is not None or n.end is not None for n in listings], dtype=bool),
        food=number([n.food_grade for n in listings]),
        hazard=number([_hazardous(n, node) for n, node in zip(listings, nodes, strict=True)]),
        permit=number([n.permit for n in listings]),
        price=number([n.price for n in listings]),
        price_unit=np.array([_UNIT_CODES[_unit_key(n)] for n in listings], dtype=np.int64),
        words=np.array([len(t) for t in tokens], dtype=np.int64),
    )


def _hazardous(listing: Listing, node: ResourceType | None) -> bool:
    """Hazardous when the owner says so; where nothing is said, when its type is."""
    if listing.hazardous is not None:
        return listing.hazardous
    return node.hazardous if node else False


def _unit_key(listing: Listing) -> str:
    if not listing.unit:
        return ""
    try:
        return units.parse_unit(listing.unit)[0]
    except units.UnknownUnit as error:
        raise InvalidListing(listing.id, "unit", str(error)) from error


@lru_cache(maxsize=64)
def _measure_code(key: str) -> int:
    """One code per dimension; pieces, pallets and big bags each count only themselves."""
    if not key:
        return _NO_UNIT
    dimension = units.UNITS[key].dimension
    if dimension == "count":
        return 100 + list(units.UNITS).index(key)
    return _DIMENSIONS.index(dimension)


def yearly_amount(listing: Listing, node: ResourceType | None) -> tuple[int, float | None, float | None]:
    """(what is counted, how much of it in a year, the same in tonnes or None). None where nothing is said."""
    key = _unit_key(listing)
    if listing.quantity is None:
        return _measure_code(key), None, None
    try:
        period = listing.period or (units.parse_unit(listing.unit)[1] if listing.unit else "")
        year = units.per_year(listing.quantity, period)
    except units.UnknownUnit as error:
        raise InvalidListing(listing.id, "period", str(error)) from error
    if not key:
        return _NO_UNIT, float(year), None
    base = _BASE.get(units.UNITS[key].dimension, key)
    amount = units.convert(year, key, base)
    tonnes = units.convert(year, key, "t", node.density if node else None, listing.unit_weight)
    return (
        _measure_code(key),
        None if amount is None else float(amount),
        None if tonnes is None else float(tonnes),
    )


def _positions(tokens: list[frozenset[str]]) -> dict[str, Array]:
    found: dict[str, list[int]] = {}
    for i, words in enumerate(tokens):
        for word in words:
            found.setdefault(word, []).append(i)
    return {word: np.array(where, dtype=np.int64) for word, where in found.items()}


def _by_type(types: list[tuple[tuple[str, float], ...]]) -> dict[str, tuple[Array, Array]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for i, guesses in enumerate(types):
        for type_id, certainty in guesses:
            found.setdefault(type_id, []).append((i, certainty))
    return {
        type_id: (np.array([i for i, _ in rows], dtype=np.int64), np.array([c for _, c in rows]))
        for type_id, rows in found.items()
    }


def measure_unit(code: int) -> str:
    """The unit that amounts with this measure code are counted in; "" where none was written."""
    if code == _NO_UNIT:
        return ""
    return list(units.UNITS)[code - 100] if code >= 100 else _BASE[_DIMENSIONS[code]]
