# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What tenders put on the case's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from brobygger.accounts.models import STAFF, Role, User
from brobygger.base.panels import panel
from brobygger.cases.models import Case
from brobygger.cases.tenders import queries
from brobygger.cases.tenders.case_words import TYPE
from brobygger.cases.tenders.models import Tender
from brobygger.market.queries.worklist import Today

MOST_SHOWN = 5


@panel("portal.own", order=30)
def to_bid_on(request: HttpRequest, user: User) -> str:
    """What the firm can bid on now, the nearest deadline first."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    if Role.FIRM not in roles:
        return ""
    tenders = list(queries.open_to_firm(user)[:MOST_SHOWN])
    past = list(queries.bid_on_by(user)[: MOST_SHOWN + 1])
    if not tenders and not past:
        return ""
    context = {"tenders": tenders, "past": past[:MOST_SHOWN], "more": len(past) > MOST_SHOWN}
    return render_to_string("tenders/_own.html", context, request)


@panel("market.today", order=18)
def hurrying(request: HttpRequest, today: Today) -> str:
    """Questions without an answer, and bids to open."""
    user: Any = request.user
    waiting = queries.waiting_for(user, today.operator, timezone.now(), mine=today.mine, most=MOST_SHOWN)
    return render_to_string("tenders/_today.html", {"waiting": waiting}, request) if waiting else ""


@panel("cases.case", order=20)
def on_case(request: HttpRequest, case: Case) -> str:
    """The deadline, and the way to the tender's own page."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    if case.type_key != TYPE or not roles & STAFF:
        return ""
    tender = Tender.objects.filter(case=case).first()
    return render_to_string("tenders/_panel.html", {"case": case, "tender": tender}, request)
