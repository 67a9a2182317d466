# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Aid that firms have been granted, and which firms count as one undertaking (Regulation (EU) 2023/2831)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned
from brobygger.blueprints.models import Definition
from brobygger.guidance import origins
from brobygger.guidance.models.common import OfficeQuerySet
from brobygger.register.models import Organisation


class Undertaking(models.Model):
    """Firms that are linked and share one ceiling: a single undertaking, article 2(2). A firm in none stands alone."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("samlet virksomhed")
        verbose_name_plural = _("samlede virksomheder")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class UndertakingMember(models.Model):
    """A firm of an undertaking, with the ground on which it is counted there: article 2(2), a to d."""

    class Basis(models.TextChoices):
        VOTES = "votes", _("Flertal af stemmerettighederne")
        APPOINTS = "appoints", _("Ret til at udpege eller afsætte flertallet i ledelsen")
        CONTRACT = "contract", _("Bestemmende indflydelse ved aftale eller vedtægt")
        SHAREHOLDERS = (
            "shareholders",
            _("Flertal af stemmerne efter aftale med andre aktionærer eller deltagere"),
        )

    undertaking = models.ForeignKey(Undertaking, on_delete=models.CASCADE, related_name="members")
    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.CASCADE,
        related_name="undertaking_member",
        verbose_name=_("virksomhed"),
    )
    basis = models.CharField(_("grundlag"), max_length=12, choices=Basis.choices)
    since = models.DateField(_("forbundet siden"), default=timezone.localdate)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["organisation__sort_name"]
        verbose_name = _("forbundet virksomhed")
        verbose_name_plural = _("forbundne virksomheder")

    def __str__(self) -> str:
        return str(self.organisation)


class AidQuerySet(OfficeQuerySet["Aid"]):
    """Reads that respect scope, and who may not see an entry."""

    def visible_to(self, user: Any) -> OfficeQuerySet[Aid]:
        """The office's, without those that the person is kept from (`guidance.origins`)."""
        rows = super().visible_to(user)
        kept = origins.kept_from(user) if getattr(user, "is_authenticated", False) else ()
        return rows.exclude(origin__in=kept) if kept else rows


class Aid(Versioned):
    """One grant to one firm. It counts from the day when the firm got the legal right to it, article 3(3)."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="aid")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="aid", verbose_name=_("virksomhed")
    )
    granted_on = models.DateField(_("tildelt den"))
    amount_dkk = models.DecimalField(
        _("beløb i kroner"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    rate = models.DecimalField(
        _("kurs, kroner for en euro"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    """The rate of the day of the grant, as it was looked up."""
    amount_eur = models.DecimalField(
        _("beløb i euro"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    de_minimis = models.BooleanField(_("de minimis-støtte"), default=True)
    basis = models.CharField(_("efter hvilke andre regler"), max_length=200, blank=True)
    grantor = models.CharField(_("støttegiver"), max_length=160)
    scheme = models.ForeignKey(
        Definition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="aid",
        verbose_name=_("ordning"),
    )
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    origin = models.CharField(max_length=80, blank=True, editable=False)
    """What recorded it, when that was no person (`case:17`); the same is never recorded twice."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("registreret"), default=timezone.now, editable=False)
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "origin"])

    objects = AidQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(de_minimis=False) | Q(amount_eur__isnull=False, amount_eur__gt=0),
                name="guidance_de_minimis_has_euro",
            ),
            models.CheckConstraint(
                condition=Q(amount_eur__isnull=False, amount_eur__gt=0)
                | Q(amount_dkk__isnull=False, amount_dkk__gt=0),
                name="guidance_aid_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(de_minimis=True) | ~Q(basis=""), name="guidance_other_aid_says_why"
            ),
            models.CheckConstraint(
                condition=Q(rate=None) | Q(rate__gt=0, amount_dkk__isnull=False),
                name="guidance_rate_of_kroner",
            ),
            models.UniqueConstraint(
                fields=["operator", "origin"], condition=~Q(origin=""), name="guidance_one_aid_per_origin"
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-granted_on", "-id"]),
            models.Index(fields=["organisation", "granted_on"]),
        ]
        verbose_name = _("støtte")
        verbose_name_plural = _("støtte")

    def __str__(self) -> str:
        return f"{self.grantor}, {self.granted_on:%d.%m.%Y}"
