# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the dialogue puts on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.base.panels import panel
from brobygger.base.prepared import prepared
from brobygger.dialogue.instruments import compute
from brobygger.dialogue.merging import gives_way, own_that_gives_way
from brobygger.dialogue.models import PortfolioFirm, ReceivedMail
from brobygger.dialogue.queries import assessments, follow_ups, funnels, interactions, visits
from brobygger.market.queries.worklist import Today
from brobygger.register.models import Organisation

MOST_SHOWN = 5
MOST_PLANS = 20
MOST_TODAY = 12


@panel("register.organisation", order=5)
def next_step_and_talks(request: HttpRequest, organisation: Organisation) -> str:
    """What comes next first, then what was said last. The firm itself reads only what the office shares with it."""
    user: Any = request.user
    office = user.is_staff_of(organisation.operator_id)
    talks = interactions.with_organisation(user, organisation, MOST_SHOWN + 1)
    if not (office or talks):
        return ""
    context = {
        "organisation": organisation,
        "office": office,
        "follow_ups": follow_ups.open_with(organisation, MOST_SHOWN) if office else [],
        "talks": talks[:MOST_SHOWN],
        "more": len(talks) > MOST_SHOWN,
        "today": timezone.localdate(),
    }
    return render_to_string("dialogue/_with_organisation.html", context, request)


@panel("market.today", order=10)
def due_follow_ups(request: HttpRequest, today: Today) -> str:
    """What somebody said they would do by today."""
    user: Any = request.user
    due = follow_ups.due(today.operator, today.day, user=user if today.mine else None, most=MOST_TODAY + 1)
    if not due:
        return ""
    context = {
        "follow_ups": due[:MOST_TODAY],
        "more": len(due) > MOST_TODAY,
        "today": today.day,
        "mine": today.mine,
    }
    return render_to_string("dialogue/_due_today.html", context, request)


@panel("register.organisation", order=8)
def portfolio_and_assessment(request: HttpRequest, organisation: Organisation) -> str:
    """Where the firm is in the funnels, who knows it, what it was last judged to be, and the next planned visit."""
    user: Any = request.user
    if not user.is_staff_of(organisation.operator_id):
        return ""
    member = next(iter(_membership(organisation.pk)), None)
    one = assessments.latest_of(organisation)
    context = {
        "organisation": organisation,
        "member": member,
        "places": [
            (funnel, funnel.content.name_of(place.level), place.since)
            for funnel, place in funnels.places_of(organisation)
            if place
        ],
        "visit": visits.next_with(organisation) if member else None,
        "assessment": one,
        "outcomes": compute(one.instrument.content, one.scores, one.employees) if one else [],
        "plans": [plan for plan in assessments.plans_of(organisation) if plan.closed_on is None],
    }
    return render_to_string("dialogue/_firm_panel.html", context, request)


@panel("portal.own", order=20)
def shared_plans(request: HttpRequest, user: User) -> str:
    """The action plans that the office shares with the person's firms."""
    plans = list(assessments.shared_with(user)[:MOST_PLANS])
    if not plans:
        return ""
    return render_to_string("dialogue/_own_plans.html", {"plans": plans}, request)


@prepared
def _membership(organisation: Any) -> QuerySet[PortfolioFirm]:
    return PortfolioFirm.objects.filter(organisation=organisation).select_related("key_account")[:1]


@panel("register.organisations", order=10)
def take_in(request: HttpRequest, listed: Any) -> str:
    """The way from a filtered list of the register into the portfolio."""
    user: Any = request.user
    operator = getattr(request, "operator", None)
    if operator is None or not user.is_staff_of(operator.pk):
        return ""
    asked = request.GET.copy()
    asked.pop("side", None)
    return render_to_string("dialogue/_take_in.html", {"asked": asked.urlencode()}, request)


@panel("market.today", order=70)
def mail_in_the_tray(request: HttpRequest, today: Today) -> str:
    """That mail waits for somebody to say which firm it is about."""
    counted = _in_the_tray(today.operator.pk)
    if not counted:
        return ""
    return render_to_string("dialogue/_tray_today.html", {"waiting": counted[0]}, request)


@prepared
def _in_the_tray(operator: Any) -> QuerySet[Any]:
    waiting = ReceivedMail.objects.filter(operator=operator).waiting().order_by()
    return waiting.values("operator").annotate(number=Count("pk")).values_list("number", flat=True)


@panel("register.merge", order=30)
def one_visit_gives_way(request: HttpRequest, two: tuple[Organisation, Organisation]) -> str:
    """The open visit that is called off, the other firm's unless only that one is agreed or paid, and who is told of it."""
    kept, gone = two
    own = own_that_gives_way(kept, gone)
    visit = own or visits.next_with(gone)
    if visit is None or not (own or gives_way(visit, kept)):
        return ""
    told = visit.contact if visits.is_known_to_the_firm(visit) else None
    context = {
        "visit": visit,
        "standing": gone if own else None,
        "paid": bool(own) and visits.was_visited(gone, visit.week),
        "told": told,
    }
    return render_to_string("dialogue/_merge.html", context, request)
