# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The applicant's own cases, in the applicant's words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.cases.models import Case


@access(SIGNED_IN)
def own_case(request: Request, pk: int) -> HttpResponse:
    """One of the person's own cases."""
    found = get_object_or_404(Case.objects.own_of(request.user), pk=pk)
    return render(request, "base/page.html", {"heading": found.title})
