# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The definitions that an office has adopted. What is running keeps the version it began with."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from brobygger.accounts.models import STAFF, Operator, Role
from brobygger.blueprints import kinds


class DefinitionQuerySet(models.QuerySet["Definition"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> DefinitionQuerySet:
        """Those of the operators where the person is consultant, head or administrator."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF | {Role.ADMIN}))

    def current(self) -> DefinitionQuerySet:
        """Those that something new begins with."""
        return self.filter(is_current=True)


class Definition(models.Model):
    """One version of a case type, an instrument, a scheme …: never changed once adopted."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="definitions")
    kind = models.CharField(_("slags"), max_length=40)
    key = models.CharField(_("nøgle"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("titel"), max_length=200)
    body = models.JSONField(_("indhold"))
    """As the kind's schema writes itself."""
    text = models.TextField(_("filen"))
    """As it was written, comments and all."""
    as_delivered = models.BooleanField(_("som den fulgte med"), default=False)
    """Nobody had changed it when it was taken into use. A later release may deliver a newer one."""
    is_current = models.BooleanField(_("i brug"), default=True)
    """At most one version of a key is; none when it has been taken out of use."""
    adopted_at = models.DateTimeField(_("taget i brug"), default=timezone.now)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "kind", "key", "version"], name="blueprints_one_definition_per_version"
            ),
            models.UniqueConstraint(
                fields=["operator", "kind", "key"],
                condition=Q(is_current=True),
                name="blueprints_one_current_version",
            ),
        ]
        verbose_name = _("opskrift")
        verbose_name_plural = _("opskrifter")

    def __str__(self) -> str:
        return self.title

    @cached_property
    def content(self) -> Any:
        """The definition as its kind's object."""
        return kinds.read_body(self.kind, self.body)

    @property
    def readable(self) -> Any:
        """As `content`; None where a later release's schema no longer reads it. Its text still stands."""
        try:
            return self.content
        except (ValidationError, KeyError):
            return None
