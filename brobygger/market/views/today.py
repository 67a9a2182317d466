# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The consultant's worklist."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from brobygger.accounts.access import SIGNED_IN, access


@access(SIGNED_IN)
def today(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "I dag"})
