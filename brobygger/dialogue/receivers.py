# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the room does when a person is erased: the address leaves what came in by mail."""

from __future__ import annotations

import re
from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from brobygger.dialogue.models import Interaction, ReceivedMail
from brobygger.register.models import Person

ERASED = "(slettet)"


@receiver(post_delete, sender=Person)
def forget_address(sender: Any, instance: Person, **kwargs: Any) -> None:
    """Who sent a mail and to whom it went, where nobody else at the office has the address. What was written stays: whoever erases
    somebody looks through that."""
    email = instance.email.strip().lower()
    if not email or instance.shares_address:
        return
    written = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w.-])", re.IGNORECASE)
    ours = ReceivedMail.objects.filter(operator_id=instance.operator_id)
    ours.filter(email__iexact=email).update(email="", sender_name="")
    for pk, recipients in ours.filter(recipients__icontains=email).values_list("pk", "recipients"):
        ours.filter(pk=pk).update(recipients=written.sub(ERASED, recipients))
    past: Any = Interaction.history
    for rows in (Interaction.objects.all(), past.all()):
        mails = rows.filter(operator_id=instance.operator_id, kind=Interaction.Kind.MAIL)
        for pk, who in mails.filter(participants__icontains=email).values_list("pk", "participants"):
            mails.filter(pk=pk).update(participants=written.sub(ERASED, who))
