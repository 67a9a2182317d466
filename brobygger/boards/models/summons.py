# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who has been summoned to a meeting, and by which letter."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.base.models import Letter
from brobygger.boards.models.board import Seat
from brobygger.boards.models.meeting import Meeting


class Summons(models.Model):
    """The holder of a seat was summoned, and is told when the meeting is moved or called off."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="summons")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="summons")
    sent_at = models.DateTimeField(_("sendt"), default=timezone.now)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The latest, which tells whether it has arrived."""

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="boards_summoned_once")]
        verbose_name = _("indkaldelse")
        verbose_name_plural = _("indkaldelser")

    def __str__(self) -> str:
        return f"{self.meeting}: {self.seat}"
