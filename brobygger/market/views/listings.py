# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages of what organisations have and need."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from brobygger.accounts.access import SIGNED_IN, access


@access(SIGNED_IN)
def listings(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Har og mangler"})


@access(SIGNED_IN)
def listing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Har eller mangler"})
