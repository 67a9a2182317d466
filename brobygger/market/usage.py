# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Firms that have or need something, or have been brought together with another, have used the office."""

from django.utils.translation import gettext_lazy as _

from brobygger.market.models import Listing, Match
from brobygger.register import usage

usage.use(
    "listing",
    label=_("har og mangler"),
    of=lambda operator: Listing.objects.filter(operator=operator).order_by().values("organisation_id"),
)
usage.use(
    "match_giver",
    label=_("match som giver"),
    of=lambda operator: Match.objects.filter(operator=operator).order_by().values("giver_id"),
)
usage.use(
    "match_taker",
    label=_("match som modtager"),
    of=lambda operator: Match.objects.filter(operator=operator).order_by().values("taker_id"),
)
