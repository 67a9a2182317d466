# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room does when somebody is erased from the register."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from brobygger.base import mail
from brobygger.guidance.models import Referral
from brobygger.guidance.services.referrals import forget_consent
from brobygger.register.models import Person

ERASED = "(slettet)"


@receiver(pre_delete, sender=Person)
def forget_in_referrals(sender: Any, instance: Person, **kwargs: Any) -> None:
    """Their details leave what was shared and the letters with it, also at the office on this platform that got them."""
    ours = Referral.objects.filter(person=instance)
    for referral in Referral.objects.filter(
        Q(pk__in=ours.values("pk")) | Q(counterpart__in=ours.values("pk"))
    ):
        details = [piece["text"] for piece in referral.shared if piece.get("kind") == "contact"]
        for letter in (referral.letter, referral.copy_letter):
            if letter and any(text in letter.body for text in details):
                body = letter.body
                for text in details:
                    body = body.replace(text, ERASED)
                mail.blot(letter, body)
        referral.shared = [piece for piece in referral.shared if piece.get("kind") != "contact"]
        referral.email = referral.phone = ""
        if referral.consent_by == instance.name:
            forget_consent(referral)
        referral.save()
