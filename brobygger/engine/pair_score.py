# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The score of one need and one have as compiled code: the formula of `parts`, digit for digit.

A listing is one row of `WIDTH` numbers (`facts`), so that an index can keep millions of them in one array, replace a
row in place and hand two rows to `score_pair`. Importing this module imports numba; import it where it is used.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from brobygger.engine.columns import Columns
from brobygger.engine.jit import compiled
from brobygger.engine.parts import HALF_WAY, OPEN_WINDOW, STEPS, TYPED_TEXT, UNKNOWN, WEIGHTS

Floats = npt.NDArray[np.float64]
Row = Any
"""A row of facts: a slice of the array, or the same numbers as a tuple."""

(X, Y, REACH, ORGANISATION, MEASURE, AMOUNT, TONNES, START, END, TIMED, FOOD, HAZARD, PERMIT, PRICE) = range(
    14
)
PRICE_UNIT, WORDS, ORGANIC = 14, 15, 16
WIDTH = 17
"""Columns of a row of facts, named as in `Columns` and with its meaning: NaN is unknown, `TIMED` is 0 or 1."""
NAMES = (
    "x", "y", "reach", "organisation", "measure", "amount", "tonnes", "start", "end", "timed", "food", "hazard",
    "permit", "price", "price_unit", "words", "organic",
)  # fmt: skip
_LONG_AGO, _FAR_AHEAD = -1_000_000.0, 1_000_000.0
"""Day numbers beyond these stand for an open end of a window."""
OF_DISTANCE, OF_QUANTITY, OF_TIME, OF_TEXT, OF_CONDITIONS = range(5)
"""Positions in an array of weights, see `weights_array`."""
_MILLION = float(STEPS)

Measured = tuple[float, float, float, float, float, float, bool]
"""text, quantity, time, distance, conditions (each 0..1), metres (NaN unknown), allowed."""


def facts(columns: Columns) -> Floats:
    """The listings as rows of numbers, `[number of listings, WIDTH]`."""
    rows = np.empty((len(columns.x), WIDTH), dtype=np.float64)
    for at, name in enumerate(NAMES):
        rows[:, at] = getattr(columns, name)
    return rows


def weights_array(weights: Mapping[str, float] = WEIGHTS) -> Floats:
    """The weights of the parts as the kernels take them."""
    return np.array([weights[name] for name in ("distance", "quantity", "time", "text", "conditions")])


@compiled
def rounded(value: float) -> float:
    """The value in whole millionths, half to even."""
    return float(np.rint(value * _MILLION) / _MILLION)


@compiled
def distance_between(need: Row, have: Row) -> float:
    """Metres as the crow flies; NaN where a place is unknown."""
    dx, dy = need[X] - have[X], need[Y] - have[Y]
    return math.sqrt(dx * dx + dy * dy)


@compiled
def distance_part(metres: float) -> float:
    """1 at the same place, one half at `HALF_WAY` metres; `UNKNOWN` for NaN."""
    return UNKNOWN if math.isnan(metres) else 1.0 / (1.0 + metres / HALF_WAY)


@compiled
def words_alike(shared: float, one: float, other: float) -> float:
    """Shared words as a share of both texts' words (Dice)."""
    return 2.0 * shared / max(one + other, 1.0)


@compiled
def quantity_part(need: Row, have: Row) -> float:
    """The share of the need in a year that the have covers; `UNKNOWN` where the two cannot be compared."""
    wanted = need[AMOUNT]
    if wanted == 0.0:
        return 1.0
    share = math.nan
    if need[MEASURE] == have[MEASURE]:
        share = have[AMOUNT] / wanted
    if math.isnan(share):
        tonnes = need[TONNES]
        if tonnes == 0.0:
            share = math.inf if have[TONNES] > 0.0 else math.nan
        else:
            share = have[TONNES] / tonnes
    if math.isnan(share):
        return UNKNOWN
    return min(share, 1.0)


@compiled
def in_time(need: Row, have: Row) -> bool:
    """Whether the two windows have a day in common."""
    return bool(need[START] <= have[END] and have[START] <= need[END])


@compiled
def time_part(need: Row, have: Row) -> float:
    """The share of the need's days on which the have is there too; `UNKNOWN` where one gave no window."""
    if need[TIMED] == 0.0 or have[TIMED] == 0.0:
        return UNKNOWN
    first = need[END] - (OPEN_WINDOW - 1) if need[START] < _LONG_AGO else need[START]
    last = need[START] + (OPEN_WINDOW - 1) if need[END] > _FAR_AHEAD else need[END]
    common = min(last, have[END]) - max(first, have[START]) + 1.0
    return float(max(common, 1.0) / max(last - first + 1.0, 1.0))


@compiled
def permitted(need: Row, have: Row) -> bool:
    """Whether food grade and the rules of hazardous waste let the two meet, and they are not one organisation's."""
    if need[FOOD] == 1.0 and have[FOOD] == 0.0:
        return False
    if have[HAZARD] == 1.0 and need[PERMIT] != 1.0:
        return False
    return bool(need[ORGANISATION] != have[ORGANISATION] or need[ORGANISATION] < 0.0)


@compiled
def conditions_part(need: Row, have: Row) -> float:
    """Food grade that nobody stated halves it, and so does organic; what is not organic where that is wished is nothing of
    it; a price above what is paid lowers it by their ratio."""
    stated = UNKNOWN if need[FOOD] == 1.0 and math.isnan(have[FOOD]) else 1.0
    if need[ORGANIC] == 1.0:
        stated *= UNKNOWN if math.isnan(have[ORGANIC]) else have[ORGANIC]
    if need[PRICE_UNIT] != have[PRICE_UNIT] or not have[PRICE] > need[PRICE]:
        return stated
    paid, asked = max(need[PRICE], 0.0), have[PRICE]
    return stated * (paid / asked) if asked > 0.0 else 0.0


@compiled
def measure_pair(need: Row, have: Row, shared: float, typed: bool) -> Measured:
    """Every part of one pair. `shared`: words in common; `typed` is False where words alone brought them together."""
    metres = distance_between(need, have)
    alike = words_alike(shared, need[WORDS], have[WORDS])
    allowed = not metres > min(need[REACH], have[REACH]) and in_time(need, have) and permitted(need, have)
    return (
        TYPED_TEXT + (1.0 - TYPED_TEXT) * alike if typed else alike,
        quantity_part(need, have),
        time_part(need, have),
        distance_part(metres),
        conditions_part(need, have),
        metres,
        allowed,
    )


@compiled
def weighed(
    fit: float,
    text: float,
    quantity: float,
    time: float,
    distance: float,
    conditions: float,
    weights: Floats,
) -> float:
    """The score of measured parts; `fit` is the type part, already `rounded`. The order of the sum is `parts.score`'s."""
    mean = (
        weights[OF_DISTANCE] * distance
        + weights[OF_QUANTITY] * quantity
        + weights[OF_TIME] * time
        + weights[OF_TEXT] * text
        + weights[OF_CONDITIONS] * conditions
    )
    return rounded(fit * mean)


@compiled
def score_pair(
    need: Row, have: Row, fit: float, shared: float, typed: bool, weights: Floats
) -> tuple[float, float]:
    """(score, metres) of one pair; the score is 0 where a hard limit excludes it. `fit`: link × certainties, 0..1."""
    text, quantity, time, distance, conditions, metres, allowed = measure_pair(need, have, shared, typed)
    if not allowed:
        return 0.0, metres
    return weighed(rounded(fit), text, quantity, time, distance, conditions, weights), metres
