# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The engine reads Danish and English as people write it."""

from __future__ import annotations

import time

import pytest

from brobygger.engine.lexicon import Lexicon
from brobygger.engine.text import (
    MAX_CHARACTERS,
    Spellings,
    fold,
    guess_language,
    lemma,
    nearest_word,
    split_compound,
    stem,
    tokens,
)

VOCABULARY = frozenset({"gulerod", "top", "rest", "øl", "malt", "mask", "affald", "træ", "kvæg", "foder"})


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("gulerodstoppe", ("gulerod", "top")),
        ("restøl", ("rest", "øl")),
        ("maltmask", ("malt", "mask")),
        ("affaldstræ", ("affald", "træ")),
        ("kvægfoder", ("kvæg", "foder")),
    ],
)
def test_a_danish_compound_is_taken_apart(compound, parts):
    assert split_compound(compound, VOCABULARY) == parts


def test_a_word_that_is_no_compound_stays_whole():
    assert split_compound("bicykel", VOCABULARY) == ("bicykel",)


def test_inflected_forms_share_a_lemma_and_a_stem():
    assert lemma("gulerødderne", "da") == "gulerod"
    assert stem("murstenene", "da") == stem("mursten", "da")
    assert stem("residues", "en") == stem("residue", "en")


def test_stop_words_and_amounts_are_left_out():
    assert tokens("Vi har 4 tons mask om ugen", "da") == ("mask",)


def test_swedish_letters_are_read_as_danish():
    assert fold("Bröd Ä") == "brød æ"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("spent grain from the brewery", "en"),
        ("mask fra bryggeriet", "da"),
        ("overskudsbrød", "da"),
        ("waste heat", "en"),
    ],
)
def test_the_language_of_a_short_text_is_guessed(text, language):
    assert guess_language(text) == language


@pytest.mark.parametrize(("written", "meant"), [("murstn", "mursten"), ("overskudvarme", "overskudsvarme")])
def test_a_misspelt_word_finds_the_one_that_was_meant(written, meant):
    assert nearest_word(written, ["mask", "mursten", "overskudsvarme"]) == meant


def test_a_word_far_from_all_others_finds_nothing():
    assert nearest_word("helikopter", ["mask", "mursten"]) is None


def test_very_long_text_is_read_to_a_limit_and_quickly():
    began = time.perf_counter()
    assert len(fold("mask " * 100_000)) == MAX_CHARACTERS
    tokens("æ" * 10_000_000, "da")
    assert time.perf_counter() - began < 2


@pytest.fixture(scope="module")
def lexicon():
    names = [
        ("mask", "mask", "da"),
        ("mask", "spent grain", "en"),
        ("feed", "kvægfoder", "da"),
        ("brick", "mursten", "da"),
    ]
    return Lexicon(names)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("bryggerimask", "mask"),
        ("foder til kvæg", "feed"),
        ("Spent grains, wet", "mask"),
        ("murstn fra nedrivning", "brick"),
        ("gamle mursten", "brick"),
    ],
)
def test_a_thing_is_found_by_compound_phrase_and_misspelling(lexicon, text, key):
    assert lexicon.find(text)[0].key == key


def test_a_text_that_names_nothing_known_finds_nothing(lexicon):
    assert lexicon.find("yogaundervisning om aftenen") == ()


def test_where_a_thing_comes_from_counts_less_than_what_it_is(lexicon):
    found = {f.key: f.score for f in lexicon.find("mask fra mursten")}
    assert found["mask"] > found["brick"]


def test_a_first_part_that_takes_a_linking_s_keeps_it():
    vocabulary = frozenset({"brygning", "mask", "smask", "rensning", "slam"})
    assert split_compound("brygningsmask", vocabulary) == ("brygning", "mask")
    assert split_compound("rensningsslam", vocabulary) == ("rensning", "slam")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("fliser", "flis", "da"),
        ("fliserne", "flis", "da"),
        ("masker", "mask", "da"),
        ("lagner", "lag", "da"),
        ("ferskner", "fersk", "da"),
        ("pelse", "pellets", "da"),
        ("tables", "tabletter", "da"),
        ("containers", "containing", "en"),
        ("glasses", "glass", "en"),
        ("tailings", "tail", "en"),
    ],
)
def test_two_things_whose_inflections_look_alike_are_kept_apart(one, other, language):
    assert stem(one, language) != stem(other, language)


def test_a_name_that_holds_the_origin_goes_before_the_bare_thing_where_both_are_named():
    lexicon = Lexicon(
        [("gypsum", "gips", "da"), ("fgd", "gips fra røgrensning", "da"), ("salt", "røgrensning", "da")]
    )
    first, second, *_ = lexicon.find("gips fra røgrensning")
    assert (first.key, second.key) == ("fgd", "gypsum")
    assert lexicon.find("salt fra røgrensning")[0].score < 0.5


def test_names_with_a_number_or_a_single_letter_are_words_and_amounts_are_not():
    lexicon = Lexicon(
        [("co2", "CO2", "da"), ("a", "A-træ", "da"), ("b", "B-træ", "da"), ("t", "t-stykker", "da")]
    )
    assert lexicon.find("co2 fra gæring")[0].key == "co2"
    assert lexicon.find("A-træ fra nedrivning")[0].key == "a"
    assert [f.key for f in lexicon.find("4 t B-træ")][0] == "b"


def test_an_index_of_spellings_answers_as_the_single_question_does():
    words = ["mask", "mursten", "overskudsvarme", "foder"]
    index = Spellings(words)
    for written in ("murstn", "overskudvarme", "fodre", "helikopter", "mask"):
        assert index.nearest(written) == nearest_word(written, words)
    assert index.nearest("fodre") == "foder"


def test_what_was_prepared_is_kept_and_a_damaged_file_only_costs_time(tmp_path, monkeypatch):
    monkeypatch.setenv("BROBYGGER_CACHE", str(tmp_path))
    names = [(f"k{i}", f"kvægfoder {word}", "da") for i, word in enumerate(["mask", "halm"] * 300)]
    first = Lexicon(names, "test").find("foder til kvæg")
    (file,) = tmp_path.iterdir()
    assert Lexicon(names, "test").find("foder til kvæg") == first
    file.write_text("{")
    assert Lexicon(names, "test").find("foder til kvæg") == first
    monkeypatch.setenv("BROBYGGER_CACHE", "/proc/no-such-place")
    assert Lexicon(names, "test").find("foder til kvæg") == first
