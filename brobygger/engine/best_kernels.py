# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best counterparts so far of one listing, in order: by score, then distance, then id."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Best(NamedTuple):
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
def _without(best: Best, at: int, size: int) -> int:
    """Takes out one; the others close the gap."""
    for k in range(at, size - 1):
        _copy(best, k + 1, k)
    return size - 1


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
