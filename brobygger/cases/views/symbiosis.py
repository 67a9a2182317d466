# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A symbiosis plan begun from what a firm has, or from a match."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brobygger.accounts.access import STAFF, access
from brobygger.accounts.http import Request
from brobygger.base.errors import UserError
from brobygger.cases.kinds import symbiosis
from brobygger.market.models import Listing, Match


@access(STAFF)
@require_POST
def from_listing(request: Request, pk: UUID) -> HttpResponse:
    """Begin a plan for what a firm has."""
    listing = get_object_or_404(Listing.objects.visible_to(request.user), pk=pk, side=Listing.Side.HAVE)
    if not request.user.is_staff_of(listing.operator_id):
        raise Http404
    try:
        case = symbiosis.from_listing(listing, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(listing.get_absolute_url())
    messages.success(request, _("Handlingsplanen er begyndt med de aftagere, Brobygger foreslår."))
    return redirect(case.get_absolute_url())


@access(STAFF)
@require_POST
def from_match(request: Request, pk: UUID) -> HttpResponse:
    """Begin a plan for a match."""
    match = get_object_or_404(Match.objects.visible_to(request.user), pk=pk)
    if not request.user.is_staff_of(match.operator_id):
        raise Http404
    try:
        case = symbiosis.from_match(match, user=request.user)
    except UserError as error:
        messages.error(request, str(error))
        return redirect(match.get_absolute_url())
    messages.success(request, _("Handlingsplanen er begyndt."))
    return redirect(case.get_absolute_url())
