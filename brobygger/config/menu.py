# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What stands around every page: the menu for the person's role, the operator, the map's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str | Promise
    url_name: str
    roles: frozenset[str]


_OFFICE = frozenset(STAFF)
_EVERYONE = frozenset(Role.values)
_OUTSIDE = frozenset({Role.FIRM, Role.PARTNER})
MENU = (
    Entry(_("I dag"), "market:today", _OFFICE),
    Entry(_("Min side"), "portal:own", _OUTSIDE),
    Entry(_("Virksomheder"), "register:organisations", _OFFICE | {Role.ADMIN}),
    Entry(_("Samtaler"), "dialogue:interactions", _OFFICE),
    Entry(_("Portefølje"), "dialogue:portfolio", _OFFICE),
    Entry(_("Kontakt"), "outreach:contact", _OFFICE),
    Entry(_("Har og mangler"), "market:listings", _EVERYONE),
    Entry(_("Forslag"), "market:suggestions", _OFFICE),
    Entry(_("Match"), "market:matches", _OFFICE | _OUTSIDE),
    Entry(_("Kredsløb"), "market:loops", _OFFICE),
    Entry(_("Hele netværket"), "market:network", _OFFICE),
    Entry(_("Vejledning"), "guidance:start", _OFFICE),
    Entry(_("Sager"), "cases:cases", _OFFICE),
    Entry(_("Jeres sager"), "cases:own_cases", _OUTSIDE),
    Entry(_("Råd"), "boards:boards", _OFFICE | {Role.PARTNER}),
    Entry(_("Plan"), "plan:plan", _OFFICE | {Role.ADMIN}),
    Entry(_("Kontoret"), "accounts:office", _OFFICE | {Role.ADMIN}),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context for `base/page.html`."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    entries = [
        {"label": entry.label, "url": (url := reverse(entry.url_name)), "here": request.path.startswith(url)}
        for entry in MENU
        if entry.roles & roles
    ]
    return {
        "menu": entries,
        "operator": getattr(request, "operator", None),
        "roles": roles,
        "is_office": bool(roles & STAFF),
        "is_admin": Role.ADMIN in roles,
        "map_tiles": settings.MAP_TILES,
        "map_attribution": settings.MAP_ATTRIBUTION,
    }
