# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The search for each listing's best counterparts as compiled code: exact, and without looking at most of them.

The other side stands sorted by resource type and, within a type, along a Hilbert curve, with boxes around every 16,
256, 4,096 and 65,536 neighbours. For one listing the types are taken best fit first, and a box is left out when even
a perfect match on its nearest edge would score below the worst of the best found so far. Everything else is weighed
with `pair_score`, so the lists are those of comparing every pair: by score, then distance, then id.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled
from brobygger.engine.pair_score import (
    AMOUNT,
    OF_CONDITIONS,
    OF_DISTANCE,
    OF_QUANTITY,
    OF_TEXT,
    OF_TIME,
    REACH,
    TIMED,
    TONNES,
    WORDS,
    X,
    Y,
    conditions_part,
    distance_part,
    in_time,
    measure_pair,
    permitted,
    quantity_part,
    rounded,
    time_part,
    weighed,
    words_alike,
)
from brobygger.engine.parts import HALF_WAY, TEXT_ONLY_FIT, TYPED_TEXT, UNKNOWN

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]

LEAF = 16
LEVELS = 4
"""Boxes hold LEAF, LEAF², … LEAF**LEVELS neighbours."""
BY_WORDS = -1
"""The link of a pair that words alone brought together."""
_SLACK = 1e-6
"""More than rounding to millionths can lift a score above its bound."""
_WIDER = 1.0 + 1e-9
_PER_TYPE = 1 << 20
MILLION = 1_000_000.0


_Row = tuple[float, ...]
"""`WIDTH` numbers of a row of facts."""


class Index(NamedTuple):
    """One side, sorted for the search. An entry is a listing under one of its types.

    Entries of type t: those with a place are `first[t]:placeless[t]`, along the curve; those without
    `placeless[t]:last[t]`, by id. The last type gathers the listings of unknown type.
    """

    facts: Floats
    """[entries, WIDTH]"""
    x: Floats
    y: Floats
    key: npt.NDArray[np.uint64]
    row: Indices
    """Entry → the listing's number."""
    order: Indices
    """Entry → the place of the listing's id among all ids."""
    sure: Floats
    """Entry → how sure the type is, 0..1."""
    by_id: Indices
    """The entries of each type, with and without a place, by id."""
    several: npt.NDArray[np.bool_]
    """Entry → whether its listing stands under more than one type."""
    entry: Indices
    """Listing → its first entry."""
    first: Integers
    placeless: Integers
    last: Integers
    box: Floats
    """[boxes, 4]: least x, least y, greatest x, greatest y."""
    box_start: Integers
    """[LEVELS, types]"""
    type_start: Integers
    """Listing → its types: `type_code[type_start[i]:type_start[i + 1]]` with `type_sure`."""
    type_code: Indices
    type_sure: Floats
    word_start: Integers
    """Listing → the numbers of its words, ascending."""
    word: Indices


class Links(NamedTuple):
    """My type → the other side's types that go with it, best fit first."""

    start: Integers
    other: Indices
    fit: Floats
    place: Indices
    """The link's place in the order of the other types' names: of equally good ways the first counts."""
    number: Indices
    """Which link it is, for the caller."""


class Postings(NamedTuple):
    """Word → the listings of the other side whose text holds it; and of those the ones of unknown type."""

    start: Integers
    row: Indices
    untyped_start: Integers
    untyped_row: Indices


class Found(NamedTuple):
    """Each of my listings' best: [listings, top] and how many there are (`size`). Scores and fits are whole millionths."""

    other: Indices
    score: Indices
    fit: Indices
    link: Indices
    size: Indices


class _Best(NamedTuple):
    """The best so far of one listing, in order; slot `top` is spare."""

    other: Integers
    score: Floats
    metres: Floats
    order: Integers
    raw: Floats
    way: Integers
    fit: Floats
    link: Integers


