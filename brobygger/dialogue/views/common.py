# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the dialogue's pages share."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from brobygger.accounts.http import Request
from brobygger.register.models import Organisation


def own_firm(request: Request, pk: int) -> Organisation:
    """An organisation of an office where the person is consultant or head; else not found."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user).select_related("operator"), pk=pk)
    if not request.user.is_staff_of(found.operator_id):
        return get_object_or_404(Organisation.objects.none(), pk=pk)
    return found
