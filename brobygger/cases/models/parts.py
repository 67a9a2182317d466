# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What belongs to a case: parties, documents, payments, and what somebody still has to do."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brobygger.base.scanning import Scanned
from brobygger.cases.models.case import Case
from brobygger.cases.models.event import CaseEvent
from brobygger.register.models import Affiliation, Organisation, Person

RECUSED = "recused"
"""The role of somebody who has said that they are partial (inhabil)."""


def _ways_in(user: Any, **affiliation: Any) -> list[Q]:
    """How a party may be the person: themselves, as a person of the register, or through an organisation."""
    firms = Affiliation.objects.filter(person__user=user, ended_on=None, **affiliation)
    people = Person.objects.filter(user=user).values("pk")  # no join: each way in has an index of its own
    return [
        Q(user=user),
        Q(person_id__in=people),
        Q(organisation_id__in=firms.values("organisation_id")),
    ]


class CasePartyQuerySet(models.QuerySet["CaseParty"]):
    """Which cases a person has to do with, and how."""

    def _of(self, user: Any, **affiliation: Any) -> CasePartyQuerySet:
        one, *others = _ways_in(user, **affiliation)
        return self.filter(reduce(or_, others, one), ended_at=None)

    def interests_of(self, user: Any) -> CasePartyQuerySet:
        """Parties with an interest that are the person, or an organisation where the person has a role."""
        return self._of(user).filter(interested=True)

    def deciding(self, user: Any) -> CasePartyQuerySet:
        """Parties without an interest that the person is, or acts for."""
        return self._of(user, may_act=True).filter(interested=False, sees=True)

    def cases_of_interest(self, user: Any) -> QuerySet[Any, int]:
        """Keys of the cases of `interests_of`."""
        return self.filter(interested=True)._cases_of(user)

    def cases_to_decide(self, user: Any) -> QuerySet[Any, int]:
        """Keys of the cases of `deciding`."""
        return self.filter(interested=False, sees=True)._cases_of(user, may_act=True)

    def _cases_of(self, user: Any, **affiliation: Any) -> QuerySet[Any, int]:
        """A question for each way in: one question with OR reads every party that there is."""
        rows = self.filter(ended_at=None).order_by().values_list("case_id", flat=True)
        one, *others = [rows.filter(way) for way in _ways_in(user, **affiliation)]
        return one.union(*others)


class CaseParty(models.Model):
    """Somebody with a role in a case: an organisation, a person or a user of ours."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(_("rolle"), max_length=40)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("virksomhed"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bruger"),
    )
    name = models.CharField(_("navn"), max_length=200, blank=True)
    """Of somebody who stands in no register of ours (a citizen who builds)."""
    interested = models.BooleanField(_("part med interesse"), default=False)
    sees = models.BooleanField(_("må se sagen"), default=True)
    since = models.DateTimeField(_("siden"), default=timezone.now)
    ended_at = models.DateTimeField(_("til"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When they were written to that they are in the case (`services.telling`)."""

    objects = CasePartyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["case", "role"])]
        verbose_name = _("part")
        verbose_name_plural = _("parter")

    def __str__(self) -> str:
        return str(self.organisation or self.person or self.user or self.name)


class CaseDocumentQuerySet(models.QuerySet["CaseDocument"]):
    """Reads of documents."""

    def current(self) -> CaseDocumentQuerySet:
        """The newest version of each, without what was removed."""
        return self.filter(superseded=False, removed_at=None)


class CaseDocument(Scanned):
    """One version of a document. What may be one is decided by `cases.documents`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("dokumenttype"), max_length=40, blank=True)
    """The key in the definition; empty: something else."""
    series = models.UUIDField(default=uuid.uuid4)
    """The same for all versions of one document."""
    number = models.PositiveIntegerField(_("version"), default=1)
    superseded = models.BooleanField(default=False)
    file = models.FileField(_("fil"), upload_to="sager/")
    name = models.CharField(_("navn"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("størrelse"))
    sha256 = models.CharField(max_length=64)
    for_applicant = models.BooleanField(_("ses af ansøgeren"), default=False)
    seen_by = models.JSONField(_("ses af"), default=list)
    """Party roles that read it beside the office."""
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("tilføjet"), default=timezone.now)
    removed_at = models.DateTimeField(_("fjernet"), null=True, blank=True)

    objects = CaseDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="cases_one_document_per_version")
        ]
        indexes = [models.Index(fields=["case", "superseded"])]
        verbose_name = _("sagsdokument")
        verbose_name_plural = _("sagsdokumenter")

    def __str__(self) -> str:
        return self.name


class CasePayment(models.Model):
    """Money that was paid in a case, in kroner."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="payments")
    on = models.DateField(_("dato"))
    amount = models.DecimalField(_("beløb"), max_digits=14, decimal_places=2)
    text = models.CharField(_("hvad"), max_length=200, blank=True)
    event = models.OneToOneField(CaseEvent, on_delete=models.CASCADE, related_name="payment")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="cases_payment_is_money")]
        verbose_name = _("udbetaling")
        verbose_name_plural = _("udbetalinger")

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.amount}"


class CaseDuty(models.Model):
    """Something that is due in a case (a report, a payment back): reminded of, and done once."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="duties")
    key = models.CharField(max_length=60)
    """What it is to the code that made it; one of a key in a case."""
    title = models.CharField(_("hvad"), max_length=200)
    due_on = models.DateField(_("senest"))
    of_applicant = models.BooleanField(_("ansøgerens"), default=True)
    remind_days = models.PositiveIntegerField(_("påmind dage før"), default=14)
    reminded_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(_("gjort"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("svar"), blank=True, max_length=10_000)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="cases_one_duty_per_key")]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="cases_duties_open")]
        verbose_name = _("forpligtelse")
        verbose_name_plural = _("forpligtelser")

    def __str__(self) -> str:
        return self.title
