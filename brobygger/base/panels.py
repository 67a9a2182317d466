# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pieces that later rooms put on an earlier room's page: the register's page of a firm shows what the market knows.

A room says in its `panels.py`, which is found by itself::

    @panel("register.organisation", order=20)
    def has_and_needs(request: HttpRequest, organisation: Organisation) -> str:
        return render_to_string("market/_listings_of.html", {...}, request)

A panel decides itself what the person may see, and returns finished HTML or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Panel = Callable[[HttpRequest, Any], str]

_registry: dict[str, dict[str, tuple[int, Panel]]] = {}


def panel(place: str, *, order: int = 50) -> Callable[[Panel], Panel]:
    """Put what the function returns on the page that has this place; low `order` comes first."""

    def publish(function: Panel) -> Panel:
        name = f"{function.__module__}.{function.__qualname__}"
        _registry.setdefault(place, {})[name] = (order, function)
        return function

    return publish


def render(place: str, request: HttpRequest, record: Any) -> list[str]:
    """The panels of a place for one record, in order, empty ones left out."""
    known = _registry.get(place, {})
    shown = (
        function(request, record)
        for name, (order, function) in sorted(known.items(), key=lambda p: (p[1][0], p[0]))
    )
    return [html for html in shown if html]
