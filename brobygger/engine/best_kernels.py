# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best counterparts so far of one listing: by score, then distance, then id.

A short list stands in order. In a long one (`--top 100000`) moving all that stand behind a newcomer would take longer than
the search, so it is a heap with the last of them on top, and is put in order at the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


LONGEST_IN_ORDER = 100


class Best(NamedTuple):
    """The best so far of one listing; `last_of` tells which of them stands last."""

    other: Integers
    score: Floats
    metres: Floats
    order: Integers
    raw: Floats
    way: Integers
    fit: Floats
    link: Integers


@compiled
def new_best(top: int) -> Best:
    return Best(
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
def _copy(best: Best, source: int, target: int) -> None:
    best.other[target] = best.other[source]
    best.score[target] = best.score[source]
    best.metres[target] = best.metres[source]
    best.order[target] = best.order[source]
    best.raw[target] = best.raw[source]
    best.way[target] = best.way[source]
    best.fit[target] = best.fit[source]
    best.link[target] = best.link[source]


@compiled
def _behind(best: Best, k: int, score: float, metres: float, order: int) -> bool:
    """Whether the one at k stands behind the newcomer: lower score, then farther, then later id."""
    if best.score[k] != score:
        return bool(best.score[k] < score)
    if best.metres[k] != metres:
        return bool(best.metres[k] > metres)
    return bool(best.order[k] > order)


@compiled
def last_of(top: int) -> int:
    """Where the last of them stands when there are `top`."""
    return 0 if top > LONGEST_IN_ORDER else top - 1


@compiled
def _put(
    best: Best,
    k: int,
    other: int,
    score: float,
    metres: float,
    order: int,
    raw: float,
    way: int,
    fit: float,
    link: int,
) -> None:
    best.other[k] = other
    best.score[k] = score
    best.metres[k] = metres
    best.order[k] = order
    best.raw[k] = raw
    best.way[k] = way
    best.fit[k] = fit
    best.link[k] = link


@compiled
def _swap(best: Best, a: int, b: int) -> None:
    other, score, metres, order = best.other[a], best.score[a], best.metres[a], best.order[a]
    raw, way, fit, link = best.raw[a], best.way[a], best.fit[a], best.link[a]
    _copy(best, b, a)
    _put(best, b, other, score, metres, order, raw, way, fit, link)


@compiled
def _later(best: Best, a: int, b: int) -> bool:
    """Whether the one at a stands behind the one at b."""
    return bool(_behind(best, a, best.score[b], best.metres[b], best.order[b]))


@compiled
def _settle(best: Best, k: int, size: int) -> None:
    """Moves the one at k to where the heap wants it."""
    while k > 0 and _later(best, k, (k - 1) // 2):
        _swap(best, k, (k - 1) // 2)
        k = (k - 1) // 2
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and _later(best, child + 1, child):
            child += 1
        if not _later(best, child, k):
            return
        _swap(best, k, child)
        k = child


@compiled
def put_in_order(best: Best, size: int, top: int) -> None:
    """The first first; nothing can be offered any more."""
    if top <= LONGEST_IN_ORDER:
        return
    for end in range(size - 1, 0, -1):
        _swap(best, 0, end)
        _settle(best, 0, end)


@compiled
def _without(best: Best, at: int, size: int, top: int) -> int:
    """Takes out one; the others close the gap."""
    if top > LONGEST_IN_ORDER:
        _copy(best, size - 1, at)
        if at < size - 1:
            _settle(best, at, size - 1)
        return size - 1
    for k in range(at, size - 1):
        _copy(best, k + 1, k)
    return size - 1


@compiled
def offer(
    best: Best,
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
                size = _without(best, k, size, top)
                break
    if size == top and not _behind(best, last_of(top), score, metres, order):
        return size
    if top > LONGEST_IN_ORDER:
        k = size if size < top else 0
        _put(best, k, other, score, metres, order, raw, way, fit, link)
        _settle(best, k, min(size + 1, top))
        return min(size + 1, top)
    k = size if size < top else top - 1
    while k > 0 and _behind(best, k - 1, score, metres, order):
        _copy(best, k - 1, k)
        k -= 1
    _put(best, k, other, score, metres, order, raw, way, fit, link)
    return min(size + 1, top)
