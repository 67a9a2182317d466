# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Writing the audit trail."""

from __future__ import annotations

from typing import Any

from brobygger.accounts.models import AuditEntry, Operator, User


def record(
    action: str, *, user: User | None, operator: Operator | None, about: str = "", **detail: Any
) -> AuditEntry:
    """Note that a person did something that must be traceable (sign-in, export, look-up of personal data)."""
    return AuditEntry.objects.create(
        action=action, user=user, operator=operator, about=about[:200], detail=detail
    )
