# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How Danish words become search terms."""

from __future__ import annotations

import pytest

from brobygger.base.search.terms import plain, read, word_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bryghuset", "bryghus"),
        ("gulerødderne", "gulerod"),
        ("virksomhederne", "virksomhed"),
        ("mejeriets", "mejeri"),
        ("gårdene", "gård"),
    ],
)
def test_inflections_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert word_of(one).stem == word_of(other).stem


@pytest.mark.parametrize(
    ("word", "part"),
    [("gulerodsfirma", "gulerod"), ("kvægfoder", "foder"), ("bryghuset", "bryg"), ("ølbryggeri", "bryggeri")],
)
def test_a_compound_is_taken_apart(word: str, part: str) -> None:
    assert word_of(part).stem in word_of(word).parts


@pytest.mark.parametrize(
    "typed", ["DK99100001", "dk99100001", "DK 99 10 00 01", "DK-99100001", "CVR:99100001"]
)
def test_a_cvr_number_is_read_however_it_is_written(typed: str) -> None:
    assert "99100001" in [word.key for word in read(typed)]


def test_words_that_say_nothing_are_not_parts() -> None:
    assert word_of("tømrerfirmaet").parts == (word_of("tømrer").stem,)


def test_a_trade_and_its_house_share_a_root() -> None:
    bryggeri, bryghus = word_of("bryggeri"), word_of("bryghus")
    assert set(bryggeri.roots) & {*bryghus.parts, *bryghus.roots}


def test_letters_are_written_with_a_to_z() -> None:
    assert plain("Gærslam-Ø, Århus é") == "gaerslamoeaarhuse"


def test_danish_letters_typed_as_two_are_understood() -> None:
    assert word_of("groentsager").stem == word_of("grøntsager").stem


def test_a_number_written_in_groups_is_one_number() -> None:
    assert "99200001" in {word.key for word in read("CVR 99 20 00 01")}


def test_company_forms_with_a_slash_are_one_word() -> None:
    assert [word.key for word in read("Møllegård I/S")] == ["moellegaard", "is"]


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "🙂🙂", "<script>", "a" * 100_000, "' OR 1=1 --", '"*:^()']
)
def test_any_text_gives_terms_of_letters_and_digits_only(text: str) -> None:
    for word in read(text):
        for term in (word.key, word.stem, *word.parts, *word.roots):
            assert term.isascii()
            assert term.isalnum()
            assert len(term) <= 60
