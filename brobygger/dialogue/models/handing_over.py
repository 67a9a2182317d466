# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""That one person's work was given to a colleague: what went along, so that it can be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned
from brobygger.dialogue.models.assessment import OfOffice


class HandOver(Versioned):
    """Never changed afterwards but for being undone."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("fra")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("til")
    )
    moved = models.JSONField(_("hvad der gik med"), default=dict)
    """Kind → keys."""
    left = models.JSONField(_("hvad der blev"), default=dict)
    """Kind → keys of what the receiver could not have."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("fortrudt"), null=True, blank=True)

    objects = OfOffice.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="dialogue_handed_to_another")
        ]
        indexes = [models.Index(fields=["operator", "-at"], name="dialogue_handed_over")]
        verbose_name = _("overdragelse")
        verbose_name_plural = _("overdragelser")

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"
