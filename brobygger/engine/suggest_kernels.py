# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The search for each listing's best counterparts as compiled code: exact, and without looking at most of them.

The other side stands as `index_kernels` says. For one listing the types are taken best fit first, and a box is left out
when even a perfect match on its nearest edge would score below the worst of the best found so far. Everything else is
weighed (`weigh_kernels`), so the lists are those of comparing every pair: by score, then distance, then id.
"""

from __future__ import annotations

import math

import numpy as np

from brobygger.engine.best_kernels import Best, last_of, new_best, offer, put_in_order
from brobygger.engine.index_kernels import (
    BY_WORDS,
    LEAF,
    LEVELS,
    Floats,
    Found,
    Index,
    Indices,
    Integers,
    Links,
    Postings,
)
from brobygger.engine.jit import compiled
from brobygger.engine.pair_score import OF_DISTANCE, REACH, WORDS, X, Y, rounded, weighed, words_alike
from brobygger.engine.parts import TEXT_ONLY_FIT
from brobygger.engine.weigh_kernels import (
    SLACK,
    WIDER,
    Row,
    most_possible,
    offer_entries,
    parts_of,
    row_of,
    squared_radius,
)

_PER_TYPE = 1 << 20
MILLION = 1_000_000.0


@compiled
def _outside(box: Floats, b: int, x: float, y: float, radius: float) -> bool:
    dx = max(box[b, 0] - x, 0.0, x - box[b, 2])
    dy = max(box[b, 1] - y, 0.0, y - box[b, 3])
    return bool(dx * dx + dy * dy > radius * WIDER)


@compiled
def offer_type(
    mine: Index,
    m: int,
    theirs: Index,
    t: int,
    me: Row,
    flip: bool,
    weights: Floats,
    fit: float,
    way: int,
    link: int,
    several: bool,
    rest: float,
    best: Best,
    size: int,
    top: int,
    unnamed: Indices,
) -> int:
    """Everyone of type t with a place, for a listing with a place: its neighbours first, then what boxes leave."""
    first, end = theirs.first[t], theirs.placeless[t]
    worst = best.score[last_of(top)] if size == top else -1.0
    radius = squared_radius(worst, fit, rest, weights[OF_DISTANCE], me[REACH])
    if first == end or radius < 0.0:
        return size
    near = near_end = first
    if size < top and end - first > 4 * LEAF:
        at = np.searchsorted(theirs.key[first:end], mine.key[m])
        near = first + max(at // LEAF - 1, 0) * LEAF
        near_end = min(near + 3 * LEAF, end)
        size, radius = offer_entries(
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
                size, radius = offer_entries(
                    mine, m, theirs, unnamed, e, min(e + LEAF, end), me, flip, weights, fit, way, link, several,
                    rest, best, size, top, radius, -1.0,
                )  # fmt: skip
            e += step
        while level < highest and (e - first) % (step * LEAF) == 0:
            level += 1
            step *= LEAF
    return size


@compiled
def offer_by_words(
    mine: Index,
    m: int,
    theirs: Index,
    start: Integers,
    rows: Indices,
    me: Row,
    flip: bool,
    weights: Floats,
    common: Indices,
    touched: Indices,
    best: Best,
    size: int,
    top: int,
) -> int:
    """Listings that share a word where the type of one side is unknown. `common` is all zero before and after."""
    i = mine.row[m]
    if size == top and best.score[last_of(top)] > TEXT_ONLY_FIT * (weights.sum() + SLACK) + SLACK:
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
    worst = best.score[last_of(top)] if size == top else -1.0
    for k in range(reached):
        j = touched[k]
        shared, common[j] = common[j], 0
        e = entry[j]
        alike = words_alike(shared, my_words, facts[e, WORDS])
        fit = rounded(TEXT_ONLY_FIT * alike)
        if fit * (1.0 + SLACK) + SLACK < worst:
            continue
        other = row_of(facts, e)
        dx, dy = me[X] - other[X], me[Y] - other[Y]
        metres = math.sqrt(dx * dx + dy * dy)
        distance, quantity, time, conditions = parts_of(me, other, metres, flip)
        if distance < 0.0:
            continue
        score = weighed(fit, alike, quantity, time, distance, conditions, weights)
        if score > 0.0 and score >= worst:
            away = math.inf if math.isnan(metres) else metres
            size = offer(best, size, top, False, j, score, away, ids[e], 0.0, 0, fit, BY_WORDS)
            worst = best.score[last_of(top)] if size == top else -1.0
    return size


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
    best = new_best(top)
    listings = len(theirs.entry)
    common = np.zeros(listings if len(mine.word) else 0, dtype=np.int32)
    touched = np.empty(len(common), dtype=np.int32)
    unnamed = np.empty(0, dtype=np.int32)
    for m in range(start, end):
        i = mine.row[m]
        if mine.entry[i] != m:
            continue
        me = row_of(mine.facts, m)
        rest, far = most_possible(me, flip, none_needed, weights)
        placed = not (math.isnan(me[X]) or math.isnan(me[Y]))
        low, high = mine.type_start[i], mine.type_start[i + 1]
        several = high - low > 1
        size = 0
        for k in range(low, high):
            t, certainty = mine.type_code[k], mine.type_sure[k]
            for at in range(links.start[t], links.start[t + 1]):
                fit = links.fit[at] * certainty
                possible = (fit + SLACK) * (weights[OF_DISTANCE] + rest) + SLACK
                if size == top and possible < best.score[last_of(top)]:
                    break
                other = links.other[at]
                way, number = (k - low) * _PER_TYPE + links.place[at], links.number[at]
                if placed:
                    size = offer_type(
                        mine, m, theirs, other, me, flip, weights, fit, way, number, several, rest, best, size,
                        top, unnamed,
                    )  # fmt: skip
                begin = theirs.placeless[other] if placed else theirs.first[other]
                if begin < theirs.last[other]:
                    size, _ = offer_entries(
                        mine, m, theirs, unnamed if placed else theirs.by_id, begin, theirs.last[other], me,
                        flip, weights, fit, way, number, several, rest, best, size, top, 0.0,
                        rounded(rounded(fit) * far),
                    )  # fmt: skip
        if me[WORDS] > 0.0:
            typed = high > low
            size = offer_by_words(
                mine, m, theirs, postings.untyped_start if typed else postings.start,
                postings.untyped_row if typed else postings.row, me, flip, weights, common, touched, best, size,
                top,
            )  # fmt: skip
        put_in_order(best, size, top)
        found.size[i] = size
        for k in range(size):
            found.other[i, k] = best.other[k]
            found.score[i, k] = np.int32(np.rint(best.score[k] * MILLION))
            found.fit[i, k] = np.int32(np.rint(best.fit[k] * MILLION))
            found.link[i, k] = best.link[k]
