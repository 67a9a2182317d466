# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The compiled score of one pair gives the digits of the formula in NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from brobygger.engine.columns import read_side
from brobygger.engine.pair_score import facts, measure_pair, score_pair, weights_array
from brobygger.engine.parts import measure, rounded, score
from tests.engine.test_suggest_reference import KNOWLEDGE, listings


@settings(max_examples=200, deadline=None)
@given(listings("h"), listings("n"))
def test_one_pair_gives_the_digits_that_thousands_give(haves, needs):
    numbers: dict[str, int] = {}
    there, here = read_side(haves, KNOWLEDGE, numbers), read_side(needs, KNOWLEDGE, numbers)
    have_rows, need_rows = facts(there.columns), facts(here.columns)
    for n in range(len(needs)):
        shared = np.array([len(here.tokens[n] & tokens) for tokens in there.tokens], dtype=np.int64)
        for typed in (True, False):
            parts = measure(here.columns.take(n), there.columns, shared, typed)
            fit = rounded(np.linspace(0.1, 1.0, len(haves)))
            totals = np.where(parts.allowed, score(fit, parts), 0.0)
            for h in range(len(haves)):
                one = measure_pair(need_rows[n], have_rows[h], float(shared[h]), typed)
                np.testing.assert_array_equal(one, [float(column[h]) for column in parts])
                total, _ = score_pair(
                    need_rows[n], have_rows[h], fit[h], float(shared[h]), typed, weights_array()
                )
                assert total == totals[h]
