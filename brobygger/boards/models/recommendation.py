# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a board recommends, and what became of it (001, B22: the council advises)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.base.models import Versioned
from brobygger.boards.models.board import Board
from brobygger.boards.models.meeting import AgendaItem, Meeting
from brobygger.dialogue.models import FollowUp


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> RecommendationQuerySet:
        """Those of the boards that the person may see."""
        return self.filter(board__in=Board.objects.visible_to(user).order_by().values("pk"))

    def open(self) -> RecommendationQuerySet:
        """Those that still wait for an end."""
        return self.filter(state__in=OPEN)


class Recommendation(Versioned):
    """A board's advice: to whom, who answers, by when, and how far it has come. Each step is an `Answer`."""

    class State(models.TextChoices):
        GIVEN = "given", _("Givet, afventer svar")
        CONSIDERED = "considered", _("Under behandling")
        FOLLOWED = "followed", _("Fulgt")
        PARTLY = "partly", _("Delvist fulgt")
        DECLINED = "declined", _("Ikke fulgt")
        WITHDRAWN = "withdrawn", _("Trukket tilbage")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="recommendations")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="recommendations"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="recommendations"
    )
    title = models.CharField(_("anbefaling"), max_length=200)
    text = models.TextField(_("begrundelse"), blank=True, max_length=10_000)
    addressee = models.CharField(_("til hvem"), max_length=120, blank=True)
    """The committee, the council or the office it is given to."""
    given_on = models.DateField(_("givet"))
    answer_by = models.DateField(_("svar ventes senest"), null=True, blank=True)
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hvem svarer"),
    )
    state = models.CharField(
        _("tilstand"), max_length=12, choices=State.choices, default=State.GIVEN, editable=False
    )
    state_on = models.DateField(_("siden"), editable=False)
    follow_ups = models.ManyToManyField(FollowUp, blank=True, related_name="recommendations")
    history = HistoricalRecords(excluded_fields=["version"])

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="boards_recommendation_says_what")]
        indexes = [
            models.Index(fields=["board", "-given_on"]),
            models.Index(fields=["state", "answer_by"]),
        ]
        verbose_name = _("anbefaling")
        verbose_name_plural = _("anbefalinger")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("boards:recommendation", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        """An answer was due and has not come."""
        return self.is_open and self.answer_by is not None and self.answer_by < timezone.localdate()


OPEN = frozenset({Recommendation.State.GIVEN, Recommendation.State.CONSIDERED})


class Answer(models.Model):
    """A step of what became of a recommendation: on which day, to which state, decided by whom, and why."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="answers")
    on = models.DateField(_("dato"))
    state = models.CharField(_("tilstand"), max_length=12, choices=Recommendation.State.choices)
    decided_by = models.CharField(_("besluttet af"), max_length=120, blank=True)
    text = models.TextField(_("svar"), blank=True, max_length=10_000)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("skrevet"), default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("svar på en anbefaling")
        verbose_name_plural = _("svar på anbefalinger")

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.get_state_display()}"
