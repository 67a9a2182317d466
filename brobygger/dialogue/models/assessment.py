# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm scored at a date by an instrument, and the individual action plan that came of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import STAFF, Operator
from brobygger.base.models import Versioned
from brobygger.blueprints.models import Definition
from brobygger.dialogue.models.follow_up import FollowUp
from brobygger.register.models import Organisation


class OfOffice(models.QuerySet[Any]):
    """Records that only the office's own consultants and heads read: its judgement of firms."""

    def visible_to(self, user: Any) -> Any:
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(operator_id__in=user.operators_as(STAFF))


class Assessment(Versioned):
    """How the office judged a firm on a day. It keeps the version of the instrument that it was made with."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="assessments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("virksomhed")
    )
    instrument = models.ForeignKey(
        Definition, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("redskab")
    )
    instrument_key = models.CharField(max_length=60, editable=False)
    """The instrument whatever its version: what may be compared over time."""
    on = models.DateField(_("dato"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="assessments",
        verbose_name=_("vurderet af"),
    )
    scores = models.JSONField(_("svar"), default=dict)
    """Parameter → step of the scale. What was not answered is not there."""
    figures = models.JSONField(_("tal"), default=dict, blank=True)
    """Figure → moment → number as text (`dialogue.figures`)."""
    remarks = models.JSONField(_("bemærkninger"), default=dict, blank=True)
    """Parameter → what was said about it."""
    employees = models.PositiveIntegerField(_("ansatte den dag"), null=True, blank=True)
    """As the register had it, for results that are read from the firm's size."""
    summary = models.TextField(_("sammenfatning"), blank=True, max_length=5000)
    results = models.JSONField(_("resultater"), default=dict, editable=False)
    """Result → value on the instrument's scale, as computed when saved. What could not be computed is not there."""
    main_result = models.FloatField(_("hovedresultat"), null=True, blank=True, editable=False)
    """0 to 1 of the instrument's scale, to put firms in order whatever the scale."""
    entry_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    created_at = models.DateTimeField(_("skrevet"), default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "entry_key", "main_result", "instrument_key"])

    objects = OfOffice.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-on", "-id"], name="dialogue_assessed_firm"),
            models.Index(fields=["operator", "instrument_key", "-on"], name="dialogue_assessed_by_tool"),
        ]
        verbose_name = _("vurdering")
        verbose_name_plural = _("vurderinger")

    def __str__(self) -> str:
        return f"{self.instrument} {self.on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("dialogue:assessment", args=[self.pk])


class ActionPlans(OfOffice):
    """Plans that the office reads, and those of them that it shares with the firm."""

    def shared_with(self, user: Any) -> Any:
        """Those that a firm's own users read, because a consultant chose it."""
        return self.filter(shared_at__isnull=False, organisation__in=Organisation.objects.acted_for_by(user))

    def readable_by(self, user: Any) -> Any:
        """What the person may read, as the office or as the firm."""
        return self.filter(
            Q(pk__in=self.visible_to(user).values("pk")) | Q(pk__in=self.shared_with(user).values("pk"))
        )


class ActionPlan(Versioned):
    """A firm's individual action plan: what is to be reached, and steps with who and when."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="action_plans")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="action_plans", verbose_name=_("virksomhed")
    )
    assessment = models.ForeignKey(
        Assessment, on_delete=models.SET_NULL, null=True, blank=True, related_name="action_plans"
    )
    goal = models.CharField(_("mål"), max_length=300)
    made_on = models.DateField(_("lagt"), default=timezone.localdate)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    closed_on = models.DateField(_("afsluttet"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("hvad kom der ud af det?"), blank=True, max_length=2000)
    shared_at = models.DateTimeField(_("delt med virksomheden"), null=True, blank=True, editable=False)
    """Since when the firm's own users read it: the goal, the steps and the outcome, never the assessment behind it."""
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("delt af"),
    )
    invented = models.BooleanField(_("opdigtet"), default=False, editable=False)
    history = HistoricalRecords(excluded_fields=["version"])

    objects = ActionPlans.as_manager()

    class Meta:
        ordering = ["-made_on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(goal=""), name="dialogue_action_plan_has_goal")]
        indexes = [models.Index(fields=["organisation", "-made_on"], name="dialogue_plan_of_firm")]
        verbose_name = _("handlingsplan")
        verbose_name_plural = _("handlingsplaner")

    def __str__(self) -> str:
        return self.goal

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("dialogue:action_plan", args=[self.pk])


class ActionStep(models.Model):
    """A step of an action plan. Who, when and whether it is done stand in its follow-up, and nowhere else."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="steps")
    follow_up = models.OneToOneField(FollowUp, on_delete=models.CASCADE, related_name="action_step")
    parameter = models.CharField(_("hører til"), max_length=60, blank=True)
    """The parameter of the instrument that it is to lift."""

    class Meta:
        ordering = ["follow_up__due_on", "pk"]
        verbose_name = _("skridt i handlingsplan")
        verbose_name_plural = _("skridt i handlingsplaner")

    def __str__(self) -> str:
        return str(self.follow_up)
