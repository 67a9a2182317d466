# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Where rules are registered and asked. A rule looks at a case that wants to move and says what stands in the way.

::

    class Cap(Part):
        field: str
        most: Decimal

    @rule("amount_within_cap", Cap)
    def amount_within_cap(asked: Asked, cap: Cap) -> str | None:
        ...  # Danish text of what is wrong, or None

Another room or module registers its own in the same way, from a module that is imported by `cases.rules` or by an app's
`case_rules.py` (found by itself).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from brobygger.blueprints.kinds import Part

if TYPE_CHECKING:
    from brobygger.accounts.models import User
    from brobygger.cases.definition import Move
    from brobygger.cases.models import Case


@dataclass(frozen=True, slots=True)
class Asked:
    """A case that wants to move: which way, by whom (None: the system), and when it happened."""

    case: Case
    move: Move
    user: User | None
    at: datetime


Check = Callable[[Asked, Any], str | None]
_registry: dict[str, tuple[type[Part], Check]] = {}


class NoParameters(Part):
    """A rule that needs none."""


_told_by_the_case: set[str] = set()


def rule(
    key: str, parameters: type[Part] = NoParameters, *, told_by_the_case: bool = False
) -> Callable[[Check], Check]:
    """Register a rule. `told_by_the_case`: it looks at the case's own fields and timeline alone, so that it can be asked of
    a case that is not stored yet. Raises ValueError on a key used twice."""

    def publish(check: Check) -> Check:
        if key in _registry and _registry[key][1].__qualname__ != check.__qualname__:
            raise ValueError(f"case rule {key} is registered twice")
        _registry[key] = (parameters, check)
        if told_by_the_case:
            _told_by_the_case.add(key)
        return check

    return publish


def told_by_the_case(key: str) -> bool:
    """Whether the rule asks the database nothing."""
    return key in _told_by_the_case


def fault_of(key: str, parameters: Mapping[str, Any]) -> str | None:
    """What is wrong with a use of a rule in a definition."""
    if key not in _registry:
        return _("Reglen »%(key)s« findes ikke. Kendte regler: %(known)s.") % {
            "key": key,
            "known": ", ".join(sorted(_registry)),
        }
    try:
        _registry[key][0].model_validate(dict(parameters))
    except ValidationError as error:
        first = error.errors()[0]
        return _("Reglen »%(key)s« kan ikke bruges sådan: %(where)s %(what)s.") % {
            "key": key,
            "where": ".".join(map(str, first["loc"])),
            "what": first["msg"],
        }
    return None


def ask(key: str, parameters: Mapping[str, Any], asked: Asked) -> str | None:
    """What the rule says stands in the way, in Danish; None when nothing does."""
    schema, check = _registry[key]
    return check(asked, schema.model_validate(dict(parameters)))
