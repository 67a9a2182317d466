# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations that turned out to be the same one: what was laid together, and what may still be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Versioned
from brobygger.register.models.organisation import Organisation


class MergeQuerySet(models.QuerySet["Merge"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> MergeQuerySet:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))

    def standing(self) -> MergeQuerySet:
        """Those that were not undone."""
        return self.filter(undone_at=None)


class Merge(Versioned):
    """That an organisation was laid together with another. Old links to the one that is gone lead to the one kept."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="merges", verbose_name=_("beholdt")
    )
    """Where the one that is gone is found now: when this one is laid together with a third, that one."""
    kept_pk = models.BigIntegerField(editable=False)
    """The one that was kept that day."""
    gone_pk = models.BigIntegerField(editable=False)
    gone_name = models.CharField(_("lagt ind under"), max_length=200)
    gone_cvr = models.CharField(_("CVR-nummer"), max_length=8, blank=True)
    kept_name = models.CharField(_("beholdt"), max_length=200)
    moved = models.JSONField(_("hvad der flyttede"), default=list)
    """[[what, how many]] of the operator's own records, in the order they were shown."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("fortrudt"), null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone_pk"], condition=Q(undone_at=None), name="register_gone_into_one_only"
            )
        ]
        indexes = [
            models.Index(fields=["operator", "-at"]),
            models.Index(
                fields=["operator", "gone_cvr"], condition=~Q(gone_cvr=""), name="register_gone_cvr"
            ),
        ]
        verbose_name = _("sammenlægning")
        verbose_name_plural = _("sammenlægninger")

    def __str__(self) -> str:
        return f"{self.gone_name} → {self.kept_name}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("register:merge", args=[self.pk])


class MergeStep(models.Model):
    """One record that a merge changed or took away, with what stood there, so that it can be put back."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="steps")
    model = models.CharField(max_length=80)
    """`app.model`."""
    row = models.CharField(max_length=36)
    """Primary key."""
    removed = models.BooleanField(default=False)
    before = models.JSONField(default=dict)
    """Column → value; all columns of a record that was removed."""
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"


class PossibleDuplicateQuerySet(models.QuerySet["PossibleDuplicate"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> PossibleDuplicateQuerySet:
        """Those of the operators where the person is consultant or head."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))

    def waiting(self) -> PossibleDuplicateQuerySet:
        """Those that nobody has looked at."""
        return self.filter(state=PossibleDuplicate.State.NEW)


class PossibleDuplicate(models.Model):
    """Two organisations that look like one and the same, until somebody has looked. Found by the nightly job."""

    class State(models.TextChoices):
        NEW = "new", _("Ikke set på")
        DIFFERENT = "different", _("Ikke den samme")

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="possible_duplicates")
    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(_("lighed"))
    """0..1."""
    reasons = models.JSONField(_("hvorfor"), default=list)
    """[[what agrees, 0..1]], the strongest first; see `register.duplicates`."""
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.NEW)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("set på"), null=True, blank=True)
    found_at = models.DateTimeField(_("fundet"), default=timezone.now)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="register_one_pair_of_duplicates"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="register_duplicates_in_order"),
        ]
        indexes = [models.Index(fields=["operator", "state", "-score", "id"])]
        verbose_name = _("mulig dublet")
        verbose_name_plural = _("mulige dubletter")

    def __str__(self) -> str:
        return f"{self.first} ≈ {self.second}"

    @property
    def why(self) -> list[str]:
        """What agrees, in words."""
        return [str(REASONS[key]) for key, _share in self.reasons if key in REASONS]

    @property
    def both(self) -> list[Organisation]:
        """The two, the one to keep first."""
        return [self.keep, self.other]

    @property
    def keep(self) -> Organisation:
        """The one to keep: with a CVR number, active, and then the one that was entered first."""
        return min((self.first, self.second), key=lambda one: (not one.cvr, not one.is_active, one.pk))

    @property
    def other(self) -> Organisation:
        """The one to lay into it."""
        return self.second if self.keep.pk == self.first_id else self.first


REASONS = {
    "name": _("navnet ligner"),
    "address": _("samme adresse"),
    "town": _("samme postnummer"),
    "phone": _("samme telefonnummer"),
    "email": _("samme e-mail"),
    "domain": _("samme domæne"),
    "site": _("den ene er et arbejdssted (P-nummer) hos den anden"),
}
