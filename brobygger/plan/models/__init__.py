# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The plan: tracks, initiatives, goals; a goal's value comes from an indicator or a measurement with a source."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned


class Plan(Versioned):
    """A strategy's action plan for a span of years."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="plans")
    name = models.CharField(_("navn"), max_length=160)
    year_from = models.PositiveSmallIntegerField(_("fra år"))
    year_to = models.PositiveSmallIntegerField(_("til år"))
    introduction = models.TextField(_("indledning"), blank=True, max_length=8000)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["-year_from", "name"]
        verbose_name = _("plan")
        constraints = [
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="plan_years_in_order")
        ]

    def __str__(self) -> str:
        return self.name


class Track(Versioned):
    """A track (spor) of the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tracks")
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=160)
    text = models.TextField(_("tekst"), blank=True, max_length=8000)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["number"]
        verbose_name = _("spor")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_one_track_per_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Initiative(Versioned):
    """An initiative (indsats) with its goals."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="initiatives")
    number = models.PositiveSmallIntegerField(_("nummer"))
    name = models.CharField(_("navn"), max_length=200)
    text = models.TextField(_("tekst"), blank=True, max_length=8000)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="plan_one_initiative_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Goal(Versioned):
    """A goal: from baseline to target within a period. The value is read from an indicator, never typed."""

    class Direction(models.TextChoices):
        UP = "up", _("Mindst")
        DOWN = "down", _("Højst")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="goals")
    name = models.CharField(_("mål"), max_length=300)
    indicator = models.CharField(_("indikator"), max_length=60, blank=True)
    """Key in `brobygger.base.indicators`; empty means that measurements are entered with source and date."""
    parameters = models.JSONField(_("parametre"), default=dict, blank=True)
    unit = models.CharField(_("enhed"), max_length=30, blank=True)
    starts_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"))
    baseline = models.DecimalField(_("udgangspunkt"), max_digits=16, decimal_places=2, null=True, blank=True)
    baseline_source = models.CharField(_("kilde til udgangspunkt"), max_length=300, blank=True)
    target = models.DecimalField(_("måltal"), max_digits=16, decimal_places=2, null=True, blank=True)
    direction = models.CharField(_("retning"), max_length=4, choices=Direction.choices, default=Direction.UP)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["initiative__track__number", "initiative__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="plan_goal_ends_after_start"
            )
        ]
        verbose_name = _("mål")

    def __str__(self) -> str:
        return self.name


class Measurement(models.Model):
    """A figure that nothing in the product can know, with its source and date."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measurements")
    on = models.DateField(_("målt den"))
    value = models.DecimalField(_("værdi"), max_digits=16, decimal_places=2)
    source = models.CharField(_("kilde"), max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("indtastet"), default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-on"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="plan_measurement_says_source")]

    def __str__(self) -> str:
        return f"{self.value} ({self.on:%d.%m.%Y})"
