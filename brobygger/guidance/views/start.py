# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The room's first page: what waits, and the way to schemes, referrals, partners and aid."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.guidance.models import Offer
from brobygger.guidance.queries import referrals, schemes

MOST = 8


@access(STAFF)
def start(request: Request) -> HttpResponse:
    """What waits for the office: new schemes nobody has told of, referrals without an answer, agreements that end."""
    operator = request.operator
    incoming, overdue = referrals.waiting(operator, mine=None, most=MOST)
    interested = (
        Offer.objects.filter(operator=operator, state=Offer.State.INTERESTED)
        .select_related("organisation", "scheme")
        .order_by("-at")
    )
    context = {
        "heading": _("Vejledning"),
        "new_schemes": schemes.newly_adopted(operator)[:MOST],
        "has_schemes": bool(schemes.current_schemes(operator)),
        "incoming": incoming,
        "overdue": overdue,
        "interested": list(interested[:MOST]),
        "ending": referrals.ending_soon(operator)[:MOST],
        "today": timezone.localdate(),
    }
    return render(request, "guidance/start.html", context)
