# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The weights that an office has learned from its own decisions, and which of them it used when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator


class WeightVersion(models.Model):
    """A set of weights learned from an office's decisions. Never changed once it is written: what was, stays known."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="weight_versions")
    number = models.PositiveIntegerField(_("nummer"))
    """1, 2, 3 … of the operator; 0 means the shipped weights and has no row."""
    weights = models.JSONField(_("vægte"))
    """Part name → share, summing to 1."""
    before = models.JSONField(_("vægte før"))
    """The weights in use when these were taken into use."""
    learned_from = models.JSONField(_("lært af"))
    """Counts, never names; see `services.learning.Proposal.counts`."""
    effect = models.JSONField(_("virkning"))
    """What it did to the order of the suggestions of that day, in counts; see `services.learning.Effect`."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("lært"), default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "number"], name="market_one_version_per_number")
        ]
        verbose_name = _("lærte vægte")
        verbose_name_plural = _("lærte vægte")

    def __str__(self) -> str:
        return f"{self.operator} {self.number}"


class WeightSwitch(models.Model):
    """That somebody took a version into use, or the shipped weights (`version` is empty). The newest one holds."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="weight_switches")
    version = models.ForeignKey(
        WeightVersion, on_delete=models.CASCADE, null=True, blank=True, related_name="switches"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["operator", "-id"], name="market_weights_in_use")]
        verbose_name = _("skift af vægte")
        verbose_name_plural = _("skift af vægte")

    def __str__(self) -> str:
        return f"{self.operator} → {self.version.number if self.version else 0}"
