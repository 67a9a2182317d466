# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What an organisation has, or needs."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.addresses import address_of
from brobygger.base.models import Versioned
from brobygger.base.prepared import one_of
from brobygger.market.models.histories import HistoryByPerson
from brobygger.register.models import Establishment, Organisation, Person


class ListingQuerySet(models.QuerySet["Listing"]):
    """Reads that respect scope and visibility. Nothing outside this room reads listings another way."""

    def visible_to(self, user: Any) -> ListingQuerySet:
        """Those a person may see.

        Consultants and heads: all of their operator's. A firm: its own. Everybody with a role at the operator: its
        members' and open ones. Everybody: open ones, where the operator has its public site on. Broker-only listings are only for the operator's consultants
        and heads, and the owner.
        """
        return self.filter(visible_clause(user))

    def current(self) -> ListingQuerySet:
        """Those that are on offer or sought now."""
        return self.filter(status=Listing.Status.ACTIVE)


def visible_clause(user: Any, prefix: str = "") -> Q:
    """The visibility rule as a condition on listings, or on a relation to them (`prefix` such as `have__`)."""

    def where(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    open_now = where(visibility=Listing.Visibility.OPEN, status=Listing.Status.ACTIVE)
    if not getattr(user, "is_authenticated", False):
        return open_now & where(operator__portal_open=True)
    own = Organisation.objects.acted_for_by(user).values("pk")
    members = where(visibility=Listing.Visibility.MEMBERS, status=Listing.Status.ACTIVE) & one_of(
        f"{prefix}operator_id", user.roles
    )
    office = one_of(f"{prefix}operator_id", user.operators_as(STAFF))
    return open_now | members | office | where(organisation_id__in=own)


class Listing(Versioned):
    """One resource offered (HAVE) or sought (NEED)."""

    class Side(models.TextChoices):
        HAVE = "have", _("Har")
        NEED = "need", _("Mangler")

    class Kind(models.TextChoices):
        RESIDUE = "residue", _("Restprodukt")
        MATERIAL = "material", _("Materiale eller vare")
        EQUIPMENT = "equipment", _("Udstyr")
        PREMISES = "premises", _("Lokale")
        LAND = "land", _("Jord eller areal")
        COMPETENCE = "competence", _("Kompetence")
        LABOUR = "labour", _("Arbejdskraft")
        CAPITAL = "capital", _("Kapital")
        TRANSPORT = "transport", _("Transport")
        TASK = "task", _("Opgave")

    class Period(models.TextChoices):
        ONCE = "once", _("én gang")
        DAY = "day", _("om dagen")
        WEEK = "week", _("om ugen")
        MONTH = "month", _("om måneden")
        QUARTER = "quarter", _("i kvartalet")
        YEAR = "year", _("om året")

    class Price(models.TextChoices):
        FREE = "free", _("Gratis")
        FIXED = "fixed", _("Fast pris")
        NEGOTIABLE = "negotiable", _("Efter aftale")
        PAYS = "pays", _("Giveren betaler for at komme af med det")

    class Visibility(models.TextChoices):
        OPEN = "open", _("Åben: alle kan se den")
        MEMBERS = "members", _("Medlemmer: kun virksomheder med adgang her")
        BROKER = "broker", _("Fortrolig: kun erhvervskontorets konsulenter")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Aktiv")
        PAUSED = "paused", _("På pause")
        FULFILLED = "fulfilled", _("Opfyldt")
        WITHDRAWN = "withdrawn", _("Trukket tilbage")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Random, so that nobody can count the confidential ones from the numbers."""
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="listings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="listings")
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sted"),
    )
    contact = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kontaktperson"),
    )
    side = models.CharField(_("side"), max_length=4, choices=Side.choices)
    kind = models.CharField(_("slags"), max_length=12, choices=Kind.choices)
    resource_type = models.CharField(_("ressourcetype"), max_length=60, blank=True)
    """Id in `brobygger.knowledge`; empty while nobody knows."""
    text = models.TextField(_("med jeres egne ord"), max_length=2000)
    quantity = models.DecimalField(_("mængde"), max_digits=14, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("enhed"), max_length=10, blank=True)
    period = models.CharField(_("hvor tit"), max_length=8, choices=Period.choices, default=Period.ONCE)
    lot = models.DecimalField(_("kun i hele læs à"), max_digits=14, decimal_places=3, null=True, blank=True)
    """It moves in whole loads of so much, in `unit`; the whole year's quantity where it cannot be divided."""
    least_share = models.PositiveSmallIntegerField(_("skal mindst flyttes, procent"), null=True, blank=True)
    """Percent of the quantity that a plan of the network moves wherever it can."""
    starts_on = models.DateField(_("fra"), null=True, blank=True)
    ends_on = models.DateField(_("til"), null=True, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=4, blank=True)
    x = models.FloatField(null=True, blank=True, editable=False)
    y = models.FloatField(null=True, blank=True, editable=False)
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    reach_km = models.PositiveIntegerField(_("højst så langt væk (km)"), null=True, blank=True)
    quality = models.CharField(_("kvalitet og stand"), max_length=300, blank=True)
    food_grade = models.BooleanField(_("skal kunne bruges til mad"), default=False)
    """On a HAVE: it is fit for food. On a NEED: it must be."""
    hazardous = models.BooleanField(_("farligt affald"), default=False)
    waste_code = models.CharField(_("affaldskode (EAK)"), max_length=6, blank=True)
    price_kind = models.CharField(_("pris"), max_length=12, choices=Price.choices, default=Price.NEGOTIABLE)
    price = models.DecimalField(
        _("pris pr. enhed, kr."), max_digits=12, decimal_places=2, null=True, blank=True
    )
    visibility = models.CharField(
        _("hvem må se den"), max_length=8, choices=Visibility.choices, default=Visibility.OPEN
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    photo = models.ImageField(_("billede"), upload_to="listings/", blank=True)
    photo_alt = models.CharField(_("hvad billedet viser"), max_length=200, blank=True)
    # Premises and land
    area_m2 = models.PositiveIntegerField(_("areal, m²"), null=True, blank=True)
    equipment = models.TextField(_("udstyr"), blank=True, max_length=1000)
    approvals = models.CharField(_("godkendelser"), max_length=300, blank=True)
    opening_hours = models.CharField(_("hvornår kan det bruges"), max_length=300, blank=True)
    terms = models.TextField(_("vilkår"), blank=True, max_length=2000)
    invented = models.BooleanField(_("opdigtet"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("oprettet"), auto_now_add=True)
    changed_at = models.DateTimeField(_("ændret"), auto_now=True)
    history = HistoryByPerson(excluded_fields=["changed_at", "version", "x", "y", "latitude", "longitude"])

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="market_quantity_above_zero"
            ),
            models.CheckConstraint(condition=Q(lot=None) | Q(lot__gt=0), name="market_lot_above_zero"),
            models.CheckConstraint(
                condition=Q(least_share=None) | Q(least_share__gte=1, least_share__lte=100),
                name="market_least_share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="market_listing_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gte=0), name="market_price_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "status", "-created_at"]),
            models.Index(fields=["operator", "-created_at"]),
            models.Index(
                fields=["operator", "side", "kind", "status", "-created_at"], name="market_listing_by_kind"
            ),
            models.Index(fields=["status", "side", "resource_type"]),
            models.Index(fields=["visibility", "status", "-created_at"]),
            models.Index(fields=["organisation", "status"]),
            models.Index(fields=["operator", "x", "y", "status", "id"], name="market_listing_by_place"),
        ]
        verbose_name = _("har eller mangler")
        verbose_name_plural = _("har og mangler")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The first sentence of the text, at most 80 characters."""
        first = self.text.strip().split("\n", 1)[0]
        return first if len(first) <= 80 else first[:79].rstrip() + "…"

    @property
    def is_current(self) -> bool:
        """On offer or sought now: active, and not past its last day."""
        return self.status == self.Status.ACTIVE and (
            self.ends_on is None or self.ends_on >= timezone.localdate()
        )

    @property
    def is_confidential(self) -> bool:
        return self.visibility == self.Visibility.BROKER

    def get_absolute_url(self) -> str:
        return address_of("market:listing", self.pk)


YEAR = 365
"""Days of one."""


def days_together(*sides: Listing) -> int:
    """The days, at most a year of them, on which all of these are there; a year where it is not said from when to when."""
    begins = [side.starts_on for side in sides if side.starts_on]
    ends = [side.ends_on for side in sides if side.ends_on]
    if not begins or not ends:
        return YEAR
    return min(max((min(ends) - max(begins)).days + 1, 0), YEAR)
