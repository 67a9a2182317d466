# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What counts as a firm having used the office. Later rooms add their own, in their app's `ready`::

usage.use("talk", label=_("samtaler"), of=lambda operator: Link.objects.filter(...).values("organisation_id"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from brobygger.accounts.models import Operator

Of = Callable[[Operator], Any]
"""Operator → a query of keys of organisations that have used it in this way; never NULL."""


@dataclass(frozen=True, slots=True)
class Use:
    """One way of having used the office."""

    key: str
    label: str | Promise
    of: Of


_registry: dict[str, Use] = {}


def use(key: str, *, label: str | Promise, of: Of) -> None:
    """Publish a way of having used the office."""
    _registry[key] = Use(key, label, of)


def every() -> list[Use]:
    """All ways by key."""
    return [_registry[key] for key in sorted(_registry)]


def has_used(operator: Operator) -> Q:
    """Organisations that have used the office in any way."""
    found = Q(pk__in=[])
    for known in every():
        found |= Q(pk__in=known.of(operator))
    return found


def has_not_used(operator: Operator) -> Q:
    """Those that never have. Said way by way, which databases answer quickest."""
    found = Q()
    for known in every():
        found &= ~Q(pk__in=known.of(operator))
    return found
