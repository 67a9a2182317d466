# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of matches: from introduction to result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from brobygger.accounts.access import SIGNED_IN, access


@access(SIGNED_IN)
def matches(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Match"})


@access(SIGNED_IN)
def match(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Match"})
