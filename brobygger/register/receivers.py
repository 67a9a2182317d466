# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the register does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from brobygger.accounts.models import Invitation, User
from brobygger.accounts.signals import invitation_accepted
from brobygger.register import services_people


@receiver(invitation_accepted)
def connect_to_organisation(sender: Any, user: User, invitation: Invitation, **kwargs: Any) -> None:
    """Somebody invited for an organisation may act for it from the moment the account is made."""
    services_people.connect_invited(user, invitation)
