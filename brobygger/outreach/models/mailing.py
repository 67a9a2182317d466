# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Segments, mailings to them, and who was in and who was left out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Job, Letter, Versioned
from brobygger.blueprints.models import Definition
from brobygger.outreach.models.common import OfficeQuerySet
from brobygger.outreach.models.consent import Consent, Purpose
from brobygger.register.models import Organisation, Person


class Segment(Versioned):
    """A named choice of firms: the values of filters over the register. Who is in it is found anew each time."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(_("navn"), max_length=80)
    note = models.CharField(_("bemærkning"), max_length=300, blank=True)
    asked = models.JSONField(_("filtre"), default=dict)
    """Name of a filter → what was chosen, as `outreach.filters.SegmentFilter` reads it."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version"])

    objects: OfficeQuerySet[Segment] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="outreach_one_segment_per_name")
        ]
        verbose_name = _("segment")
        verbose_name_plural = _("segmenter")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("outreach:segment", args=[self.pk])


class Mailing(Versioned):
    """One text to the firms of a segment that have said yes to its purpose."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Kladde")
        SENDING = "sending", _("Sendes")
        SENT = "sent", _("Sendt")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="mailings")
    subject = models.CharField(_("emne"), max_length=200)
    body = models.TextField(_("tekst"), max_length=20_000)
    purpose = models.ForeignKey(
        Purpose, on_delete=models.PROTECT, related_name="mailings", verbose_name=_("formål")
    )
    segment = models.ForeignKey(
        Segment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mailings",
        verbose_name=_("segment"),
    )
    definition = models.ForeignKey(
        Definition, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The letter that its text began from."""
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.DRAFT)
    segment_then = models.JSONField(_("segmentet ved afsendelsen"), default=dict, blank=True)
    """`name` and `asked` as they were."""
    frozen_at = models.DateTimeField(_("modtagerne er fundet"), null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sat i gang"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True, editable=False)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "job"])

    objects: OfficeQuerySet[Mailing] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="outreach_sent_says_when",
            )
        ]
        indexes = [models.Index(fields=["operator", "-created_at", "-id"])]
        verbose_name = _("udsendelse")
        verbose_name_plural = _("udsendelser")

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("outreach:mailing", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def has_stopped(self) -> bool:
        """Whether it is under way but nobody works on it any more."""
        return self.state == self.State.SENDING and (self.job is None or self.job.is_over)


class Recipient(models.Model):
    """A firm of a mailing's segment: the letter it was sent, or why it was sent none. Frozen when the mailing is sent."""

    class Outcome(models.TextChoices):
        IN = "in", _("Får mailen")
        NO_CONSENT = "no_consent", _("Intet samtykke til formålet")
        AD_PROTECTED = "ad_protected", _("Reklamebeskyttet uden eget samtykke")
        UNSUBSCRIBED = "unsubscribed", _("Har afmeldt sig")
        BOUNCED = "bounced", _("Mails hertil kommer retur")
        NO_ADDRESS = "no_address", _("Ingen e-mail at spørge på")
        CEASED = "ceased", _("Ophørt")
        DUPLICATE = "duplicate", _("Får den allerede på samme adresse")

    LEFT_OUT: ClassVar[tuple[Any, ...]] = tuple(value for value in Outcome.values if value != "in")

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", verbose_name=_("virksomhed")
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, null=True, related_name="+")
    email = models.EmailField(_("e-mail"), blank=True)
    outcome = models.CharField(_("udfald"), max_length=14, choices=Outcome.choices)
    letter = models.OneToOneField(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="mailing_recipient"
    )
    written_at = models.DateTimeField(_("lagt i udbakken"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "email"],
                condition=Q(outcome="in"),
                name="outreach_one_letter_per_address",
            ),
            models.CheckConstraint(  # markedsføringsloven § 10: no consent, no mail
                condition=~Q(outcome="in") | (Q(consent__isnull=False) & ~Q(email="")),
                name="outreach_recipient_has_consent",
            ),
        ]
        indexes = [models.Index(fields=["mailing", "outcome", "id"])]
        verbose_name = _("modtagelse af en udsendelse")
        verbose_name_plural = _("udsendelser, der er modtaget eller sprunget over")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_outcome_display()}"
