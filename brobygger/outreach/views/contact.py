# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The room's front page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request


@access(STAFF)
def contact(request: Request) -> HttpResponse:
    """The ways of reaching firms."""
    return render(request, "outreach/contact.html", {"heading": _("Kontakt"), "here": "contact"})
