# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Days as Danes write them in a hurry: »i går«, »12/11«, »om 14 dage«, »på mandag«, »i uge 48«.

A text says a day either of what has been or of what is to come; the same »12/11« is then last or next November.
Anything that cannot be a day is passed over. Pure functions of the text and today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from brobygger.knowledge.windows import MONTHS

NUMBERS = {
    "en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "et par": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7,
    "otte": 8, "ni": 9, "ti": 10, "tolv": 12, "fjorten": 14,
}  # fmt: skip
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MOST_DAYS = 3660
"""Ten years: longer ahead or back nobody means in a note."""
_NUMBER = r"\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS)
_MEASURED = r"(?!\s*(?:tons?|kg|g|l|liter|m|m2|m3|m²|m³|stk|stykker|timer|time|dage?|uger?|år|måned\w*|del\w*|af|ha|kr|%)\b)"
"""»1/2 ton« and »3/4 af« are amounts."""
_FIGURES = (
    r"\b(?P<day>\d{1,2})(?:/|\.(?=\d))(?P<month>\d{1,2})(?:[/.-](?P<year>\d{4}|\d{2}))?\b(?![/:]\d)"
    + _MEASURED
)
_WRITTEN = rf"\b(?P<day>\d{{1,2}})\.?\s?(?P<name>{_MONTH})\b\.?(?:\s(?P<year>\d{{4}}))?"


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text says, and where: `text[start:end]` are the words."""

    on: date
    start: int
    end: int
    sure: bool = True
    """False for a bare »12/11«, which only the surrounding words place before or after today."""


Reader = Callable[[re.Match[str], date], date | None]


def said_before(text: str, today: date) -> Day | None:
    """The first day of something that has happened, today at the latest; None when the text says none."""
    found = (day for day in _days(text, today, _BEFORE) if today - timedelta(MOST_DAYS) <= day.on <= today)
    return min(found, key=lambda day: (day.start, -day.end), default=None)


def said_ahead(text: str, today: date) -> Day | None:
    """The first day of something to come, tomorrow at the earliest; None when the text says none."""
    found = (day for day in _days(text, today, _AHEAD) if today < day.on <= today + timedelta(MOST_DAYS))
    return min(found, key=lambda day: (day.start, -day.end), default=None)


def _days(text: str, today: date, rules: tuple[tuple[re.Pattern[str], Reader, bool], ...]) -> Iterator[Day]:
    plain = text.lower()
    for pattern, read, sure in rules:
        for match in pattern.finditer(plain):
            try:
                on = read(match, today)
            except (ValueError, OverflowError):
                continue
            if on is not None:
                yield Day(on, match.start(), match.end(), sure)


def _count(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def _shifted(match: re.Match[str], today: date, sign: int) -> date:
    unit, count = match["unit"], sign * _count(match["number"])
    if unit.startswith("måned"):
        return _months_on(today, count)
    return _months_on(today, 12 * count) if unit == "år" else today + timedelta(count * _length(unit))


def _length(unit: str) -> int:
    return 7 if unit.startswith("uge") else 1


def _months_on(day: date, count: int) -> date:
    """The same day so many months on, or the month's last."""
    months = day.year * 12 + day.month - 1 + count
    for last in (day.day, 30, 29, 28):
        try:
            return date(months // 12, months % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError


def _dated(match: re.Match[str], today: date, *, ahead: bool) -> date:
    """The day of the nearest year on the right side of today, when the year is not written."""
    groups = match.groupdict()
    month = int(groups["month"]) if groups.get("month") else _month_number(groups["name"])
    day = int(groups["day"])
    if groups["year"]:
        year = int(groups["year"])
        return date(year if year > 99 else 2000 + year, month, day)
    years = range(today.year, today.year + 9) if ahead else range(today.year, today.year - 9, -1)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if (found > today) if ahead else (found <= today):
            return found
    raise ValueError


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def _next_weekday(match: re.Match[str], today: date) -> date:
    apart = (WEEKDAYS.index(match["weekday"]) - today.weekday() - 1) % 7 + 1
    return today + timedelta(apart)


def _last_weekday(match: re.Match[str], today: date) -> date:
    apart = (today.weekday() - WEEKDAYS.index(match["weekday"]) - 1) % 7 + 1
    return today - timedelta(apart)


def _week(match: re.Match[str], today: date) -> date | None:
    """Monday of the numbered week, ISO 8601, the next time there is one; Friday when it is the week we are in."""
    number = int(match["week"])
    for year in (today.year, today.year + 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if monday > today:
            return monday
        if today < monday + timedelta(7):
            return monday + timedelta(4)
    return None


def _first_of(match: re.Match[str], today: date) -> date:
    month = _month_number(match["name"])
    return date(today.year + (month <= today.month), month, 1)


def _rule(pattern: str, read: Reader, *, sure: bool = True) -> tuple[re.Pattern[str], Reader, bool]:
    return re.compile(pattern), read, sure


_AHEAD = (
    _rule(r"\bi ?morgen\b(?! tidlig)", lambda _m, today: today + timedelta(1)),
    _rule(r"\bi ?overmorgen\b", lambda _m, today: today + timedelta(2)),
    _rule(
        rf"\bom (?P<number>{_NUMBER}) (?P<unit>dage?|uger?|måned(?:er)?|år)\b",
        lambda match, today: _shifted(match, today, 1),
    ),
    _rule(r"\bom et halvt år\b", lambda _m, today: _months_on(today, 6)),
    _rule(r"\b(?:i )?næste uge\b", lambda _m, today: today + timedelta(7 - today.weekday())),
    _rule(r"\b(?:i )?næste måned\b", lambda _m, today: _months_on(today.replace(day=1), 1)),
    _rule(rf"\b(?:på|næste|til|senest|inden) (?P<weekday>{_DAY})\b", _next_weekday),
    _rule(r"\b(?:i )?uge (?P<week>\d{1,2})\b", _week),
    _rule(r"\b(?:efter|over) nytår\b", lambda _m, today: date(today.year + 1, 1, 2)),
    _rule(
        rf"(?<!\d )(?<!\d\. )(?<!\d\.)\b(?:i|til|start(?:en)? af|primo) (?P<name>{'|'.join(MONTHS)})\b",
        _first_of,
    ),
    _rule(_FIGURES, lambda match, today: _dated(match, today, ahead=True), sure=False),
    _rule(_WRITTEN, lambda match, today: _dated(match, today, ahead=True), sure=False),
)
_BEFORE = (
    _rule(r"\bi ?dag\b", lambda _m, today: today),
    _rule(r"\bi ?går\b", lambda _m, today: today - timedelta(1)),
    _rule(r"\bi ?forgårs\b", lambda _m, today: today - timedelta(2)),
    _rule(
        rf"\bfor (?P<number>{_NUMBER}) (?P<unit>dage?|uger?|måned(?:er)?|år) siden\b",
        lambda match, today: _shifted(match, today, -1),
    ),
    _rule(rf"\bi (?P<weekday>{_DAY})s\b", _last_weekday),
    _rule(_FIGURES, lambda match, today: _dated(match, today, ahead=False), sure=False),
    _rule(_WRITTEN, lambda match, today: _dated(match, today, ahead=False), sure=False),
)
