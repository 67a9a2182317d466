# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""How many open cases somebody should have at most."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import Operator


class CaseLimit(models.Model):
    """An office's limit for everybody, or for one of its people."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    """Empty: everybody who has no limit of their own."""
    most = models.PositiveIntegerField(_("højst"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "officer"], name="cases_one_limit_each"),
            models.UniqueConstraint(
                fields=["operator"], condition=Q(officer=None), name="cases_one_limit_for_all"
            ),
        ]
        verbose_name = _("loft")
        verbose_name_plural = _("lofter")

    def __str__(self) -> str:
        return f"{self.officer or self.operator}: {self.most}"
