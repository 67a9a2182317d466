# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The request as our middleware leaves it, for type checking."""

from __future__ import annotations

from django.http import HttpRequest

from brobygger.accounts.models import Operator, User


class Request(HttpRequest):
    """A request of a signed-in person: the operator they work for right now, and their roles there."""

    user: User
    operator: Operator
    roles: frozenset[str]
