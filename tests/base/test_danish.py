# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from decimal import Decimal

from brobygger.base import danish


def test_danish_letters_sort_after_z_and_double_a_as_aa_ring():
    names = ["Ærø", "Zoo", "Øl", "Åby", "Aalborg", "Abbetved", "Ål"]
    assert sorted(names, key=danish.sort_key) == ["Abbetved", "Zoo", "Ærø", "Øl", "Åby", "Ål", "Aalborg"]


def test_figures_are_written_the_danish_way():
    assert danish.number(Decimal("1234567.5")) == "1.234.568"
    assert danish.number(Decimal("12.5")) == "12,5"
    assert danish.number(Decimal("129.0")) == "129"
    assert danish.number(Decimal("7.60")) == "7,6"
    assert danish.number(Decimal("100")) == "100"
    assert danish.number(Decimal("0.042")) == "0,042"
    assert danish.number(Decimal("7"), 2) == "7,00"
    assert danish.kroner(Decimal("562000")) == "562.000 kr."
    assert danish.distance(1234) == "1,2 km"
    assert danish.distance(970) == "970 m"
    assert danish.number(None) == "–"


def test_ore_are_told_wherever_there_are_any():
    assert danish.kroner(Decimal("450000.50")) == "450.000,50 kr."
    assert danish.kroner(Decimal("12345.67")) == "12.345,67 kr."
    assert danish.kroner(Decimal("-0.05")) == "-0,05 kr."
    assert danish.kroner(Decimal("450000.00")) == "450.000 kr."
    assert danish.kroner(None) == "–"


def test_what_is_computed_is_told_in_whole_kroner():
    assert danish.about_kroner(Decimal("12345.67")) == "12.346 kr."
    assert danish.about_kroner(12.5) == "13 kr."
    assert danish.about_kroner(0) == "0 kr."
    assert danish.about_kroner(0.4) == "0,40 kr."  # which is not nothing
    assert danish.about_kroner(None) == "–"
