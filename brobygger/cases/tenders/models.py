# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A tender, its meetings, questions, notices, and sealed bids."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Role
from brobygger.base.models import Letter, Versioned
from brobygger.cases.models import Case
from brobygger.register.models import Organisation


class TenderQuerySet(models.QuerySet["Tender"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> TenderQuerySet:
        """Published ones. While members are first: only for those with access to the office."""
        now = timezone.now()
        out = self.filter(published_at__lte=now)
        for_all = Q(members_until=None) | Q(members_until__lte=now)
        if not getattr(user, "is_authenticated", False):
            return out.filter(for_all, case__operator__portal_open=True)
        return out.filter(for_all | Q(case__operator_id__in=list(user.operators_as(STAFF | {Role.FIRM}))))

    def handled_by(self, user: Any) -> TenderQuerySet:
        """Those whose case the person may handle."""
        return self.filter(case__in=Case.objects.visible_to(user).order_by().values("pk"))


class Tender(Versioned):
    """A challenge or a purchase that firms are asked to solve."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="tender")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    deadline = models.DateTimeField(_("frist for bud"))
    members_days = models.PositiveSmallIntegerField(_("dage, hvor kun medlemmer ser den"), default=0)
    published_at = models.DateTimeField(_("offentliggjort"), null=True, blank=True)
    members_until = models.DateTimeField(_("kun for medlemmer indtil"), null=True, blank=True)
    members_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    all_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When those who have access, and the others who have consented, were told that it is out."""
    first_opener = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_at = models.DateTimeField(null=True, blank=True)
    second_opener = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("åbnet"), null=True, blank=True)
    winner = models.ForeignKey("Bid", on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    award_reason = models.TextField(_("begrundelse for valget"), blank=True, max_length=5000)

    objects = TenderQuerySet.as_manager()

    class Meta:
        ordering = ["deadline"]
        indexes = [models.Index(fields=["opened_at", "deadline"], name="tenders_to_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(second_opener=None) | ~Q(second_opener=F("first_opener")),
                name="tenders_opened_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None)
                | Q(opened_at__gt=F("deadline"), first_opener__isnull=False, second_opener__isnull=False),
                name="tenders_opened_after_the_deadline",
            ),
        ]
        verbose_name = _("udbud")
        verbose_name_plural = _("udbud")

    def __str__(self) -> str:
        return self.case.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("tenders:tender", args=[self.token])

    def takes_bids(self, at: datetime) -> bool:
        """Published, and the deadline has not passed at that moment."""
        return self.published_at is not None and self.published_at <= at <= self.deadline


class Version(models.Model):
    """A tender's text as it was published or changed: never changed itself."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("gælder fra"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("hvorfor"), max_length=1000, blank=True)
    title = models.CharField(_("titel"), max_length=200)
    texts = models.JSONField(_("tekst"), default=dict)
    """Field → what stood there."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="tenders_one_text_per_version")
        ]
        verbose_name = _("version af udbuddet")
        verbose_name_plural = _("versioner af udbuddet")

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError on a version that is already written."""
        if not self._state.adding:
            raise TypeError("a published text is never changed; publish another version")
        super().save(*args, **kwargs)


class Follower(models.Model):
    """Somebody who wants to be written to when a tender changes."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("siden"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["tender", "user"], name="tenders_follows_once")]
        verbose_name = _("følger et udbud")
        verbose_name_plural = _("følgere af udbud")

    def __str__(self) -> str:
        return str(self.user)


class DialogueMeeting(models.Model):
    """A meeting with the market before bids are made; what was said is told to all."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="meetings")
    at = models.DateTimeField(_("hvornår"))
    place = models.CharField(_("hvor"), max_length=200)
    told = models.TextField(_("referat for alle"), blank=True, max_length=20_000)

    class Meta:
        ordering = ["at"]
        verbose_name = _("markedsdialogmøde")
        verbose_name_plural = _("markedsdialogmøder")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.place}"


class Question(models.Model):
    """A question to the tender. Question and answer are published without who asked."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="questions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("spørgsmål"), max_length=5000)
    answer = models.TextField(_("svar"), blank=True, max_length=10_000)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(_("hvorfor det ikke besvares"), max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["closed_at", "tender"], name="tenders_questions_open")]
        verbose_name = _("spørgsmål")
        verbose_name_plural = _("spørgsmål")

    def __str__(self) -> str:
        return self.text[:80]


class Announcement(models.Model):
    """Somebody was told that a tender is out: each address once."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="announcements")
    email = models.EmailField(_("e-mail"))
    at = models.DateTimeField(_("fortalt"), default=timezone.now)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["tender", "email"], name="tenders_announced_once")]
        verbose_name = _("besked om udbud")
        verbose_name_plural = _("beskeder om udbud")

    def __str__(self) -> str:
        return self.email


class Notice(models.Model):
    """Something that everybody who reads the tender must know: the deadline was moved."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("meddelelse")
        verbose_name_plural = _("meddelelser")

    def __str__(self) -> str:
        return self.text[:80]


class Bid(models.Model):
    """A sealed bid. A newer one of the same firm takes its place; what lies in it is read by `opening.contents` alone."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="bids")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=1)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("modtaget"))
    data = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organisation_id", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "organisation", "number"], name="tenders_one_bid_per_version"
            )
        ]
        verbose_name = _("bud")
        verbose_name_plural = _("bud")

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.number}"
