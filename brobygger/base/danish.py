# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Danish order, figures and quantities, in one place."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.text import slugify

_LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
_ORDER = (
    {" ": "10", "-": "10"}
    | {str(d): str(20 + d) for d in range(10)}
    | {c: str(40 + i) for i, c in enumerate(_LETTERS)}
)
_FOLD = str.maketrans(
    {
        "é": "e",
        "è": "e",
        "ü": "y",
        "ä": "æ",
        "ö": "ø",
        "á": "a",
        "í": "i",
        "ó": "o",
        "ú": "u",
        "ñ": "n",
        "ç": "c",
    }
)


_IN_ADDRESSES = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def sort_key(text: str) -> str:
    """A key of digits that sorts by Danish collation (… z, æ, ø, å; aa as å) on any database, whatever its locale.

    Two digits a character, 40 characters. Source: Dansk Sprognævn, Retskrivningsordbogen § 3 on alphabetical order.
    """
    return "".join(_ORDER.get(character, "") for character in _folded(text))[:80]


def name_key(text: str) -> str:
    """What the ways of writing one name share: capitals, accents and signs make no difference.

    `sort_key` tells names apart by their first 40 characters, and by none of another alphabet; this by the whole name.
    """
    return "".join(
        _ORDER.get(character, character)
        for character in _folded(text)
        if character in _ORDER or character.isalnum()
    )


def _folded(text: str) -> str:
    return text.casefold().translate(_FOLD).replace("aa", "å").strip()


def address_word(text: str) -> str:
    """As it stands in an address: »Erhverv Ærø« → `erhverv-aeroe`."""
    return slugify(text.casefold().translate(_IN_ADDRESSES))


def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """`1.234,5`. None gives a dash. Without `decimals`: as many as matter, none from 1000, at most three below 0.1."""
    if value is None:
        return "–"
    amount = Decimal(str(value))
    if decimals is not None:
        return _written(f"{amount:,.{decimals}f}")
    size = abs(amount)
    most = 0 if size >= 1000 else 1 if size >= 10 else 2 if size >= Decimal("0.1") else 3
    shown = f"{amount:,.{most}f}"
    return _written(shown.rstrip("0").rstrip(".") if "." in shown else shown)


def _written(english: str) -> str:
    """1,234.5 → 1.234,5."""
    return english.translate(str.maketrans(",.", ".,"))


def kroner(value: Decimal | float | None) -> str:
    """`12.345 kr.` or `12.345,50 kr.`: the øre that there are. What is owed, granted, paid or asked. None gives a dash."""
    if value is None:
        return "–"
    amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{number(amount, 0 if amount == amount.to_integral_value() else 2)} kr."


def about_kroner(value: Decimal | float | None) -> str:
    """What is computed, summed or guessed: whole kroner, and øre only below one krone. None gives a dash."""
    if value is None:
        return "–"
    amount = Decimal(str(value))
    return kroner(amount.quantize(Decimal(1), ROUND_HALF_UP) if abs(amount) >= 1 else amount)


def rate(percent: Decimal | None) -> str:
    """`2,75 %`: a rate of interest with every decimal that it has. None gives a dash."""
    if percent is None:
        return "–"
    exact = Decimal(percent).normalize()
    return f"{number(exact, max(0, -int(exact.as_tuple().exponent)))} %"


def distance(metres: float | None) -> str:
    """`850 m`, `3,4 km` or `27 km`; None gives a dash. Metres where a reason says `under 1 km`."""
    if metres is None:
        return "–"
    if metres < 995:
        return f"{round(metres / 10) * 10:.0f} m"
    kilometres = Decimal(str(metres)) / 1000
    return f"{number(kilometres, 1 if kilometres < 20 else 0)} km"


def join(words: list[str], last: str = "og") -> str:
    """`a, b og c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
