# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Angels with what they look for, and exactly what each of them was sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Letter, Versioned
from brobygger.cases.models import Case, CaseParty
from brobygger.register import industry_picker


class AngelQuerySet(models.QuerySet["Angel"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> AngelQuerySet:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))


class Angel(Versioned):
    """Somebody who puts money and experience into firms, and what they look for. Empty means all."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="angels")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    industries = models.CharField(_("brancher"), max_length=200, blank=True)
    """First digits of industry codes with commas between."""
    least = models.DecimalField(_("mindst, kr."), max_digits=12, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(_("højst, kr."), max_digits=12, decimal_places=2, null=True, blank=True)
    background = models.TextField(_("baggrund og kompetencer"), blank=True, max_length=3000)
    active = models.BooleanField(_("får profiler tilsendt"), default=True)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = AngelQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "user"], name="angels_one_profile_each"),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(most__gte=F("least")),
                name="angels_most_above_least",
            ),
        ]
        verbose_name = _("business angel")
        verbose_name_plural = _("business angels")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def industry_names(self) -> str:
        """What the angel looks for, by name; empty is all."""
        return industry_picker.names_in(self.industries)

    def suits(self, case: Case) -> bool:
        """The firm's industry and the amount are what the angel looks for."""
        return self._industry_suits(case) and self._amount_suits(case)

    def _industry_suits(self, case: Case) -> bool:
        wanted = industry_picker.codes_in(self.industries)
        own = case.organisation.industry if case.organisation else ""
        return not wanted or any(own.startswith(code) for code in wanted)

    def _amount_suits(self, case: Case) -> bool:
        if case.amount is None:
            return True
        return (self.least is None or case.amount >= self.least) and (
            self.most is None or case.amount <= self.most
        )


class SendingQuerySet(models.QuerySet["Sending"]):
    """Reads that respect scope."""

    def sent_to(self, user: Any) -> SendingQuerySet:
        """What the person was sent, while the person has access to the office that sent it; not of a case that they have an
        interest in."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine = self.filter(angel__user=user, angel__operator_id__in=list(user.roles))
        return mine.exclude(case__in=CaseParty.objects.cases_of_interest(user))


class Sending(models.Model):
    """One thing sent to one angel, as it was when it was sent."""

    class What(models.TextChoices):
        PROFILE = "profile", _("Profil")
        PROSPECTUS = "prospectus", _("Prospekt")

    class Answer(models.TextChoices):
        NONE = "", _("Intet svar endnu")
        YES = "yes", _("Vil gerne videre")
        NO = "no", _("Nej tak")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sendings")
    angel = models.ForeignKey(Angel, on_delete=models.CASCADE, related_name="sendings")
    what = models.CharField(_("hvad"), max_length=10, choices=What.choices)
    title = models.CharField(_("titel"), max_length=200)
    text = models.TextField(_("tekst"))
    sent_at = models.DateTimeField(_("sendt"), default=timezone.now)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(_("åbnet"), null=True, blank=True)
    answer = models.CharField(_("svar"), max_length=3, choices=Answer.choices, default="", blank=True)
    answered_at = models.DateTimeField(_("svaret"), null=True, blank=True)
    note = models.TextField(_("besked"), blank=True, max_length=3000)

    objects = SendingQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "angel", "what"], name="angels_sent_once_each")
        ]
        indexes = [models.Index(fields=["angel", "-sent_at"])]
        verbose_name = _("udsendelse")
        verbose_name_plural = _("udsendelser")

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.title}"
