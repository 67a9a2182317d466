# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Listings as columns of numbers, so that thousands are compared at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np

from brobygger.engine import units
from brobygger.engine.amounts import Measure, measure_of, yearly
from brobygger.engine.amounts import measure_unit as measure_unit
from brobygger.engine.facts import Knowledge, ResourceType
from brobygger.engine.identify import CERTAIN, identify, type_lexicon
from brobygger.engine.listing import InvalidListing, Listing

Array = Any
"""A numpy column, or one number of it: the same formula serves both."""

FAR_PAST, FAR_FUTURE = -(10**7), 10**7
"""Day numbers that stand for an open beginning and an open end."""
FAINTEST_GUESS = 0.35
"""A type read from a text less certainly than this is not used."""

Types = tuple[tuple[str, float], ...]
"""(type, certainty) pairs, the best first."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One value per listing (or a single value each). NaN is unknown; times are day numbers.

    `measure` is a code for what `amount` counts per year; `tonnes` is the same amount in tonnes where that is
    known. `food`, `organic`, `hazard`, `permit`: 1 yes, 0 no, NaN unknown. Prices compare only per the same `price_unit`.
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
    organic: Array
    hazard: Array
    permit: Array
    price: Array
    price_unit: Array
    words: Array

    def take(self, index: Array) -> Columns:
        """The listings at `index` (an array), or one of them (a number)."""
        return Columns(*(getattr(self, f.name)[index] for f in fields(self)))


class Coded(NamedTuple):
    """A column of texts: each listing's number among the distinct `values`."""

    codes: Array
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Given:
    """The listings of one side as they were given, a column per field of `Listing`.

    Texts are coded. Numbers are NaN where nothing is given; `start` and `end` are day numbers, open ends `FAR_PAST`
    and `FAR_FUTURE`; yes/no is 1, 0 or NaN. `order`: the place of each id among all ids, sorted.
    """

    ids: Sequence[str]
    order: Array
    organisation: Coded
    type: Coded
    text: Coded
    lang: Coded
    unit: Coded
    period: Coded
    quantity: Array
    x: Array
    y: Array
    max_distance: Array
    unit_weight: Array
    price: Array
    start: Array
    end: Array
    food_grade: Array
    organic: Array
    hazardous: Array
    permit: Array
    broker_only: Array
    rest: Array


@dataclass(slots=True)
class Vocabulary:
    """Numbers for names, shared by the two sides so that equal names have equal numbers; filled as they are read."""

    organisations: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of numbers for each listing: those of listing i are `values[start[i]:start[i + 1]]`."""

    start: Array
    values: Array

    def of(self, i: int) -> Array:
        """The numbers of listing i."""
        return self.values[self.start[i] : self.start[i + 1]]


@dataclass(frozen=True, slots=True)
class Side:
    """All listings of one side, read and ready. `certainties` goes with `type_lists`; words are ascending."""

    given: Given
    columns: Columns
    vocabulary: Vocabulary
    type_lists: Lists
    certainties: Array
    word_lists: Lists
    chosen: Array
    """Whether the owner chose the type."""
    unit_numbers: Array
    """Numbers of the units as written."""

    def __len__(self) -> int:
        return len(self.columns.order)

    @property
    def types(self) -> list[Types]:
        """(type, certainty) pairs of each listing."""
        names, start = list(self.vocabulary.types), self.type_lists.start
        return [
            tuple(
                (names[self.type_lists.values[k]], float(self.certainties[k]))
                for k in range(start[i], start[i + 1])
            )
            for i in range(len(self))
        ]

    @property
    def tokens(self) -> list[frozenset[str]]:
        """The stems of each listing's text."""
        names = list(self.vocabulary.words)
        return [frozenset(names[w] for w in self.word_lists.of(i)) for i in range(len(self))]


def read_side(listings: Sequence[Listing], knowledge: Knowledge, organisations: dict[str, int]) -> Side:
    """Raises InvalidListing for an unknown unit or period and for an id that repeats.

    `organisations` numbers the organisations and is filled in, so that both sides agree.
    """
    return read_given(given(listings), knowledge, Vocabulary(organisations=organisations))


