# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mail that came in by the office's own address: laid with a firm, or waiting in the tray."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Versioned
from brobygger.base.scanning import Scanned
from brobygger.dialogue.models.interaction import Interaction
from brobygger.register.models import Organisation


def new_secret() -> str:
    """What nobody guesses, in signs that every mail server leaves alone."""
    return secrets.token_hex(8)


class InboundAddress(models.Model):
    """The office's own address for copies: `kontor+hemmelighed@domæne`. Whoever knows it can write into the tray."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="inbound_address")
    secret = models.CharField(max_length=40, unique=True, default=new_secret, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("lavet"), default=timezone.now)

    class Meta:
        verbose_name = _("adresse til indgående mail")
        verbose_name_plural = _("adresser til indgående mail")

    def __str__(self) -> str:
        return f"{self.operator.slug}+{self.secret}@{settings.INBOUND_DOMAIN}"


class ReceivedMailQuerySet(models.QuerySet["ReceivedMail"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> ReceivedMailQuerySet:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))

    def waiting(self) -> ReceivedMailQuerySet:
        """Those that somebody must look at."""
        return self.filter(state=ReceivedMail.State.TRAY)


class ReceivedMail(Versioned):
    """One mail, stored once whatever happens to it."""

    class State(models.TextChoices):
        TRAY = "tray", _("Venter i indbakken")
        PLACED = "placed", _("Lagt hos en virksomhed")
        DISCARDED = "discarded", _("Kasseret")

    class Why(models.TextChoices):
        NOBODY = "nobody", _("Ingen af adresserne kendes")
        SEVERAL = "several", _("Flere virksomheder passer")
        STRANGER = "stranger", _("Afsenderen er ikke fra kontoret")
        UNREADABLE = "unreadable", _("Mailen kunne ikke lægges på plads")

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="received_mail")
    message_id = models.CharField(max_length=250)
    email = models.EmailField(_("afsender"), blank=True)
    sender_name = models.CharField(_("afsenderens navn"), max_length=120, blank=True)
    recipients = models.TextField(_("modtagere"), blank=True, max_length=4000)
    subject = models.CharField(_("emne"), max_length=300, blank=True)
    text = models.TextField(_("tekst"), blank=True, max_length=20_000)
    sent_at = models.DateTimeField(_("sendt"), default=timezone.now)
    received_at = models.DateTimeField(_("modtaget"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sendt af"),
    )
    """The office's own person who wrote it; none when it is from somebody else."""
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.TRAY)
    why = models.CharField(_("hvorfor den venter"), max_length=12, choices=Why.choices, blank=True)
    proposed = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("foreslåede virksomheder")
    )
    refused_files = models.TextField(_("bilag, der ikke kunne gemmes"), blank=True, max_length=2000)
    interaction = models.ForeignKey(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="received_mail"
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(_("afgjort"), null=True, blank=True)

    objects = ReceivedMailQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "message_id"], name="dialogue_each_mail_once")
        ]
        indexes = [models.Index(fields=["operator", "state", "-received_at", "-id"], name="dialogue_tray")]
        verbose_name = _("indgået mail")
        verbose_name_plural = _("indgåede mails")

    def __str__(self) -> str:
        return self.subject or str(_("(uden emne)"))

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("dialogue:mail", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.TRAY


class MailFile(Scanned):
    """A file of a mail that waits in the tray. It becomes the talk's when the mail is placed."""

    mail = models.ForeignKey(ReceivedMail, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(_("fil"), upload_to="samtaler/")
    name = models.CharField(_("navn"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("størrelse"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("bilag til en mail")
        verbose_name_plural = _("bilag til mails")

    def __str__(self) -> str:
        return self.name