@compiled
def hilbert(x: Floats, y: Floats, bounds: Floats, bits: int) -> npt.NDArray[np.uint64]:
    """Each place's position along a Hilbert curve over `bounds` (least x, least y, greatest x, greatest y)."""
    out = np.empty(len(x), dtype=np.uint64)
    cells = float(1 << bits) - 1.0
    wide = max(bounds[2] - bounds[0], bounds[3] - bounds[1], 1.0)
    for i in range(len(x)):
        a = np.int64(min(max((x[i] - bounds[0]) / wide, 0.0), 1.0) * cells)
        b = np.int64(min(max((y[i] - bounds[1]) / wide, 0.0), 1.0) * cells)
        position = np.int64(0)
        side = np.int64(1) << (bits - 1)
        while side > 0:
            right = np.int64(1) if a & side else np.int64(0)
            up = np.int64(1) if b & side else np.int64(0)
            position += side * side * ((3 * right) ^ up)
            if up == 0:
                if right == 1:
                    a = (np.int64(1) << bits) - 1 - a
                    b = (np.int64(1) << bits) - 1 - b
                a, b = b, a
            side >>= 1
        out[i] = np.uint64(position)
    return out


@compiled
def boxes(x: Floats, y: Floats, first: Integers, placeless: Integers) -> tuple[Floats, Integers]:
    """The boxes of each type's entries, finest level first, and where each level of each type begins."""
    types = len(first)
    start = np.zeros((LEVELS, types), dtype=np.int64)
    total = 0
    size = 1
    for level in range(LEVELS):
        size *= LEAF
        for t in range(types):
            start[level, t] = total
            total += (placeless[t] - first[t] + size - 1) // size
    box = np.empty((total, 4))
    box[:, :2] = math.inf
    box[:, 2:] = -math.inf
    for t in range(types):
        for e in range(first[t], placeless[t]):
            size = 1
            for level in range(LEVELS):
                size *= LEAF
                b = start[level, t] + (e - first[t]) // size
                box[b, 0] = min(box[b, 0], x[e])
                box[b, 1] = min(box[b, 1], y[e])
                box[b, 2] = max(box[b, 2], x[e])
                box[b, 3] = max(box[b, 3], y[e])
    return box, start


@compiled
def _shared(mine: Index, i: int, theirs: Index, j: int) -> int:
    """How many words the two have in common."""
    a, a_end = mine.word_start[i], mine.word_start[i + 1]
    b, b_end = theirs.word_start[j], theirs.word_start[j + 1]
    common = 0
    while a < a_end and b < b_end:
        if mine.word[a] == theirs.word[b]:
            common += 1
            a += 1
            b += 1
        elif mine.word[a] < theirs.word[b]:
            a += 1
        else:
            b += 1
    return common


@compiled
def _without(best: _Best, at: int, size: int) -> int:
    """Takes out one; the others close the gap."""
    for k in range(at, size - 1):
        _copy(best, k + 1, k)
    return size - 1


@compiled
def _copy(best: _Best, source: int, target: int) -> None:
    best.other[target] = best.other[source]
    best.score[target] = best.score[source]
    best.metres[target] = best.metres[source]
    best.order[target] = best.order[source]
    best.raw[target] = best.raw[source]
    best.way[target] = best.way[source]
    best.fit[target] = best.fit[source]
    best.link[target] = best.link[source]


@compiled
def _behind(best: _Best, k: int, score: float, metres: float, order: int) -> bool:
    """Whether the one at k stands behind the newcomer: lower score, then farther, then later id."""
    if best.score[k] != score:
        return bool(best.score[k] < score)
    if best.metres[k] != metres:
        return bool(best.metres[k] > metres)
    return bool(best.order[k] > order)


