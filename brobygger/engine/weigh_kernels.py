# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Candidates of one resource type weighed one by one with `pair_score`, as few as bounds on distance and words allow."""

from __future__ import annotations

import math

from brobygger.engine.best_kernels import Best, last_of, offer
from brobygger.engine.index_kernels import Floats, Index, Indices
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
    permitted,
    quantity_part,
    rounded,
    time_part,
    weighed,
    words_alike,
)
from brobygger.engine.parts import HALF_WAY, TYPED_TEXT, UNKNOWN

SLACK = 1e-6
"""More than rounding to millionths can lift a score above its bound."""
WIDER = 1.0 + 1e-9

Row = tuple[float, ...]
"""`WIDTH` numbers of a row of facts."""


@compiled
def shared_words(mine: Index, i: int, theirs: Index, j: int) -> int:
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
def squared_radius(worst: float, fit: float, rest: float, of_distance: float, reach: float) -> float:
    """Beyond the root of this no candidate of that fit can reach the score `worst`; below 0 none can anywhere."""
    out = reach * reach * WIDER
    if worst < 0.0:
        return out
    needed = (worst - SLACK) / (fit + SLACK) - rest
    if needed <= 0.0:
        return out
    if needed > of_distance * WIDER:
        return -1.0
    metres = HALF_WAY * (of_distance / needed - 1.0) * WIDER + 1e-3
    return min(out, metres * metres * WIDER) if metres > 0.0 else 1e-6


@compiled
def row_of(facts: Floats, e: int) -> Row:
    """A row of facts as a tuple: unlike a view of the array it costs no counting of references."""
    return (
        facts[e, 0], facts[e, 1], facts[e, 2], facts[e, 3], facts[e, 4], facts[e, 5], facts[e, 6], facts[e, 7],
        facts[e, 8], facts[e, 9], facts[e, 10], facts[e, 11], facts[e, 12], facts[e, 13], facts[e, 14],
        facts[e, 15], facts[e, 16],
    )  # fmt: skip


@compiled
def parts_of(me: Row, other: Row, metres: float, flip: bool) -> tuple[float, float, float, float]:
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
def most_possible(me: Row, flip: bool, none_needed: bool, weights: Floats) -> tuple[float, float]:
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
def offer_entries(
    mine: Index,
    m: int,
    theirs: Index,
    entries: Indices,
    start: int,
    end: int,
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
    worst = best.score[last_of(top)] if size == top else -1.0
    last = best.order[last_of(top)] if size == top else 0
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
        other = row_of(facts, e)
        distance, quantity, time, conditions = parts_of(me, other, metres, flip)
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
            common = shared_words(mine, mine.row[m], theirs, theirs.row[e])
            text = TYPED_TEXT + (1.0 - TYPED_TEXT) * words_alike(common, my_words, words)
        score = weighed(whole, text, quantity, time, distance, conditions, weights)
        if score <= 0.0 or score < worst:
            continue
        away = math.inf if math.isnan(metres) else metres
        size = offer(
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
            last = best.order[last_of(top)]
            if best.score[last_of(top)] != worst:
                worst = best.score[last_of(top)]
                if most < 0.0:
                    radius = squared_radius(worst, fit, rest, weights[OF_DISTANCE], me[REACH])
                    if radius < 0.0:
                        return size, radius
    return size, radius
