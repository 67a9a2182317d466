# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happened in a case. Written once, never changed: a mistake is put right by another event."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.base.models import Letter
from brobygger.cases.models.case import Case


class CaseEvent(models.Model):
    """One happening, with when it happened and when it was written down."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Sagen er oprettet")
        MOVED = "moved", _("Sagen er gået videre")
        MARKED = "marked", _("Noteret")
        PAUSED = "paused", _("Sagen venter")
        RESUMED = "resumed", _("Ventetiden er slut")
        FAILED = "failed", _("Afstemningen gav et nej")
        CHANGED = "changed", _("Oplysninger er ændret")
        CHECKED = "checked", _("Tjeklisten er ændret")
        DOCUMENT = "document", _("Dokument")
        PARTY = "party", _("Parter")
        ASSIGNED = "assigned", _("Sagsbehandler")
        NOTE = "note", _("Notat")
        MESSAGE = "message", _("Besked fra ansøger")
        LETTER = "letter", _("Brev til ansøger")
        REMARK = "remark", _("Bemærkning fra part")
        PAID = "paid", _("Udbetaling")
        DUTY = "duty", _("Forpligtelse")
        REDATED = "redated", _("Dato rettet")
        VOIDED = "voided", _("Taget tilbage")
        WARNED = "warned", _("Varsel om frist")
        ARCHIVED = "archived", _("Arkiveret")
        OTHER = "other", _("Hændelse")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("art"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("hvad"), max_length=40, blank=True)
    """The key in the definition of the way, the mark or the pause; the code's own word otherwise."""
    at = models.DateTimeField(_("skete"), default=timezone.now)
    recorded_at = models.DateTimeField(_("skrevet"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("af"),
    )
    refers_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="referred_by"
    )
    """The pause that is ended, the event that is corrected."""
    text = models.TextField(_("tekst"), blank=True, max_length=20_000)
    reason = models.CharField(_("begrundelse"), max_length=1000, blank=True)
    data = models.JSONField(_("nærmere"), default=dict, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    for_applicant = models.BooleanField(_("ses af ansøgeren"), default=False)
    entry_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    """Of the form it was written on: a second press of the button finds the first."""

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["case", "at", "id"]), models.Index(fields=["kind", "name", "at"])]
        verbose_name = _("hændelse")
        verbose_name_plural = _("hændelser")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError on an event that is already written."""
        if not self._state.adding:
            raise TypeError("an event of a case is never changed; write another that corrects it")
        super().save(*args, **kwargs)

    @property
    def on(self) -> Any:
        """The Danish day on which it happened."""
        return timezone.localdate(self.at)

    @property
    def is_backdated(self) -> bool:
        """It was written down on a later day than it happened."""
        return bool(timezone.localdate(self.recorded_at) != self.on)
