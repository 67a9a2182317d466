# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A quarter of a year: which days lie in it, and how it is written in an address."""

from __future__ import annotations

from datetime import date

import pytest

from brobygger.outreach.quarters import quarter_of, read_quarter


@pytest.mark.parametrize(
    ("day", "first", "last", "key"),
    [
        ("2026-01-01", "2026-01-01", "2026-03-31", "2026-1"),
        ("2026-03-31", "2026-01-01", "2026-03-31", "2026-1"),
        ("2024-02-29", "2024-01-01", "2024-03-31", "2024-1"),
        ("2026-06-30", "2026-04-01", "2026-06-30", "2026-2"),
        ("2026-12-31", "2026-10-01", "2026-12-31", "2026-4"),
    ],
)
def test_a_day_lies_in_its_quarter(day, first, last, key):
    quarter = quarter_of(date.fromisoformat(day))
    assert (quarter.first_day.isoformat(), quarter.last_day.isoformat(), quarter.key) == (first, last, key)
    assert quarter.next.previous == quarter
    assert read_quarter(key) == quarter


@pytest.mark.parametrize(
    "typed", ["", "2026", "2026-5", "2026-0", "x-1", "26-1", "0000-1", "9999-4", "2026-1-1", "²026-1"]
)
def test_what_is_no_quarter_is_none(typed):
    assert read_quarter(typed) is None
