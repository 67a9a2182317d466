# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""People and what they are in an organisation. As little personal data as the work needs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from brobygger.accounts.models import Operator
from brobygger.base.models import Versioned


class Person(Versioned):
    """Somebody the operator knows. May also be a user who signs in."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="people"
    )
    name = models.CharField(_("navn"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    created_at = models.DateTimeField(_("oprettet"), auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["operator", "email"])]
        verbose_name = _("person")
        verbose_name_plural = _("personer")

    def __str__(self) -> str:
        return self.name

    @property
    def shares_address(self) -> bool:
        """Whether another person or a firm at the office has the e-mail address too."""
        from brobygger.register.models.organisation import Organisation

        here = {"operator_id": self.operator_id, "email__iexact": self.email.strip()}
        others = Person.objects.filter(**here).exclude(pk=self.pk)
        return others.exists() or Organisation.objects.filter(**here).exists()


class Affiliation(models.Model):
    """A person's role in an organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(
        "register.Organisation", on_delete=models.CASCADE, related_name="affiliations"
    )
    title = models.CharField(_("stilling"), max_length=80, blank=True)
    is_contact = models.BooleanField(_("kontaktperson"), default=True)
    may_act = models.BooleanField(_("må handle for virksomheden her"), default=False)
    """A signed-in person with this may change the organisation's listings and answer its suggestions."""
    started_on = models.DateField(_("fra"), null=True, blank=True)
    ended_on = models.DateField(_("til"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-is_contact", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], name="register_one_affiliation_per_pair"
            )
        ]
        verbose_name = _("tilknytning")
        verbose_name_plural = _("tilknytninger")

    def __str__(self) -> str:
        return f"{self.person}, {self.title or self.organisation}"
