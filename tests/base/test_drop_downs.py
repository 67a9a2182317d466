# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Drop-downs are written in one go, and read just as those that Django writes."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from brobygger.accounts.models import Operator
from brobygger.base.forms import Renderer

PLAIN = [("", "Alle"), ("a", "Æbler & pærer"), (2, "<b>To</b>"), (None, "Ukendt")]
GROUPED = [("", "Alle"), ('Frugt "sød"', [("a", "Æble"), ("p", "Pære")]), ("Grønt", [("k", "Kål")])]


@pytest.mark.parametrize("choices", [PLAIN, GROUPED, []])
@pytest.mark.parametrize("chosen", ["", "a", "2", None, "findes ikke", '"><script>'])
def test_a_drop_down_reads_as_django_would_write_it(choices: list, chosen: str | None) -> None:
    widget = forms.Select(
        choices=choices, attrs={"class": "form-select", "required": True, "disabled": False}
    )
    attributes = {"id": "id_frugt", "aria-describedby": 'x"y'}
    ours = widget.render("frugt", chosen, attributes, Renderer())
    django = widget.render("frugt", chosen, attributes, DjangoTemplates())
    assert parse_html(ours) == parse_html(django)


def test_several_may_be_chosen() -> None:
    widget = forms.SelectMultiple(choices=PLAIN)
    ours = widget.render("frugt", ["a", "2"], {"id": "id_frugt"}, Renderer())
    assert parse_html(ours) == parse_html(
        widget.render("frugt", ["a", "2"], {"id": "id_frugt"}, DjangoTemplates())
    )
    assert ours.count(" selected") == 2


def test_what_stands_in_a_choice_cannot_break_out() -> None:
    widget = forms.Select(choices=[('"><script>', "</option><script>alert(1)</script>")])
    assert "<script>" not in widget.render("x", None, {}, Renderer())


def test_no_choice_yet_is_said_in_words() -> None:
    field = forms.ModelChoiceField(queryset=Operator.objects.none())
    shown = field.widget.render("kontor", None, {}, Renderer())
    assert '<option value="" selected>Vælg</option>' in shown
