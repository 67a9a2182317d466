# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the words of confidence promise, and what the ranking must beat, on exchanges whose source was left out."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks.takers_quality import (
    blind,
    blind_cases,
    blind_sets,
    figures,
    left_out,
    ranked_codes,
    source_of,
)
from brobygger.engine.evidence import Evidence
from brobygger.engine.listing import Residual
from brobygger.knowledge import load

FIRST, FIVE, RECIPROCAL, CLASS = "division first", "division in five", "reciprocal rank", "class in ten"


@pytest.fixture(scope="module")
def judged():
    """Left-out uses and every blind set, asked with their codes."""
    return {"uses": left_out(load(), True)} | {n: blind(load(), n, True) for n in blind_sets()}


def test_every_set_is_ranked_better_than_by_nearest_text_and_by_the_commonest(judged):
    for group in judged.values():
        ours, usual, nearest = (figures(cases) for cases in (group.ours, group.usual, group.nearest))
        for name in (FIRST, FIVE, RECIPROCAL, CLASS):
            assert ours[name] > usual[name]
            assert ours[name] > nearest[name]


def test_the_set_nobody_learned_from_stays_where_it_was_measured(judged):
    found = figures(judged[4].ours)
    assert found[FIRST] >= 0.44
    assert found[FIVE] >= 0.80
    assert found[RECIPROCAL] >= 0.58
    assert found[CLASS] >= 0.70


def test_what_a_facilitator_names_first_is_said_first_of_common_residues():
    """Residues of every chapter of the waste list in Danish and English, with the divisions that may stand first."""
    index = Evidence(load())
    with Path(__file__).with_name("expected_takers.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    missed = [
        row["text"]
        for row in rows
        if ranked_codes(index, Residual("x", row["text"], row["lang"]))[0][:2]
        not in row["divisions"].split(";")
    ]
    assert len(missed) <= 0.05 * len(rows), missed


def test_each_word_of_confidence_is_right_as_often_as_the_documentation_says(judged):
    right = defaultdict(list)
    for group in judged.values():
        for word, hit in group.words:
            right[word].append(hit)
    rate = {word: sum(hits) / len(hits) for word, hits in right.items()}
    assert rate["sikker"] >= 0.85
    assert 0.50 <= rate["sandsynlig"] <= 0.80
    assert rate["usikker"] <= 0.50
    assert min(map(len, right.values())) >= 15


def test_no_blind_case_comes_from_a_publisher_the_knowledge_rests_on():
    publishers = {source_of(use) for use in load().uses}
    for number in blind_sets():
        for row in blind_cases(number):
            assert row.source.startswith("http")
            assert source_of_row(row.source) not in publishers


def source_of_row(source):
    """The site of a blind case."""
    return source.split("/")[2].removeprefix("www.")


def test_the_industries_of_the_blind_cases_exist():
    industries = load().industries
    for number in blind_sets():
        for row in blind_cases(number):
            assert row.taker_nace in industries
            assert not row.giver_nace or row.giver_nace in industries
