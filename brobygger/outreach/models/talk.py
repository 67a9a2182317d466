# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Talks that firms booked, and how satisfied they were."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned
from brobygger.outreach.models.booking import BookingLink, Place
from brobygger.outreach.models.common import OfficeQuerySet, new_token
from brobygger.register.models import Organisation


class TalkQuerySet(OfficeQuerySet["Talk"]):
    """Reads that respect scope."""

    def taking_time(self) -> TalkQuerySet:
        """Those whose time nobody else can have."""
        return self.filter(state__in=TAKING_TIME)


class Talk(Versioned):
    """A time somebody booked with a consultant. Written in `services.booking` and `services.talks` only."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Aftalt")
        HELD = "held", _("Holdt")
        NO_SHOW = "no_show", _("Blev væk")
        CANCELLED = "cancelled", _("Aflyst")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="booked_talks")
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="booked_talks",
        verbose_name=_("konsulent"),
    )
    starts_at = models.DateTimeField(_("begynder"))
    ends_at = models.DateTimeField(_("slutter"))
    place = models.CharField(_("hvor"), max_length=10, choices=Place.choices)
    where = models.CharField(_("adresse eller link"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="booked_talks",
        verbose_name=_("virksomhed"),
    )
    link = models.ForeignKey(
        BookingLink, on_delete=models.SET_NULL, null=True, blank=True, related_name="talks"
    )
    name = models.CharField(_("navn"), max_length=120)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    about = models.TextField(_("hvad vil I gerne tale om?"), max_length=2000, blank=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.BOOKED)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    """Of the link that moves or cancels it."""
    feedback_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    """Of its calendar entry: counts up when it is moved or cancelled (RFC 5545)."""
    entry_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was booked on: a second press finds the first booking."""
    reminded_at = models.DateTimeField(_("mindet om"), null=True, blank=True, editable=False)
    asked_at = models.DateTimeField(_("spurgt om tilfredshed"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("afsluttet"), null=True, blank=True, editable=False)
    """When it was marked as held or missed, or cancelled."""
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    created_at = models.DateTimeField(_("booket"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "token", "feedback_token", "entry_key"])

    objects: Any = TalkQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="outreach_talk_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["consultant", "starts_at"],
                condition=Q(state__in=["booked", "held", "no_show"]),
                name="outreach_one_talk_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["consultant", "starts_at"]),
            models.Index(fields=["operator", "state", "starts_at"]),
            models.Index(fields=["operator", "email"]),
        ]
        verbose_name = _("booket samtale")
        verbose_name_plural = _("bookede samtaler")

    def __str__(self) -> str:
        return f"{self.name}, {timezone.localtime(self.starts_at):%d.%m.%Y kl. %H.%M}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("outreach:talk", args=[self.pk])

    @property
    def is_booked(self) -> bool:
        return self.state == self.State.BOOKED

    @property
    def is_past(self) -> bool:
        return self.starts_at <= timezone.now()


TAKING_TIME = (Talk.State.BOOKED, Talk.State.HELD, Talk.State.NO_SHOW)


class Feedback(models.Model):
    """How satisfied somebody was with a talk, 1 to 5, 5 the most. One answer per talk.

    Shown only without talk, firm and consultant (`queries.feedback`); the link to the talk keeps a second answer out.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    talk = models.OneToOneField(Talk, on_delete=models.CASCADE, related_name="feedback")
    score = models.PositiveSmallIntegerField(
        _("hvor tilfreds?"),
        choices=[
            (5, _("Meget tilfreds")),
            (4, _("Tilfreds")),
            (3, _("Hverken tilfreds eller utilfreds")),
            (2, _("Utilfreds")),
            (1, _("Meget utilfreds")),
        ],
    )
    comment = models.TextField(_("kommentar"), max_length=2000, blank=True)
    on = models.DateField(_("dag"))

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="outreach_score_one_to_five")
        ]
        indexes = [models.Index(fields=["operator", "on"])]
        verbose_name = _("svar om tilfredshed")
        verbose_name_plural = _("svar om tilfredshed")

    def __str__(self) -> str:
        return str(self.get_score_display())
