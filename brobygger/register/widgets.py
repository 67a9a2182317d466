# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Form controls with many choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from brobygger.base.field_markup import option


class Select(forms.Select):
    """A drop-down that is written in one go: four hundred choices in a millisecond rather than thirty."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(part) for part in self.format_value(value)}
        written = "".join(
            f' {escape(key)}="{escape(part)}"' if part is not True else f" {escape(key)}"
            for key, part in self.build_attrs(self.attrs, {**(attrs or {}), "name": name}).items()
            if part is not False and part is not None
        )
        # Everything that is put in is escaped above and in `option`.
        return mark_safe(f"<select{written}>{self._options(chosen)}</select>")  # noqa: S308

    def _options(self, chosen: set[str]) -> str:
        written = []
        for value, label in self.choices:
            if isinstance(label, list | tuple):
                inside = "".join(_choice(inner, text, chosen) for inner, text in label)
                written.append(f'<optgroup label="{escape(value)}">{inside}</optgroup>')
            else:
                written.append(_choice(value, label, chosen))
        return "".join(written)


def _choice(value: Any, label: Any, chosen: set[str]) -> str:
    value = "" if value is None else str(value)
    return option(value, str(label), " selected" if value in chosen else "")
