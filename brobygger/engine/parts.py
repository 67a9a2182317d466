# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The parts of a score, each 0..1, and the limits that exclude. One formula for one pair and for thousands.

score = type × (0.35 distance + 0.25 quantity + 0.15 time + 0.15 text + 0.10 conditions)

The five shares are `WEIGHTS`; `suggest(weights=...)` scores with others that sum to one, which an office has learned from
its own decisions (`engine.learning`). A part that cannot be known is 0.5. Words say little about a pair whose types are known ("mask" serves
"tilskudsfoder til kvæget" without a word in common), so there the text part is 0.75 and likeness only lifts it;
where a type is missing, words count fully. Only plain arithmetic and square roots are used, so a scalar
computation gives the same digits. Better in any one part is never worse in the score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from brobygger.engine.columns import Array, Columns

UNKNOWN = 0.5
TYPED_TEXT = 0.75
"""The text part of a pair whose types are known and whose words are unlike or missing: midway between unknown
and alike, for the types have said most of what words could say."""
HALF_WAY = 25_000.0
"""Metres at which the distance part is one half."""
OPEN_WINDOW = 365
"""Days that a need's window is taken to last where one end is open."""
WEIGHTS: Mapping[str, float] = {
    "distance": 0.35,
    "quantity": 0.25,
    "time": 0.15,
    "text": 0.15,
    "conditions": 0.10,
}
TEXT_ONLY_FIT = 0.5
"""The type part where no type is known on one side: this times the share of common words."""
STEPS = 1_000_000
"""Scores and parts are whole millionths."""


class Parts(NamedTuple):
    """The parts of one or many pairs; `allowed` is False where a hard limit excludes the pair."""

    text: Array
    quantity: Array
    time: Array
    distance: Array
    conditions: Array
    metres: Array
    allowed: Array


def measure(need: Columns, have: Columns, shared_words: Array, typed: Array | bool = True) -> Parts:
    """Every part for need(s) and have(s); either may be a single listing. Shapes broadcast.

    `typed` is False where the pair is compared by words alone.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        dx, dy = need.x - have.x, need.y - have.y
        metres = np.sqrt(dx * dx + dy * dy)
        time, meets = _time(need, have)
        conditions, permitted = _conditions(need, have)
        near = ~(metres > np.minimum(need.reach, have.reach))
        stranger = (need.organisation != have.organisation) | (need.organisation < 0)
        return Parts(
            text=_text(need, have, shared_words, typed),
            quantity=_quantity(need, have),
            time=time,
            distance=np.where(np.isnan(metres), UNKNOWN, 1.0 / (1.0 + metres / HALF_WAY)),
            conditions=conditions,
            metres=metres,
            allowed=near & stranger & meets & permitted,
        )


def score(type_part: Array, parts: Parts, weights: Mapping[str, float] = WEIGHTS) -> Array:
    """The whole, rounded so that equal is equal. `weights`: as `WEIGHTS`, see `checked_weights`."""
    mean = (
        weights["distance"] * parts.distance
        + weights["quantity"] * parts.quantity
        + weights["time"] * parts.time
        + weights["text"] * parts.text
        + weights["conditions"] * parts.conditions
    )
    return rounded(type_part * mean)


def checked_weights(weights: Mapping[str, float] | None) -> Mapping[str, float]:
    """The weights, `WEIGHTS` for None. Raises ValueError unless they name the five parts, none negative, and sum to 1."""
    if weights is None:
        return WEIGHTS
    if set(weights) != set(WEIGHTS):
        raise ValueError(f"weights must name {', '.join(WEIGHTS)}, not {', '.join(sorted(weights))}")
    if not all(math.isfinite(share) and share >= 0.0 for share in weights.values()):
        raise ValueError("weights must be finite and not negative")
    if abs(math.fsum(weights.values()) - 1.0) > 1e-9:
        raise ValueError("weights must sum to 1")
    return weights


def rounded(value: Array) -> Array:
    """The value in whole millionths, half to even, so that equal scores are exactly equal."""
    return np.rint(value * STEPS) / STEPS


def dice(shared: Array, one: Array, other: Array) -> Array:
    """Shared words as a share of both texts' words (Dice), 0..1."""
    return 2.0 * shared / np.maximum(one + other, 1)


def _text(need: Columns, have: Columns, shared: Array, typed: Array | bool) -> Array:
    alike = dice(shared, need.words, have.words)
    return np.where(typed, TYPED_TEXT + (1.0 - TYPED_TEXT) * alike, alike)


def _quantity(need: Columns, have: Columns) -> Array:
    """The share of the need in a year that the have covers."""
    direct = np.where(need.measure == have.measure, have.amount / need.amount, np.nan)
    share = np.where(np.isnan(direct), have.tonnes / need.tonnes, direct)
    share = np.where(need.amount == 0.0, 1.0, share)
    return np.where(np.isnan(share), UNKNOWN, np.minimum(share, 1.0))


def _time(need: Columns, have: Columns) -> tuple[Array, Array]:
    """The share of the need's days on which the have is there too; and whether they meet at all."""
    meets = (need.start <= have.end) & (have.start <= need.end)
    first = np.where(need.start < -(10**6), need.end - (OPEN_WINDOW - 1), need.start)
    last = np.where(need.end > 10**6, need.start + (OPEN_WINDOW - 1), need.end)
    days = last - first + 1
    common = np.minimum(last, have.end) - np.maximum(first, have.start) + 1
    share = np.maximum(common, 1) / np.maximum(days, 1)
    known = need.timed & have.timed
    return np.where(known, share, UNKNOWN), meets


def _conditions(need: Columns, have: Columns) -> tuple[Array, Array]:
    """Food grade, organic and price as a part; food grade and hazardous waste as limits."""
    wants_food = need.food == 1.0
    food = np.where(wants_food & np.isnan(have.food), UNKNOWN, 1.0)
    organic = np.where(need.organic == 1.0, np.where(np.isnan(have.organic), UNKNOWN, have.organic), 1.0)
    comparable = need.price_unit == have.price_unit
    dearer = comparable & (have.price > need.price)
    price = np.where(dearer, np.maximum(need.price, 0.0) / np.where(dearer, have.price, 1.0), 1.0)
    price = np.where(np.isnan(price) | (price < 0.0), 0.0, price)
    permitted = ~(wants_food & (have.food == 0.0)) & ~((have.hazard == 1.0) & (need.permit != 1.0))
    return food * organic * price, permitted
