# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room's pages share."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from brobygger.accounts.http import Request
from brobygger.blueprints.models import Definition
from brobygger.dialogue.views.common import own_firm as own_firm
from brobygger.guidance.blueprints import KIND

Crumbs = list[tuple[str, str | None]]


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way from the room's first page."""
    return [(_("Vejledning"), reverse("guidance:start")), *more]


def own_scheme(request: Request, pk: int) -> Definition:
    """A scheme, in any version, of an office where the person is consultant or head; else not found."""
    rows = Definition.objects.filter(kind=KIND, operator=request.operator).select_related("operator")
    return get_object_or_404(rows, pk=pk)
