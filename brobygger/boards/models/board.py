# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A business council or steering group, and the seats on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Versioned
from brobygger.register.models import Organisation, Person


class BoardQuerySet(models.QuerySet["Board"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> BoardQuerySet:
        """Consultants and heads: their operator's. Anybody else: the boards where the person has a seat today."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seats = Seat.objects.held_on(timezone.localdate()).filter(person__user=user)
        here = Q(operator_id__in=list(user.roles), pk__in=seats.values("board_id"))
        return self.filter(Q(operator_id__in=user.operators_as(STAFF)) | here)


class Board(Versioned):
    """A group of people that advises the office (001, B22: the business council) or decides in its cases."""

    class Kind(models.TextChoices):
        COUNCIL = "council", _("Erhvervsråd")
        STEERING = "steering", _("Styregruppe")
        OTHER = "other", _("Andet råd eller udvalg")

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="boards")
    kind = models.CharField(_("art"), max_length=10, choices=Kind.choices, default=Kind.COUNCIL)
    name = models.CharField(_("navn"), max_length=120)
    purpose = models.TextField(_("opgave"), blank=True, max_length=4000)
    closed_on = models.DateField(_("nedlagt"), null=True, blank=True)
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    created_at = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["operator", "name"], name="boards_one_board_per_name")]
        verbose_name = _("råd")
        verbose_name_plural = _("råd")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("boards:board", args=[self.pk])


class SeatQuerySet(models.QuerySet["Seat"]):
    """Reads of seats by day."""

    def held_on(self, day: date) -> SeatQuerySet:
        """Those whose term covers the day, both end days included."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__gte=day))


class Seat(Versioned):
    """A person's term on a board: in which role, for which organisation, from when until when.

    A substitute's seat names the seat it stands in for.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", _("Formand")
        VICE = "vice", _("Næstformand")
        MEMBER = "member", _("Medlem")
        SUBSTITUTE = "substitute", _("Suppleant")
        OBSERVER = "observer", _("Observatør")
        SECRETARY = "secretary", _("Sekretær")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="seats", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("kommer fra"),
    )
    role = models.CharField(_("rolle"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    stands_in_for = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="substitutes",
        verbose_name=_("suppleant for"),
    )
    starts_on = models.DateField(_("fra"), null=True, blank=True)
    ends_on = models.DateField(_("til og med"), null=True, blank=True)
    notice_given_on = models.DateField(null=True, blank=True, editable=False)
    """When the office was told that the term ends."""
    history = HistoricalRecords(excluded_fields=["version", "notice_given_on"])

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["board", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="boards_term_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | Q(role="substitute"),
                name="boards_only_substitutes_stand_in",
            ),
        ]
        indexes = [
            models.Index(fields=["board", "ends_on"]),
            models.Index(fields=["ends_on"]),
        ]
        verbose_name = _("plads")
        verbose_name_plural = _("pladser")

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    def covers(self, day: date) -> bool:
        """Whether the term covers the day, both end days included."""
        begun = self.starts_on is None or self.starts_on <= day
        return begun and (self.ends_on is None or self.ends_on >= day)

    @property
    def votes(self) -> bool:
        """Whether the seat decides; a substitute only when standing in."""
        return self.role in VOTING


VOTING = frozenset({Seat.Role.CHAIR, Seat.Role.VICE, Seat.Role.MEMBER})
