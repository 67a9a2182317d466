# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The API under /api/v1/. Each room brings a router; every answer is scoped to the person asking."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import SessionAuth

from brobygger import __version__
from brobygger.market.api import router as market_router
from brobygger.plan.api import router as plan_router
from brobygger.register.api import router as register_router


class PersonAuth(SessionAuth):
    """The signed-in person, by session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user: Any = request.user
        return user if user.is_authenticated and user.roles else None


api = NinjaAPI(
    title="Brobygger",
    version=__version__,
    description="Register, har og mangler, forslag, match og mål. Alle svar er begrænset til, hvad den, der spørger, må se.",
    urls_namespace="api",
    auth=PersonAuth(),
    docs_url=None,
)
api.add_router("/virksomheder", register_router, tags=["Register"])
api.add_router("", market_router, tags=["Marked"])
api.add_router("/maal", plan_router, tags=["Plan"])