@compiled
def _offer(
    best: _Best,
    size: int,
    top: int,
    once: bool,
    other: int,
    score: float,
    metres: float,
    order: int,
    raw: float,
    way: int,
    fit: float,
    link: int,
) -> int:
    """Put a candidate where it belongs, if it does. Returns how many there are now.

    `once`: it may already be among them by another of its types; then the better way counts.
    """
    if once:
        for k in range(size):
            if best.other[k] == other:
                if raw < best.raw[k] or (raw == best.raw[k] and way >= best.way[k]):
                    return size
                size = _without(best, k, size)
                break
    if size == top and not _behind(best, size - 1, score, metres, order):
        return size
    k = size if size < top else top - 1
    while k > 0 and _behind(best, k - 1, score, metres, order):
        _copy(best, k - 1, k)
        k -= 1
    best.other[k] = other
    best.score[k] = score
    best.metres[k] = metres
    best.order[k] = order
    best.raw[k] = raw
    best.way[k] = way
    best.fit[k] = fit
    best.link[k] = link
    return min(size + 1, top)


@compiled
def _squared_radius(worst: float, fit: float, rest: float, of_distance: float, reach: float) -> float:
    """Beyond the root of this no candidate of that fit can reach the score `worst`; below 0 none can anywhere."""
    out = reach * reach * _WIDER
    if worst < 0.0:
        return out
    needed = (worst - _SLACK) / (fit + _SLACK) - rest
    if needed <= 0.0:
        return out
    if needed > of_distance * _WIDER:
        return -1.0
    metres = HALF_WAY * (of_distance / needed - 1.0) * _WIDER + 1e-3
    return min(out, metres * metres * _WIDER) if metres > 0.0 else 1e-6


@compiled
def _row(facts: Floats, e: int) -> _Row:
    """A row of facts as a tuple: unlike a view of the array it costs no counting of references."""
    return (
        facts[e, 0], facts[e, 1], facts[e, 2], facts[e, 3], facts[e, 4], facts[e, 5], facts[e, 6], facts[e, 7],
        facts[e, 8], facts[e, 9], facts[e, 10], facts[e, 11], facts[e, 12], facts[e, 13], facts[e, 14],
        facts[e, 15],
    )  # fmt: skip


@compiled
def _parts(me: _Row, other: _Row, metres: float, flip: bool) -> tuple[float, float, float, float]:
    """distance, quantity, time and conditions of a pair; a negative distance where a hard limit excludes it."""
    if metres > min(me[REACH], other[REACH]):
        return -1.0, 0.0, 0.0, 0.0
    if flip:
        if not in_time(other, me) or not permitted(other, me):
            return -1.0, 0.0, 0.0, 0.0
        return (
            distance_part(metres),
            quantity_part(other, me),
            time_part(other, me),
            conditions_part(other, me),
        )
    if not in_time(me, other) or not permitted(me, other):
        return -1.0, 0.0, 0.0, 0.0
    return distance_part(metres), quantity_part(me, other), time_part(me, other), conditions_part(me, other)


@compiled
def _offer_entries(
    mine: Index,
    m: int,
    theirs: Index,
    entries: Indices,
    start: int,
    end: int,
    me: _Row,
    flip: bool,
    weights: Floats,
    fit: float,
    way: int,
    link: int,
    several: bool,
    rest: float,
    best: _Best,
    size: int,
    top: int,
    radius: float,
    most: float,
) -> tuple[int, float]:
    """Weigh the entries start:end. Returns how many are found, and the squared radius that is left.

    Where `most` is not negative, the entries are at unknown distance and by id, `most` is the highest score they can
    have, and the work ends when no later one can stand before the last of the best. `entries`, where not empty,
    names them.
    """
    xs, ys, facts, sure, ids = theirs.x, theirs.y, theirs.facts, theirs.sure, theirs.order
    my_words = me[WORDS]
    worst = best.score[top - 1] if size == top else -1.0
    last = best.order[top - 1] if size == top else 0
    named = len(entries) > 0
    for k in range(start, end):
        e = int(entries[k]) if named else k
        dx, dy = me[X] - xs[e], me[Y] - ys[e]
        square = dx * dx + dy * dy
        if most < 0.0:
            if square > radius:
                continue
        elif worst > most or (worst == most and last < ids[e]):
            break
        metres = math.sqrt(square)
        other = _row(facts, e)
        distance, quantity, time, conditions = _parts(me, other, metres, flip)
        if distance < 0.0:
            continue
        raw = fit * sure[e]
        whole = rounded(raw)
        words = other[WORDS]
        text = TYPED_TEXT
        if my_words > 0.0 and words > 0.0:
            alike = words_alike(min(my_words, words), my_words, words)
            possible = TYPED_TEXT + (1.0 - TYPED_TEXT) * alike
            if weighed(whole, possible, quantity, time, distance, conditions, weights) < worst:
                continue
            common = _shared(mine, mine.row[m], theirs, theirs.row[e])
            text = TYPED_TEXT + (1.0 - TYPED_TEXT) * words_alike(common, my_words, words)
        score = weighed(whole, text, quantity, time, distance, conditions, weights)
        if score <= 0.0 or score < worst:
            continue
        away = math.inf if math.isnan(metres) else metres
        size = _offer(
            best,
            size,
            top,
            several or theirs.several[e],
            theirs.row[e],
            score,
            away,
            ids[e],
            raw,
            way,
            whole,
            link,
        )
        if size == top:
            last = best.order[top - 1]
            if best.score[top - 1] != worst:
                worst = best.score[top - 1]
                if most < 0.0:
                    radius = _squared_radius(worst, fit, rest, weights[OF_DISTANCE], me[REACH])
                    if radius < 0.0:
                        return size, radius
    return size, radius


