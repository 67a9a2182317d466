# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the market puts on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.accounts.models import STAFF
from brobygger.base.panels import panel
from brobygger.base.prepared import prepared
from brobygger.market.models import Listing, Match
from brobygger.market.queries import listings as queries
from brobygger.market.queries.planned import plan_of
from brobygger.market.services.listings import may_act_for
from brobygger.register.models import Organisation

MOST_SHOWN = 20


@panel("register.organisation", order=20)
def has_and_needs(request: HttpRequest, organisation: Organisation) -> str:
    """What the organisation has and needs, as far as the person may see it, and the way to write more."""
    user: Any = request.user
    rows = queries.of_organisation(user, organisation, MOST_SHOWN + 1)
    may_write = may_act_for(user, organisation)
    context = {
        "organisation": organisation,
        "listings": rows[:MOST_SHOWN],
        "more": len(rows) > MOST_SHOWN,
        "may_write": may_write,
        "own": may_write and not user.is_staff_of(organisation.operator_id),
    }
    return render_to_string("market/_listings_of.html", context, request)


@panel("register.organisation", order=30)
def matches(request: HttpRequest, organisation: Organisation) -> str:
    """What came of it: the organisation's matches that the person may see, newest first."""
    rows = _matches_of(request.user, organisation.pk)
    return render_to_string("market/_matches_of.html", {"matches": rows}, request) if rows else ""


@prepared
def _matches_of(user: Any, organisation: Any) -> QuerySet[Match]:
    rows = Match.objects.visible_to(user).filter(Q(giver=organisation) | Q(taker=organisation))
    return rows.select_related("giver", "taker").order_by("-stage_at")[:MOST_SHOWN]


@panel("market.listing", order=10)
def best_plan(request: HttpRequest, listing: Listing) -> str:
    """What the office's newest plan for the whole network says of the listing, for its consultants and heads."""
    operator = getattr(request, "operator", None)
    user: Any = request.user
    plan = plan_of(user, operator, listing) if operator and user.is_authenticated else None
    if plan is None:
        return ""
    return render_to_string("market/_plan_of.html", {"listing": listing, "plan": plan}, request)


@panel("accounts.office", order=20)
def letters(request: HttpRequest, operator: Any) -> str:
    """The way to the office's own wording of its letters."""
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    return render_to_string("market/_letters_link.html", {}, request) if roles & STAFF else ""
