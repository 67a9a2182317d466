# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""One case, from the office's side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from brobygger.accounts.access import SIGNED_IN, access
from brobygger.accounts.http import Request
from brobygger.cases.models import Case


@access(SIGNED_IN)
def case(request: Request, pk: int) -> HttpResponse:
    """One case."""
    found = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    return render(request, "base/page.html", {"heading": str(found)})
