# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The consultant's worklist."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base import panels
from brobygger.market.queries.worklist import Today, worklist

PANELS = "market.today"
"""Here a later room puts what waits in it: `@panel("market.today", order=…)` with a `Today` as its record."""


@access(STAFF)
def today(request: Request) -> HttpResponse:
    """What a consultant with twenty minutes does first. `vis=alle` shows the colleagues' too."""
    mine = request.GET.get("vis") != "alle"
    work = worklist(request.user, request.operator, mine=mine)
    waiting = panels.render(PANELS, request, Today(request.operator, work.today, mine))
    context = {"heading": _("I dag"), "work": work, "mine": mine, "panels": waiting}
    return render(request, "market/today.html", context)