def given(listings: Sequence[Listing]) -> Given:
    """The listings as columns. Raises InvalidListing for an id that repeats."""
    ids = [listing.id for listing in listings]
    _refuse_repeats(ids)
    order = np.empty(len(ids), dtype=np.int64)
    order[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))

    def coded(name: str) -> Coded:
        return code(getattr(listing, name) for listing in listings)

    def number(name: str) -> Array:
        values = (getattr(listing, name) for listing in listings)
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    return Given(
        ids=ids,
        order=order,
        **{name: coded(name) for name in ("organisation", "type", "text", "lang", "unit", "period")},
        **{name: number(name) for name in ("quantity", "x", "y", "max_distance", "unit_weight", "price")},
        start=np.array([n.start.toordinal() if n.start else FAR_PAST for n in listings], dtype=np.int64),
        end=np.array([n.end.toordinal() if n.end else FAR_FUTURE for n in listings], dtype=np.int64),
        **{name: number(name) for name in ("food_grade", "organic", "hazardous", "permit")},
        broker_only=np.array([n.visibility == "broker_only" for n in listings], dtype=bool),
        rest=np.array([n.rest for n in listings], dtype=bool),
    )


def code(values: Iterable[str]) -> Coded:
    """The texts as numbers of the distinct ones, in order of appearance."""
    seen: dict[str, int] = {}
    codes = np.array([seen.setdefault(value, len(seen)) for value in values], dtype=np.int64)
    return Coded(codes, list(seen))


def read_given(listings: Given, knowledge: Knowledge, vocabulary: Vocabulary) -> Side:
    """Types and words read from the texts, each distinct text once, and amounts in a year.

    Raises InvalidListing for an unknown unit or period.
    """
    types, certainties = _types(listings, knowledge, vocabulary)
    words = _words(listings, knowledge, vocabulary)
    return Side(
        listings,
        _columns(listings, types, words, knowledge, vocabulary),
        vocabulary,
        types,
        certainties,
        words,
        _in_numbers(listings.type, {"": 0}) > 0,
        _in_numbers(listings.unit, vocabulary.units),
    )


def _types(listings: Given, knowledge: Knowledge, vocabulary: Vocabulary) -> tuple[Lists, Array]:
    """Each listing's types as numbers, and how certain each is."""
    chosen = _in_numbers(listings.type, {"": 0}) > 0
    pattern = listings.type.codes.copy()
    found: list[Types] = [((name, 1.0),) if name else () for name in listings.type.values]
    unread: dict[tuple[int, int], int] = {}
    for i in np.flatnonzero(~chosen).tolist():
        key = (int(listings.text.codes[i]), int(listings.lang.codes[i]))
        if key not in unread:
            unread[key] = len(found)
            found.append(types_in(listings.text.values[key[0]], knowledge, listings.lang.values[key[1]]))
        pattern[i] = unread[key]
    numbers = vocabulary.types
    lists = _per_listing(pattern, [[numbers.setdefault(t, len(numbers)) for t, _ in f] for f in found])
    return lists, _per_listing(pattern, [[c for _, c in f] for f in found], np.float64).values


def _words(listings: Given, knowledge: Knowledge, vocabulary: Vocabulary) -> Lists:
    """Each listing's words as numbers, ascending."""
    pairs = listings.text.codes * len(listings.lang.values) + listings.lang.codes
    distinct, pattern = np.unique(pairs, return_inverse=True)
    numbers = vocabulary.words
    lists = []
    for pair in distinct.tolist():
        text, lang = divmod(pair, len(listings.lang.values))
        tokens = tokens_in(listings.text.values[text], knowledge, listings.lang.values[lang])
        lists.append(sorted([numbers.setdefault(token, len(numbers)) for token in tokens]))
    return _per_listing(pattern, lists)


def _per_listing(pattern: Array, lists: Sequence[Sequence[Any]], kind: Any = np.int32) -> Lists:
    """Each listing's own copy of its pattern's list."""
    sizes = np.array([len(values) for values in lists], dtype=np.int64)
    begins = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.array([value for values in lists for value in values], dtype=kind)
    mine = sizes[pattern] if len(pattern) else np.zeros(0, dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(mine)])
    shift = np.repeat(begins[pattern] - start[:-1], mine) if len(pattern) else np.zeros(0, dtype=np.int64)
    return Lists(start, flat[np.arange(start[-1]) + shift])


def _in_numbers(column: Coded, numbers: dict[str, int]) -> Array:
    """The column's texts as numbers of the vocabulary, which grows."""
    translated = [numbers.setdefault(value, len(numbers)) for value in column.values]
    return np.array(translated, dtype=np.int64)[column.codes]


def listing_types(listing: Listing, knowledge: Knowledge) -> Types:
    """The type that was given, or those that the text speaks of (at most three, near the best)."""
    return ((listing.type, 1.0),) if listing.type else types_in(listing.text, knowledge, listing.lang)


