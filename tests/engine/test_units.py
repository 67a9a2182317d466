# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Units are understood as people write them, and converted only where that is possible."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brobygger.engine.units import UNITS, UnknownUnit, canonical, convert, parse_unit, per_year


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Tons", "t"),
        ("kilo", "kg"),
        ("m³", "m3"),
        ("Big bag", "bigbag"),
        ("stk.", "stk"),
        ("kvm", "m2"),
        ("kWh", "kWh"),
    ],
)
def test_a_unit_is_known_by_its_danish_and_english_spellings(written, key):
    assert canonical(written) == key


def test_every_spelling_leads_to_exactly_one_unit():
    spellings = [s for unit in UNITS.values() for s in unit.spellings]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("unit", ["favne", "", "t" * 10_000])
def test_an_unknown_unit_is_named_in_a_short_error(unit):
    with pytest.raises(UnknownUnit) as error:
        canonical(unit)
    assert error.value.unit == unit
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("t/år", ("t", "year")),
        ("kg pr. uge", ("kg", "week")),
        ("m3 om måneden", ("m3", "month")),
        ("stk", ("stk", "")),
    ],
)
def test_a_period_may_stand_in_the_unit(written, expected):
    assert parse_unit(written) == expected


def test_mass_converts_exactly():
    assert convert(2.5, "t", "kg") == Decimal("2500")


def test_volume_becomes_mass_only_when_the_density_is_known():
    assert convert(10, "m3", "t", density=0.6) == Decimal("6.0")
    assert convert(10, "m3", "t") is None


def test_pieces_become_mass_only_when_the_weight_of_one_is_known():
    assert convert(4, "palle", "kg", unit_weight=25) == Decimal(100)
    assert convert(4, "palle", "kg") is None
    assert convert(10, "palle", "t", density=0.5) is None  # no volume is assumed: docs/matchmaking.md
    assert convert(10, "bigbag", "t", density=0.5) is None
    assert convert(4, "palle", "stk", unit_weight=25) is None


def test_energy_converts_between_gigajoule_and_megawatt_hours():
    assert abs(convert(36, "GJ", "MWh") - 10) < Decimal("1e-9")


def test_things_of_different_nature_are_not_compared():
    assert convert(1, "ha", "t", density=1.0) is None


@pytest.mark.parametrize(
    ("period", "times"), [("uge", 52), ("måned", 12), ("kvartal", 4), ("dag", 365), ("", 1)]
)
def test_amounts_are_counted_per_year(period, times):
    assert per_year(2, period) == 2 * times


@pytest.mark.parametrize("amount", [float("nan"), float("inf")])
def test_an_amount_that_is_not_a_number_is_refused(amount):
    with pytest.raises(ValueError, match="Mængden"):
        convert(amount, "t", "kg")
