# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A list as a file to take along, and that somebody took it. Every list that leaves the house goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from brobygger.accounts import audit
from brobygger.accounts.models import Operator
from brobygger.base.spreadsheet import CONTENT_TYPE, workbook


def as_workbook(
    request: HttpRequest, title: str, file: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]], *,
    about: str = "", operator: Operator | None = None, on: date | None = None, name_first: bool = False,
    note: str = "",
) -> HttpResponse:  # fmt: skip
    """A list as an Excel file named `file` and the day.

    `about` and `operator`: what it is about, and whose it is, where that is not the title and the person's office. `on`: the
    day that it tells of, where that is not today. `name_first`, `note`: see `workbook`.
    """
    count = 0

    def counted() -> Iterator[Sequence[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    content = workbook(
        title, [str(heading) for heading in headings], counted(), name_first=name_first, note=note
    )
    name = f"{file}-{on or timezone.localdate():%Y-%m-%d}.xlsx"
    return as_file(request, content, CONTENT_TYPE, name, about=about or title, operator=operator, rows=count)


def as_file(
    request: HttpRequest, content: bytes, content_type: str, name: str, *, about: str, operator: Operator | None = None,
    **detail: Any,
) -> HttpResponse:  # fmt: skip
    """A file to take along. Recorded in the audit trail, except where nobody is signed in: what everybody reads is
    everybody's to take."""
    user: Any = request.user
    if user.is_authenticated:
        whose = operator or getattr(request, "operator", None)
        asked = request.GET.urlencode()[:500]
        audit.record("export", user=user, operator=whose, about=about, asked=asked, **detail)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
