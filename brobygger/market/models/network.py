# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The best plan for the whole network at once: what people asked of it, and what each run came to."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Job
from brobygger.base.prepared import one_of
from brobygger.market.models.listing import Listing
from brobygger.market.models.match import Match
from brobygger.market.models.suggestion import Suggestion
from brobygger.register.models import Organisation


def shown_to_office(offices: list[Any]) -> Q:
    """Rows with `have` and `need` whose listings the consultants and heads of these operators may see now."""
    ours, theirs = one_of("have__operator_id", offices), Q(need=None) | one_of("need__operator_id", offices)
    open_have = Q(have__visibility=Listing.Visibility.OPEN)
    open_need = Q(need__visibility=Listing.Visibility.OPEN)
    return (ours | open_have) & (theirs | open_need)


class NetworkWish(models.Model):
    """A consultant's word on a pair: it must be in the plan, or must not be. Lifted, not deleted."""

    class Kind(models.TextChoices):
        PIN = "pin", _("Skal med")
        FORBID = "forbid", _("Må ikke være med")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="network_wishes")
    kind = models.CharField(_("ønske"), max_length=6, choices=Kind.choices)
    have = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(
        _("hvorfor ikke"), max_length=12, choices=Suggestion.Decline.choices, blank=True
    )
    note = models.CharField(_("bemærkning"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("hvornår"), default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("ophævet"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "have", "need"],
                condition=Q(lifted_at=None),
                name="market_one_living_wish_per_pair",
            ),
            models.CheckConstraint(
                condition=~Q(kind="forbid") | ~Q(reason=""), name="market_a_forbidden_pair_says_why"
            ),
        ]
        verbose_name = _("ønske til planen")
        verbose_name_plural = _("ønsker til planen")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.have} → {self.need}"


class NetworkRun(models.Model):
    """One run: the settings it was made with, when, by whom, and its figures. Its flows are `NetworkFlow`."""

    class Goal(models.TextChoices):
        DKK = "dkk", _("Kroner")
        CO2E = "co2e", _("CO2e")
        BOTH = "both", _("Lige meget kroner og CO2e")
        PRICE = "price", _("Kroner, når CO2e har en pris")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="network_runs")
    goal = models.CharField(_("mest af"), max_length=5, choices=Goal.choices, default=Goal.DKK)
    co2e_price = models.FloatField(_("kr. for et ton CO2e"), null=True, blank=True)
    """What a saved tonne of CO2e counts beside kroner, where the goal is `PRICE`."""
    least = models.FloatField(_("hvert forslag er mindst"), default=0.3)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("bestilt"), default=timezone.now)
    done_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    figures = models.JSONField(_("tal"), default=dict, blank=True)
    """What the plan proves and how it came about; see `services.network.figures_of`."""

    class Meta:
        ordering = ["-asked_at", "pk"]
        indexes = [models.Index(fields=["operator", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(goal="price") | Q(co2e_price__isnull=False, co2e_price__gte=0),
                name="market_a_price_goal_has_its_price",
            )
        ]
        verbose_name = _("plan for netværket")
        verbose_name_plural = _("planer for netværket")

    def __str__(self) -> str:
        return f"{self.operator} {self.asked_at:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("market:network_run", args=[self.pk])


class NetworkFlowQuerySet(models.QuerySet["NetworkFlow"]):
    """Reads that respect scope and the visibility of both listings as it is now."""

    def visible_to(self, user: Any) -> NetworkFlowQuerySet:
        """Consultants and heads: those of their operator's runs whose listings they may see today."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        offices = list(user.operators_as(STAFF))
        return self.filter(shown_to_office(offices), run__operator_id__in=offices)


class NetworkFlow(models.Model):
    """One delivery of a plan: so many tonnes a year from a have to a need, or to a taker that posted nothing."""

    class Why(models.TextChoices):
        BEST = "best", _("Planens valg")
        AGREED = "agreed", _("Aftalt")
        PINNED = "pinned", _("Skal med")

    run = models.ForeignKey(NetworkRun, on_delete=models.CASCADE, related_name="flows")
    have = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    need = models.ForeignKey(Listing, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    taker = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    match = models.ForeignKey(Match, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.CharField(_("hvorfor"), max_length=6, choices=Why.choices, default=Why.BEST)
    place = models.PositiveIntegerField(_("nummer i planen"), default=0)
    """1 is what earns most of what the plan was asked for."""
    tonnes = models.DecimalField(_("tons om året"), max_digits=14, decimal_places=3)
    lot_tonnes = models.DecimalField(
        _("et helt læs, tons"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    agreed_tonnes = models.DecimalField(
        _("heraf aftalt, tons om året"), max_digits=14, decimal_places=3, default=0
    )
    dkk = models.DecimalField(_("kr. om året"), max_digits=16, decimal_places=2, null=True, blank=True)
    co2e_kg = models.DecimalField(
        _("kg CO2e om året"), max_digits=18, decimal_places=3, null=True, blank=True
    )

    objects = NetworkFlowQuerySet.as_manager()

    class Meta:
        ordering = ["place", "-tonnes", "pk"]
        indexes = [models.Index(fields=["run", "place"])]
        verbose_name = _("levering i planen")
        verbose_name_plural = _("leveringer i planen")

    def __str__(self) -> str:
        return f"{self.have} → {self.need or self.taker}"

    @property
    def lots(self) -> int | None:
        """How many whole loads it is; None where it moves freely, or what was agreed is no whole number of them."""
        if not self.lot_tonnes or self.tonnes % self.lot_tonnes:
            return None
        return int(self.tonnes // self.lot_tonnes)
