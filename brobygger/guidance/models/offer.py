# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""That a firm was told of a scheme, and what it said."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Versioned
from brobygger.blueprints.models import Definition
from brobygger.register.models import Organisation


class OfferQuerySet(models.QuerySet["Offer"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> OfferQuerySet:
        """Consultants and heads: their operator's. A firm: its own."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        own = Organisation.objects.acted_for_by(user).values("pk")
        return self.filter(Q(operator_id__in=user.operators_as(STAFF)) | Q(organisation_id__in=own))


class Offer(Versioned):
    """One firm and one scheme, whatever version of it: offered, interested, or not relevant and why."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Tilbudt")
        INTERESTED = "interested", _("Interesseret")
        NOT_RELEVANT = "not_relevant", _("Ikke relevant")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="scheme_offers", verbose_name=_("virksomhed")
    )
    scheme = models.ForeignKey(
        Definition, on_delete=models.PROTECT, related_name="offers", verbose_name=_("ordning")
    )
    """The version that was current when somebody last said something."""
    scheme_key = models.CharField(max_length=60, editable=False)
    state = models.CharField(_("svar"), max_length=12, choices=State.choices)
    why = models.CharField(_("hvorfor ikke"), max_length=300, blank=True)
    first_on = models.DateField(_("første gang"), default=timezone.localdate)
    at = models.DateTimeField(_("senest"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("af")
    )
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "scheme_key"])

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme_key"], name="guidance_one_offer_per_scheme"
            ),
            models.CheckConstraint(
                condition=~Q(state="not_relevant") | ~Q(why=""), name="guidance_not_relevant_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "scheme_key", "state"]),
            models.Index(fields=["operator", "first_on"]),
        ]
        verbose_name = _("tilbud om en ordning")
        verbose_name_plural = _("tilbud om ordninger")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.scheme} ({self.get_state_display()})"
