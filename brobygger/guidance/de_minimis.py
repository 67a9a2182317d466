# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The arithmetic of de minimis aid, without a database: Regulation (EU) 2023/2831, article 3(2).

"The total amount of de minimis aid granted per Member State to a single undertaking shall not exceed EUR 300 000 over
any period of 3 years." The period rolls (recital 10): it is the three years up to and including the day of a grant. A
grant of 15 March 2024 is counted up to and including 14 March 2027.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CEILING = Decimal("300000.00")  # euro
YEARS = 3
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Grant:
    """An amount in euro on the day when the right to it was given."""

    on: date
    euro: Decimal


def three_years_before(day: date) -> date:
    """The last day that a period of three years ending on `day` does not hold; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year - YEARS)
    except ValueError:
        return day.replace(year=day.year - YEARS, day=28)


def free_again_on(day: date) -> date:
    """The first day when a grant of `day` no longer counts: the same day three years on, 1 March where there is no 29th."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:
        return date(day.year + YEARS, 3, 1)


def total_on(grants: Iterable[Grant], day: date) -> Decimal:
    """Euro granted in the three years that end on that day."""
    first = three_years_before(day)
    return sum((grant.euro for grant in grants if first < grant.on <= day), Decimal(0))


def fullest_around(grants: Sequence[Grant], day: date) -> Decimal:
    """The largest sum of any period of three years that holds the day.

    Of the periods that end on the day or later, only those that end on the day itself or on the day of a grant can be
    the fullest: between two grants the sum only falls.
    """
    ends = {day} | {grant.on for grant in grants if day < grant.on < free_again_on(day)}
    return max(total_on(grants, end) for end in ends)


def headroom_on(grants: Sequence[Grant], day: date, ceiling: Decimal = CEILING) -> Decimal:
    """Euro that may still be granted on that day without any period of three years passing the ceiling; never below 0."""
    return max(Decimal(0), ceiling - fullest_around(grants, day))


def first_day_with_room(grants: Sequence[Grant], amount: Decimal, after: date) -> date | None:
    """The first day after `after` when there is room for the amount; None where it is above the ceiling itself."""
    if amount > CEILING:
        return None
    days = sorted({free_again_on(grant.on) for grant in grants if free_again_on(grant.on) > after})
    return next((day for day in days if headroom_on(grants, day) >= amount), None)


def euro_of(kroner: Decimal, rate: Decimal) -> Decimal:
    """Kroner at so many kroner for a euro, to the cent."""
    return (kroner / rate).quantize(CENT, ROUND_HALF_UP)
