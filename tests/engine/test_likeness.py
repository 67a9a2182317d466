# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Documented takers of residues of the same kind correct what the rules say, and leave their sum alone."""

from __future__ import annotations

import numpy as np
import pytest

from brobygger.engine.facts import Use
from brobygger.engine.likeness import ENOUGH, Likeness

CODES = ["0141", "0146", "3521", "3530"]
DIVISION = np.array([0, 0, 1, 1])
RULED = {"mask": [0.4, 0.2, 0.3, 0.1], "varme": [0.0, 0.0, 0.0, 1.0]}


def use(number: int, text: str, taker: str, source: str) -> Use:
    return Use(str(number), "", text, "", "", "", taker, purpose="", source=source)


def likeness(*uses: Use) -> Likeness:
    position = {code: i for i, code in enumerate(CODES)}
    return Likeness(uses, position, DIVISION, lambda use: np.array(RULED[use.text]))


def test_a_documented_taker_of_the_same_kind_draws_its_division_and_the_sum_stays():
    evidence = np.array(RULED["mask"])
    found = likeness(use(1, "mask", "3521", "a")).corrected(evidence, evidence)
    assert found.sum() == pytest.approx(1.0)
    assert found[2:].sum() == pytest.approx((ENOUGH * 0.4 + 1) / (ENOUGH + 1))
    assert found[2] / found[3] == pytest.approx(3.0)


def test_a_use_of_another_kind_says_nothing():
    evidence = np.array(RULED["mask"])
    found = likeness(use(1, "varme", "3530", "a")).corrected(evidence, evidence)
    assert found.tolist() == evidence.tolist()


def test_many_uses_from_one_source_count_less_than_as_many_from_several():
    evidence = np.array(RULED["mask"])
    one = likeness(*(use(i, "mask", "3521", "a") for i in range(9))).corrected(evidence, evidence)
    several = likeness(*(use(i, "mask", "3521", str(i)) for i in range(9))).corrected(evidence, evidence)
    assert evidence[2] < one[2] < several[2]


def test_without_uses_and_without_evidence_nothing_changes():
    nothing = np.zeros(4)
    assert likeness().corrected(np.array(RULED["mask"]), nothing).tolist() == RULED["mask"]
    assert likeness(use(1, "mask", "3521", "a")).corrected(nothing, nothing).tolist() == [0.0] * 4
