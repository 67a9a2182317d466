# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The way from a scheme to an application for it. The room that keeps applications registers where one begins; this room
knows nothing of it::

    @applications.begins
    def application(user: User, operator: Operator) -> Way | None: ...   # asked once a page
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brobygger.accounts.models import Operator, User
    from brobygger.blueprints.models import Definition
    from brobygger.register.models import Organisation

Way = Callable[["Definition", "Organisation | None"], str]
"""(scheme, firm or None) → the address where an application with both filled in begins; empty where there is none."""
Finder = Callable[["User", "Operator"], "Way | None"]
_finders: list[Finder] = []


def begins(finder: Finder) -> Finder:
    """Register where applications begin."""
    _finders.append(finder)
    return finder


def way_for(user: User, operator: Operator) -> Way | None:
    """Where the person may begin applications at the office; None where nowhere."""
    return next((way for finder in _finders if (way := finder(user, operator))), None)
