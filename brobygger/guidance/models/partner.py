# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whom the office refers firms to, and who refers firms to the office."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.danish import sort_key
from brobygger.base.models import Versioned
from brobygger.guidance.models.common import OfficeQuerySet
from brobygger.register.models import Organisation


class Partner(Versioned):
    """An adviser, a bank, the business hub, a neighbouring office …"""

    class Kind(models.TextChoices):
        HUB = "hub", _("Erhvervshus")
        OFFICE = "office", _("Andet erhvervskontor")
        ADVISER = "adviser", _("Rådgiver")
        MENTOR = "mentor", _("Mentor eller forretningsengel")
        BANK = "bank", _("Bank eller investor")
        KNOWLEDGE = "knowledge", _("Videninstitution")
        PUBLIC = "public", _("Offentlig myndighed")
        ASSOCIATION = "association", _("Forening eller klynge")
        OTHER = "other", _("Andet")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="partners")
    name = models.CharField(_("navn"), max_length=160)
    sort_name = models.CharField(max_length=80, editable=False, default="")
    kind = models.CharField(_("art"), max_length=12, choices=Kind.choices)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="partner_of",
        verbose_name=_("i registret"),
    )
    office = models.ForeignKey(
        Operator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kontor i Brobygger"),
    )
    """Another operator on this platform: it gets referrals in its own list, and answers there."""
    contact_name = models.CharField(_("kontaktperson"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    offers = models.TextField(_("kan hjælpe med"), blank=True, max_length=2000)
    is_current = models.BooleanField(_("i brug"), default=True)
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "sort_name"])

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="guidance_one_partner_per_name"),
            models.UniqueConstraint(
                fields=["operator", "office"],
                condition=Q(office__isnull=False),
                name="guidance_one_partner_per_office",
            ),
            models.CheckConstraint(
                condition=Q(office=None) | ~Q(office=F("operator")), name="guidance_no_partner_of_oneself"
            ),
        ]
        indexes = [models.Index(fields=["operator", "sort_name", "id"])]
        verbose_name = _("partner")
        verbose_name_plural = _("partnere")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("guidance:partner", args=[self.pk])


class PartnerAgreement(Versioned):
    """What was agreed with a partner on referring firms to each other, and for how long (catalogue of good practice, case 3: Køge)."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements")
    text = models.TextField(_("hvad der er aftalt"), max_length=20_000)
    mutual = models.BooleanField(_("gensidig"), default=True)
    """Both refer firms to each other."""
    starts_on = models.DateField(_("fra"))
    ends_on = models.DateField(_("til"), null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="guidance_agreement_in_order"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="guidance_agreement_says_something"),
        ]
        indexes = [models.Index(fields=["operator", "ends_on"])]
        verbose_name = _("aftale om henvisning")
        verbose_name_plural = _("aftaler om henvisning")

    def __str__(self) -> str:
        return f"{self.partner}, {self.starts_on:%d.%m.%Y}"

    def is_running_on(self, day: date) -> bool:
        """Both end days included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
