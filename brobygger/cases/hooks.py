# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What else happens when something happens in a case of a type: code in `cases/kinds/` or another room's `case_rules.py`.

::

    @after("moved", case_type="grant_application", name="grant")
    def remember_aid(case: Case, event: CaseEvent, user: User | None) -> None: ...

    @beside_reason("challenge")
    def who_reads_why(case: Case, event: CaseEvent) -> str: ...

A hook runs in the transaction of what it follows, when the case already stands where it moved to; an error that it raises
(a `UserError`) undoes all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from brobygger.accounts.models import User
    from brobygger.cases.models import Case, CaseEvent

Hook = Callable[["Case", "CaseEvent", "User | None"], Any]
Beside = TypeVar("Beside", bound=Callable[["Case", "CaseEvent"], str])


@dataclass(frozen=True, slots=True)
class _When:
    kind: str
    case_type: str
    name: str
    to: str

    def fits(self, case: Case, event: CaseEvent) -> bool:
        return (
            self.kind == event.kind
            and self.case_type in ("", case.type_key)
            and self.name in ("", event.name)
            and self.to in ("", event.data.get("to", ""))
        )


_registry: dict[str, tuple[_When, Hook]] = {}


def after(kind: str, *, case_type: str = "", name: str = "", to: str = "") -> Callable[[Hook], Hook]:
    """Run after events of that kind; empty words fit everything. `to`: the stage that a move led to."""

    def publish(function: Hook) -> Hook:
        key = f"{function.__module__}.{function.__qualname__}"
        _registry[key] = (_When(kind, case_type, name, to), function)
        return function

    return publish


_beside_reason: dict[str, Callable[[Case, CaseEvent], str]] = {}


def beside_reason(case_type: str) -> Callable[[Beside], Beside]:
    """What stands beside the reason when an event is taken back: who reads it, where others than the office do; else empty."""

    def publish(function: Beside) -> Beside:
        _beside_reason[case_type] = function
        return function

    return publish


def who_reads_why(case: Case, event: CaseEvent) -> str:
    """What to say beside the reason for taking the event back."""
    own = _beside_reason.get(case.type_key)
    return own(case, event) if own else ""


def follow(type_key: str) -> bool:
    """Whether anything at all follows what happens in cases of the type."""
    return any(when.case_type in ("", type_key) for when, _function in _registry.values())


def run(case: Case, event: CaseEvent, user: User | None) -> None:
    """Run what is to follow the event."""
    for when, function in list(_registry.values()):
        if when.fits(case, event):
            function(case, event, user)
