# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""When consultants can be booked, and the links that firms book by."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned
from brobygger.outreach.models.common import OfficeQuerySet, new_code
from brobygger.register.models import Organisation


class Place(models.TextChoices):
    """How two people meet."""

    PHONE = "phone", _("Telefon")
    VIDEO = "video", _("Video")
    OFFICE = "office", _("På kontoret")
    THERE = "there", _("Hos virksomheden")


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, _("Mandag")
    TUESDAY = 1, _("Tirsdag")
    WEDNESDAY = 2, _("Onsdag")
    THURSDAY = 3, _("Torsdag")
    FRIDAY = 4, _("Fredag")
    SATURDAY = 5, _("Lørdag")
    SUNDAY = 6, _("Søndag")


class BookingProfile(Versioned):
    """A consultant who can be booked. Also what is locked while a time is taken, so that it is never taken twice."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="booking_profiles"
    )
    is_open = models.BooleanField(_("kan bookes"), default=True)
    about = models.CharField(
        _("om dig"),
        max_length=200,
        blank=True,
        help_text=_("Vises, når nogen vælger tid. For eksempel: »Iværksætteri og finansiering«."),
    )
    notice_hours = models.PositiveSmallIntegerField(
        _("varsel i timer"), default=24, help_text=_("Så lang tid før kan en tid senest bookes.")
    )
    horizon_days = models.PositiveSmallIntegerField(_("kan bookes så mange dage frem"), default=28)
    calendar_url = models.URLField(
        _("adresse på din kalender (ICS)"),
        max_length=500,
        blank=True,
        help_text=_("Tider, hvor kalenderen siger optaget, vises ikke som ledige. Kun tidspunkterne gemmes."),
    )
    fetched_at = models.DateTimeField(_("kalenderen hentet"), null=True, blank=True, editable=False)
    fetch_error = models.CharField(
        _("fejl ved hentning"), max_length=300, blank=True, default="", editable=False
    )

    objects: OfficeQuerySet[BookingProfile] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "user"], name="outreach_one_profile_per_consultant"),
            models.CheckConstraint(
                condition=Q(horizon_days__gte=1, horizon_days__lte=180), name="outreach_horizon_in_bounds"
            ),
        ]
        verbose_name = _("samtaletider")
        verbose_name_plural = _("samtaletider")

    def __str__(self) -> str:
        return str(self.user)


class BookingRule(models.Model):
    """Bookable every week: from one time of day to another, cut into talks of one length. Danish time of day."""

    profile = models.ForeignKey(BookingProfile, on_delete=models.CASCADE, related_name="rules")
    weekday = models.PositiveSmallIntegerField(_("ugedag"), choices=Weekday.choices)
    starts = models.TimeField(_("fra"))
    ends = models.TimeField(_("til"))
    minutes = models.PositiveSmallIntegerField(_("samtalens længde i minutter"), default=45)
    place = models.CharField(_("hvor"), max_length=10, choices=Place.choices, default=Place.PHONE)
    where = models.CharField(
        _("adresse eller link"),
        max_length=200,
        blank=True,
        help_text=_("Adressen, eller linket til videomødet. Står i bekræftelsen."),
    )

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="outreach_rule_ends_after_start"),
            models.CheckConstraint(
                condition=Q(minutes__gte=10, minutes__lte=240), name="outreach_rule_length_in_bounds"
            ),
        ]
        verbose_name = _("fast samtaletid")
        verbose_name_plural = _("faste samtaletider")

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H.%M}–{self.ends:%H.%M}"


class BookingException(models.Model):
    """A day, or days, on which the weekly rules do not hold."""

    profile = models.ForeignKey(BookingProfile, on_delete=models.CASCADE, related_name="exceptions")
    first_day = models.DateField(_("fra og med"))
    last_day = models.DateField(_("til og med"))
    starts = models.TimeField(_("fra klokken"), null=True, blank=True)
    ends = models.TimeField(_("til klokken"), null=True, blank=True)
    """Both empty: the whole day."""
    why = models.CharField(_("hvorfor"), max_length=100, blank=True)
    """For oneself; shown to nobody outside the office."""

    class Meta:
        ordering = ["first_day", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="outreach_exception_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(ends__gt=F("starts")),
                name="outreach_exception_hours_in_order",
            ),
        ]
        verbose_name = _("undtagelse fra samtaletider")
        verbose_name_plural = _("undtagelser fra samtaletider")

    def __str__(self) -> str:
        return f"{self.first_day:%d.%m.%Y}-{self.last_day:%d.%m.%Y}"


class BusyTime(models.Model):
    """A stretch of time in which the consultant's own calendar says busy. What for is never stored."""

    profile = models.ForeignKey(BookingProfile, on_delete=models.CASCADE, related_name="busy")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["profile", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="outreach_busy_ends_after_start"
            )
        ]
        verbose_name = _("optaget tid")
        verbose_name_plural = _("optagne tider")

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


def _in_half_a_year() -> object:
    return timezone.now() + timedelta(days=182)


class BookingLink(models.Model):
    """Lets whoever holds it see free times and book one, without signing in. Stands in letters, so it can be typed."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    """The consultant whose times it shows; all of the office's where there is none."""
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    """The firm it was sent to."""
    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("gælder til"), default=_in_half_a_year)
    closed_at = models.DateTimeField(_("lukket"), null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["code"])

    objects: OfficeQuerySet[BookingLink] = OfficeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("link til samtaletider")
        verbose_name_plural = _("links til samtaletider")

    def __str__(self) -> str:
        return str(self.organisation or self.user or self.operator)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.expires_at > timezone.now()

    @property
    def address(self) -> str:
        """In full, for letters."""
        from django.urls import reverse

        return str(settings.SITE_URL) + reverse("outreach:book", args=[self.code])
