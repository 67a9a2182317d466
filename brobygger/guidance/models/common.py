# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who reads what the room keeps: the office's own consultants and heads."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from brobygger.accounts.models import STAFF

M = TypeVar("M", bound=models.Model)


class OfficeQuerySet(models.QuerySet[M]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> OfficeQuerySet[M]:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))
