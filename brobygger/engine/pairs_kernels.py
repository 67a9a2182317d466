# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From each listing's best to ranked pairs of both sides, and the parts of each pair's score."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from brobygger.engine.index_kernels import BY_WORDS, Floats, Found, Index, Indices, Integers
from brobygger.engine.jit import compiled
from brobygger.engine.pair_score import WORDS, X, Y, measure_pair, rounded
from brobygger.engine.weigh_kernels import row_of, shared_words


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
        me, other = row_of(needs.facts, needs.entry[need[r]]), row_of(haves.facts, haves.entry[have[r]])
        common = 0
        if me[WORDS] > 0.0 and other[WORDS] > 0.0:
            common = shared_words(needs, need[r], haves, have[r])
        text, quantity, time, distance, conditions, metres, _ = measure_pair(
            me, other, common, link[r] != BY_WORDS
        )
        out[r, 0], out[r, 1], out[r, 2] = rounded(text), rounded(quantity), rounded(time)
        out[r, 3], out[r, 4], out[r, 5] = rounded(distance), rounded(conditions), metres
