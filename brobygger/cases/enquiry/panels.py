# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What prospectuses put on the case's page."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel
from brobygger.cases.enquiry.scope import TYPE
from brobygger.cases.models import Case


@panel("cases.case", order=20)
def prospectuses(request: HttpRequest, case: Case) -> str:
    """The versions that were made, and the way to a new one."""
    if case.type_key != TYPE:
        return ""
    versions = case.prospectuses.select_related("made_by").defer("body")
    return render_to_string("enquiry/_panel.html", {"case": case, "versions": versions}, request)
