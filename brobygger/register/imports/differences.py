# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is different between a stored record and what a file says, for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

_SILENT = frozenset({"latitude", "longitude", "x", "y", "cvr_digest", "cvr_updated_at", "municipality_code"})


def set_values(record: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Set the values that differ; returns field → what stood there before."""
    before = {name: getattr(record, name) for name, value in values.items() if getattr(record, name) != value}
    for name in before:
        setattr(record, name, values[name])
    return before


def told(record: Any, before: dict[str, Any]) -> list[str]:
    """`Ansatte: 12 → 13`, one line a field, for a record that has its new values."""
    return [
        f"{_label(record, name)}: {_shown(record, name, old)} → {_shown(record, name, getattr(record, name))}"
        for name, old in before.items()
        if name not in _SILENT
    ]


def told_new(record: Any, names: Iterable[str]) -> list[str]:
    """`Branche: 110500`, for the values of a new record that are not empty."""
    return [
        f"{_label(record, name)}: {_shown(record, name, getattr(record, name))}"
        for name in names
        if getattr(record, name) not in (None, "", False)
    ]


def _label(record: Any, name: str) -> str:
    label = str(record._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _shown(record: Any, name: str, value: Any) -> str:
    if value in (None, ""):
        return _("tom")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    choices = dict(record._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))[:120]
