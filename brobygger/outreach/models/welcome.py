# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters to new firms: each firm once in a series."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator
from brobygger.base.models import Job, Letter
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models import Interaction
from brobygger.outreach.models.booking import BookingLink
from brobygger.outreach.models.common import OfficeQuerySet
from brobygger.register.models import Organisation


class WelcomeRound(models.Model):
    """The letters that were made at one time to the new firms of a quarter."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="welcome_rounds")
    series = models.CharField(_("brev"), max_length=60)
    """The key of the letter's definition."""
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField(_("kvartalets første dag"))
    by_mail = models.BooleanField(_("også som e-mail"), default=False)
    signed_by = models.TextField(_("underskrives af"), blank=True, max_length=600)
    """A line for each who signs, name and title; empty: as the letter's definition says."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("lavet"), default=timezone.now)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    entry_key = models.UUIDField(null=True, unique=True, editable=False)
    """Of the form: a second press of the button finds the first round."""

    objects: OfficeQuerySet[WelcomeRound] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["operator", "-made_at"])]
        verbose_name = _("brevrunde")
        verbose_name_plural = _("brevrunder")

    def __str__(self) -> str:
        return str(self.definition)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("outreach:welcome_round", args=[self.pk])

    @property
    def signatures(self) -> list[str]:
        """Who signs, in order."""
        own = [line.strip() for line in self.signed_by.splitlines() if line.strip()]
        return own or list(self.definition.content.signatures)


class PostFile(models.Model):
    """A round's letters as one file for the municipality's system for Digital Post. Made by a worker, kept some days."""

    round = models.OneToOneField(WelcomeRound, on_delete=models.CASCADE, related_name="post_file")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.FileField(_("fil"), upload_to="breve/", blank=True)
    """Empty while it is made, and when it has been deleted again."""
    letters = models.PositiveIntegerField(_("breve"), default=0)
    made_at = models.DateTimeField(_("lavet"), null=True, blank=True)

    class Meta:
        verbose_name = _("fil til Digital Post")
        verbose_name_plural = _("filer til Digital Post")

    def __str__(self) -> str:
        return f"{self.round}: {self.file.name or '–'}"

    @property
    def is_on_its_way(self) -> bool:
        """Whether a worker has it, or will."""
        return not self.file and self.job is not None and not self.job.is_over


class Welcome(models.Model):
    """A new firm's letter as it was worded, or that the firm is to have none."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(WelcomeRound, on_delete=models.CASCADE, null=True, related_name="letters")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="welcomes")
    series = models.CharField(max_length=60)
    skipped = models.BooleanField(_("springes over"), default=False)
    subject = models.CharField(_("emne"), max_length=200, blank=True)
    body = models.TextField(_("tekst"), blank=True)
    address = models.CharField(_("adresse"), max_length=400, blank=True)
    """Lines of the address field."""
    link = models.OneToOneField(BookingLink, on_delete=models.SET_NULL, null=True, related_name="welcome")
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, related_name="+")
    """The e-mail, where it was also sent as one."""
    interaction = models.ForeignKey(Interaction, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    objects: OfficeQuerySet[Welcome] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "series"], name="outreach_one_welcome_per_series"
            ),
            models.CheckConstraint(
                condition=Q(skipped=True, round=None) | (Q(skipped=False, round__isnull=False) & ~Q(body="")),
                name="outreach_welcome_is_letter_or_skipped",
            ),
        ]
        indexes = [models.Index(fields=["operator", "at"])]
        verbose_name = _("velkomstbrev")
        verbose_name_plural = _("velkomstbreve")

    def __str__(self) -> str:
        return f"{self.organisation}"
