# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room's records share."""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from django.db import models

from brobygger.accounts.models import STAFF

M = TypeVar("M", bound=models.Model)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread on paper: i, l, o, 0, 1."""


class OfficeQuerySet(models.QuerySet[M]):
    """Reads that respect scope. The model has an `operator`."""

    def visible_to(self, user: Any) -> OfficeQuerySet[M]:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))


def new_token() -> str:
    """A key that nobody guesses (256 bits)."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A key that nobody guesses (79 bits) and that can be typed off a letter: `k7dm-3xqp-9wth-nbc2`."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