def types_in(text: str, knowledge: Knowledge, lang: str = "") -> Types:
    """The types that a text speaks of (at most three, near the best)."""
    if not text:
        return ()
    guesses = identify(text, knowledge, lang=lang, top=3)
    best = guesses[0].certainty if guesses else 0.0
    return tuple(
        (g.type, 1.0 if g.certainty >= CERTAIN else g.certainty)
        for g in guesses
        if g.certainty >= FAINTEST_GUESS and g.certainty >= 0.8 * best
    )


def text_tokens(listing: Listing, knowledge: Knowledge) -> frozenset[str]:
    """The stems of the text's content words and of the parts of its compounds."""
    return tokens_in(listing.text, knowledge, listing.lang)


def tokens_in(text: str, knowledge: Knowledge, lang: str = "") -> frozenset[str]:
    """The stems of a text's content words and of the parts of its compounds."""
    if not text:
        return frozenset()
    return frozenset(token for _, token in type_lexicon(knowledge).reading(text, lang))


def _refuse_repeats(ids: Sequence[str]) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for listing_id in ids:
        if listing_id in seen:
            raise InvalidListing(listing_id, "id", "står der mere end én gang")
        seen.add(listing_id)


def _columns(
    listings: Given, types: Lists, words: Lists, knowledge: Knowledge, vocabulary: Vocabulary
) -> Columns:
    names = list(vocabulary.types)
    nodes: list[ResourceType | None] = [knowledge.types.get(name) for name in names]
    typed = types.start[1:] > types.start[:-1]
    first = np.full(len(typed), len(nodes), dtype=np.int64)
    first[typed] = types.values[types.start[:-1][typed]]
    measure, unit, amount, tonnes = _amounts(listings, first, [*nodes, None])
    hazardous_type = np.array([float(node is not None and node.hazardous) for node in [*nodes, None]])
    nowhere = np.isnan(listings.x) | np.isnan(listings.y)
    organisation = _in_numbers(listings.organisation, vocabulary.organisations)
    has_organisation = _in_numbers(listings.organisation, {"": 0}) > 0
    return Columns(
        order=listings.order,
        organisation=np.where(has_organisation, organisation, -1),
        x=np.where(nowhere, np.nan, listings.x),
        y=np.where(nowhere, np.nan, listings.y),
        reach=np.where(np.isnan(listings.max_distance), np.inf, listings.max_distance),
        measure=measure,
        amount=amount,
        tonnes=tonnes,
        start=listings.start,
        end=listings.end,
        timed=(listings.start != FAR_PAST) | (listings.end != FAR_FUTURE),
        food=listings.food_grade,
        organic=listings.organic,
        hazard=np.where(np.isnan(listings.hazardous), hazardous_type[first], listings.hazardous),
        permit=listings.permit,
        price=listings.price,
        price_unit=unit,
        words=np.diff(words.start),
    )


def _amounts(
    listings: Given, first: Array, nodes: list[ResourceType | None]
) -> tuple[Array, Array, Array, Array]:
    """(measure, unit, amount in a year, tonnes in a year) of each listing; one pass per way of counting."""
    densities = [node.density if node else None for node in nodes]
    distinct = {value: i for i, value in enumerate(dict.fromkeys(densities))}
    density = np.array([distinct[value] for value in densities], dtype=np.int64)[first]
    values = list(distinct)
    key = listings.unit.codes * len(listings.period.values) + listings.period.codes
    key = key * len(values) + density
    n = len(key)
    measure, unit = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    amount, tonnes = np.empty(n), np.empty(n)
    order = np.argsort(key, kind="stable")
    for where in np.split(order, np.flatnonzero(np.diff(key[order])) + 1) if n else []:
        stated = where[~np.isnan(listings.quantity[where])]
        how = _measure(listings, int([*stated[:1], where[0]][0]), values[int(density[where[0]])])
        measure[where], unit[where] = how.measure, how.unit
        amount[where], tonnes[where] = yearly(listings.quantity[where], listings.unit_weight[where], how)
    return measure, unit, amount, tonnes


def _measure(listings: Given, i: int, density: float | None) -> Measure:
    unit = listings.unit.values[listings.unit.codes[i]]
    period = listings.period.values[listings.period.codes[i]]
    try:
        if unit:
            units.parse_unit(unit)
    except units.UnknownUnit as error:
        raise InvalidListing(listings.ids[i], "unit", str(error)) from error
    if np.isnan(listings.quantity[i]) and period:
        period = ""
    try:
        return measure_of(unit, period, density)
    except units.UnknownUnit as error:
        raise InvalidListing(listings.ids[i], "period", str(error)) from error
