# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Pages that belong to no room: language, job progress, and what to say when something is not there."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from brobygger.accounts.access import PUBLIC, SIGNED_IN, access
from brobygger.accounts.models import User
from brobygger.accounts.services import choose_language
from brobygger.base.models import Job
from brobygger.knowledge.geography import postal_codes
from brobygger.register.outlines import stored as stored_outlines


@access(PUBLIC)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back."""
    response = HttpResponse(status=303)
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response["Location"] = back if safe else "/"
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            choose_language(request.user, language)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31536000, samesite="Lax")
    return response


@access(SIGNED_IN)
def job(request: HttpRequest, pk: str) -> HttpResponse:
    """How far a piece of long work is. Reloads itself while it runs, with or without JavaScript."""
    found = get_object_or_404(Job, pk=pk, started_by=request.user)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(
            {"state": found.state, "percent": found.percent, "done": found.done, "message": found.message}
        )
    response = render(request, "base/job.html", {"job": found})
    if not found.is_over:
        response["Refresh"] = "3"
    return response


@access(PUBLIC)
@cache_control(public=True, max_age=86400)
def towns(request: HttpRequest) -> JsonResponse:
    """[name, latitude, longitude] of every postal town, larger ones first: labels on maps without tiles."""
    return JsonResponse(_towns(), safe=False)


@access(PUBLIC)
@cache_control(public=True, max_age=3600)
def outlines(request: HttpRequest) -> JsonResponse:
    """The municipalities' outlines as GeoJSON, as far as the office has imported them."""
    return JsonResponse(stored_outlines())


@cache
def _towns() -> list[tuple[str, float, float]]:
    found: dict[str, tuple[str, float, float]] = {}
    for place in sorted(postal_codes(), key=lambda place: (not place.code.endswith("00"), place.code)):
        if place.lat is not None and place.lon is not None:
            found.setdefault(place.name, (place.name, place.lat, place.lon))
    return list(found.values())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return render(request, "base/400.html", {"too_much": too_much}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "base/403.html", status=403)


def outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not this visitor's: the page stood open while somebody signed in or out, or cookies are off."""
    return render(request, "base/403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "base/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "base/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "base/500.html", status=500)
