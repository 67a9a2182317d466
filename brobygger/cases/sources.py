# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Lists that a field chooses from and that the office keeps elsewhere: its schemes, for one.

::

    @source("scheme")
    def schemes(operator: Operator) -> Mapping[str, str]: ...   # key → what it is called

Where the list is of somebody who can be a party in a case, `party` says who is behind a key::

    @party("bank")
    def behind(operator: Operator, key: str) -> Party | None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brobygger.cases.definition import Field
    from brobygger.register.models import Organisation


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on a list: the organisation where it stands in the register, else the name alone."""

    name: str
    organisation: Organisation | None = None


Listed = Callable[[Any], Mapping[str, str]]
Behind = Callable[[Any, str], "Party | None"]
_registry: dict[str, Listed] = {}
_parties: dict[str, Behind] = {}


def source(key: str) -> Callable[[Listed], Listed]:
    """Register a list."""

    def publish(function: Listed) -> Listed:
        _registry[key] = function
        return function

    return publish


def party(key: str) -> Callable[[Behind], Behind]:
    """Register who is behind the keys of a list."""

    def publish(function: Behind) -> Behind:
        _parties[key] = function
        return function

    return publish


def known() -> frozenset[str]:
    """The lists that definitions may name."""
    return frozenset(_registry)


def of_parties() -> frozenset[str]:
    """The lists of somebody who can be a party."""
    return frozenset(_parties)


def behind(field: Field, operator: Any, key: str) -> Party | None:
    """Who was chosen in the field; None where it is nobody on the list any more."""
    return _parties[field.choices_from](operator, key)


def options(field: Field, operator: Any) -> Mapping[str, str]:
    """What a field may be, key → name, in the order to show."""
    if field.choices_from:
        return _registry[field.choices_from](operator)
    return {choice.key: choice.name for choice in field.choices}
