# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room does when a person is erased: what is kept by e-mail address alone goes as well."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from brobygger.outreach.models import Bounce, Consent, MailAddress, Talk
from brobygger.register.models import Organisation, Person

ERASED = "(slettet)"


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
    if not email or _is_used(instance, email):
        return
    MailAddress.objects.filter(operator_id=instance.operator_id, email=email).delete()
    Bounce.objects.filter(operator_id=instance.operator_id, email=email).delete()
    talks = Talk.objects.filter(operator_id=instance.operator_id, email__iexact=email)
    keys = list(talks.values_list("pk", flat=True))
    talks.update(name=ERASED, email="", phone="", about="")
    past: Any = Talk.history
    past.filter(id__in=keys).delete()


def _is_used(person: Person, email: str) -> bool:
    here = {"operator_id": person.operator_id, "email__iexact": email}
    return (
        Person.objects.filter(**here).exclude(pk=person.pk).exists()
        or Organisation.objects.filter(**here).exists()
    )
