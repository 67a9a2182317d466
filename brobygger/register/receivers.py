# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the register does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from brobygger.accounts.models import Invitation, Operator, Role, User
from brobygger.accounts.signals import address_changed, invitation_accepted, membership_ended
from brobygger.register import services_people
from brobygger.register.models import Affiliation


@receiver(invitation_accepted)
def connect_to_organisation(sender: Any, user: User, invitation: Invitation, **kwargs: Any) -> None:
    """Somebody invited for an organisation may act for it from the moment the account is made."""
    services_people.connect_invited(user, invitation)


@receiver(membership_ended)
def stop_acting(sender: Any, user: User, operator: Operator, role: str, **kwargs: Any) -> None:
    """Whoever is no longer a firm's user at the office acts for none of its organisations."""
    if role != Role.FIRM:
        return
    acting = Affiliation.objects.filter(person__user=user, organisation__operator=operator, may_act=True)
    for affiliation in acting:
        affiliation.may_act = False
        affiliation.save()


@receiver(address_changed)
def follow_address(sender: Any, user: User, old: str, **kwargs: Any) -> None:
    """Where the office has written to a person at the account's address, it writes to the new one."""
    services_people.follow_address(user, old)
