# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Records that every room shares: background jobs with progress, letters on their way, and a version to edit by."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from brobygger.base.search.models import SearchDocument as SearchDocument
from brobygger.base.search.models import SearchWord as SearchWord


class Versioned(models.Model):
    """A record that two people may open at once. See `brobygger.base.versions.claim`."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:
        """What Django's gives, which hashes every choice anew for each record: with translated words a look-up for each."""
        value = getattr(self, field.attname)
        found: str = force_str(dict(field.flatchoices).get(value, value), strings_only=True)
        return found


class Job(models.Model):
    """Long work that a person started and can watch. Written only by `brobygger.base.jobs`."""

    class State(models.TextChoices):
        QUEUED = "queued", _("I kø")
        RUNNING = "running", _("I gang")
        DONE = "done", _("Færdig")
        FAILED = "failed", _("Fejlet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey("accounts.Operator", on_delete=models.CASCADE, null=True, related_name="+")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(_("art"), max_length=40)
    title = models.CharField(_("titel"), max_length=200)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(_("i alt"), null=True)
    done = models.PositiveIntegerField(_("klaret"), default=0)
    message = models.CharField(_("besked"), max_length=300, blank=True)
    result = models.JSONField(_("resultat"), default=dict, blank=True)
    created_at = models.DateTimeField(_("bestilt"), default=timezone.now)
    started_at = models.DateTimeField(_("begyndt"), null=True)
    beat_at = models.DateTimeField(_("sidste livstegn"), null=True)
    finished_at = models.DateTimeField(_("færdig"), null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["operator", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def percent(self) -> int | None:
        """Share done, 0-100; None while the total is not known."""
        if not self.total:
            return None
        return min(100, round(100 * self.done / self.total))

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}


class Worker(models.Model):
    """A worker process's sign of life, so that work left by a dead one is taken up again."""

    id = models.CharField(primary_key=True, max_length=64)
    beat_at = models.DateTimeField(_("sidste livstegn"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("arbejder")

    def __str__(self) -> str:
        return self.id


class Letter(models.Model):
    """An outgoing e-mail. Kept until the mail server has taken it; sent at most once. See `brobygger.base.mail`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Venter")
        SENDING = "sending", _("Sendes")
        SENT = "sent", _("Sendt")
        FAILED = "failed", _("Kunne ikke sendes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey("accounts.Operator", on_delete=models.CASCADE, null=True, related_name="+")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    to = models.JSONField(_("til"), default=list)
    reply_to = models.CharField(_("svar til"), max_length=254, blank=True)
    subject = models.CharField(_("emne"), max_length=200)
    body = models.TextField(_("tekst"))
    headers = models.JSONField(default=dict, blank=True)
    """Headers beside the usual ones, such as List-Unsubscribe: name → value."""
    attachments = models.JSONField(_("bilag"), default=list, blank=True)
    """Each with `name`, `type` and `data` (base64). For small files made by us, such as a calendar entry."""
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("forsøg"), default=0)
    last_error = models.CharField(_("sidste fejl"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("skrevet"), default=timezone.now)
    try_after = models.DateTimeField(_("prøv igen efter"), default=timezone.now)
    sent_at = models.DateTimeField(_("sendt"), null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "try_after"]),
            models.Index(fields=["operator", "-created_at"], name="base_letters_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {', '.join(self.to)}"


class ScheduledRun(models.Model):
    """That a daily task was queued on a day. See `brobygger.base.schedule`."""

    name = models.CharField(_("opgave"), max_length=200)
    day = models.DateField(_("dag"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="base_one_run_a_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class KeptEntry(models.Model):
    """What is remembered for a while by all processes together: the table of Django's cache in the database (`CACHES`)."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
