# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Figures in forms are typed and shown as people write them; bare numbers in templates stay bare."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from brobygger.base.number_fields import AmountField, WholeNumberField


class Figures(forms.Form):
    amount = AmountField(max_digits=14, decimal_places=3, required=False)
    whole = WholeNumberField(required=False)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("da", "1.234,5", "1234.5"),
        ("da", "1.234", "1234"),
        ("da", "12.345.678", "12345678"),
        ("da", "1.5", "1.5"),
        ("da", "4,25", "4.25"),
        ("da", " 1 234,5 ", "1234.5"),
        ("da", "-1.000", "-1000"),
        ("en", "1,234.5", "1234.5"),
        ("en", "1.234", "1.234"),
        ("en", "4,5", "4.5"),
    ],
)
def test_a_figure_is_read_as_it_is_written(language, typed, meant):
    with translation.override(language):
        form = Figures({"amount": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["amount"] == Decimal(meant)


@pytest.mark.parametrize("typed", ["1.23.4", "1,2,3", "mange", "1.2345.678", "12 34", "1.234,5.6"])
def test_what_is_no_figure_is_told_and_kept(typed):
    form = Figures({"amount": typed})
    assert not form.is_valid()
    assert f'value="{typed}"' in str(form["amount"])


def test_a_whole_number_takes_dots_and_refuses_fractions():
    assert Figures({"whole": "12.500"}).is_valid()
    form = Figures({"whole": "12.500"})
    form.is_valid()
    assert form.cleaned_data["whole"] == 12_500
    assert not Figures({"whole": "12,5"}).is_valid()


@pytest.mark.parametrize(
    ("language", "name", "value", "shown"),
    [
        ("da", "amount", Decimal("1234.500"), "1.234,5"),
        ("da", "amount", Decimal("4.000"), "4"),
        ("da", "amount", Decimal("3000000"), "3.000.000"),
        ("en", "amount", Decimal("1234.5"), "1,234.5"),
        ("da", "whole", 12_500, "12.500"),
    ],
)
def test_a_stored_figure_is_shown_with_its_thousands_and_read_back_the_same(language, name, value, shown):
    with translation.override(language):
        assert f'value="{shown}"' in str(Figures(initial={name: value})[name])
        back = Figures({name: shown})
        assert back.is_valid()
        assert back.cleaned_data[name] == value
        assert not Figures({name: shown}, initial={name: value}).has_changed()


def test_a_bare_number_in_a_template_has_no_dots_and_a_figure_has():
    page = engines["django"].from_string("{{ pk }} {{ pk|number }}")
    with translation.override("da"):
        assert page.render({"pk": 1_234_567}) == "1234567 1.234.567"
