# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A loan that was agreed on, what changed since, and how it went with the jobs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.base.models import Versioned
from brobygger.cases import loan as plans
from brobygger.cases.loan.days import months_after
from brobygger.cases.models import Case, CaseDuty

NO_DEBT = Decimal("0.00")
TERMS_A_YEAR = [(4, _("Hvert kvartal")), (12, _("Hver måned"))]
DAY_COUNTS = [
    (plans.DayCount.ACTUAL_365.value, _("Faktiske dage over 365")),
    (plans.DayCount.THIRTY_360.value, _("Måneder på 30 dage over 360")),
]


class LoanQuerySet(models.QuerySet["Loan"]):
    """Reads that respect scope."""

    def visible_to(self, user: Any) -> LoanQuerySet:
        """Those of the cases that the person handles, decides or has applied for."""
        seen = Case.objects.visible_to(user).order_by().values("pk")
        own = Case.objects.own_of(user).order_by().values("pk")
        return self.filter(Q(case__in=seen) | Q(case__in=own))


class Loan(Versioned):
    """What bank and borrower agreed on; years and addition are those of the case's definition on that day (the parameters of
    its rule `loan_agreed`). The plan is computed from it, never stored."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="loan")
    principal = models.DecimalField(_("lånebeløb, kr."), max_digits=12, decimal_places=2)
    paid_out_on = models.DateField(_("udbetalt"))
    years = models.PositiveSmallIntegerField(_("løbetid, år"))
    interest_only_years = models.PositiveSmallIntegerField(_("år uden afdrag"))
    addition = models.DecimalField(_("rentetillæg derefter, procentpoint"), max_digits=5, decimal_places=2)
    per_year = models.PositiveSmallIntegerField(_("terminer"), choices=TERMS_A_YEAR, default=4)
    day_count = models.CharField(
        _("rentedage"), max_length=12, choices=DAY_COUNTS, default=plans.DayCount.ACTUAL_365.value
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    history = HistoricalRecords(excluded_fields=["version"])

    objects = LoanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(principal__gt=0), name="lending_principal_is_money"),
            models.CheckConstraint(
                condition=Q(interest_only_years__lt=models.F("years")), name="lending_instalments_fit"
            ),
        ]
        verbose_name = _("lån")
        verbose_name_plural = _("lån")

    def __str__(self) -> str:
        return f"{self.case.number}: {self.principal}"

    @cached_property
    def terms(self) -> plans.Terms:
        """As the pure plan takes them."""
        return plans.Terms(
            principal=self.principal,
            paid_out_on=self.paid_out_on,
            rates=[plans.Rate(rate.from_on, rate.percent) for rate in self.rates.all()],
            years=self.years,
            interest_only_years=self.interest_only_years,
            addition=self.addition,
            per_year=self.per_year,
            day_count=plans.DayCount(self.day_count),
            repayments=[plans.Repayment(one.on, one.amount) for one in self.repayments.all()],
        )

    @cached_property
    def plan(self) -> plans.Plan:
        """Every payment. Load the loan afresh after a change."""
        return plans.plan(self.terms)

    @property
    def owed(self) -> Decimal:
        """What is owed today, kroner."""
        return self.plan.owed_on(timezone.localdate())

    @property
    def first_rate(self) -> LoanRate | None:
        """The rate that holds on the day of the pay-out."""
        held = [rate for rate in self.rates.all() if rate.from_on <= self.paid_out_on]
        return held[-1] if held else None

    def criterion_on(self, years: int) -> dt.date:
        """The day by which the jobs must be there."""
        return months_after(self.paid_out_on, 12 * years)


class LoanRate(models.Model):
    """The variable rate from a day on, before the addition."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="rates")
    from_on = models.DateField(_("gælder fra"))
    percent = models.DecimalField(_("rente, procent om året"), max_digits=6, decimal_places=3)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("skrevet"), default=timezone.now)

    class Meta:
        ordering = ["from_on"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "from_on"], name="lending_one_rate_per_day"),
            models.CheckConstraint(condition=Q(percent__gte=0), name="lending_rate_not_negative"),
        ]
        verbose_name = _("rentesats")
        verbose_name_plural = _("rentesatser")

    def __str__(self) -> str:
        return f"{self.from_on:%d.%m.%Y}: {self.percent}"


class LoanRepayment(models.Model):
    """An extraordinary repayment."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="repayments")
    on = models.DateField(_("dato"))
    amount = models.DecimalField(_("beløb, kr."), max_digits=12, decimal_places=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("skrevet"), default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="lending_repayment_is_money")]
        verbose_name = _("ekstraordinært afdrag")
        verbose_name_plural = _("ekstraordinære afdrag")

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.amount}"


class LoanReport(models.Model):
    """What the firm told about its work and its jobs: a running report (catalogue of good practice, case 5)."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="reports")
    duty = models.OneToOneField(CaseDuty, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.DateField(_("dato"))
    new_jobs = models.DecimalField(
        _("nye arbejdspladser siden lånet, årsværk"), max_digits=7, decimal_places=1
    )
    text = models.TextField(_("hvordan det går"), max_length=10_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("skrevet"), default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("rapport")
        verbose_name_plural = _("rapporter")

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.new_jobs}"
