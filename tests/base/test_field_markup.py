# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Controls that are written in one go read just as those of the templates that they stand in for."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.test.html import parse_html

from brobygger.base.forms import Renderer

NASTY = '"><script>alert(1)</script>&'


class ByTemplates(TemplatesSetting):
    """The same look, written by the templates."""

    field_template_name = Renderer.field_template_name
    form_template_name = Renderer.form_template_name


class Everything(forms.Form):
    """A field of each common kind, with and without help, required or not, with a class of its own."""

    word = forms.CharField(label=f"Ord {NASTY}", help_text="Skriv <b>et</b> ord", max_length=20)
    free = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"class": "smal", "placeholder": NASTY})
    )
    mail = forms.EmailField(required=False)
    page = forms.URLField(required=False, assume_scheme="https")
    count = forms.IntegerField(min_value=1, max_value=9, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    town = forms.ChoiceField(choices=[("", "Alle"), ("Sjælland", [("a", "Aarhus & omegn"), ("b", NASTY)])])
    many = forms.MultipleChoiceField(choices=[("1", "En"), ("2", "To")], required=False)
    long = forms.CharField(widget=forms.Textarea, required=False)
    tick = forms.BooleanField(required=False, help_text="Sæt kryds")
    one = forms.ChoiceField(choices=[("x", "X"), ("y", "Y")], widget=forms.RadioSelect)
    file = forms.FileField(required=False)


TYPED = {
    "word": NASTY,
    "count": "12",
    "town": "b",
    "many": ["2"],
    "day": "i går",
    "tick": "on",
    "long": NASTY,
}


@pytest.mark.parametrize("typed", [None, {}, TYPED], ids=["new", "empty", "typed"])
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_a_field_reads_as_the_template_would_write_it(name: str, typed: dict | None) -> None:
    initial = {"word": "Æble", "day": None, "town": "a"}
    ours = Everything(typed, initial=initial, renderer=Renderer())[name].as_field_group()
    templates = Everything(typed, initial=initial, renderer=ByTemplates())[name].as_field_group()
    assert parse_html(ours) == parse_html(templates)


@pytest.mark.parametrize("value", [None, "", 0, 4.5, True, NASTY, "Æbler"])
@pytest.mark.parametrize(
    "widget", [forms.TextInput, forms.NumberInput, forms.HiddenInput, forms.CheckboxInput]
)
def test_an_input_reads_as_django_would_write_it(widget: type[forms.Widget], value: object) -> None:
    told = {"id": "id_x", "required": True, "disabled": False, "title": NASTY}
    ours, django = (
        widget().render("x", value, told, renderer) for renderer in (Renderer(), DjangoTemplates())
    )
    assert parse_html(ours) == parse_html(django)
    assert "<script>" not in ours
