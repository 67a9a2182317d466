# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Aid that another room noted belongs to something of which not everybody may see the entry. The room says who; this room
knows nothing of it::

    origins.withhold("case", PARTIAL)      # of the entries whose origin is `case:17`
"""

from __future__ import annotations

from typing import Any

from brobygger.base.indicators import Withholds

_by_prefix: dict[str, Withholds] = {}


def withhold(prefix: str, what: Withholds) -> None:
    """Register who may not see the entries of a room's origins."""
    _by_prefix[prefix] = what


def kept_from(user: Any) -> set[str]:
    """Origins of the entries that the person may not see."""
    return {f"{prefix}:{key}" for prefix, what in _by_prefix.items() for key in what.keys(user)}


def words(count: int) -> str:
    """That so many entries are not shown, and why; empty where none is left out."""
    return next((what.words(count) for what in _by_prefix.values()), "") if count else ""


AID = Withholds(kept_from, words)
"""The records behind a figure of aid, whose keys are the entries' origins."""
