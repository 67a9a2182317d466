# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Two people editing the same record: the second is told and loses nothing.

A form carries the version it was opened with. The service calls `claim` inside its transaction; when somebody
saved in between it raises `EditedMeanwhile`, and the page shows both the typed and the stored values.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from brobygger.base.errors import UserError
from brobygger.base.models import Versioned


class EditedMeanwhile(UserError):
    """Somebody saved the record after this person opened it. `current` is the stored record."""

    def __init__(self, current: Versioned) -> None:
        self.current = current
        super().__init__(
            _(
                "En anden har gemt ændringer, mens du skrev. Se forskellen herunder og gem igen, hvis dit skal gælde."
            )
        )


def claim(record: Versioned, expected: int) -> None:
    """Move the record from version `expected` to the next, or raise `EditedMeanwhile`. Call within a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("claim() must run inside transaction.atomic()")
    manager: Any = type(record)._default_manager
    changed = manager.filter(pk=record.pk, version=expected).update(version=F("version") + 1)
    if not changed:
        raise EditedMeanwhile(manager.get(pk=record.pk))
    record.version = expected + 1
