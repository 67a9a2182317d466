# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a sentence becomes before the person corrects it."""

from __future__ import annotations

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
