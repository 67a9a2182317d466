# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A list as a file to take along, and that somebody took it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from brobygger.accounts import audit
from brobygger.base.spreadsheet import CONTENT_TYPE, workbook


def as_workbook(
    request: HttpRequest, title: str, file: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A list as an Excel file named `file` and the day. Recorded in the audit trail, except where nobody is signed in: what
    everybody reads is everybody's to take."""
    content = workbook(title, [str(heading) for heading in headings], rows)
    user: Any = request.user
    if user.is_authenticated:
        audit.record(
            "export",
            user=user,
            operator=getattr(request, "operator", None),
            about=title,
            asked=request.GET.urlencode()[:500],
        )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file}-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return response
