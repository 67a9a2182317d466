# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the engine proposes, with its parts and reasons."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.addresses import address_of
from brobygger.base.prepared import one_of
from brobygger.market.models.listing import YEAR, Listing, days_together, visible_clause
from brobygger.register.models import Organisation


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Reads that respect scope and the visibility of both listings."""

    def visible_to(self, user: Any) -> SuggestionQuerySet:
        """Consultants and heads: their operator's. A firm: those about its own listings. Nobody: one with a listing
        that may not be shown to them, such as a neighbour's that was open and is confidential now. Takers that
        posted nothing are only for consultants and heads.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        shown = visible_clause(user, "have__") & (Q(need=None) | visible_clause(user, "need__"))
        office = one_of("operator_id", user.operators_as(STAFF))
        own = Organisation.objects.acted_for_by(user).values("pk")
        mine = Q(have__organisation_id__in=own) | Q(need__organisation_id__in=own)
        return self.filter(shown & (office | (Q(kind=Suggestion.Kind.PAIR) & mine)))


class Suggestion(models.Model):
    """A have and a need that should meet (PAIR), or a have and an organisation that posted nothing (TAKER)."""

    class Kind(models.TextChoices):
        PAIR = "pair", _("Har og mangler passer sammen")
        TAKER = "taker", _("Mulig aftager, der ikke selv har søgt")

    class State(models.TextChoices):
        NEW = "new", _("Nyt")
        PUT_OFF = "put_off", _("Udskudt")
        ACCEPTED = "accepted", _("Valgt")
        DECLINED = "declined", _("Afvist")
        STALE = "stale", _("Ikke længere aktuelt")

    class Decline(models.TextChoices):
        WRONG_THING = "wrong_thing", _("Det er ikke det, de mangler")
        TOO_FAR = "too_far", _("For langt væk")
        QUALITY = "quality", _("Kvaliteten passer ikke")
        QUANTITY = "quantity", _("Mængden passer ikke")
        TIMING = "timing", _("Tiden passer ikke")
        PRICE = "price", _("Prisen passer ikke")
        RULES = "rules", _("Regler eller tilladelser står i vejen")
        KNOWN = "known", _("De handler allerede sammen")
        UNWANTED = "unwanted", _("De ønsker ikke hinanden")
        OTHER = "other", _("Andet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(_("art"), max_length=6, choices=Kind.choices)
    have = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="suggestions_as_have")
    need = models.ForeignKey(
        Listing, on_delete=models.CASCADE, null=True, blank=True, related_name="suggestions_as_need"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="suggestions_as_taker"
    )
    """The taker of a TAKER suggestion."""
    score = models.FloatField(_("score"))
    """0..1, the engine's."""
    parts = models.JSONField(_("delene"), default=dict)
    """Part name → 0..1, or null when unknown: type, text, quantity, time, distance, conditions."""
    reason = models.TextField(_("begrundelse"))
    confidence = models.CharField(_("sikkerhed"), max_length=12, blank=True)
    via = models.CharField(_("hvordan de mødes"), max_length=12, blank=True)
    """The engine's word: same, narrower, broader, sibling, conversion or text; industry for a taker."""
    process = models.CharField(_("omdannelse"), max_length=120, blank=True)
    """The conversion on the way (fermentering, tørring …); empty when it is used as it is."""
    precedents = models.JSONField(_("fortilfælde"), default=list)
    """[{text, source}]: documented exchanges of the same kind."""
    distance_m = models.FloatField(_("afstand, m"), null=True)
    tonnes_year = models.DecimalField(_("tons om året"), max_digits=14, decimal_places=3, null=True)
    dkk_year = models.DecimalField(_("kr. om året"), max_digits=14, decimal_places=2, null=True)
    co2e_kg_year = models.DecimalField(_("kg CO2e om året"), max_digits=16, decimal_places=3, null=True)
    factor_source = models.TextField(_("kilde til faktorer"), blank=True)
    have_rank = models.PositiveSmallIntegerField(_("plads set fra det, der haves"), null=True)
    """1 is best; null when it is not among the best ten, or the have is another operator's."""
    need_rank = models.PositiveSmallIntegerField(_("plads set fra det, der mangler"), null=True)
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.NEW)
    put_off_until = models.DateField(_("udskudt til"), null=True, blank=True)
    decline_reason = models.CharField(_("hvorfor ikke"), max_length=12, choices=Decline.choices, blank=True)
    decline_note = models.CharField(_("bemærkning"), max_length=500, blank=True)
    decline_facts = models.JSONField(_("hvad der gjaldt, da det blev afvist"), default=dict, blank=True)
    """Both sides as they were; see `market.services.matching.memory`."""
    giver_interested_at = models.DateTimeField(_("giveren er interesseret"), null=True, blank=True)
    taker_interested_at = models.DateTimeField(_("modtageren er interesseret"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("besluttet"), null=True, blank=True)
    found_at = models.DateTimeField(_("fundet"), default=timezone.now)
    refreshed_at = models.DateTimeField(_("senest beregnet"), default=timezone.now)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "distance_m", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "have", "need"],
                condition=Q(need__isnull=False),
                name="market_one_suggestion_per_pair",
            ),
            models.UniqueConstraint(
                fields=["operator", "have", "organisation"],
                condition=Q(organisation__isnull=False),
                name="market_one_suggestion_per_taker",
            ),
            models.CheckConstraint(
                condition=(Q(kind="pair", need__isnull=False, organisation=None))
                | Q(kind="taker", need=None, organisation__isnull=False),
                name="market_suggestion_has_one_other_side",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "state", "-score"]),
            models.Index(fields=["operator", "state", "-dkk_year"]),
            models.Index(fields=["operator", "state", "-found_at"]),
            models.Index(fields=["have", "state"]),
            models.Index(fields=["need", "state"]),
            models.Index(
                fields=["operator", "giver_interested_at"],
                condition=Q(giver_interested_at__isnull=False),
                name="market_giver_is_interested",
            ),
            models.Index(
                fields=["operator", "taker_interested_at"],
                condition=Q(taker_interested_at__isnull=False),
                name="market_taker_is_interested",
            ),
            models.Index(
                fields=["operator", "decided_at"],
                condition=Q(decided_at__isnull=False),
                name="market_lately_decided",
            ),
        ]
        verbose_name = _("forslag")
        verbose_name_plural = _("forslag")

    def __str__(self) -> str:
        return f"{self.have} → {self.need or self.organisation}"

    def get_absolute_url(self) -> str:
        return address_of("market:suggestion", self.pk)

    @property
    def per(self) -> str:
        """What the amounts are counted over: a year, or all of it when one of the two is a single lot or they are there
        together for less than a year."""
        sides = [self.have, self.need] if self.need else [self.have]
        once = any(side.period == Listing.Period.ONCE for side in sides)
        return str(_("i alt") if once or days_together(*sides) < YEAR else _("om året"))
