# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Industries are found by word or code, shown by name, and refused with a sentence."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from brobygger.knowledge import industry_words
from brobygger.register import industry_picker
from brobygger.register.industry_picker import IndustriesField


class Picks(forms.Form):
    branche = IndustriesField(required=False)


def typed(query: str) -> Picks:
    return Picks(QueryDict(query))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("fødevarer", "10"),
        ("Fodevarer", "10"),
        ("byggeri", "41"),
        ("møbel", "31"),
        ("tømrer", "4332"),
        ("software", "62"),
    ],
)
def test_a_word_is_found_also_inflected_and_misspelt(words: str, first: str) -> None:
    assert industry_words.meant(words)[0] == first


def test_everyday_words_lead_to_codes_that_exist() -> None:
    everyday = industry_words.load_everyday()
    assert all(codes and all(map(industry_words.is_known, codes)) for codes in everyday.values())
    assert {"elektriker", "håndværker"} <= set(industry_words.everyday_words("432100"))
    assert industry_words.everyday_words("") == ()
    assert industry_words.meant("Elektrikere")[0] == industry_words.meant("elektriker")[0] == "4321"


@pytest.mark.parametrize(
    ("kept", "names"),
    [
        ("10, 105", "Fremstilling af fødevarer (10), Fremstilling af mejeriprodukter og konsumis (10.5)"),
        ("10.5 Mejerier", "Fremstilling af mejeriprodukter og konsumis (10.5)"),
        ("", ""),
        ("noget helt andet", "noget helt andet"),
    ],
)
def test_what_is_kept_reads_as_titles_beside_codes(kept: str, names: str) -> None:
    assert industry_picker.names_in(kept) == names


def test_codes_names_and_certain_words_are_kept_as_codes_once() -> None:
    form = typed(
        "branche=10.51, tømrer, Plante- og husdyravl, jagt og serviceydelser i forbindelse hermed (01)&branche-valgt=10"
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["branche"] == "01, 10, 4332"


def test_a_word_that_may_mean_several_comes_back_as_boxes() -> None:
    form = typed("branche=byggeri")
    assert not form.is_valid()
    assert "Sæt kryds" in str(form.errors)
    page = str(form)
    for code in ("41", "42", "43"):
        assert f'name="branche-valgt" value="{code}"' in page
    chosen = typed("branche=&branche-valgt=41&branche-valgt=43")
    assert chosen.is_valid()
    assert chosen.cleaned_data["branche"] == "41, 43"


@pytest.mark.parametrize("wrong", ["00", "1", "qwxz", "<script>alert(1)</script>"])
def test_what_is_no_industry_is_refused_and_stands_there_escaped(wrong: str) -> None:
    form = Picks(QueryDict(mutable=True) | {"branche": wrong})
    assert not form.is_valid()
    assert "<script>" not in str(form)


def test_nothing_is_nothing_and_very_much_is_refused() -> None:
    assert typed("branche=").is_valid()
    many = "&".join(f"branche-valgt={code}" for code in range(10, 34))
    assert not typed(many).is_valid()
