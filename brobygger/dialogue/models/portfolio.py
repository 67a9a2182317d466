# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The firms that the office has chosen to follow, where they are in its funnels, and the visits planned with them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models.assessment import OfOffice
from brobygger.dialogue.models.follow_up import FollowUp
from brobygger.dialogue.models.interaction import Interaction
from brobygger.register.models import Organisation, Person


class OutreachSettings(Versioned):
    """An office's own figures for its outreach. The first ones are Aalborg's (catalogue of good practice, case 2)."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="outreach_settings")
    visits_per_year = models.PositiveIntegerField(
        _("besøg om året"), default=400, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )
    """"ca. 400 opsøgende besøg" a year."""
    talk_every_months = models.PositiveSmallIntegerField(
        _("måneder mellem samtaler"), default=36, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    """"ca. hvert tredje år"."""
    visits_per_week = models.PositiveSmallIntegerField(
        _("besøg om ugen pr. konsulent"), default=4, validators=[MaxValueValidator(40)]
    )
    """For those who have no figure of their own. Our own choice."""
    weeks_per_year = models.PositiveSmallIntegerField(
        _("uger om året med besøg"), default=42, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    """Holidays off. Our own choice."""
    priority_industries = models.JSONField(_("prioriterede brancher"), default=list, blank=True)
    """Beginnings of industry codes, or section letters (catalogue of good practice, case 4: chosen every year in the result contract)."""
    history = HistoricalRecords(excluded_fields=["version"])

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = _("indstillinger for opsøgende arbejde")
        verbose_name_plural = _("indstillinger for opsøgende arbejde")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class VisitCapacity(models.Model):
    """How many visits a week one consultant has room for, where it is not the office's usual figure."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="visit_capacities")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    visits_per_week = models.PositiveSmallIntegerField(_("besøg om ugen"), validators=[MaxValueValidator(40)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "user"], name="dialogue_one_capacity_per_person")
        ]
        verbose_name = _("plads til besøg")
        verbose_name_plural = _("plads til besøg")

    def __str__(self) -> str:
        return f"{self.user}: {self.visits_per_week}"


class PortfolioFirm(Versioned):
    """A firm that the office has chosen to follow, and who knows it best."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="portfolio")
    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="portfolio_place", verbose_name=_("virksomhed")
    )
    key_account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="portfolio",
        verbose_name=_("nøglekonsulent"),
    )
    why = models.CharField(_("hvorfor i porteføljen"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("kom i porteføljen"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    history = HistoricalRecords(excluded_fields=["version"])

    objects = OfOffice.as_manager()

    class Meta:
        ordering = ["organisation__sort_name", "pk"]
        indexes = [models.Index(fields=["operator", "key_account"], name="dialogue_portfolio_of_person")]
        verbose_name = _("virksomhed i porteføljen")
        verbose_name_plural = _("virksomheder i porteføljen")

    def __str__(self) -> str:
        return str(self.organisation)


class FunnelPlace(Versioned):
    """The level where a firm is in one of the office's funnels now."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="funnel_places")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="funnel_places", verbose_name=_("virksomhed")
    )
    funnel = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="funnel_places")
    funnel_key = models.CharField(max_length=60, editable=False)
    level = models.CharField(_("niveau"), max_length=60)
    since = models.DateField(_("siden"), default=timezone.localdate)

    objects = OfOffice.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "funnel_key"], name="dialogue_one_level_per_funnel"
            ),
            models.CheckConstraint(condition=~Q(level=""), name="dialogue_funnel_place_has_level"),
        ]
        indexes = [models.Index(fields=["operator", "funnel_key", "level"], name="dialogue_by_level")]
        verbose_name = _("plads i tragten")
        verbose_name_plural = _("pladser i tragten")

    def __str__(self) -> str:
        return f"{self.funnel}: {self.level}"


