# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A board's meetings: agenda, papers, who came, minutes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.base.models import Versioned
from brobygger.base.scanning import Scanned
from brobygger.boards.models.board import Board, Seat


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """Those of the boards that the person may see."""
        return self.filter(board__in=Board.objects.visible_to(user).order_by().values("pk"))


class Meeting(Versioned):
    """When and where a board meets."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planlagt")
        HELD = "held", _("Holdt")
        CANCELLED = "cancelled", _("Aflyst")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="meetings")
    title = models.CharField(_("titel"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("begynder"))
    ends_at = models.DateTimeField(_("slutter"))
    place = models.CharField(_("sted"), max_length=200, blank=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.PLANNED)
    minutes_approved_on = models.DateField(_("referat godkendt"), null=True, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    """Counts changes of time, place and state, so that a calendar replaces what it had (RFC 5545, 3.8.7.4)."""
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "calendar_sequence"])

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="boards_meeting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(minutes_approved_on=None) | Q(state="held"),
                name="boards_minutes_of_held_meetings",
            ),
        ]
        indexes = [models.Index(fields=["board", "-starts_at"]), models.Index(fields=["starts_at"])]
        verbose_name = _("møde i et råd")
        verbose_name_plural = _("møder i råd")

    def __str__(self) -> str:
        return f"{self.board}, {timezone.localtime(self.starts_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("boards:meeting", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        """Approved minutes are not changed any more."""
        return self.minutes_approved_on is not None


class AgendaItem(Versioned):
    """One item: what it is about, what is proposed, and what was said and decided."""

    class Kind(models.TextChoices):
        BRIEFING = "briefing", _("Orientering")
        DISCUSSION = "discussion", _("Drøftelse")
        DECISION = "decision", _("Beslutning")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("nummer"))
    title = models.CharField(_("punkt"), max_length=200)
    kind = models.CharField(_("art"), max_length=10, choices=Kind.choices, default=Kind.DISCUSSION)
    text = models.TextField(_("baggrund og indstilling"), blank=True, max_length=10_000)
    minutes = models.TextField(_("referat"), blank=True, max_length=20_000)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["meeting", "number"])]
        verbose_name = _("punkt på dagsordenen")
        verbose_name_plural = _("punkter på dagsordenen")

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class PaperQuerySet(models.QuerySet["Paper"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> PaperQuerySet:
        """Those of the meetings that the person may see."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user).order_by().values("pk"))


class Paper(Scanned):
    """A file for a meeting or one of its items. What may be one is decided in `dialogue.attachments`."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="papers")
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name=_("punkt"),
    )
    file = models.FileField(_("fil"), upload_to="raad/")
    name = models.CharField(_("navn"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("størrelse"))
    """Bytes."""
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("tilføjet"), default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mødebilag")
        verbose_name_plural = _("mødebilag")

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """Whether the holder of a seat came."""

    class State(models.TextChoices):
        PRESENT = "present", _("Til stede")
        ABSENT = "absent", _("Afbud")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="attendances")
    state = models.CharField(_("fremmøde"), max_length=10, choices=State.choices)

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="boards_one_attendance_per_seat")
        ]
        verbose_name = _("fremmøde")
        verbose_name_plural = _("fremmøde")

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_state_display()}"
