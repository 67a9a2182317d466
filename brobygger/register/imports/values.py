# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Cells of a table as values. Each function raises BadValue with what was expected, in plain Danish."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from brobygger.base.forms import clean_text
from brobygger.knowledge.geography import postal_code as known_postal_code
from brobygger.knowledge.industries import db25_codes, industry_title, to_db25
from brobygger.register.imports.columns import plain
from brobygger.register.imports.errors import BadValue

MOST_EMPLOYEES = 1_000_000
_DATE = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_INTERVAL = re.compile(r"(\d[\d.]*)\s*(?:[-–]\s*(\d[\d.]*)|\+)")
_YES = frozenset({"ja", "j", "yes", "y", "true", "sand", "x", "1"})
_NO = frozenset({"nej", "n", "no", "false", "falsk", "0", "-"})


def line(text: str, most: int) -> str:
    """One line of text."""
    cleaned = " ".join(clean_text(text).split())
    if len(cleaned) > most:
        raise BadValue(
            _("Teksten er på %(length)s tegn; der kan være højst %(most)s")
            % {"length": len(cleaned), "most": most}
        )
    return cleaned


def digits(text: str, count: int, name: str) -> str:
    """A number of so many digits, with or without spaces, signs and DK before it."""
    bare = re.sub(r"[\s.\-]", "", text.upper().removeprefix("DK"))
    if not (bare.isascii() and bare.isdigit() and len(bare) == count):
        raise BadValue(_("%(name)s skal være på %(count)s cifre") % {"name": name, "count": count})
    return bare


def postal_code(text: str) -> str:
    """A Danish postal code that exists."""
    known = known_postal_code(text) if text.strip() else None
    if known is None or not 3 <= len(text.strip().upper().removeprefix("DK-")) <= 4:
        raise BadValue(_("Postnummeret findes ikke. Det skal være et dansk postnummer på fire cifre"))
    return known.code


def email(text: str) -> str:
    """An e-mail address."""
    try:
        validate_email(text)
    except ValidationError as error:
        raise BadValue(_("Det er ikke en e-mailadresse")) from error
    return line(text, 254)


def employees(text: str) -> tuple[int, str]:
    """Persons, and the interval where one is given (`10-19`, `1000+`): then the number is its lower bound."""
    between = _INTERVAL.fullmatch(text.strip())
    if between:
        low = whole(between.group(1), MOST_EMPLOYEES)
        return low, re.sub(r"\s", "", text.replace("–", "-"))[:20]
    return whole(text, MOST_EMPLOYEES), ""


def whole(text: str, most: int) -> int:
    """A whole number from 0."""
    number = decimal(text)
    if number != number.to_integral_value() or not 0 <= number <= most:
        raise BadValue(_("Der skal stå et helt tal mellem 0 og %(most)s") % {"most": most})
    return int(number)


def decimal(text: str) -> Decimal:
    """A number as Danes or a spreadsheet writes it: `2,5`, `1.250`, `1.250,75`, `2.5`."""
    bare = re.sub(r"\s|kr\.?$", "", text.strip().lower())
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+", bare):
        bare = bare.replace(".", "")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise BadValue(_("Der skal stå et tal, for eksempel 12 eller 2,5")) from error
    if not number.is_finite():
        raise BadValue(_("Der skal stå et tal, for eksempel 12 eller 2,5"))
    return number


def day(text: str) -> date:
    """A date: `2026-03-01`, `1.3.2026`, `01-03-2026`, `1/3 2026`."""
    iso, danish = _ISO.match(text.strip()), _DATE.fullmatch(text.strip().replace(" ", "-", 1))
    try:
        if iso:
            return date(*(int(part) for part in iso.groups()))
        if danish:
            return date(*(int(part) for part in reversed(danish.groups())))
    except ValueError:
        pass
    raise BadValue(_("Der skal stå en dato, for eksempel 31.12.2026"))


def yes_or_no(text: str) -> bool:
    """Ja or nej."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValue(_("Der skal stå ja eller nej"))


def industry(text: str) -> str | None:
    """The DB25 code of a code (DB25, DB07 or NACE) or of a title; None where it cannot be told with certainty."""
    code = re.match(r"\d{2}\.?\d{2}\.?(?:\d{2})?", text.strip())
    if code:
        return to_db25(code.group())
    wanted = plain(text)
    return next((code for code in db25_codes() if plain(industry_title(code) or "") == wanted), None)
