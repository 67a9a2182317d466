# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room puts on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from brobygger.base.panels import panel
from brobygger.market.queries.worklist import Today
from brobygger.outreach.queries import booking, consents, feedback, mailings, new_firms
from brobygger.register.models import Organisation, Person
from brobygger.register.rights import acts_for

MOST = 5


@panel("register.organisation", order=40)
def contact_with(request: HttpRequest, organisation: Organisation) -> str:
    """What the firm has said yes to, what it was sent, and its talks. The firm itself finds the way to its own choices."""
    user: Any = request.user
    office = user.is_staff_of(organisation.operator_id)
    if not (office or acts_for(user, organisation)):
        return ""
    talks = booking.with_organisation(organisation, MOST)
    asked = office and any(talk.asked_at for talk in talks)
    context = {
        "organisation": organisation,
        "office": office,
        "satisfaction": feedback.of_last_year(organisation.operator_id, timezone.localdate())
        if asked
        else None,
        "consents": consents.of_organisation(organisation) if office else (),
        "mailings": mailings.with_organisation(organisation, MOST) if office else (),
        "talks": talks,
        "welcome": new_firms.welcome_of(organisation) if office else None,
        "address": consents.state_of(organisation.operator_id, organisation.email) if office else None,
    }
    return render_to_string("outreach/_firm_panel.html", context, request)


@panel("register.person", order=10)
def address_of(request: HttpRequest, person: Person) -> str:
    """That mail to the person has come back."""
    user: Any = request.user
    if not user.is_staff_of(person.operator_id):
        return ""
    state = consents.state_of(person.operator_id, person.email)
    if state is None or not (state.dead_at or state.soft_bounces):
        return ""
    return render_to_string("outreach/_person_panel.html", {"address": state}, request)


@panel("market.today", order=40)
def letters_due(request: HttpRequest, today: Today) -> str:
    """That last quarter's new firms wait for their letter, and talks that nobody has said were held."""
    user: Any = request.user
    due = new_firms.due(today.operator, today.day)
    to_mark = booking.to_mark(today.operator, user if today.mine else None, most=MOST)
    coming = booking.soon(today.operator, user if today.mine else None, most=MOST)
    if not (due or to_mark or coming):
        return ""
    context = {"due": due, "to_mark": to_mark, "coming": coming, "mine": today.mine}
    return render_to_string("outreach/_today.html", context, request)
