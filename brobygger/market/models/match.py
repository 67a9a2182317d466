# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A suggestion somebody acted on, and how it went."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.addresses import address_of
from brobygger.base.models import Versioned
from brobygger.base.prepared import Given, one_of
from brobygger.market.models.listing import Listing, visible_clause
from brobygger.market.models.suggestion import Suggestion
from brobygger.register.models import Organisation


class MatchQuerySet(models.QuerySet["Match"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> MatchQuerySet:
        """Consultants and heads: their operator's, except while it rests on a neighbour's listing that has become
        confidential. A firm: those it is part of, once introduced and where the other side's listing may be shown to
        it or its owner has agreed; never one that fell through before the two heard of each other.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        office = _of_offices(user.operators_as(STAFF))
        own = Organisation.objects.acted_for_by(user).values("pk")
        part = Q(giver_id__in=own) | Q(taker_id__in=own)
        agreed_or_shown = (Q(have_shown=True) | visible_clause(user, "have__")) & (
            Q(need=None) | Q(need_shown=True) | visible_clause(user, "need__")
        )
        never_met = Q(stage=Match.Stage.CHOSEN) | Q(stage=Match.Stage.FELL_THROUGH, have_shown=False)
        return self.filter(office | (part & agreed_or_shown & ~never_met))

    def of_office(self, operator: Operator | Given) -> MatchQuerySet:
        """What `visible_to` gives the consultants and heads of one operator, as a condition that a database answers
        quickly. The caller has made sure that the person is one of them.
        """
        return self.filter(_of_offices([operator if isinstance(operator, Given) else operator.pk]))


def _of_offices(offices: list[Any]) -> Q:
    return (
        one_of("operator_id", offices)
        & ~_secret_of_others("have", offices)
        & ~_secret_of_others("need", offices)
    )


def _secret_of_others(side: str, offices: list[Any]) -> Q:
    """A confidential listing of an operator that is not one of these, whose owner has not agreed to be shown."""
    confidential = Q(**{f"{side}__visibility": Listing.Visibility.BROKER, f"{side}_shown": False})
    return confidential & ~one_of(f"{side}__operator_id", offices)


class Match(Versioned):
    """chosen → introduced → in dialogue → agreed → running → ended, or fell through (why)."""

    class Stage(models.TextChoices):
        CHOSEN = "chosen", _("Valgt, ikke sat i forbindelse endnu")
        INTRODUCED = "introduced", _("Sat i forbindelse")
        DIALOGUE = "dialogue", _("I dialog")
        AGREED = "agreed", _("Aftalt")
        RUNNING = "running", _("I gang")
        ENDED = "ended", _("Afsluttet")
        FELL_THROUGH = "fell_through", _("Blev ikke til noget")

    OVER = (Stage.ENDED, Stage.FELL_THROUGH)
    """Stages in which nothing more is waited for."""
    IN_FORCE = (Stage.AGREED, Stage.RUNNING)
    """Stages in which what was agreed holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="matches")
    suggestion = models.OneToOneField(
        Suggestion, on_delete=models.SET_NULL, null=True, blank=True, related_name="match"
    )
    have = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="matches_as_have")
    need = models.ForeignKey(
        Listing, on_delete=models.PROTECT, null=True, blank=True, related_name="matches_as_need"
    )
    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="matches_as_giver")
    taker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="matches_as_taker")
    have_shown = models.BooleanField(_("giveren har sagt ja til at blive vist"), default=False)
    need_shown = models.BooleanField(_("modtageren har sagt ja til at blive vist"), default=False)
    stage = models.CharField(_("hvor langt"), max_length=14, choices=Stage.choices, default=Stage.CHOSEN)
    why_not = models.CharField(
        _("hvorfor ikke"), max_length=12, choices=Suggestion.Decline.choices, blank=True
    )
    why_not_note = models.CharField(_("bemærkning"), max_length=500, blank=True)
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="matches",
        verbose_name=_("konsulent"),
    )
    follow_up_on = models.DateField(_("følg op"), null=True, blank=True)
    follow_up_about = models.CharField(_("om hvad"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now)
    stage_at = models.DateTimeField(_("her siden"), default=timezone.now)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="fell_through") | ~Q(why_not=""), name="market_fell_through_says_why"
            )
        ]
        indexes = [
            models.Index(fields=["operator", "stage", "-stage_at"]),
            models.Index(fields=["operator", "-stage_at"]),
            models.Index(fields=["operator", "follow_up_on"]),
        ]
        verbose_name = _("match")
        verbose_name_plural = _("match")

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"

    def get_absolute_url(self) -> str:
        return address_of("market:match", self.pk)

    @property
    def is_open(self) -> bool:
        return self.stage not in self.OVER


class MatchNote(models.Model):
    """What was said or done about a match; a change of stage is one too."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"), blank=True, max_length=4000)
    stage = models.CharField(_("ny tilstand"), max_length=14, choices=Match.Stage.choices, blank=True)
    private = models.BooleanField(_("kun for kontoret"), default=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["by", "at"], name="market_notes_by_person"),
            models.Index(
                fields=["at"], name="market_notes_shared", condition=Q(by__isnull=False, private=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Introduction(models.Model):
    """The letter that brought the two together."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="introductions")
    letter = models.ForeignKey("base.Letter", on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.match} {self.at:%Y-%m-%d}"


class MailTemplate(Versioned):
    """An operator's own wording of a letter. Fields in braces are filled in: {giver}, {modtager}, {har} …"""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="mail_templates")
    key = models.CharField(_("brev"), max_length=40)
    subject = models.CharField(_("emne"), max_length=200)
    body = models.TextField(_("tekst"), max_length=8000)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="market_one_template_per_key")
        ]

    def __str__(self) -> str:
        return self.key
