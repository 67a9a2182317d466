# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Moments as Danes write them in a letter."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import formats, timezone


def day_in_figures(day: date | None) -> str:
    """`07.12.2026`, as the reader's language writes it: the Danish day of a moment; empty for none."""
    if isinstance(day, datetime):
        day = timezone.localtime(day)
    return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else ""


def day_in_words(day: date) -> str:
    """`mandag den 7. december 2026`."""
    return formats.date_format(day, r"l \d\e\n j. F Y").lower()


def day_and_clock(moment: datetime) -> str:
    """`onsdag den 4. marts kl. 9.00`, in Danish time."""
    local = timezone.localtime(moment)
    day = formats.date_format(local, r"l \d\e\n j. F")
    return f"{day} kl. {local.hour}.{local:%M}"


def from_to(start: datetime, end: datetime) -> str:
    """`onsdag den 4. marts kl. 9.00–10.30`, in Danish time; over several days `… kl. 9.00 – fredag den 6. marts kl. 12.00`."""
    until = timezone.localtime(end)
    if until.date() != timezone.localtime(start).date():
        return f"{day_and_clock(start)} – {day_and_clock(end)}"
    return f"{day_and_clock(start)}–{until.hour}.{until:%M}"
