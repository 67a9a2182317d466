# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`suggest` gives exactly what a plain loop over every pair gives, for anything that can be listed."""

from __future__ import annotations

import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from brobygger.engine import units
from brobygger.engine.columns import listing_types, text_tokens
from brobygger.engine.compatibility import Compatibility
from brobygger.engine.facts import Conversion, Knowledge, ResourceType
from brobygger.engine.listing import Listing
from brobygger.engine.suggest import suggest

KNOWLEDGE = Knowledge(
    types={
        node.id: node
        for node in (
            ResourceType("residue", None, "residue", "Restprodukter"),
            ResourceType("organic", "residue", "residue", "Organisk rest", "Organic residue"),
            ResourceType("mask", "organic", "residue", "Mask", "Spent grain", ("maltmask",), density=0.6),
            ResourceType("yeast", "organic", "residue", "Gærfløde", "Yeast slurry", density=1.0),
            ResourceType("feed", "residue", "residue", "Kvægfoder", "Cattle feed"),
            ResourceType("oil", "residue", "residue", "Spildolie", "Waste oil", hazardous=True),
            ResourceType("brick", "residue", "material", "Mursten", "Bricks", unit="stk"),
        )
    },
    conversions=(Conversion("feed", "mask", 0.9, "fodres frisk", ("U1",)),),
)

TYPES = st.sampled_from(["", "", "mask", "yeast", "feed", "organic", "oil", "brick", "unheard-of"])
TEXTS = st.sampled_from(
    [
        "",
        "mask",
        "mask fra bryggeri",
        "foder til kvæg",
        "gamle mursten",
        "noget fra et bryggeri",
        "spent grain",
    ]
)
AMOUNTS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, 40.0, 1e6]))
UNITS = st.sampled_from(["", "t", "kg", "m3", "stk", "t/år", "kg pr. uge", "palle"])
DAYS = st.one_of(st.none(), st.integers(0, 400).map(lambda n: date.fromordinal(739_000 + n)))
PLACES = st.one_of(st.none(), st.sampled_from([0.0, 1_000.0, 30_000.0, 90_000.0]))
YES_NO = st.one_of(st.none(), st.booleans())


@st.composite
def listings(draw, prefix):
    out = []
    for number in range(draw(st.integers(0, 8))):
        start, end = draw(DAYS), draw(DAYS)
        if start and end and end < start:
            start, end = end, start
        out.append(
            Listing(
                id=f"{prefix}{number}",
                organisation=draw(st.sampled_from(["", "o1", "o2", "o3"])),
                type=draw(TYPES),
                text=draw(TEXTS),
                quantity=draw(AMOUNTS),
                unit=draw(UNITS),
                start=start,
                end=end,
                x=draw(PLACES),
                y=draw(PLACES),
                max_distance=draw(st.one_of(st.none(), st.sampled_from([500.0, 40_000.0]))),
                visibility=draw(st.sampled_from(["open", "broker_only"])),
                food_grade=draw(YES_NO),
                organic=draw(YES_NO),
                hazardous=draw(YES_NO),
                permit=draw(YES_NO),
                price=draw(st.one_of(st.none(), st.sampled_from([-5.0, 0.0, 10.0, 20.0]))),
            )
        )
    return out


def brute_force(haves, needs, top, compat=None):
    """Every pair, one by one, in plain Python."""
    compatibility = Compatibility(KNOWLEDGE, compat)
    rows = []
    for need in needs:
        scored = [(have, one_score(have, need, compatibility)) for have in haves]
        ranked = sorted(
            ((have, s) for have, s in scored if s is not None and s[0] > 0),
            key=lambda e: (-e[1][0], e[1][1] if e[1][1] is not None else math.inf, e[0].id),
        )
        rows += [(need.id, have.id, rank, s[0]) for rank, (have, s) in enumerate(ranked[:top], 1)]
    return rows


def one_score(have, need, compatibility):
    """(score, metres) of one pair, or None where it is excluded."""
    if need.organisation and need.organisation == have.organisation:
        return None
    if have.food_grade is False and need.food_grade:
        return None
    if is_hazardous(have) and not need.permit:
        return None
    if (need.end and have.start and need.end < have.start) or (
        have.end and need.start and have.end < need.start
    ):
        return None
    metres = None
    if None not in (need.x, need.y, have.x, have.y):
        dx, dy = need.x - have.x, need.y - have.y
        metres = math.sqrt(dx * dx + dy * dy)
        if metres > min(m if m is not None else math.inf for m in (need.max_distance, have.max_distance)):
            return None
    mean = (
        0.35 * (0.5 if metres is None else 1 / (1 + metres / 25_000))
        + 0.25 * quantity(have, need)
        + 0.15 * time(have, need)
        + 0.15 * text(have, need)
        + 0.10 * conditions(have, need)
    )
    return millionths(millionths(type_part(have, need, compatibility)) * mean), metres


def millionths(value):
    return round(value * 1_000_000) / 1_000_000


def is_hazardous(have):
    if have.hazardous is not None:
        return have.hazardous
    types = listing_types(have, KNOWLEDGE)
    return bool(types) and types[0][0] in KNOWLEDGE.types and KNOWLEDGE.types[types[0][0]].hazardous


