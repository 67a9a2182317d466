# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Counting days, and the days on which terms fall."""

from __future__ import annotations

import calendar
import datetime as dt
from enum import StrEnum
from fractions import Fraction


class DayCount(StrEnum):
    """How much of a year lies between two days."""

    ACTUAL_365 = "actual/365"
    """Actual days over 365, also in leap years (2006 ISDA Definitions, section 4.16(d))."""
    THIRTY_360 = "30/360"
    """Months of 30 days over 360, the 31st as the 30th (30E/360, section 4.16(g))."""


def days_between(first: dt.date, last: dt.date, count: DayCount) -> int:
    """Days of interest from `first` until `last`; the sum over parts is that of the whole."""
    if count is DayCount.ACTUAL_365:
        return (last - first).days
    return _thirty(last) - _thirty(first)


def _thirty(day: dt.date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def share_of_year(first: dt.date, last: dt.date, count: DayCount) -> Fraction:
    """The part of a year, exactly."""
    return Fraction(days_between(first, last, count), 365 if count is DayCount.ACTUAL_365 else 360)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months on, or the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
