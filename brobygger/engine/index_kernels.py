# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One side of a search as arrays: sorted by resource type and, within a type, along a Hilbert curve, with boxes around
every 16, 256, 4,096 and 65,536 neighbours.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine.jit import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]

LEAF = 16
LEVELS = 4
"""Boxes hold LEAF, LEAF², … LEAF**LEVELS neighbours."""
BY_WORDS = -1
"""The link of a pair that words alone brought together."""


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
