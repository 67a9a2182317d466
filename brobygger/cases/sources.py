# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Lists that a field chooses from and that the office keeps elsewhere: its schemes, for one.

::

    @source("scheme")
    def schemes(operator: Operator) -> Mapping[str, str]: ...   # key → what it is called
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brobygger.cases.definition import Field

Listed = Callable[[Any], Mapping[str, str]]
_registry: dict[str, Listed] = {}


def source(key: str) -> Callable[[Listed], Listed]:
    """Register a list."""

    def publish(function: Listed) -> Listed:
        _registry[key] = function
        return function

    return publish


def known() -> frozenset[str]:
    """The lists that definitions may name."""
    return frozenset(_registry)


def options(field: Field, operator: Any) -> Mapping[str, str]:
    """What a field may be, key → name, in the order to show."""
    if field.choices_from:
        return _registry[field.choices_from](operator)
    return {choice.key: choice.name for choice in field.choices}
