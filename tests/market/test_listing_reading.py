# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a sentence becomes before the person corrects it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from brobygger.market import type_choice
from brobygger.market.reading import read


def test_the_button_that_was_pressed_stands_over_the_text():
    assert read("4 tons mask om ugen").values["side"] == "have"
    wanted = read("4 tons mask om ugen", "need").values
    assert (wanted["side"], wanted["waste_code"]) == ("need", "")


@pytest.mark.parametrize(
    ("text", "kind", "price"),
    [
        ("Vi sælger 10 paller for 500 kr i alt", "fixed", Decimal("50.00")),
        ("Vi har 2 tons savsmuld, 300 kr pr. ton", "fixed", Decimal(300)),
        ("Vi har 2 tons savsmuld, gratis", "free", None),
        ("Vi har 2 tons savsmuld", "negotiable", None),
    ],
)
def test_a_price_is_proposed_for_each_unit(text, kind, price):
    values = read(text).values
    assert (values["price_kind"], values["price"]) == (kind, price)


def test_days_that_were_said_begin_the_form_and_are_told_with_the_words_they_came_from():
    found = read("Vi har 4 tons mask om ugen fra marts til maj 2099")
    assert (found.values["starts_on"], found.values["ends_on"]) == (date(2099, 3, 1), date(2099, 5, 31))
    assert ("Hvornår", "fra 01.03.2099 til 31.05.2099", "fra marts til maj 2099") in found.said
    ends = read("Vi mangler et lager indtil 1. april 2099")
    assert (ends.values["starts_on"], ends.values["ends_on"]) == (None, date(2099, 4, 1))
    assert ("Hvornår", "til 01.04.2099", "indtil 1. april 2099") in ends.said


def test_what_nobody_can_read_is_left_for_the_person():
    found = read("qwxz 🍺 <b>")
    assert found.types == ()
    assert (found.values["side"], found.values["kind"], found.values["resource_type"]) == ("", "", "")
    assert found.said == []


def test_hazardous_things_bring_the_note_about_permits():
    found = read("Vi har 2 tons gamle eternitplader med asbest")
    assert found.values["hazardous"] is True
    assert any("tilladelse" in note for note in found.notes)


def test_types_are_found_by_words_and_by_the_beginning_of_a_word():
    assert type_choice.types_for("kartoffelskræller")[0] == "potato_peel"
    assert type_choice.types_for("palle")[0] == "pallets"
    assert "laptops" in type_choice.types_for("bærb")
    assert type_choice.types_for("") == []


def test_two_types_of_the_same_name_are_told_apart_by_the_way_to_them():
    shown = dict(type_choice.choices(["spent_grain", "findes_ikke"]))
    assert list(shown) == ["spent_grain"]
    assert "→" in shown["spent_grain"]


def test_what_was_reckoned_shows_the_words_it_was_reckoned_from():
    said = {
        what: (understood, words) for what, understood, words in read("60 liter restøl hver 14. dag").said
    }
    assert said["Mængde"] == ("30 liter om ugen", "60 liter hver 14. dag")


def test_two_things_in_one_sentence_are_told_apart():
    found = read("Vi har 4 ton mask og 300 liter restøl om ugen")
    assert found.values["resource_type"] == "spent_grain"
    assert any("to ting" in note and "Restøl" in note for note in found.notes)


@pytest.mark.parametrize(
    "text",
    [
        "4 tons mask, ring til Peter på 20 30 40 50",
        "4 tons mask, tlf. 20304050",
        "4 tons mask, peter@bryg.invalid",
    ],
)
def test_whoever_writes_how_to_reach_somebody_is_told_that_all_can_read_it(text):
    assert any("alle læse" in note for note in read(text).notes)


@pytest.mark.parametrize("text", ["4 tons mask om ugen", "12.000.000 kg mask", "4 tons mask, CVR 12345678"])
def test_figures_alone_reach_nobody(text):
    assert not any("alle læse" in note for note in read(text).notes)
