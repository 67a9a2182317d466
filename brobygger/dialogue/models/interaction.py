# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Calls, meetings, visits, letters and mails, with what was said and what was handed over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.addresses import address_of
from brobygger.base.models import Versioned
from brobygger.base.prepared import one_of
from brobygger.base.scanning import Scanned
from brobygger.register.models import Organisation, Person


class InteractionQuerySet(models.QuerySet["Interaction"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> InteractionQuerySet:
        """Consultants and heads: their operator's. A firm: what the office shares of its own, never what is private."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        office = one_of("operator_id", user.operators_as(STAFF))
        own = Organisation.objects.acted_for_by(user).values("pk")
        with_them = Interaction.organisations.through.objects.filter(organisation_id__in=own)
        return self.filter(office | Q(private=False, pk__in=with_them.values("interaction_id")))

    def of_office(self, operator: Operator) -> InteractionQuerySet:
        """All of one operator's. The caller has made sure that the person is one of its consultants or heads."""
        return self.filter(operator=operator)


def _today() -> dt.date:
    return timezone.localdate()


class Interaction(Versioned):
    """One talk (or letter, or the office's own note) with one or more organisations."""

    class Kind(models.TextChoices):
        CALL = "call", _("Opkald")
        MEETING = "meeting", _("Møde")
        VISIT = "visit", _("Besøg")
        MAYOR_VISIT = "mayor_visit", _("Borgmesterbesøg")
        LETTER = "letter", _("Brev")
        MAIL = "mail", _("E-mail")
        NOTE = "note", _("Notat")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="interactions")
    kind = models.CharField(_("art"), max_length=12, choices=Kind.choices, default=Kind.NOTE)
    on = models.DateField(_("dato"), default=_today)
    clock = models.TimeField(_("klokken"), null=True, blank=True)
    """Danish time of day, where somebody wrote it down."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="interactions",
        verbose_name=_("hvem fra kontoret"),
    )
    organisations = models.ManyToManyField(
        Organisation, related_name="interactions", verbose_name=_("virksomheder")
    )
    people = models.ManyToManyField(
        Person, related_name="interactions", blank=True, verbose_name=_("hvem fra virksomheden")
    )
    participants = models.TextField(_("andre deltagere"), blank=True, max_length=2000)
    text = models.TextField(_("tekst"), max_length=20_000)
    minutes = models.TextField(_("referat"), blank=True, max_length=50_000)
    private = models.BooleanField(_("kun for kontoret"), default=True)
    """Never shown to the firm, and never part of what a person is given about themselves."""
    entry_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was written on: a second press of the button finds the first note instead of making another."""
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    created_at = models.DateTimeField(_("skrevet"), default=timezone.now, editable=False)
    history = HistoricalRecords(m2m_fields=[organisations, people], excluded_fields=["version", "entry_key"])

    objects = InteractionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="dialogue_interaction_says_something")
        ]
        indexes = [
            models.Index(fields=["operator", "-on", "-id"]),
            models.Index(fields=["operator", "kind", "-on", "-id"]),
            models.Index(fields=["operator", "by", "-on", "-id"]),
        ]
        verbose_name = _("samtale")
        verbose_name_plural = _("samtaler")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return address_of("dialogue:interaction", self.pk)

    @property
    def is_visit(self) -> bool:
        """Somebody from the office was there."""
        return self.kind in VISITS


VISITS = frozenset({Interaction.Kind.VISIT, Interaction.Kind.MAYOR_VISIT})
TALKS = VISITS | {Interaction.Kind.CALL, Interaction.Kind.MEETING}
"""The two sides spoke with each other; a letter or a note is no talk."""


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> AttachmentQuerySet:
        """Those of the interactions that the person may see."""
        return self.filter(interaction__in=Interaction.objects.visible_to(user).order_by().values("pk"))


class Attachment(Scanned):
    """A file that belongs to an interaction. What may be one is decided in `dialogue.attachments`."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(_("fil"), upload_to="samtaler/")
    name = models.CharField(_("navn"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("størrelse"))
    """Bytes."""
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("tilføjet"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("bilag")
        verbose_name_plural = _("bilag")

    def __str__(self) -> str:
        return self.name
