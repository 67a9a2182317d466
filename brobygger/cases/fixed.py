# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What in a case is no longer changed by filling in, and why: a decision fixed it, or others rely on it. A case type's own
code adds to it in its `case_rules.py`::

    @fixes("challenge")
    def published_text(case: Case) -> Mapping[str, str]:
        ...  # field, or "title" → why, in Danish
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from brobygger.cases.models import Case

Fixed = Callable[["Case"], Mapping[str, str]]
_registry: dict[str, Fixed] = {}


def fixes(type_key: str) -> Callable[[Fixed], Fixed]:
    """Register what cases of a type no longer let be changed."""

    def publish(function: Fixed) -> Fixed:
        _registry[type_key] = function
        return function

    return publish


def fixed(case: Case) -> dict[str, str]:
    """Field (or `title`) → why it stands as it does."""
    own = _registry.get(case.type_key)
    return {**_amount(case), **(own(case) if own else {})}


def _amount(case: Case) -> dict[str, str]:
    """The amount of a granted case, until a new decision is under way."""
    field = case.type.amount_field
    if not field or not case.amount_is_fixed:
        return {}
    ways = [way for way in case.at_stage.moves if case.type.stage(way.to).decides_anew]
    if not ways:
        return {field: _("Beløbet er afgjort og kan ikke ændres.")}
    return {
        field: _("Beløbet er afgjort. Det ændres ved en ny afgørelse: »%(way)s«.") % {"way": ways[0].name}
    }
