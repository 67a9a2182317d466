# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Texts are found by what they say, however it is inflected, put together or misspelt."""

from __future__ import annotations

import random

import pytest

from brobygger.engine.text_index import TextIndex

TEXTS = [
    "Vi har 4 tons maltmask om ugen",
    "Gulerødder, der er for små til butikkerne",
    "Træpaller i god stand",
    "Søger foder til kvæg",
    "Kvægfoder købes",
    "Mursten fra nedrivning",
    "Brugte mursten og tagsten",
    "",
]


@pytest.fixture(scope="module")
def index() -> TextIndex:
    return TextIndex(TEXTS)


def positions(index: TextIndex, query: str) -> set[int]:
    return {hit.position for hit in index.search(query)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gulerod", {1}),
        ("gulerødderne", {1}),
        ("mask", {0}),
        ("malt", {0}),
        ("palle", {2}),
        ("kvægfoder", {3, 4}),
        ("foderet", {3, 4}),
        ("mursten", {5, 6}),
        ("murstn", {5, 6}),
        ("gulreod", set()),
        ("gulerøder", {1}),
        ("nedrivnign", {5}),
        ("helikopter", set()),
        ("og til der", set()),
        ("", set()),
    ],
)
def test_a_text_is_found_by_inflection_inside_compounds_and_through_typing_errors(
    index, query, expected
) -> None:
    assert positions(index, query) == expected


def test_the_text_with_all_the_words_comes_first_and_a_whole_word_before_a_part(index) -> None:
    assert index.search("brugte mursten")[0].position == 6
    assert index.search("kvægfoder")[0].position == 4
    hits = index.search("mursten")
    assert [hit.position for hit in hits] == [5, 6], "equal words: the shorter first"
    assert all(0 < hit.score <= 1 for hit in hits)


def test_the_ten_best_are_the_ten_best_of_all() -> None:
    chance = random.Random(1)
    bag = [
        "mask",
        "foder",
        "kvæg",
        "mursten",
        "træ",
        "palle",
        "gulerod",
        "plast",
        "pap",
        "glas",
        "jern",
        "maltmask",
        "affaldstræ",
        "kvægfoder",
    ]
    index = TextIndex([" ".join(chance.choices(bag, k=chance.randrange(1, 6))) for _ in range(2_000)])
    for query in ("mask", "træ palle", "kvægfoder og mask", "affaldstræ glas jern"):
        everything = index.search(query, top=2_000)
        assert index.search(query, top=10) == everything[:10]
        assert len(everything) > 100


def test_nothing_to_search_in_and_nothing_to_search_for(index) -> None:
    assert TextIndex([]).search("mask") == []
    assert TextIndex(["", "  "]).search("mask") == []
    with pytest.raises(ValueError, match="mindst 1"):
        index.search("mask", top=0)


def test_a_word_of_ten_thousand_letters_is_read_as_any_other(index) -> None:
    assert index.search("m" * 10_000) == []
    assert len(TextIndex(["mask " * 100_000])) == 1
