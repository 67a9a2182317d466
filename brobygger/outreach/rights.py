# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who may write to firms on the office's behalf."""

from __future__ import annotations

from brobygger.accounts.models import User
from brobygger.outreach.errors import NotYourOffice


def must_be_office(user: User, operator_id: int | None) -> None:
    """Raises NotYourOffice for anybody but a consultant or head of that operator."""
    if not user.is_staff_of(operator_id):
        raise NotYourOffice