def type_part(have, need, compatibility):
    mine, theirs = listing_types(need, KNOWLEDGE), listing_types(have, KNOWLEDGE)
    if not mine or not theirs:
        return 0.5 * dice(have, need)
    return max(
        (
            compatibility.accepts(n)[h].fit * cn * ch
            for n, cn in mine
            for h, ch in theirs
            if h in compatibility.accepts(n)
        ),
        default=0.0,
    )


def dice(have, need):
    one, other = text_tokens(have, KNOWLEDGE), text_tokens(need, KNOWLEDGE)
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def text(have, need):
    if not listing_types(have, KNOWLEDGE) or not listing_types(need, KNOWLEDGE):
        return dice(have, need)
    return 0.75 + 0.25 * dice(have, need)


def yearly(listing, to):
    types = listing_types(listing, KNOWLEDGE)
    node = KNOWLEDGE.types.get(types[0][0]) if types else None
    key, period = units.parse_unit(listing.unit)
    return units.convert(units.per_year(listing.quantity, period), key, to, node.density if node else None)


def quantity(have, need):
    if need.quantity == 0:
        return 1.0
    if need.quantity is None or have.quantity is None:
        return 0.5
    if not need.unit or not have.unit:
        return min(have.quantity / need.quantity, 1) if need.unit == have.unit else 0.5
    base = {"mass": "t", "volume": "m3"}.get(units.dimension(units.parse_unit(need.unit)[0]))
    same = units.dimension(units.parse_unit(need.unit)[0]) == units.dimension(units.parse_unit(have.unit)[0])
    if base is None:
        same = units.parse_unit(need.unit)[0] == units.parse_unit(have.unit)[0]
        base = units.parse_unit(need.unit)[0]
    wanted, there = (
        (yearly(need, base), yearly(have, base)) if same else (yearly(need, "t"), yearly(have, "t"))
    )
    if wanted is None or there is None:
        return 0.5
    return min(float(there) / float(wanted), 1)


def time(have, need):
    if not (need.start or need.end) or not (have.start or have.end):
        return 0.5
    first = need.start.toordinal() if need.start else need.end.toordinal() - 364
    last = need.end.toordinal() if need.end else need.start.toordinal() + 364
    begins = have.start.toordinal() if have.start else -math.inf
    ends = have.end.toordinal() if have.end else math.inf
    return max(min(last, ends) - max(first, begins) + 1, 1) / (last - first + 1)


def conditions(have, need):
    food = 0.5 if need.food_grade and have.food_grade is None else 1.0
    price = 1.0
    if None not in (have.price, need.price) and have.price > need.price and same_unit(have, need):
        price = max(need.price, 0) / have.price if have.price else 0.0
        price = max(price, 0.0)
    organic = (0.5 if have.organic is None else float(have.organic)) if need.organic else 1.0
    return food * organic * price


def same_unit(have, need):
    if not have.unit or not need.unit:
        return have.unit == need.unit
    return units.parse_unit(need.unit)[0] == units.parse_unit(have.unit)[0]


@settings(max_examples=300, deadline=None)
@given(listings("h"), listings("n"), st.integers(1, 4))
def test_the_ranked_lists_equal_those_of_a_plain_loop_over_every_pair(haves, needs, top):
    rows = suggest(haves, needs, KNOWLEDGE, top=top)
    assert [(r.need, r.have, r.rank, r.score) for r in rows] == brute_force(haves, needs, top)


@settings(max_examples=100, deadline=None)
@given(listings("h"), listings("n"))
def test_a_given_compatibility_table_replaces_the_shipped_knowledge(haves, needs):
    compat = {("feed", "yeast"): 0.6, ("mask", "mask"): 1.0, ("unheard-of", "oil"): 0.3}
    rows = suggest(haves, needs, KNOWLEDGE, compat=compat)
    assert [(r.need, r.have, r.rank, r.score) for r in rows] == brute_force(haves, needs, 10, compat)


@settings(max_examples=150, deadline=None)
@given(listings("h"), listings("n"), st.integers(1, 4))
def test_in_both_directions_each_have_gets_the_best_needs_that_a_plain_loop_finds(haves, needs, top):
    rows = suggest(haves, needs, KNOWLEDGE, top=top, both=True)
    everything = brute_force(haves, needs, len(haves) or 1)
    metres = {(r.need, r.have): r.metres for r in suggest(haves, needs, KNOWLEDGE, top=len(haves) or 1)}
    for have in haves:
        expected = sorted(
            ((n, h, s) for n, h, _, s in everything if h == have.id),
            key=lambda e: (-e[2], metres[e[:2]] if metres[e[:2]] is not None else math.inf, e[0]),
        )[:top]
        mine = sorted((r.have_rank, r.need, r.score) for r in rows if r.have == have.id and r.have_rank)
        assert mine == [(rank, n, s) for rank, (n, _, s) in enumerate(expected, 1)]
    assert [(r.need, r.have, r.rank) for r in rows if r.rank] == [
        e[:3] for e in brute_force(haves, needs, top)
    ]
