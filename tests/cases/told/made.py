# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The letters that somebody was written, and the pages that they open."""

from __future__ import annotations

from brobygger.accounts.models import User
from brobygger.base.models import Letter


def to(user: User | str) -> list[Letter]:
    address = user if isinstance(user, str) else user.email
    return [letter for letter in Letter.objects.order_by("created_at") if letter.to == [address]]
