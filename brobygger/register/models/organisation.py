# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations and their establishments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator, Role, User
from brobygger.base.addresses import address_of
from brobygger.base.danish import sort_key
from brobygger.base.models import Versioned
from brobygger.base.prepared import one_of


class Address(models.Model):
    """Where something is. Positions are WGS84; x and y are metres on ETRS89 / UTM 32N, set by `register.places`."""

    street = models.CharField(_("vej og nummer"), max_length=160, blank=True)
    postal_code = models.CharField(_("postnummer"), max_length=4, blank=True)
    city = models.CharField(_("by"), max_length=60, blank=True)
    municipality_code = models.CharField(_("kommunekode"), max_length=4, blank=True)
    latitude = models.FloatField(_("breddegrad"), null=True, blank=True)
    longitude = models.FloatField(_("længdegrad"), null=True, blank=True)
    x = models.FloatField(null=True, blank=True, editable=False)
    y = models.FloatField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """`Kattingevej 8, 4000 Roskilde`, or as much of it as is known."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.street, town) if part)


class Tag(models.Model):
    """An operator's own word for a group of organisations."""

    LONGEST = 60
    MOST = 30
    """So many a person gives one organisation."""
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("navn"), max_length=LONGEST)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["operator", "name"], name="register_one_tag_per_name")]
        verbose_name = _("mærkat")

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> OrganisationQuerySet:
        """Those a person may open: staff and administrators see their operator's, others the ones they act for."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        offices = user.operators_as(STAFF | {Role.ADMIN})
        own = Affiliation.objects.filter(person__user=user, ended_on=None, may_act=True).values(
            "organisation_id"
        )
        return self.filter(one_of("operator_id", offices) | Q(pk__in=own))

    def acted_for_by(self, user: User) -> OrganisationQuerySet:
        """Those that a firm user may act for."""
        own = Affiliation.objects.filter(person__user=user, ended_on=None, may_act=True).values(
            "organisation_id"
        )
        return self.filter(pk__in=own)


class Organisation(Address, Versioned):
    """A firm, sole trader, association, school, bank or public body, by CVR number where it has one."""

    class Kind(models.TextChoices):
        FIRM = "firm", _("Virksomhed")
        SOLE_TRADER = "sole_trader", _("Enkeltmandsvirksomhed")
        ASSOCIATION = "association", _("Forening")
        SCHOOL = "school", _("Skole eller uddannelse")
        KNOWLEDGE = "knowledge", _("Videninstitution")
        BANK = "bank", _("Bank eller investor")
        PUBLIC = "public", _("Offentlig myndighed")
        GROUP = "group", _("Borgergruppe")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Aktiv")
        DISSOLVED = "dissolved", _("Ophørt")
        BANKRUPT = "bankrupt", _("Konkurs")

    class Source(models.TextChoices):
        MANUAL = "manual", _("Oprettet i Brobygger")
        CVR = "cvr", _("CVR")
        FILE = "file", _("Importeret fil")
        DEMO = "demo", _("Demokommunen")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(_("navn"), max_length=200)
    sort_name = models.CharField(max_length=80, editable=False, default="")
    kind = models.CharField(_("art"), max_length=20, choices=Kind.choices, default=Kind.FIRM)
    cvr = models.CharField(_("CVR-nummer"), max_length=8, null=True, blank=True)
    form_code = models.CharField(_("virksomhedsform"), max_length=4, blank=True)
    industry = models.CharField(_("branche (DB25)"), max_length=6, blank=True)
    employees = models.PositiveIntegerField(_("ansatte"), null=True, blank=True)
    """Persons; the lower bound where the source gives an interval."""
    employees_text = models.CharField(_("ansatte, interval"), max_length=20, blank=True)
    founded_on = models.DateField(_("startet"), null=True, blank=True)
    dissolved_on = models.DateField(_("ophørt"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    ad_protected = models.BooleanField(_("reklamebeskyttet"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    website = models.CharField(_("hjemmeside"), max_length=200, blank=True)
    description = models.TextField(_("om virksomheden"), blank=True, max_length=5000)
    tags = models.ManyToManyField(Tag, blank=True, related_name="organisations", verbose_name=_("mærkater"))
    source = models.CharField(_("kilde"), max_length=10, choices=Source.choices, default=Source.MANUAL)
    invented = models.BooleanField(_("opdigtet"), default=False)
    """Demo data says so on every page that shows it."""
    cvr_updated_at = models.DateTimeField(_("senest fra CVR"), null=True, blank=True, editable=False)
    cvr_digest = models.CharField(max_length=32, blank=True, editable=False, default="")
    """Hash of what CVR last said: a re-import changes only what changed."""
    created_at = models.DateTimeField(_("oprettet"), auto_now_add=True)
    changed_at = models.DateTimeField(_("ændret"), auto_now=True)
    history = HistoricalRecords(
        m2m_fields=[tags], excluded_fields=["sort_name", "cvr_digest", "changed_at", "version", "x", "y"]
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "cvr"],
                condition=Q(cvr__isnull=False),
                name="register_one_organisation_per_cvr",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on=None)
                | Q(founded_on=None)
                | Q(dissolved_on__gte=models.F("founded_on")),
                name="register_dissolved_after_founded",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "sort_name", "id"]),
            models.Index(fields=["operator", "status", "sort_name", "id"]),
            models.Index(fields=["operator", "employees"]),
            models.Index(
                fields=["operator", "status", "industry", "sort_name", "id"], name="register_by_industry"
            ),
            models.Index(
                fields=["operator", "status", "municipality_code", "sort_name", "id", "employees"],
                name="register_by_municipality",
            ),
            models.Index(
                fields=["operator", "status", "municipality_code", "employees"],
                name="register_by_size_in_place",
            ),
            models.Index(
                fields=["operator", "x", "y", "status", "sort_name", "id"], name="register_by_place"
            ),
            models.Index(fields=["operator", "founded_on"]),
            models.Index(fields=["cvr"]),
        ]
        verbose_name = _("virksomhed")
        verbose_name_plural = _("virksomheder")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        self.cvr = self.cvr or None
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("register:organisation", self.pk)

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Establishment(Address, Versioned):
    """A place of work, by P-number where it has one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="establishments")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("navn"), max_length=200)
    p_number = models.CharField(_("P-nummer"), max_length=10, null=True, blank=True)
    is_main = models.BooleanField(_("hovedadresse"), default=False)
    industry = models.CharField(_("branche (DB25)"), max_length=6, blank=True)
    employees = models.PositiveIntegerField(_("ansatte"), null=True, blank=True)
    started_on = models.DateField(_("startet"), null=True, blank=True)
    ended_on = models.DateField(_("ophørt"), null=True, blank=True)
    ad_protected = models.BooleanField(_("reklamebeskyttet"), default=False)
    cvr_digest = models.CharField(max_length=32, blank=True, editable=False, default="")
    history = HistoricalRecords(excluded_fields=["cvr_digest", "version", "x", "y"])

    class Meta:
        ordering = ["-is_main", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "p_number"],
                condition=Q(p_number__isnull=False),
                name="register_one_p_number",
            )
        ]
        indexes = [models.Index(fields=["operator", "x", "y"]), models.Index(fields=["p_number"])]
        verbose_name = _("produktionsenhed")
        verbose_name_plural = _("produktionsenheder")

    def __str__(self) -> str:
        return self.name


