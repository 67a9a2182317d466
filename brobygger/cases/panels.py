# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What cases put on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from brobygger.base.panels import panel
from brobygger.cases.models import Case
from brobygger.cases.queries import lists, waiting
from brobygger.market.queries.worklist import Today
from brobygger.register.models import Organisation

MOST_SHOWN = 5
MOST_TODAY = 8


@panel("market.today", order=5)
def news(request: HttpRequest, today: Today) -> str:
    """What applicants and parties did that nobody has read, and new cases that nobody has."""
    user: Any = request.user
    found = lists.with_news(user, today.operator, mine=today.mine, most=MOST_TODAY + 1)
    if not found:
        return ""
    context = {"cases": found[:MOST_TODAY], "more": len(found) > MOST_TODAY, "mine": today.mine}
    return render_to_string("cases/_news_today.html", context, request)


@panel("market.today", order=21)
def duties(request: HttpRequest, today: Today) -> str:
    """What the office itself has to do in its cases, and when it should have."""
    user: Any = request.user
    found = lists.duties_of_office(user, today.operator, today.day, mine=today.mine, most=MOST_TODAY + 1)
    if not found:
        return ""
    context = {
        "duties": found[:MOST_TODAY],
        "more": len(found) > MOST_TODAY,
        "mine": today.mine,
        "today": today.day,
    }
    return render_to_string("cases/_duties_today.html", context, request)


@panel("market.today", order=20)
def hurrying(request: HttpRequest, today: Today) -> str:
    """Cases whose deadline is close or past."""
    user: Any = request.user
    found = lists.waiting_for(user, today.operator, today.day, mine=today.mine, most=MOST_TODAY + 1)
    if not found:
        return ""
    context = {"cases": found[:MOST_TODAY], "more": len(found) > MOST_TODAY, "mine": today.mine}
    return render_to_string("cases/_today.html", context, request)


@panel("register.organisation", order=30)
def of_firm(request: HttpRequest, organisation: Organisation) -> str:
    """The firm's cases: for the office as the office reads them, for the firm itself in its own words."""
    user: Any = request.user
    if user.is_staff_of(organisation.operator_id):
        found = lists.of_firm(user, organisation, MOST_SHOWN + 1)
        context = {"cases": found[:MOST_SHOWN], "more": len(found) > MOST_SHOWN, "organisation": organisation}
        return render_to_string("cases/_of_firm.html", context, request)
    rows = (
        Case.objects.own_of(user).filter(organisation=organisation).order_by("-is_open", "-opened_on", "-pk")
    )
    mine = waiting.as_own(lists.as_listed(rows)[:MOST_SHOWN])
    if not mine:
        return ""
    return render_to_string("cases/_own_of_firm.html", {"cases": mine}, request)


@panel("portal.waiting", order=5)
def waits_for_you(request: HttpRequest, user: Any) -> str:
    """Cases that wait for the person: a vote, a question from the office, something that is due."""
    found = waiting.for_person(user, timezone.localdate())
    if not found:
        return ""
    return render_to_string("cases/_waits_for_you.html", {"waits": found}, request)


@panel("market.listing", order=50)
def plan_for_listing(request: HttpRequest, listing: Any) -> str:
    """A button that begins a symbiosis plan, where the office runs them."""
    return _begin_button(request, listing, "listing") if listing.side == "have" else ""


@panel("market.match", order=50)
def plan_for_match(request: HttpRequest, match: Any) -> str:
    """The same for two who are matched."""
    return _begin_button(request, match, "match")


def _begin_button(request: HttpRequest, record: Any, what: str) -> str:
    user: Any = request.user
    if not user.is_staff_of(record.operator_id):
        return ""
    if not any(row.key == "symbiosis_plan" for row in lists.types_of(record.operator)):
        return ""
    return render_to_string("cases/_begin_symbiosis.html", {"record": record, "what": what}, request)
