# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What came in by file, and what was wrong with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator


class ImportRun(models.Model):
    """One import: a file or a CVR sync, with its counts and the rows that were skipped and why."""

    class Kind(models.TextChoices):
        CVR = "cvr", _("CVR-udtræk")
        CVR_LIVE = "cvr_live", _("CVR, løbende")
        ORGANISATIONS = "organisations", _("Virksomheder fra fil")
        LISTINGS = "listings", _("Har og mangler fra fil")

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="import_runs")
    job = models.OneToOneField(
        "base.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="import_run"
    )
    kind = models.CharField(_("art"), max_length=20, choices=Kind.choices)
    file_name = models.CharField(_("fil"), max_length=200, blank=True)
    file = models.FileField(upload_to="import/", blank=True)
    dry_run = models.BooleanField(_("kun prøve"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("begyndt"), default=timezone.now)
    read = models.PositiveIntegerField(_("læst"), default=0)
    created = models.PositiveIntegerField(_("oprettet"), default=0)
    changed = models.PositiveIntegerField(_("ændret"), default=0)
    unchanged = models.PositiveIntegerField(_("uændret"), default=0)
    skipped = models.PositiveIntegerField(_("sprunget over"), default=0)
    problems = models.JSONField(_("fejl"), default=list, blank=True)
    """[{line, column, value, message}], the first thousand."""

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("import")
        verbose_name_plural = _("importer")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"
