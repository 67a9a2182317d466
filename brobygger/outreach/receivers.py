# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room does for a new office, and when a person is erased: what is kept by e-mail address alone goes as well."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import translation

from brobygger.accounts.models import Operator
from brobygger.accounts.signals import office_opened
from brobygger.outreach.models import Bounce, Consent, MailAddress, Talk
from brobygger.outreach.services.consents import create_shipped_purposes
from brobygger.register.models import Person

ERASED = "(slettet)"


@receiver(office_opened)
def give_purposes(sender: Any, operator: Operator, **kwargs: Any) -> None:
    """The common purposes, so that the office may ask for consents from its first day."""
    with translation.override(settings.LANGUAGE_CODE):
        create_shipped_purposes(operator, user=None)


@receiver(post_delete, sender=Person)
def forget_consents(sender: Any, instance: Person, **kwargs: Any) -> None:
    """A person's consents went with the person; so must their history."""
    past: Any = Consent.history
    keys = set(past.filter(person_id=instance.pk).values_list("id", flat=True))
    past.filter(id__in=keys).delete()


@receiver(post_delete, sender=Person)
def forget_address(sender: Any, instance: Person, **kwargs: Any) -> None:
    """Talks and returned mail of an address that nobody else at the office has."""
    email = instance.email.strip().lower()
    if not email or instance.shares_address:
        return
    MailAddress.objects.filter(operator_id=instance.operator_id, email=email).delete()
    Bounce.objects.filter(operator_id=instance.operator_id, email=email).delete()
    talks = Talk.objects.filter(operator_id=instance.operator_id, email__iexact=email)
    keys = list(talks.values_list("pk", flat=True))
    talks.update(name=ERASED, email="", phone="", about="")
    past: Any = Talk.history
    past.filter(id__in=keys).delete()
