# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What stands around every page: the menu for the person's role, the operator, the map's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Role
from brobygger.base.addresses import address
from brobygger.boards.queries.members import has_boards
from brobygger.cases.angels.queries import is_sent_things


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. Entries with the same `group` stand together where there are too many for one line."""

    label: str | Promise
    url_name: str
    roles: frozenset[str]
    group: str | Promise = ""
    only: Callable[[Any], bool] | None = None
    """Asked of the person, where the role alone does not tell whether there is anything behind the line."""
    also: tuple[str, ...] = ()
    """Other pages that one comes to from there: what lies under their addresses belongs to this line too."""


MOST_IN_ONE_LINE = 9
"""So many entries fit beside each other at 1280 pixels."""
_OFFICE = frozenset(STAFF)
_EVERYONE = frozenset(Role.values)
_OUTSIDE = frozenset({Role.FIRM, Role.PARTNER})
_FIRMS, _MATCHING, _HELP = _("Virksomheder"), _("Matchning"), _("Vejledning og sager")
MENU = (
    Entry(_("I dag"), "market:today", _OFFICE),
    Entry(_("Min side"), "portal:own", _OUTSIDE),
    Entry(_("Virksomheder"), "register:organisations", _OFFICE | {Role.ADMIN}, _FIRMS),
    Entry(_("Samtaler"), "dialogue:interactions", _OFFICE, _FIRMS, also=("dialogue:follow_ups",)),
    Entry(_("Portefølje"), "dialogue:portfolio", _OFFICE, _FIRMS, also=("dialogue:action_plans",)),
    Entry(_("Kontakt"), "outreach:contact", _OFFICE, _FIRMS),
    Entry(_("Har og mangler"), "market:listings", _EVERYONE, _MATCHING),
    Entry(_("Forslag"), "market:suggestions", _OFFICE, _MATCHING),
    Entry(_("Match"), "market:matches", _OFFICE | _OUTSIDE, _MATCHING),
    Entry(_("Kredsløb"), "market:loops", _OFFICE, _MATCHING),
    Entry(_("Hele netværket"), "market:network", _OFFICE, _MATCHING),
    Entry(
        _("Ordninger og henvisninger"),
        "guidance:start",
        _OFFICE,
        _HELP,
        also=("guidance:schemes", "guidance:referrals", "guidance:partners", "guidance:aid"),
    ),
    Entry(_("Sager"), "cases:cases", _OFFICE, _HELP),
    Entry(_("Jeres sager"), "cases:own_cases", _OUTSIDE, also=("cases:cases",)),
    Entry(_("Udbud"), "tenders:tenders", frozenset({Role.FIRM})),
    Entry(_("Sendt til mig"), "angels:sent_to_me", frozenset({Role.PARTNER}), only=is_sent_things),
    Entry(_("Råd"), "boards:boards", _OFFICE | {Role.PARTNER}, _HELP, only=has_boards),
    Entry(_("Plan"), "plan:plan", _OFFICE | {Role.ADMIN}),
    Entry(
        _("Kontoret"),
        "accounts:office",
        _OFFICE | {Role.ADMIN},
        also=("blueprints:definitions", "market:letter_templates", "angels:angels"),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a page shows it. `here`: the page lies under it. `inside`: the entries that open below it."""

    label: str
    url: str
    here: bool
    inside: tuple[Line, ...] = ()


def _menu(path: str, roles: frozenset[str], user: Any) -> list[Line]:
    """The lines for this person, gathered in groups where they would not fit beside each other."""
    entries = [entry for entry in MENU if entry.roles & roles and (entry.only is None or entry.only(user))]
    lines: list[Line] = []
    groups: dict[str, list[Line]] = {}
    for entry in entries:
        url = address(entry.url_name)
        line = Line(str(entry.label), url, path.startswith((url, *map(address, entry.also))))
        if len(entries) <= MOST_IN_ONE_LINE or not entry.group:
            lines.append(line)
            continue
        title = str(entry.group)
        if title not in groups:
            groups[title] = []
            lines.append(Line(title, url, here=False))
        groups[title].append(line)
    return [_opened(line, groups.get(line.label, [])) for line in lines]


def _opened(line: Line, inside: list[Line]) -> Line:
    return replace(line, here=any(one.here for one in inside), inside=tuple(inside)) if inside else line


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context for `base/page.html`, made once for all the pieces that a page is put together from."""
    found: dict[str, Any] | None = getattr(request, "page_frame", None)
    if found is None:
        found = request.page_frame = _frame(request)  # type: ignore[attr-defined]
    return found


def _frame(request: HttpRequest) -> dict[str, Any]:
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    menu = _menu(request.path, roles, getattr(request, "user", None))
    return {
        "menu": menu,
        "submenu": next((line.inside for line in menu if line.here), ()),
        "operator": getattr(request, "operator", None),
        "roles": roles,
        "is_office": bool(roles & STAFF),
        "is_admin": Role.ADMIN in roles,
        "map_tiles": settings.MAP_TILES,
        "map_attribution": settings.MAP_ATTRIBUTION,
    }
