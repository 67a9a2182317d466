# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consent to be written to: who, for what, since when, from where we know, and when it was taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.outreach.models.common import OfficeQuerySet, new_token
from brobygger.register.models import Organisation, Person


class Purpose(models.Model):
    """What an office writes to firms about: newsletter, events, schemes … Consent is given to one at a time."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=20, blank=True, default="", editable=False)
    """Of one that is shipped (`services.consents.SHIPPED_PURPOSES`), whatever the office calls it; empty for the office's own."""
    name = models.CharField(_("navn"), max_length=60)
    description = models.CharField(
        _("hvad siger man ja til?"),
        max_length=300,
        help_text=_("Vises, når nogen giver samtykke. For eksempel: »Nyhedsbrev højst en gang om måneden«."),
    )
    active = models.BooleanField(_("i brug"), default=True)

    objects: OfficeQuerySet[Purpose] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="outreach_one_purpose_per_name"),
            models.UniqueConstraint(
                fields=["operator", "key"], condition=~Q(key=""), name="outreach_one_purpose_per_key"
            ),
        ]
        verbose_name = _("formål")
        verbose_name_plural = _("formål")

    def __str__(self) -> str:
        return self.name


class Interest(models.Model):
    """A subject that firms say they want to hear about: green transition, export …"""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("navn"), max_length=60)

    objects: OfficeQuerySet[Interest] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="outreach_one_interest_per_name")
        ]
        verbose_name = _("interesse")
        verbose_name_plural = _("interesser")

    def __str__(self) -> str:
        return self.name


def _today() -> date:
    return timezone.localdate()


class Consent(models.Model):
    """Somebody in a firm said yes to be written to for one purpose. Never deleted when taken back: it is the proof."""

    class Source(models.TextChoices):
        FORM = "form", _("Formular")
        VERBAL = "verbal", _("Mundtligt, noteret af kontoret")
        WRITTEN = "written", _("Skriftligt, mail eller brev")
        IMPORT = "import", _("Indlæst fra fil")

    class Withdrawal(models.TextChoices):
        LINK = "link", _("Linket i en mail")
        FIRM = "firm", _("Virksomheden selv")
        OFFICE = "office", _("Noteret af kontoret")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="consents")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="consents", verbose_name=_("virksomhed")
    )
    """The firm on whose behalf it was given. A firm with advertising protection is written to only by its own."""
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("person"),
    )
    purpose = models.ForeignKey(
        Purpose, on_delete=models.PROTECT, related_name="consents", verbose_name=_("formål")
    )
    email = models.EmailField(_("e-mail"))
    """In lower case."""
    interests = models.ManyToManyField(
        Interest, blank=True, related_name="consents", verbose_name=_("interesser")
    )
    given_on = models.DateField(_("givet"), default=_today)
    source = models.CharField(_("hvordan"), max_length=10, choices=Source.choices)
    source_note = models.CharField(_("nærmere"), max_length=200, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("noteret af"),
    )
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    withdrawn_how = models.CharField(
        _("trukket tilbage hvordan"), max_length=10, choices=Withdrawal.choices, blank=True
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    """Of the link that takes it back."""
    created_at = models.DateTimeField(_("noteret"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["token"])

    objects: OfficeQuerySet[Consent] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "purpose", "email"],
                condition=Q(withdrawn_at=None),
                name="outreach_one_standing_consent",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_how="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_how="")),
                name="outreach_withdrawn_says_how",
            ),
            models.CheckConstraint(condition=~Q(email=""), name="outreach_consent_has_address"),
        ]
        indexes = [
            models.Index(fields=["operator", "-given_on", "-id"]),
            models.Index(fields=["operator", "email"]),
            models.Index(fields=["purpose", "organisation"], name="outreach_consents_of_purpose"),
        ]
        verbose_name = _("samtykke")
        verbose_name_plural = _("samtykker")

    def __str__(self) -> str:
        return f"{self.purpose}: {self.email}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def stands(self) -> bool:
        """Not taken back."""
        return self.withdrawn_at is None