@compiled
def _outside(box: Floats, b: int, x: float, y: float, radius: float) -> bool:
    dx = max(box[b, 0] - x, 0.0, x - box[b, 2])
    dy = max(box[b, 1] - y, 0.0, y - box[b, 3])
    return bool(dx * dx + dy * dy > radius * _WIDER)


@compiled
def _offer_type(
    mine: Index,
    m: int,
    theirs: Index,
    t: int,
    me: _Row,
    flip: bool,
    weights: Floats,
    fit: float,
    way: int,
    link: int,
    several: bool,
    rest: float,
    best: _Best,
    size: int,
    top: int,
    unnamed: Indices,
) -> int:
    """Everyone of type t with a place, for a listing with a place: its neighbours first, then what boxes leave."""
    first, end = theirs.first[t], theirs.placeless[t]
    worst = best.score[top - 1] if size == top else -1.0
    radius = _squared_radius(worst, fit, rest, weights[OF_DISTANCE], me[REACH])
    if first == end or radius < 0.0:
        return size
    near = near_end = first
    if size < top and end - first > 4 * LEAF:
        at = np.searchsorted(theirs.key[first:end], mine.key[m])
        near = first + max(at // LEAF - 1, 0) * LEAF
        near_end = min(near + 3 * LEAF, end)
        size, radius = _offer_entries(
            mine, m, theirs, unnamed, near, near_end, me, flip, weights, fit, way, link, several, rest, best,
            size, top, radius, -1.0,
        )  # fmt: skip
    box = theirs.box
    level, step = 0, LEAF
    while level < LEVELS - 1 and step < end - first:
        level += 1
        step *= LEAF
    highest = level
    e = first
    while e < end and radius >= 0.0:
        b = theirs.box_start[level, t] + (e - first) // step
        if _outside(box, b, me[X], me[Y], radius):
            e += step
        elif level > 0:
            level -= 1
            step //= LEAF
            continue
        else:
            if e < near or e >= near_end:
                size, radius = _offer_entries(
                    mine, m, theirs, unnamed, e, min(e + LEAF, end), me, flip, weights, fit, way, link, several,
                    rest, best, size, top, radius, -1.0,
                )  # fmt: skip
            e += step
        while level < highest and (e - first) % (step * LEAF) == 0:
            level += 1
            step *= LEAF
    return size


@compiled
def _offer_by_words(
    mine: Index,
    m: int,
    theirs: Index,
    start: Integers,
    rows: Indices,
    me: _Row,
    flip: bool,
    weights: Floats,
    common: Indices,
    touched: Indices,
    best: _Best,
    size: int,
    top: int,
) -> int:
    """Listings that share a word where the type of one side is unknown. `common` is all zero before and after."""
    i = mine.row[m]
    if size == top and best.score[top - 1] > TEXT_ONLY_FIT * (weights.sum() + _SLACK) + _SLACK:
        return size
    reached = 0
    for at in range(mine.word_start[i], mine.word_start[i + 1]):
        word = mine.word[at]
        for k in range(start[word], start[word + 1]):
            j = rows[k]
            if common[j] == 0:
                touched[reached] = j
                reached += 1
            common[j] += 1
    facts, entry, ids = theirs.facts, theirs.entry, theirs.order
    my_words = me[WORDS]
    worst = best.score[top - 1] if size == top else -1.0
    for k in range(reached):
        j = touched[k]
        shared, common[j] = common[j], 0
        e = entry[j]
        alike = words_alike(shared, my_words, facts[e, WORDS])
        fit = rounded(TEXT_ONLY_FIT * alike)
        if fit * (1.0 + _SLACK) + _SLACK < worst:
            continue
        other = _row(facts, e)
        dx, dy = me[X] - other[X], me[Y] - other[Y]
        metres = math.sqrt(dx * dx + dy * dy)
        distance, quantity, time, conditions = _parts(me, other, metres, flip)
        if distance < 0.0:
            continue
        score = weighed(fit, alike, quantity, time, distance, conditions, weights)
        if score > 0.0 and score >= worst:
            away = math.inf if math.isnan(metres) else metres
            size = _offer(best, size, top, False, j, score, away, ids[e], 0.0, 0, fit, BY_WORDS)
            worst = best.score[top - 1] if size == top else -1.0
    return size


@compiled
def _most(me: _Row, flip: bool, none_needed: bool, weights: Floats) -> tuple[float, float]:
    """What the parts can sum to at most for this listing: without the distance, and at unknown distance.

    `none_needed`: some need is of nothing. The second is summed as `weighed` sums, so it is exact.
    """
    unknown = math.isnan(me[AMOUNT]) and math.isnan(me[TONNES]) and not (flip and none_needed)
    quantity = UNKNOWN if unknown else 1.0
    time = UNKNOWN if me[TIMED] == 0.0 else 1.0
    text = TYPED_TEXT if me[WORDS] == 0.0 else 1.0
    of_quantity, of_time, of_text = weights[OF_QUANTITY], weights[OF_TIME], weights[OF_TEXT]
    rest = of_quantity * quantity + of_time * time + of_text * text + weights[OF_CONDITIONS]
    far = (
        weights[OF_DISTANCE] * UNKNOWN
        + of_quantity * quantity
        + of_time * time
        + of_text * text
        + weights[OF_CONDITIONS] * 1.0
    )
    return rest, far


@compiled
def _new_best(top: int) -> _Best:
    return _Best(
        np.empty(top, dtype=np.int64),
        np.empty(top),
        np.empty(top),
        np.empty(top, dtype=np.int64),
        np.empty(top),
        np.empty(top, dtype=np.int64),
        np.empty(top),
        np.empty(top, dtype=np.int64),
    )


@compiled
def search(
    mine: Index,
    theirs: Index,
    links: Links,
    postings: Postings,
    weights: Floats,
    flip: bool,
    none_needed: bool,
    found: Found,
    start: int,
    end: int,
) -> None:
    """The best counterparts of my entries start:end, written into `found` at their listings' rows.

    `flip`: my side has and the other needs. Listings under several types are searched at their first entry.
    """
    top = found.other.shape[1]
    best = _new_best(top)
    listings = len(theirs.entry)
    common = np.zeros(listings if len(mine.word) else 0, dtype=np.int32)
    touched = np.empty(len(common), dtype=np.int32)
    unnamed = np.empty(0, dtype=np.int32)
    for m in range(start, end):
        i = mine.row[m]
        if mine.entry[i] != m:
            continue
        me = _row(mine.facts, m)
        rest, far = _most(me, flip, none_needed, weights)
        placed = not (math.isnan(me[X]) or math.isnan(me[Y]))
        low, high = mine.type_start[i], mine.type_start[i + 1]
        several = high - low > 1
        size = 0
        for k in range(low, high):
            t, certainty = mine.type_code[k], mine.type_sure[k]
            for at in range(links.start[t], links.start[t + 1]):
                fit = links.fit[at] * certainty
                possible = (fit + _SLACK) * (weights[OF_DISTANCE] + rest) + _SLACK
                if size == top and possible < best.score[top - 1]:
                    break
                other = links.other[at]
                way, number = (k - low) * _PER_TYPE + links.place[at], links.number[at]
                if placed:
                    size = _offer_type(
                        mine, m, theirs, other, me, flip, weights, fit, way, number, several, rest, best, size,
                        top, unnamed,
                    )  # fmt: skip
                begin = theirs.placeless[other] if placed else theirs.first[other]
                if begin < theirs.last[other]:
                    size, _ = _offer_entries(
                        mine, m, theirs, unnamed if placed else theirs.by_id, begin, theirs.last[other], me,
                        flip, weights, fit, way, number, several, rest, best, size, top, 0.0,
                        rounded(rounded(fit) * far),
                    )  # fmt: skip
        if me[WORDS] > 0.0:
            typed = high > low
            size = _offer_by_words(
                mine, m, theirs, postings.untyped_start if typed else postings.start,
                postings.untyped_row if typed else postings.row, me, flip, weights, common, touched, best, size,
                top,
            )  # fmt: skip
        found.size[i] = size
        for k in range(size):
            found.other[i, k] = best.other[k]
            found.score[i, k] = np.int32(np.rint(best.score[k] * MILLION))
            found.fit[i, k] = np.int32(np.rint(best.fit[k] * MILLION))
            found.link[i, k] = best.link[k]


class Pairs(NamedTuple):
    """Ranked pairs in the needs' order; rank 0 where only the other side ranks the pair. Scores are whole millionths."""

    need: Indices
    have: Indices
    rank: Indices
    have_rank: Indices
    score: Indices
    fit: Indices
    link: Indices


@compiled
def _no_pairs(rows: int) -> Pairs:
    return Pairs(
        np.empty(rows, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
        np.zeros(rows, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
        np.empty(rows, dtype=np.int32),
    )


@compiled
def one_way(forward: Found) -> Pairs:
    """Each need's best, in the needs' order."""
    pairs = _no_pairs(forward.size.sum())
    at = 0
    for n in range(len(forward.size)):
        for k in range(forward.size[n]):
            pairs.need[at], pairs.have[at], pairs.rank[at] = n, forward.other[n, k], k + 1
            pairs.score[at], pairs.fit[at], pairs.link[at] = (
                forward.score[n, k],
                forward.fit[n, k],
                forward.link[n, k],
            )
            at += 1
    return pairs


@compiled
def _place(forward: Found, n: int, h: int) -> int:
    """Where need n ranks have h, counted from 0; -1 where it does not."""
    for k in range(forward.size[n]):
        if forward.other[n, k] == h:
            return k
    return -1


@compiled
def _sorted_by(scores: Floats, metres: Floats, order: Floats) -> Integers:
    """Positions by score (highest first), metres, order."""
    out = np.argsort(order, kind="mergesort")
    out = out[np.argsort(metres[out], kind="mergesort")]
    return out[np.argsort(-scores[out], kind="mergesort")]


@compiled
def both_ways(forward: Found, backward: Found, links: int, needs: Index, haves: Index) -> Pairs:
    """The needs' rows with the haves' ranks, each followed by the rows that only a have ranks.

    `links`: how many links `forward` numbers; those of `backward` are counted on from there.
    """
    listed = np.zeros(forward.other.shape, dtype=np.int32)
    extra = np.zeros(len(forward.size) + 1, dtype=np.int64)
    for h in range(len(backward.size)):
        for k in range(backward.size[h]):
            n = backward.other[h, k]
            at = _place(forward, n, h)
            if at >= 0:
                listed[n, at] = k + 1
            else:
                extra[n + 1] += 1
    start = np.cumsum(extra)
    have, place = np.empty(start[-1], dtype=np.int32), np.empty(start[-1], dtype=np.int32)
    filled = start.copy()
    for h in range(len(backward.size)):
        for k in range(backward.size[h]):
            n = backward.other[h, k]
            if _place(forward, n, h) < 0:
                have[filled[n]], place[filled[n]] = h, k
                filled[n] += 1
    pairs = _no_pairs(forward.size.sum() + start[-1])
    at = 0
    for n in range(len(forward.size)):
        for k in range(forward.size[n]):
            pairs.need[at], pairs.have[at] = n, forward.other[n, k]
            pairs.rank[at], pairs.have_rank[at] = k + 1, listed[n, k]
            pairs.score[at], pairs.fit[at], pairs.link[at] = (
                forward.score[n, k],
                forward.fit[n, k],
                forward.link[n, k],
            )
            at += 1
        low, count = start[n], start[n + 1] - start[n]
        if count == 0:
            continue
        scores, metres, order = np.empty(count), np.empty(count), np.empty(count)
        here = needs.facts[needs.entry[n]]
        for e in range(count):
            h = have[low + e]
            there = haves.facts[haves.entry[h]]
            dx, dy = here[X] - there[X], here[Y] - there[Y]
            away = math.sqrt(dx * dx + dy * dy)
            scores[e] = backward.score[h, place[low + e]]
            metres[e] = math.inf if math.isnan(away) else away
            order[e] = haves.order[haves.entry[h]]
        for e in _sorted_by(scores, metres, order) if count > 1 else np.zeros(1, dtype=np.int64):
            h, k = have[low + e], place[low + e]
            pairs.need[at], pairs.have[at], pairs.rank[at], pairs.have_rank[at] = n, h, 0, k + 1
            pairs.score[at], pairs.fit[at] = backward.score[h, k], backward.fit[h, k]
            link = backward.link[h, k]
            pairs.link[at] = link if link == BY_WORDS else link + links
            at += 1
    return pairs


@compiled
def measured(
    needs: Index, haves: Index, need: Indices, have: Indices, link: Indices, out: Floats, start: int, end: int
) -> None:
    """Fill `out[start:end]` with text, quantity, time, distance and conditions (whole millionths) and metres."""
    for r in range(start, end):
        me, other = _row(needs.facts, needs.entry[need[r]]), _row(haves.facts, haves.entry[have[r]])
        common = 0
        if me[WORDS] > 0.0 and other[WORDS] > 0.0:
            common = _shared(needs, need[r], haves, have[r])
        text, quantity, time, distance, conditions, metres, _ = measure_pair(
            me, other, common, link[r] != BY_WORDS
        )
        out[r, 0], out[r, 1], out[r, 2] = rounded(text), rounded(quantity), rounded(time)
        out[r, 3], out[r, 4], out[r, 5] = rounded(distance), rounded(conditions), metres


@compiled
def numbered(keys: Integers) -> tuple[Indices, Integers]:
    """Each key's number among the distinct ones, in order of appearance, and where each distinct one first stands."""
    size = 16
    table = np.full(size, -1, dtype=np.int64)
    firsts = np.empty(size, dtype=np.int64)
    codes = np.empty(len(keys), dtype=np.int32)
    count = 0
    for i in range(len(keys)):
        slot = _slot(keys[i], size)
        while table[slot] >= 0 and keys[firsts[table[slot]]] != keys[i]:
            slot = (slot + 1) & (size - 1)
        if table[slot] < 0:
            table[slot] = count
            firsts[count] = i
            count += 1
        codes[i] = table[slot]
        if 2 * count >= size:
            size *= 4
            longer = np.empty(size, dtype=np.int64)
            longer[:count] = firsts[:count]
            firsts = longer
            table = np.full(size, -1, dtype=np.int64)
            for c in range(count):
                slot = _slot(keys[firsts[c]], size)
                while table[slot] >= 0:
                    slot = (slot + 1) & (size - 1)
                table[slot] = c
    return codes, firsts[:count]


@compiled
def _slot(key: int, size: int) -> np.int64:
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64((mixed >> np.uint64(20)) & np.uint64(size - 1))
