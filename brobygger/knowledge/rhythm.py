# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How often an amount comes where that is not simply each day, week or month: "hver 14. dag", "2 gange om ugen"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from brobygger.knowledge.amounts import Period, number, period_of

_DAY = r"(?:man|tirs|ons|tors|fre|lør|søn)dage?n?"
_DAYS = rf"{_DAY}(?:(?:,| og|, og|\s?&)\s?{_DAY})*"
_OTHER = r"(?:anden|andet|2\.)"
_TIMES = (
    r"(?P<times>\d{1,2}|to|tre|fire|fem|seks)\s?(?:gange|dage|x)\s+(?P<of>(?:i|om|pr\.?|per)\s?\w+|\w+ligt?)"
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The amount comes `times` in each `period`. `span`: the words that say so."""

    times: Decimal
    period: Period
    span: tuple[int, int]


def _days(match: re.Match[str]) -> int:
    return len(re.findall(_DAY, match.group()))


_RHYTHMS: tuple[tuple[re.Pattern[str], Period, Callable[[re.Match[str]], Decimal | int]], ...] = tuple(
    (re.compile(pattern), period, times)  # type: ignore[misc]
    for pattern, period, times in (
        (
            rf"\bhver dag (?:undtagen|und?t\.?|bortset fra|på nær|minus) {_DAYS}\b",
            "week",
            lambda match: 7 - _days(match),
        ),
        (
            r"\b(?:dagligt?|hver dag),? (?:på hverdage|mandag\s?(?:til|-|–)\s?fredag)\b"
            r"|\b(?:alle|på) hverdage\w*\b|\bhver hverdag\b",
            "week",
            lambda _: 5,
        ),
        (
            rf"\bhver (?:14\.|fjortende) dag\b|\bhver(?:anden|t andet| {_OTHER}) (?:uge|{_DAY})\b",
            "week",
            lambda _: Decimal("0.5"),
        ),
        (rf"\bhver(?:anden| {_OTHER}) måned\b", "month", lambda _: Decimal("0.5")),
        (rf"\bhver(?:anden| {_OTHER}) dag\b", "day", lambda _: Decimal("0.5")),
        (r"\bhver (?:tredje|3\.) måned\b", "quarter", lambda _: 1),
        (rf"\bhver {_DAY}(?:(?:,| og|, og|\s?&)\s?(?:hver )?{_DAY})+\b", "week", _days),
    )
)


def rhythm_of(text: str) -> Rhythm | None:
    """The rhythm said in the folded text (the amount itself blanked out, "2 dage om ugen" may be one); None where none is said, or where an amount's own period stands beside it
    ("4 tons om ugen, hentes hver 14. dag")."""
    found = _times(text) or _said(text)
    if found is None or period_of(text[: found.span[0]] + " " + text[found.span[1] :]) is not None:
        return None
    return found


def _times(text: str) -> Rhythm | None:
    match = re.search(_TIMES, text)
    period = period_of(match["of"]) if match else None
    return Rhythm(number(match["times"]), period, match.span()) if match and period else None


def _said(text: str) -> Rhythm | None:
    for pattern, period, times in _RHYTHMS:
        if (match := pattern.search(text)) and (often := Decimal(times(match))) > 0:
            return Rhythm(often, period, match.span())
    return None