class FunnelStep(models.Model):
    """What was decided about a firm's level: moved, or left where it was. Never changed afterwards."""

    class Kind(models.TextChoices):
        ENTERED = "entered", _("Kom ind i tragten")
        UP = "up", _("Rykket op")
        DOWN = "down", _("Rykket ned")
        LEFT = "left", _("Gik ud af tragten")
        DECLINED = "declined", _("Forslag om at rykke afvist")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funnel_steps")
    funnel = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    funnel_key = models.CharField(max_length=60, editable=False)
    kind = models.CharField(_("hvad"), max_length=10, choices=Kind.choices)
    from_level = models.CharField(_("fra"), max_length=60, blank=True)
    to_level = models.CharField(_("til"), max_length=60, blank=True)
    reason = models.CharField(_("hvorfor"), max_length=500, blank=True)
    facts = models.JSONField(_("grundlag"), default=list, blank=True)
    """What the rules said that day, in words: [fulfilled, rule, what it was measured to]."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("hvem"),
    )
    at = models.DateTimeField(_("hvornår"), default=timezone.now)

    objects = OfOffice.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "funnel_key", "-at"], name="dialogue_steps_of_firm"),
            models.Index(fields=["operator", "funnel_key", "kind", "-at"], name="dialogue_steps_of_office"),
        ]
        verbose_name = _("flytning i tragten")
        verbose_name_plural = _("flytninger i tragten")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d.%m.%Y}"


class PlannedVisit(Versioned):
    """A visit proposed for a week, and what became of it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Foreslået")
        ACCEPTED = "accepted", _("Aftalt i planen")
        DONE = "done", _("Besøgt")
        SKIPPED = "skipped", _("Sprunget over")

    class Skip(models.TextChoices):
        BUSY = "busy", _("Virksomheden har ikke tid nu")
        DECLINED = "declined", _("Virksomheden vil ikke have besøg")
        TALKED = "talked", _("Vi har lige talt med dem")
        NOT_RELEVANT = "not_relevant", _("Ikke relevant for tiden")
        HANDED_OVER = "handed_over", _("Gav plads, da porteføljen blev overdraget")
        OTHER = "other", _("Andet")

    OPEN = (State.PROPOSED, State.ACCEPTED)

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="planned_visits")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="planned_visits", verbose_name=_("virksomhed")
    )
    week = models.DateField(_("uge"))
    """Its Monday."""
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="planned_visits",
        verbose_name=_("hvem"),
    )
    state = models.CharField(_("tilstand"), max_length=10, choices=State.choices, default=State.PROPOSED)
    place = models.PositiveSmallIntegerField(_("nummer på ruten"), default=1)
    starts_at = models.DateTimeField(_("begynder"), null=True, blank=True)
    """Null until a time is agreed with the firm; the week holds the day."""
    ends_at = models.DateTimeField(_("slutter"), null=True, blank=True)
    where = models.CharField(_("sted"), max_length=200, blank=True)
    contact = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kontaktperson"),
    )
    invited_at = models.DateTimeField(_("inviteret"), null=True, blank=True, editable=False)
    """When the contact was last sent the time; who has it is told when it is moved or called off."""
    why = models.JSONField(_("hvorfor"), default=list, blank=True)
    """The reasons for proposing it: [[key, value] …], put into words when shown."""
    skip_reason = models.CharField(_("hvorfor ikke"), max_length=20, choices=Skip.choices, blank=True)
    skip_note = models.CharField(_("bemærkning"), max_length=300, blank=True)
    not_before = models.DateField(_("tidligst igen"), null=True, blank=True)
    """A firm that was skipped is not proposed again before this day."""
    follow_up = models.OneToOneField(
        FollowUp, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned_visit"
    )
    interaction = models.ForeignKey(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned_visits"
    )
    proposed_at = models.DateTimeField(_("foreslået"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("afgjort"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    history = HistoricalRecords(excluded_fields=["version", "place"])

    objects = OfOffice.as_manager()

    class Meta:
        ordering = ["week", "place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=["proposed", "accepted"]),
                name="dialogue_one_open_visit_per_firm",
            ),
            models.CheckConstraint(
                condition=~Q(state="skipped") | ~Q(skip_reason=""), name="dialogue_skipped_for_a_reason"
            ),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="dialogue_week_is_a_monday"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="dialogue_visit_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["consultant", "starts_at"], name="dialogue_visits_by_time"),
            models.Index(fields=["operator", "week", "consultant"], name="dialogue_visits_of_week"),
            models.Index(fields=["operator", "state", "not_before"], name="dialogue_visits_by_state"),
        ]
        verbose_name = _("planlagt besøg")
        verbose_name_plural = _("planlagte besøg")

    def __str__(self) -> str:
        return f"{self.organisation}, {self.week:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN
