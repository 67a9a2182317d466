# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""From when to when, as people write it: "i november", "fra 1. maj til september", "hele sommeren", "i uge 34".

Without a year it is the one that is running or comes next. What is over is not proposed: "fra nedrivning i marts 2019".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_MONTHS = {name: number for number, name in enumerate(MONTHS, 1)} | {
    "jan": 1, "feb": 2, "apr": 4, "aug": 8, "sept": 9, "sep": 9, "okt": 10, "nov": 11, "dec": 12, "january": 1,
    "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10,
}  # fmt: skip
"""Also shortened, and in English. "Jul" is Christmas."""
_SEASONS = {
    "forår": (3, 5), "sommer": (6, 8), "efterår": (9, 11), "vinter": (12, 2), "sommerhalvår": (4, 9),
    "vinterhalvår": (10, 3), "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2),
}  # fmt: skip
"""Season → its first and last month, by the calendar that the weather service counts in."""
_LATELY = timedelta(days=60)
""""Fra 1. november", said at the end of November, began this year."""


def _one_of(words: dict[str, int] | dict[str, tuple[int, int]]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH = _one_of(_MONTHS)
_PART = r"(?:(?:starten|begyndelsen|midten|slutningen|udgangen) af |primo |medio |ultimo )?"
_TO = r"\s?(?:-|–|\btil og med\b|\bfrem til\b|\bindtil\b|\btil\b|\bto\b|\buntil\b)\s?"


def _point(n: int) -> str:
    """A day or a month: ``1. maj 2027``, ``udgangen af maj``, ``1/5-2027``."""
    return (
        rf"(?:(?:den |d\. ?)?(?:(?P<d{n}>[0-3]?\d)\.? ?|{_PART})(?P<m{n}>{_MONTH})\b\.?(?: måned)?(?: (?P<y{n}>20\d\d)\b)?"
        rf"|(?:den |d\. ?)?(?P<nd{n}>[0-3]?\d)[./](?P<nm{n}>[01]?\d)[-./ ](?P<ny{n}>20\d\d)\b)"
    )


@dataclass(frozen=True, slots=True)
class Window:
    """`first` and `last` day; None is open. `span`: the words that say so, in the folded text."""

    first: date | None
    last: date | None
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Point:
    """A day (`day`) or a whole month, with the year where it was written."""

    month: int
    day: int | None
    year: int | None

    def begins(self, year: int) -> date:
        return date(self.year or year, self.month, self.day or 1)

    def ends(self, year: int) -> date:
        at = self.year or year
        return date(at, self.month, self.day or monthrange(at, self.month)[1])


Days = tuple[date | None, date | None]


def window_of(text: str, today: date) -> Window | None:
    """The days said in the folded text; None where none are, where they are over, or where they are no days (31. februar)."""
    for pattern, read in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        try:
            first, last = read(match, today)
        except ValueError:
            continue
        if (last or first or date.min) >= (today if last else today - _LATELY):
            return Window(first, last, match.span())
    return None


def _at(match: re.Match[str], n: int) -> _Point:
    if match[f"nd{n}"]:
        return _Point(int(match[f"nm{n}"]), int(match[f"nd{n}"]), int(match[f"ny{n}"]))
    day, year = match[f"d{n}"], match[f"y{n}"]
    return _Point(_MONTHS[match[f"m{n}"]], int(day) if day else None, int(year) if year else None)


def _between(first: _Point, last: _Point, today: date) -> Days:
    """The years that are not written are those that make it run now, or begin next."""
    over = (last.month, last.day or 31) < (first.month, first.day or 1)
    if first.year or last.year:
        began = first.year or (last.year or 0) - over
        return first.begins(began), last.ends(began + over)
    for year in (today.year - 1, today.year, today.year + 1):
        if last.ends(year + over) >= today:
            return first.begins(year), last.ends(year + over)
    raise ValueError("never")


def _range(match: re.Match[str], today: date) -> Days:
    return _between(_at(match, 1), _at(match, 2), today)


def _during(match: re.Match[str], today: date) -> Days:
    return _between(_at(match, 1), _at(match, 1), today)


def _from(match: re.Match[str], today: date) -> Days:
    point = _at(match, 1)
    this_year = point.begins(today.year)
    lately = this_year if point.day else point.ends(today.year)
    return (this_year if point.year or lately >= today - _LATELY else point.begins(today.year + 1)), None


def _until(match: re.Match[str], today: date) -> Days:
    """ "Inden maj" and "indtil maj" are over when May begins; "til og med maj" when it ends."""
    point = _at(match, 1)
    ends = point.ends if point.day or not match["before"] else point.begins
    last = next(day for day in (ends(today.year), ends(today.year + 1)) if point.year or day >= today)
    return None, last if point.day or not match["before"] else last - timedelta(days=1)


def _listed(match: re.Match[str], today: date) -> Days:
    found = [_Point(_MONTHS[name], None, None) for name in re.findall(rf"\b(?:{_MONTH})\b", match.group())]
    return _between(found[0], found[-1], today)


def _season(match: re.Match[str], today: date) -> Days:
    first, last = _SEASONS[match["season"]]
    return _between(
        _Point(first, None, int(match["year"]) if match["year"] else None), _Point(last, None, None), today
    )


def _weeks(match: re.Match[str], today: date) -> Days:
    first, last = int(match["week"]), int(match["last"] or match["week"])
    for year in (today.year, today.year + 1):
        days = date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)
        if days[1] >= today:
            return days
    raise ValueError("never")


def _year(match: re.Match[str], today: date) -> Days:
    return date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31)


_IN = r"\b(?:i|hele|in|during|all)\s(?:hele |løbet af )?"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"\b(?:i perioden |perioden |fra og med |fra |from |i )?\b{_point(1)}{_TO}{_point(2)}", _range),
        (rf"\b(?:mellem|between) {_point(1)} (?:og|and) {_point(2)}", _range),
        (rf"\b(?:(?:i|in) )?(?:{_MONTH})(?:, (?:{_MONTH}))* (?:og|and|eller) (?:{_MONTH})\b", _listed),
        (
            rf"\b(?:(?P<before>indtil|inden|før|before|until)|frem til|til og med|senest|til(?= udgangen)) {_point(1)}",
            _until,
        ),
        (rf"\b(?:fra og med|fra|from|pr\.(?= ?\d)|efter(?= (?:den )?\d)) ?{_point(1)}", _from),
        (rf"{_IN}{_PART}{_point(1)}", _during),
        (rf"(?<![\w.,/])(?=(?:den |d\. ?)?\d){_point(1)}", _during),
        (
            rf"\b(?:(?:i løbet af|hen over|hele|til|om|over|i|in the|in|all|during) (?:næste |kommende )?)"
            rf"(?P<season>{_one_of(_SEASONS)})(?:en|et)?\b(?: (?P<year>20\d\d)\b)?",
            _season,
        ),
        (
            r"\b(?:i|fra|in) (?:uge|week) ?(?P<week>\d{1,2})(?:\s?(?:-|–|til|og)\s?(?P<last>\d{1,2}))?\b"
            r"(?!\s?(?:kg|kilo|tons?|t|l|liter|stk|m2|m3|paller|timer)\b)",
            _weeks,
        ),
        (r"\b(?:i|hele|in) (?P<year>20\d\d)\b", _year),
    )
)
