# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Units as people write them, in Danish and English, and exact conversion between them.

A unit has a canonical key (``t``, ``m3``, ``stk`` …), a dimension and a size in the dimension's base unit.
Volume becomes mass through a density in tonnes per cubic metre; pieces become mass through a unit weight
in kilograms. Without those the answer is None: unknown, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Dimension = Literal["mass", "volume", "count", "length", "area", "energy", "time", "money", "seats"]
Period = Literal["", "once", "day", "week", "month", "quarter", "year"]


class UnknownUnit(ValueError):
    """A unit that is not in the table. `unit` holds what was written."""

    def __init__(self, unit: str) -> None:
        shown = unit if len(unit) <= 40 else unit[:40] + "…"
        super().__init__(f"Ukendt enhed: {shown!r}. Kendte enheder: {', '.join(UNITS)}.")
        self.unit = unit


@dataclass(frozen=True, slots=True)
class Unit:
    """`size` is how many of the dimension's base unit (t, m3, stk, m, m2, kWh, timer, kr, pladser) one makes."""

    key: str
    dimension: Dimension
    size: Decimal
    spellings: tuple[str, ...]


def _unit(key: str, dimension: Dimension, size: str, spellings: str) -> Unit:
    return Unit(key, dimension, Decimal(size), tuple(spellings.split()))


UNITS: dict[str, Unit] = {
    unit.key: unit
    for unit in (
        _unit("t", "mass", "1", "t ton tons tonne tonnes tonner tonnet"),
        _unit("kg", "mass", "0.001", "kg kilo kilos kilogram kilograms kilogramme"),
        _unit("g", "mass", "0.000001", "g gram grams gr"),
        _unit(
            "m3",
            "volume",
            "1",
            "m3 m³ kubikmeter kubik kubm cbm kbm rummeter rm cubicmeter cubicmetre cubicmeters cubicmetres",
        ),
        _unit("l", "volume", "0.001", "l liter litre liters litres ltr"),
        _unit(
            "stk", "count", "1", "stk styk stykker stykke stks pcs pc piece pieces item items enheder enhed"
        ),
        _unit("palle", "count", "1", "palle paller pallet pallets pll"),
        _unit("bigbag", "count", "1", "bigbag bigbags big-bag big-bags storsæk storsække"),
        _unit("m", "length", "1", "m meter metre meters metres løbendemeter lbm"),
        _unit(
            "m2", "area", "1", "m2 m² kvm kvadratmeter sqm squaremetre squaremeter squaremetres squaremeters"
        ),
        _unit("ha", "area", "10000", "ha hektar hectare hectares"),
        _unit("kWh", "energy", "1", "kwh kilowatttime kilowatttimer"),
        _unit("MWh", "energy", "1000", "mwh megawatttime megawatttimer"),
        _unit("GJ", "energy", "277.7777777777777777777777778", "gj gigajoule gigajoules"),
        _unit("timer", "time", "1", "timer time h hour hours hrs"),
        _unit("dage", "time", "24", "dage dag døgn day days"),
        _unit("kr", "money", "1", "kr krone kroner dkk"),
        _unit("pladser", "seats", "1", "pladser plads seat seats place places"),
    )
}
_BY_SPELLING = {spelling: unit for unit in UNITS.values() for spelling in unit.spellings}

_PER_YEAR: dict[str, Decimal] = {
    "once": Decimal(1),
    "day": Decimal(365),
    "week": Decimal(52),
    "month": Decimal(12),
    "quarter": Decimal(4),
    "year": Decimal(1),
}
_SPELLINGS: tuple[tuple[Period, str], ...] = (
    ("once", "once engangs engang total ialt"),
    ("day", "day daily d dag dagen dagligt døgn døgnet"),
    ("week", "week weekly w wk uge ugen ugentligt"),
    ("month", "month monthly md mdr måned måneden månedligt"),
    ("quarter", "quarter quarterly kvartal kvartalet"),
    ("year", "year yearly annually annual yr y a år året årligt"),
)
_PERIOD_SPELLINGS = {spelling: period for period, spellings in _SPELLINGS for spelling in spellings.split()}
_PER = re.compile(r"\s*(?:/|\bpr\b\.?|\bper\b|\bom\b|\bi\b)\s*")


@lru_cache(maxsize=4096)
def canonical(unit: str) -> str:
    """The canonical key of a written unit (``Tons`` → ``t``). Raises UnknownUnit."""
    if unit in UNITS:
        return unit
    folded = unit[:80].strip().strip(".").casefold().replace(" ", "")
    if folded not in _BY_SPELLING:
        raise UnknownUnit(unit)
    return _BY_SPELLING[folded].key


@lru_cache(maxsize=4096)
def parse_unit(written: str) -> tuple[str, Period]:
    """Splits ``t/år`` or ``kg pr. uge`` into the unit's key and its period ("" where none is written).

    Raises UnknownUnit for the unit and for the period.
    """
    parts = _PER.split(written[:80].strip(), maxsplit=1)
    key = canonical(parts[0])
    if len(parts) == 1:
        return key, ""
    return key, canonical_period(parts[1])


def canonical_period(period: str) -> Period:
    """``uge`` → ``week``; the empty text stays empty. Raises UnknownUnit."""
    folded = period[:80].strip().strip(".").casefold()
    if not folded:
        return ""
    if folded not in _PERIOD_SPELLINGS:
        raise UnknownUnit(period)
    return _PERIOD_SPELLINGS[folded]


def dimension(unit: str) -> Dimension:
    """What the unit measures. Raises UnknownUnit."""
    return UNITS[canonical(unit)].dimension


def per_year(amount: Decimal | float, period: str) -> Decimal:
    """The amount in one year. ``once`` and a missing period count as one delivery in the year."""
    value = _decimal(amount)
    return value * _PER_YEAR[canonical_period(period) or "once"]


def convert(
    amount: Decimal | float,
    unit: str,
    to: str,
    density: float | None = None,
    unit_weight: float | None = None,
) -> Decimal | None:
    """`amount` of `unit` expressed in `to`, or None where the two cannot be compared.

    `density`: tonnes per cubic metre, needed between mass and volume. `unit_weight`: kilograms per piece,
    pallet or big bag, needed between pieces and mass or volume (and between different kinds of piece it is
    never assumed). Raises UnknownUnit, and ValueError for an amount that is not a finite number.
    """
    source, target = UNITS[canonical(unit)], UNITS[canonical(to)]
    value = _decimal(amount)
    if source.key == target.key:
        return value
    if source.dimension == target.dimension:
        if source.dimension == "count":
            return None
        return value * source.size / target.size
    tonnes = _tonnes_per(source, density, unit_weight)
    wanted = _tonnes_per(target, density, unit_weight)
    if tonnes is None or wanted is None:
        return None
    return value * tonnes / wanted


def _tonnes_per(unit: Unit, density: float | None, unit_weight: float | None) -> Decimal | None:
    if unit.dimension == "mass":
        return unit.size
    if unit.dimension == "volume" and density:
        return unit.size * _decimal(density)
    if unit.dimension == "count" and unit_weight:
        return _decimal(unit_weight) / 1000
    return None


def _decimal(amount: Decimal | float) -> Decimal:
    value = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    if not value.is_finite():
        raise ValueError(f"Mængden er ikke et tal: {amount}")
    return value
