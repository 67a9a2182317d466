# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Quarters of the year, in which new firms are welcomed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months. Both days included."""

    first_day: date

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def number(self) -> int:
        return (self.first_day.month - 1) // 3 + 1

    @property
    def next(self) -> Quarter:
        return quarter_of(self.first_day + timedelta(days=95))

    @property
    def previous(self) -> Quarter:
        return quarter_of(self.first_day - timedelta(days=1))

    @property
    def key(self) -> str:
        """`2026-3`, as it stands in addresses."""
        return f"{self.first_day.year}-{self.number}"

    def __str__(self) -> str:
        return _("%(number)s. kvartal %(year)s") % {"number": self.number, "year": self.first_day.year}


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1))


def read_quarter(key: str) -> Quarter | None:
    """The quarter of a key such as `2026-3`, None for any other text."""
    year, _dash, number = key.partition("-")
    if year.isdecimal() and len(year) == 4 and number in {"1", "2", "3", "4"} and "1950" <= year <= "2200":
        return Quarter(date(int(year), 3 * int(number) - 2, 1))
    return None
