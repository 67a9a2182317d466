# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Votes in a decision, and who was asked for one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.cases.models.case import Case


class Vote(models.Model):
    """One person's answer. One each in a decision, so nobody fills two seats."""

    class Answer(models.TextChoices):
        YES = "yes", _("Ja")
        NO = "no", _("Nej")
        ABSTAIN = "abstain", _("Hverken for eller imod")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="votes")
    round = models.PositiveIntegerField()
    move = models.CharField(max_length=40)
    ballot = models.CharField(_("kreds"), max_length=40)
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem")
    )
    answer = models.CharField(_("svar"), max_length=8, choices=Answer.choices)
    reason = models.CharField(_("begrundelse"), max_length=1000, blank=True)
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "move", "voter"], name="cases_one_vote_each")
        ]
        verbose_name = _("stemme")
        verbose_name_plural = _("stemmer")

    def __str__(self) -> str:
        return f"{self.voter}: {self.get_answer_display()}"


class Asked(models.Model):
    """Somebody was written to that the case waits for them: once in a round (`services.telling`)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asked")
    round = models.PositiveIntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("hvem")
    )
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "user"], name="cases_asked_once_in_a_round")
        ]
        verbose_name = _("spørgsmål til den, der stemmer")
        verbose_name_plural = _("spørgsmål til dem, der stemmer")

    def __str__(self) -> str:
        return str(self.user)
