# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What came in by file, and what was wrong with it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> ImportRunQuerySet:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))


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
    """Kept until it is imported, at most a week: it holds more about people than we store."""
    dry_run = models.BooleanField(_("kun prøve"), default=False)
    own_only = models.BooleanField(_("kun vores kommuner"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("begyndt"), default=timezone.now)
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    """More than one when a worker died on the way."""
    error = models.CharField(_("hvorfor den stoppede"), max_length=500, blank=True)
    read = models.PositiveIntegerField(_("læst"), default=0)
    created = models.PositiveIntegerField(_("oprettet"), default=0)
    changed = models.PositiveIntegerField(_("ændret"), default=0)
    unchanged = models.PositiveIntegerField(_("uændret"), default=0)
    skipped = models.PositiveIntegerField(_("sprunget over"), default=0)
    outside = models.PositiveIntegerField(_("uden for vores kommuner"), default=0)
    problems = models.JSONField(_("fejl"), default=list, blank=True)
    """[{line, column, value, message, skipped}], the first thousand."""
    differences = models.JSONField(_("forskelle"), default=list, blank=True)
    """[{name, what, details}], the first fifty."""

    taken_back_at = models.DateTimeField(_("taget tilbage"), null=True, blank=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("importer")

    def __str__(self) -> str:
        from brobygger.register.imports.importers import label_of

        return f"{label_of(self.kind) or self.get_kind_display()}: {self.file_name}".rstrip(": ")

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("register:import", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Finished, or stopped by an error."""
        return self.finished_at is not None or bool(self.why_stopped)

    @property
    def why_stopped(self) -> str:
        """What stopped it; also where every worker died of it, and only the job could be told."""
        if self.error or self.finished_at or self.job is None or not self.job.is_over:
            return self.error
        return self.job.message

    def counts(self) -> list[tuple[str, int]]:
        """Label and count, in the order they are read; what lay outside only when something did."""
        found = []
        for name in ("read", "created", "changed", "unchanged", "outside", "skipped"):
            field: Any = self._meta.get_field(name)
            if name != "outside" or self.outside:
                found.append((str(field.verbose_name).capitalize(), int(getattr(self, name))))
        return found


class ImportedKeys(models.Model):
    """Records that an import made or changed, some hundred a row, so that it can be taken back as a whole."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="made")
    model = models.CharField(max_length=60)
    keys = models.JSONField(_("nøgler"))
    changed = models.BooleanField(default=False)
    """They were there before."""

    class Meta:
        verbose_name = _("importerede poster")
        verbose_name_plural = _("importerede poster")

    def __str__(self) -> str:
        return f"{self.run}: {self.model}"
