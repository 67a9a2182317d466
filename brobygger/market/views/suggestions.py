# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of who should meet whom, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from brobygger.accounts.access import SIGNED_IN, access


@access(SIGNED_IN)
def suggestions(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Forslag"})


@access(SIGNED_IN)
def suggestion(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Forslag"})
