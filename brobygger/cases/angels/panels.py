# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the network puts on the case's page and the office's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.accounts.models import STAFF, User
from brobygger.base.panels import panel
from brobygger.cases.angels.case_words import TYPE
from brobygger.cases.angels.queries import is_sent_things, unanswered
from brobygger.cases.models import Case

MOST_SHOWN = 5


@panel("cases.case", order=20)
def on_case(request: HttpRequest, case: Case) -> str:
    """Who was sent what, and the answers."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    if case.type_key != TYPE or not roles & STAFF:
        return ""
    rows = case.sendings.select_related("angel__user").defer("text").order_by("what", "angel__user__name")
    return render_to_string("angels/_panel.html", {"case": case, "sendings": rows}, request)


@panel("portal.own", order=10)
def sent_to_you(request: HttpRequest, user: User) -> str:
    """What the person was sent and has not answered yet, and the way to the rest."""
    if not is_sent_things(user):
        return ""
    return render_to_string("angels/_own.html", {"sendings": list(unanswered(user)[:MOST_SHOWN])}, request)


@panel("accounts.office", order=40)
def on_office(request: HttpRequest, operator: Any) -> str:
    """The way to the network."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    return render_to_string("angels/_office_link.html", {}, request) if roles & STAFF else ""
