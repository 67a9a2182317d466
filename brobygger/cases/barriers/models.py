# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm's possible customers with what became of each, and its course days."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.base.models import Versioned
from brobygger.cases.barriers.case_words import SHARED, TYPE
from brobygger.cases.models import Case
from brobygger.market.models import Suggestion
from brobygger.register.models import Organisation


class CustomerQuerySet(models.QuerySet["PotentialCustomer"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> CustomerQuerySet:
        """Those of the cases that the person handles or decides, and of the own firm's once the list is handed over."""
        seen = Case.objects.visible_to(user).order_by().values("pk")
        own = Case.objects.own_of(user).filter(stage__in=SHARED).order_by().values("pk")
        return self.filter(Q(case__in=seen) | Q(case__in=own), case__type_key=TYPE)

    def listed(self) -> CustomerQuerySet:
        """Those that nobody took off the list."""
        return self.filter(removed_at=None)


class PotentialCustomer(Versioned):
    """An organisation that the firm could become a supplier of. One that was taken off stays, so that it is not proposed again."""

    class Origin(models.TextChoices):
        NEED = "need", _("Mangler det, virksomheden har")
        TAKER = "taker", _("Branchen bruger det, virksomheden har")
        INDUSTRY = "industry", _("Branche, som kontoret har valgt")
        OFFICER = "officer", _("Sat på af kontoret")

    class State(models.TextChoices):
        LISTED = "listed", _("På listen")
        CONTACTED = "contacted", _("Kontaktet")
        TALKING = "talking", _("I dialog")
        CONNECTED = "connected", _("Handler sammen")
        IRRELEVANT = "irrelevant", _("Ikke relevant")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="potential_customers")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("mulig kunde")
    )
    origin = models.CharField(_("hvorfra"), max_length=8, choices=Origin.choices, editable=False)
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    """Its reason is read from the suggestion each time: the listing behind it may have become confidential since."""
    reason = models.CharField(_("hvorfor netop den"), max_length=500, blank=True)
    state = models.CharField(_("hvor langt"), max_length=10, choices=State.choices, default=State.LISTED)
    state_on = models.DateField(_("dato"), null=True, blank=True)
    note = models.TextField(_("bemærkning"), blank=True, max_length=2000)
    dkk = models.DecimalField(
        _("ordrer for, kr. (hvis de fortæller det)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    added_at = models.DateTimeField(_("sat på listen"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("taget af listen"), null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "organisation"], name="barriers_once_on_a_list"),
            models.CheckConstraint(
                condition=Q(state="listed") | Q(state_on__isnull=False), name="barriers_state_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="irrelevant") | ~Q(note=""), name="barriers_irrelevant_says_why"
            ),
            models.CheckConstraint(
                condition=Q(dkk=None) | Q(dkk__gt=0, state="connected"), name="barriers_money_of_a_connection"
            ),
        ]
        indexes = [models.Index(fields=["state", "state_on"], name="barriers_by_state")]
        verbose_name = _("mulig kunde")
        verbose_name_plural = _("mulige kunder")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"

    @property
    def why(self) -> str:
        """The reason in words. Of what the engine proposed, only while the needed listing may be shown to others."""
        if self.suggestion is None:
            return self.reason
        need = self.suggestion.need
        hidden = need is not None and (
            need.visibility == need.Visibility.BROKER or need.status != need.Status.ACTIVE
        )
        return "" if hidden else self.suggestion.reason


class CourseDay(models.Model):
    """A whole day of course that the firm took part in."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="course_days")
    on = models.DateField(_("dato"))
    title = models.CharField(_("hvad"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("skrevet"), default=timezone.now)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["case", "on"], name="barriers_a_day_once")]
        verbose_name = _("kursusdag")
        verbose_name_plural = _("kursusdage")

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.title}"
