# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which wrong passwords are counted together: those for one address from one machine (django-axes asks here)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

LONGEST = 254
_NAMES = ("email", "login", "username")
"""What the sign-in, its form and Django call the address. Axes by itself reads the form's name only, and counts everybody
of an office as one."""


def address_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The address that is signed in with, in lower case: written otherwise it is the same account."""
    given = credentials or request.POST
    found = next((given[name] for name in _NAMES if given.get(name)), None)
    return str(found).strip().lower()[:LONGEST] if found else None


def machine_of(request: HttpRequest) -> str | None:
    """The address of the visitor's machine, also behind a proxy (`BEHIND_PROXY`)."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # none is known
        return None
