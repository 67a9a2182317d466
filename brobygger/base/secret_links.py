# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages without sign-in whose address is the key: kept from other sites and search engines, and closed to guessing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]
MOST_WRONG = 20
"""So many addresses that lead nowhere may be tried from one place …"""
WITHIN = 600
"""… in so many seconds. (The keys have 128 bits and more: this only keeps the noise out.)"""


def by_secret_link(view: View) -> View:
    """The address is the key: no other site is told of it, and no search engine keeps it."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def not_to_be_guessed(view: View) -> View:
    """Whoever has tried too many addresses that lead nowhere is answered 429, also at one that leads somewhere."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tried = f"wrong-link:{get_adapter().get_client_ip(request)}"
        if cache.get(tried, 0) >= MOST_WRONG:
            return render(request, "base/429.html", status=429)
        try:
            return view(request, *args, **kwargs)
        except Http404:
            cache.add(tried, 0, WITHIN)
            cache.incr(tried)
            raise

    return guarded
