# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm that asks CVR for advertising protection takes its contact details back: from its history too.

What somebody here wrote, or the firm gave the office, is the office's own and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from brobygger.register.cvr import CHANGED_BY
from brobygger.register.cvr.shape import CONTACT
from brobygger.register.models import Organisation


def forget_contact_details(organisations: Collection[int]) -> None:
    """Take what CVR told of these (by key), and nobody else did, out of every line of their history."""
    if not organisations:
        return
    history: Any = Organisation.history.model
    rows = history.objects.filter(id__in=organisations).order_by("id", "history_date", "history_id")
    changed: list[Any] = []
    for _, lines in groupby(rows, key=attrgetter("id")):
        changed += _emptied(list(lines))
    history.objects.bulk_update(changed, CONTACT, batch_size=250)


def _emptied(lines: Sequence[Any]) -> list[Any]:
    """The lines that said it."""
    changed = {}
    for name in CONTACT:
        gone = _told_by_cvr_alone(lines, name)
        for line in lines:
            if getattr(line, name) in gone:
                setattr(line, name, "")
                changed[line.pk] = line
    return list(changed.values())


def _told_by_cvr_alone(lines: Sequence[Any], name: str) -> set[str]:
    """Values that came with a line of CVR's and with no other: later lines carry along what stood there."""
    by_cvr: set[str] = set()
    by_others: set[str] = set()
    before = ""
    for line in lines:
        value = getattr(line, name)
        if value and value != before:
            (by_cvr if line.history_change_reason == CHANGED_BY else by_others).add(value)
        before = value
    return by_cvr - by_others
