# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Which operator a person is working for right now, and the gate in front of every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from brobygger.accounts.access import may_open, rule_of
from brobygger.accounts.models import Operator
from brobygger.base.prepared import prepared

log = structlog.get_logger("brobygger.access")
SESSION_KEY = "operator"


class OperatorMiddleware:
    """Sets `request.operator` and `request.roles`: the person's first operator, or the one they switched to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.operator, request.roles = None, frozenset()  # type: ignore[attr-defined]
        user: Any = request.user
        if user.is_authenticated and user.roles:
            chosen: Any = request.session.get(SESSION_KEY)
            operator_id: int = chosen if chosen in user.roles else next(iter(user.roles))
            request.operator = _operator(operator_id)[0]  # type: ignore[attr-defined]
            request.roles = user.roles[operator_id]  # type: ignore[attr-defined]
        return self.get_response(request)


@prepared
def _operator(key: Any) -> QuerySet[Operator]:
    return Operator.objects.filter(pk=key)


class AccessMiddleware:
    """Opens a page only to those its view declares. No declaration: closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        rule = rule_of(view, match.url_name if match else None, match.namespace if match else "")
        if rule is None:
            log.error("page without a declared rule", path=request.path)
            raise PermissionDenied
        if may_open(rule, request.roles):  # type: ignore[attr-defined]
            return None
        if not request.user.is_authenticated:
            if request.path.startswith("/api/"):
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
