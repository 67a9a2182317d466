# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What was agreed, what really moved, and what it was worth."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.base.models import Versioned
from brobygger.market.models.listing import Listing
from brobygger.market.models.match import Match


class Agreement(Versioned):
    """What the two agreed: how much, how often, from when to when, on what terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="agreements")
    agreed_on = models.DateField(_("aftalt den"))
    starts_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"), null=True, blank=True)
    quantity = models.DecimalField(_("mængde"), max_digits=14, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("enhed"), max_length=10, blank=True)
    period = models.CharField(
        _("hvor tit"), max_length=8, choices=Listing.Period.choices, default=Listing.Period.ONCE
    )
    price = models.DecimalField(
        _("pris pr. enhed, kr."), max_digits=12, decimal_places=2, null=True, blank=True
    )
    terms = models.TextField(_("vilkår"), blank=True, max_length=4000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["-agreed_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="market_agreement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="market_agreement_quantity_above_zero"
            ),
        ]
        verbose_name = _("aftale")
        verbose_name_plural = _("aftaler")

    def __str__(self) -> str:
        return f"{self.match}, {self.agreed_on:%d.%m.%Y}"


class Delivery(Versioned):
    """What really moved on a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="deliveries")
    on = models.DateField(_("dato"))
    quantity = models.DecimalField(_("mængde"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("enhed"), max_length=10)
    tonnes = models.DecimalField(_("tons"), max_digits=14, decimal_places=3, null=True, blank=True)
    """Computed from quantity and unit where the unit is a weight or the density is known; never guessed."""
    note = models.CharField(_("bemærkning"), max_length=300, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reported_at = models.DateTimeField(_("indberettet"), default=timezone.now)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["-on", "-reported_at"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="market_delivery_quantity_above_zero")
        ]
        indexes = [models.Index(fields=["on"])]
        verbose_name = _("leverance")
        verbose_name_plural = _("leverancer")

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit}, {self.on:%d.%m.%Y}"


class Outcome(models.Model):
    """What came of a match, who said so and when. Kroner and CO2e of deliveries are computed beside this."""

    class Kind(models.TextChoices):
        DKK = "dkk", _("Kroner")
        CO2E = "co2e", _("kg CO2e sparet")
        JOBS = "jobs", _("Arbejdspladser")
        HOURS = "hours", _("Timer")
        TONNES = "tonnes", _("Tons, der ikke er leverancer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("udbytte"), max_length=8, choices=Kind.choices)
    amount = models.DecimalField(_("hvor meget"), max_digits=16, decimal_places=2)
    on = models.DateField(_("hvornår"))
    said_by = models.CharField(_("hvem siger det"), max_length=120)
    note = models.CharField(_("hvordan er tallet fundet"), max_length=500, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reported_at = models.DateTimeField(_("indberettet"), default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-on"]
        indexes = [models.Index(fields=["on"])]
        verbose_name = _("udbytte")
        verbose_name_plural = _("udbytter")

    def __str__(self) -> str:
        return f"{self.amount} {self.get_kind_display()}"
