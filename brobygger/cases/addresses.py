# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Where letters about a case go: to an organisation, and to the office."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from brobygger.accounts.models import User
from brobygger.cases import rights
from brobygger.cases.models import Case
from brobygger.register.models import Affiliation, Organisation


def address_of(organisation: Organisation) -> str:
    """Its contact person's address, else its own; empty where there is none."""
    contacts = Affiliation.objects.filter(organisation=organisation, is_contact=True, ended_on=None)
    found = contacts.exclude(person__email="").order_by("pk").values_list("person__email", flat=True).first()
    return found or organisation.email


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is written to. `email`: empty where there is none; `user`: None where it is the office itself."""

    email: str
    user: User | None

    @property
    def language(self) -> str:
        return (self.user.language if self.user else "") or settings.LANGUAGE_CODE


def receiver_of(case: Case) -> Receiver:
    """The case's officer; the office where there is none, or none who may handle the case."""
    officer = case.officer
    if officer and officer.is_active and rights.is_officer(officer, case):
        return Receiver(officer.email, officer)
    return Receiver(case.operator.email, None)