class Permit(Versioned):
    """A permit on record: what the organisation may receive or do. Hazardous waste goes to nobody without one."""

    class Kind(models.TextChoices):
        HAZARDOUS_WASTE = "hazardous_waste", _("Modtager af farligt affald")
        WASTE = "waste", _("Modtager af affald")
        FOOD = "food", _("Fødevareregistrering")
        FEED = "feed", _("Foderregistrering")
        OTHER = "other", _("Andet")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="permits")
    kind = models.CharField(_("art"), max_length=20, choices=Kind.choices)
    number = models.CharField(_("nummer eller journal"), max_length=60, blank=True)
    issued_by = models.CharField(_("udstedt af"), max_length=120, blank=True)
    waste_codes = models.CharField(_("affaldskoder (EAK)"), max_length=400, blank=True)
    """Six-digit codes with spaces between; empty means all of the kind."""
    valid_from = models.DateField(_("gælder fra"), null=True, blank=True)
    valid_until = models.DateField(_("gælder til"), null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["kind", "valid_until"]
        verbose_name = _("tilladelse")
        verbose_name_plural = _("tilladelser")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def is_valid_on(self, day: date) -> bool:
        """Whether it holds on that day, both end days included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


from brobygger.register.models.people import Affiliation  # noqa: E402
