# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Amounts in a year for whole columns at once, with the digits that decimal arithmetic gives one by one."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from brobygger.engine import units

Floats = npt.NDArray[np.float64]

_DIMENSIONS = ("mass", "volume", "length", "area", "energy", "time", "money", "seats")
_BASE = dict(zip(_DIMENSIONS, ("t", "m3", "m", "m2", "kWh", "timer", "kr", "pladser"), strict=True))
NO_UNIT = 1000
_UNIT_NUMBERS = {"": -1, **{key: i for i, key in enumerate(units.UNITS)}}
_EXACT = float(2**53)


class Measure(NamedTuple):
    """How a written unit and period count. `measure`: a code for what is counted; `unit`: the unit's number, -1 for none.

    `per_year`: one of it, in the measure's own unit in a year. `tonnes`: the same in tonnes; None where that is
    unknown. `weighed`: pieces, whose tonnes follow from the listing's own unit weight.
    """

    measure: int
    unit: int
    per_year: Decimal
    tonnes: Decimal | None
    weighed: bool


@lru_cache(maxsize=4096)
def measure_of(unit: str, period: str, density: float | None) -> Measure:
    """Raises UnknownUnit for the unit (`field` "unit") or the period. `density`: tonnes per cubic metre."""
    key, written = units.parse_unit(unit) if unit else ("", "")
    year = units.per_year(1, period or written)
    if not key:
        return Measure(NO_UNIT, -1, year, None, False)
    dimension = units.UNITS[key].dimension
    amount = units.convert(year, key, _BASE.get(dimension, key))
    tonnes = units.convert(year, key, "t", density)
    code = 100 + list(units.UNITS).index(key) if dimension == "count" else _DIMENSIONS.index(dimension)
    return Measure(code, _UNIT_NUMBERS[key], amount or year, tonnes, dimension == "count")


def measure_unit(code: int) -> str:
    """The unit that amounts with this measure code are counted in; "" where none was written."""
    if code == NO_UNIT:
        return ""
    return list(units.UNITS)[code - 100] if code >= 100 else _BASE[_DIMENSIONS[code]]


def times(values: Floats, factor: Decimal) -> Floats:
    """Each value, as it is written in decimals, times the factor, to the nearest number. NaN stays NaN."""
    above, below = factor.as_integer_ratio()
    out = np.full(len(values), np.nan)
    open_ = ~np.isnan(values)
    for decimals in (0, 3, 6):
        scale = 10.0**decimals
        whole = np.rint(values * scale)
        fits = open_ & (whole / scale == values) & (np.abs(whole) * max(above, 9) < _EXACT)
        if below * scale < _EXACT and above < _EXACT:
            out[fits] = whole[fits] * above / (below * scale)
            open_ &= ~fits
        if not open_.any():
            return out
    left = np.flatnonzero(open_)
    out[left] = [float(Decimal(repr(value)) * factor) for value in values[left].tolist()]
    return out


def yearly(values: Floats, weights: Floats, measure: Measure) -> tuple[Floats, Floats]:
    """(amounts in the measure's own unit, the same in tonnes or NaN) of listings that share a measure."""
    amounts = times(values, measure.per_year)
    if measure.tonnes is not None:
        return amounts, times(values, measure.tonnes)
    tonnes: Any = np.full(len(values), np.nan)
    if measure.weighed:
        for i in np.flatnonzero((weights > 0) & ~np.isnan(values)).tolist():
            each = Decimal(repr(float(weights[i]))) / 1000
            tonnes[i] = float(Decimal(repr(float(values[i]))) * measure.per_year * each)
    return amounts, tonnes
