# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Each prospectus that was made for an enquiry: kept as it was computed, with the day."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.base.models import Letter
from brobygger.cases.models import Case


class ProspectusQuerySet(models.QuerySet["ProspectusVersion"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> ProspectusQuerySet:
        """Those of the cases that the person may handle or decide."""
        return self.filter(case__in=Case.objects.visible_to(user).order_by().values("pk"))


class ProspectusVersion(models.Model):
    """One version of an enquiry's prospectus. Never changed: newer figures are a new version."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="prospectuses")
    number = models.PositiveIntegerField(_("version"))
    introduction = models.TextField(_("indledning"), blank=True, max_length=5000)
    body = models.JSONField(_("indhold"))
    """What `prospectus.compute` found on the day."""
    made_at = models.DateTimeField(_("lavet"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """In the address of the page that the investor opens."""
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ProspectusQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="enquiry_one_prospectus_per_version")
        ]
        verbose_name = _("prospekt")
        verbose_name_plural = _("prospekter")

    def __str__(self) -> str:
        return f"{self.case.number}, version {self.number}"

    @property
    def as_of(self) -> dt.date:
        """The day of the figures."""
        return dt.date.fromisoformat(self.body["as_of"])
