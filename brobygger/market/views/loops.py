# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Closed loops and chains among the listings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from brobygger.accounts.access import SIGNED_IN, access


@access(SIGNED_IN)
def loops(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base/page.html", {"heading": "Kredsløb"})
