# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Days and moments as Danes write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from brobygger.base.moments import day_in_figures


def test_a_moments_day_is_the_danish_one() -> None:
    assert day_in_figures(datetime(2026, 12, 6, 23, 30, tzinfo=UTC)) == "07.12.2026"
    assert day_in_figures(date(2026, 12, 6)) == "06.12.2026"
    assert day_in_figures(None) == ""
