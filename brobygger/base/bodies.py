# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Standing bodies whose members decide things elsewhere: a board registers itself, and a case asks who sits in it.

::

    @body("board")
    def members_of(name: str, operator: Operator) -> Iterable[int]: ...   # users' primary keys, as of today

A definition names a body as `board:erhvervsraad`. Neither of the two rooms knows the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.dispatch import Signal

Members = Callable[[str, Any], Iterable[int]]
_registry: dict[str, Members] = {}


def body(kind: str) -> Callable[[Members], Members]:
    """Register a kind of body."""

    def publish(function: Members) -> Members:
        _registry[kind] = function
        return function

    return publish


def members(named: str, operator: Any) -> set[int]:
    """The users who sit in it today. Empty for a body that nobody keeps."""
    kind, _, name = named.partition(":")
    known = _registry.get(kind)
    return set(known(name, operator)) if known else set()


changed = Signal()
"""Sent with `operator` by a room whose body has got or lost a member, so that nobody keeps what the seat let them see."""
