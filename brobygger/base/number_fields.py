# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Form fields for figures, written and read as people write them: `1.234,5` on a Danish page, `1,234.5` on an English.

Django's own localized fields group by thousands only where every bare number of every template is grouped too, ids in
links among them. Here the grouping belongs to the fields that ask for a figure.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats

_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))")
"""A space before each group of three, as in 1 234."""


class FigureInput(forms.TextInput):
    """A text box that shows a figure with its groups of thousands."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
            return str(formats.number_format(value, use_l10n=True, force_grouping=True))
        shown: str | None = super().format_value(value)
        return shown


class AmountField(forms.DecimalField):
    """A figure that may have decimals, shown without idle ones: 4, not 4,000, which many read as four thousand."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FigureInput(attrs={"inputmode": "decimal"}))
        super().__init__(**{**kwargs, "localize": True})

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_figure(value))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal) or not value.is_finite():
            return value
        return Decimal(f"{value.normalize():f}")


class WholeNumberField(forms.IntegerField):
    """A whole number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FigureInput(attrs={"inputmode": "numeric"}))
        super().__init__(**{**kwargs, "localize": True})

    def to_python(self, value: Any) -> int | None:
        return super().to_python(plain_figure(value))


def plain_figure(typed: Any) -> Any:
    """`1.234,5` → `1234.5`, by the page's language; what is not text, and what cannot be read so, comes back as it was.

    A single thousands mark that is not followed by three digits is a decimal mark: 1.5 is one and a half in Danish too.
    """
    if not isinstance(typed, str):
        return typed
    thousand, decimal = formats.get_format("THOUSAND_SEPARATOR"), formats.get_format("DECIMAL_SEPARATOR")
    text = _SPACES.sub("", typed.strip())
    whole, mark, decimals = text.partition(decimal)
    if re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(thousand)}\d{{3}})+", whole):
        whole = whole.replace(thousand, "")
    elif whole.count(thousand) == 1 and not mark:
        whole = whole.replace(thousand, ".")
    elif thousand in whole:
        return typed
    return f"{whole}.{decimals}" if mark else whole
