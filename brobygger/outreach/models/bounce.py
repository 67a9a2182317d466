# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Addresses that mail came back from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.models import Letter
from brobygger.outreach.models.common import OfficeQuerySet


class MailAddress(models.Model):
    """What an office knows of an address that mail has come back from. Dead: no mailing goes there any more."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail"))
    """In lower case."""
    soft_bounces = models.PositiveIntegerField(_("midlertidige afvisninger"), default=0)
    dead_at = models.DateTimeField(_("mails kommer retur siden"), null=True, blank=True)
    last_reason = models.CharField(_("seneste grund"), max_length=300, blank=True)
    last_at = models.DateTimeField(_("senest"), default=timezone.now)
    revived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Who said that it works again."""

    objects: OfficeQuerySet[MailAddress] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "email"], name="outreach_one_state_per_address")
        ]
        verbose_name = _("mailadresse med afvisninger")
        verbose_name_plural = _("mailadresser med afvisninger")

    def __str__(self) -> str:
        return self.email


class Bounce(models.Model):
    """One message about a letter that could not be delivered (RFC 3464)."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, null=True, related_name="bounces")
    email = models.EmailField(_("e-mail"))
    hard = models.BooleanField(_("endelig"))
    status = models.CharField(_("kode"), max_length=12, blank=True)
    """`5.1.1` and the like (RFC 3463)."""
    reason = models.CharField(_("grund"), max_length=300, blank=True)
    message_id = models.CharField(max_length=250, blank=True)
    """Of the message that told it: read twice, it counts once."""
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    objects: OfficeQuerySet[Bounce] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "message_id", "email"],
                condition=~Q(message_id=""),
                name="outreach_one_bounce_per_message",
            )
        ]
        verbose_name = _("afvist mail")
        verbose_name_plural = _("afviste mails")

    def __str__(self) -> str:
        return f"{self.email} {self.status}".strip()
