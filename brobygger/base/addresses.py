# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses of pages and records that are written often: a name is looked up once, and each record's key put in its place."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

_STAND_IN = {int: 7_777_777_777, UUID: UUID(int=0x77777777777777777777777777777777)}


def address_of(name: str, key: int | UUID) -> str:
    """What `reverse(name, args=[key])` gives, for a page whose only argument is a record's key."""
    if key is None:
        return reverse(name, args=[key])  # says what is wrong
    before, after = _around(name, UUID if isinstance(key, UUID) else int, get_script_prefix(), get_urlconf())
    return f"{before}{key}{after}"


def address(name: str) -> str:
    """What `reverse(name)` gives, for a page without arguments."""
    return _looked_up(name, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=256)
def _looked_up(name: str, prefix: str, urlconf: str | None) -> str:
    return reverse(name)


@lru_cache(maxsize=256)
def _around(name: str, kind: type, prefix: str, urlconf: str | None) -> tuple[str, str]:
    """What stands before and after the key. `prefix` and `urlconf` decide what `reverse` answers."""
    stand_in = _STAND_IN[kind]
    before, _, after = reverse(name, args=[stand_in]).partition(str(stand_in))
    return before, after
