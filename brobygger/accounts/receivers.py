# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Sign-ins in the audit trail."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from brobygger.accounts import audit
from brobygger.accounts.models import User


@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """One entry at the person's first operator."""
    membership = user.memberships.select_related("operator").first()
    audit.record(
        "signed_in", user=user, operator=membership.operator if membership else None, about=user.email
    )


@receiver(user_locked_out)
def note_lock_out(sender: Any, request: HttpRequest, username: str | None = None, **kwargs: Any) -> None:
    """An address was closed for a while after too many wrong passwords."""
    user = User.objects.filter(email__iexact=username or "").first()
    membership = user.memberships.select_related("operator").first() if user else None
    audit.record(
        "failed_sign_in",
        user=None,
        operator=membership.operator if membership else None,
        about=username or "",
    )
