# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What guidance puts on other rooms' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from brobygger.base.panels import panel
from brobygger.guidance.queries import aid, schemes
from brobygger.guidance.queries.referrals import waiting, with_organisation
from brobygger.market.queries.worklist import Today
from brobygger.register.models import Organisation
from brobygger.register.rights import acts_for

MOST_FITS = 3
MOST_REFERRALS = 5
MOST_TODAY = 8


@panel("register.organisation", order=15)
def schemes_and_referrals(request: HttpRequest, organisation: Organisation) -> str:
    """The schemes that fit, the room left for de minimis aid, and for the office the firm's referrals."""
    user: Any = request.user
    office = user.is_staff_of(organisation.operator_id)
    if not (office or acts_for(user, organisation)):
        return ""
    account = aid.account(organisation)
    fits = schemes.fits_of(organisation, account=account)
    offers = schemes.offers_of(organisation) if office else {}
    referrals = with_organisation(organisation, MOST_REFERRALS + 1) if office else []
    context = {
        "organisation": organisation,
        "office": office,
        "fits": [(fit, offers.get(fit.scheme.key)) for fit in fits if fit.outcome == schemes.FITS][
            :MOST_FITS
        ],
        "perhaps": sum(fit.outcome == schemes.PERHAPS for fit in fits),
        "account": account,
        "referrals": referrals[:MOST_REFERRALS],
        "more": len(referrals) > MOST_REFERRALS,
    }
    return render_to_string("guidance/_firm_panel.html", context, request)


@panel("market.today", order=30)
def referrals_that_wait(request: HttpRequest, today: Today) -> str:
    """Referrals to the office that nobody has answered, and the office's own that have waited two weeks for an answer."""
    incoming, overdue = waiting(
        today.operator, mine=request.user.pk if today.mine else None, most=MOST_TODAY + 1, reminded=False
    )
    if not (incoming or overdue):
        return ""
    context = {
        "incoming": incoming[:MOST_TODAY],
        "overdue": overdue[:MOST_TODAY],
        "more": len(incoming) > MOST_TODAY or len(overdue) > MOST_TODAY,
    }
    return render_to_string("guidance/_today.html", context, request)


@panel("register.merge", order=10)
def one_ceiling(request: HttpRequest, two: tuple[Organisation, Organisation]) -> str:
    """Whom the firm is counted together with afterwards, where that changes, and what the aid comes to."""
    user: Any = request.user
    found = aid.joined(user, *two)
    too_much = found.total > found.ceiling
    if not (found.joins or found.twice or too_much):
        return ""
    return render_to_string("guidance/_merge.html", {"found": found, "too_much": too_much}, request)
