# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What somebody at the office has said they will do."""

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
from brobygger.dialogue.models.interaction import Interaction
from brobygger.register.models import Organisation


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> FollowUpQuerySet:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))

    def open(self) -> FollowUpQuerySet:
        """Not done yet."""
        return self.filter(done_at=None)


class FollowUp(Versioned):
    """The next step with an organisation: what, by whom, when."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="follow_ups")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("virksomhed")
    )
    interaction = models.ForeignKey(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    """The talk it came from."""
    due_on = models.DateField(_("senest"))
    about = models.CharField(_("hvad"), max_length=200)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("hvem"),
    )
    done_at = models.DateTimeField(_("gjort"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(about=""), name="dialogue_follow_up_says_what")]
        indexes = [
            models.Index(
                fields=["operator", "assignee", "due_on", "id"],
                condition=Q(done_at=None),
                name="dialogue_open_by_person",
            ),
            models.Index(
                fields=["operator", "due_on", "id"], condition=Q(done_at=None), name="dialogue_open_by_day"
            ),
            models.Index(fields=["organisation", "due_on"]),
        ]
        verbose_name = _("opfølgning")
        verbose_name_plural = _("opfølgninger")

    def __str__(self) -> str:
        return self.about

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("dialogue:follow_up", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
