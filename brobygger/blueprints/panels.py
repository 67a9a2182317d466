# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the definitions put on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel


@panel("accounts.office", order=30)
def definitions(request: HttpRequest, operator: Any) -> str:
    """The way to the office's definitions."""
    return render_to_string("blueprints/_office_link.html", {}, request)
