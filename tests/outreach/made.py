# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented consents, segments and mailings for the room's tests."""

from __future__ import annotations

from typing import Any

from brobygger.accounts.models import Operator, User
from brobygger.outreach.models import Consent, Mailing, Purpose, Segment
from brobygger.outreach.services import consents, mailings, segments
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory


def purpose(operator: Operator, name: str = "Nyhedsbrev") -> Purpose:
    return Purpose.objects.get_or_create(operator=operator, name=name, defaults={"description": "Nyt"})[0]


def firm(operator: Operator, **values: Any) -> Organisation:
    return OrganisationFactory(operator=operator, **{"email": "firma@example.invalid", **values})


def consent(
    organisation: Organisation, user: User, email: str = "bodil@example.invalid", **values: Any
) -> Consent:
    what = values.pop("purpose", None) or purpose(organisation.operator)
    return consents.give(organisation, what, email, **{"source": Consent.Source.FORM, "user": user, **values})


def segment(operator: Operator, user: User, name: str = "Alle", **asked: str) -> Segment:
    return segments.save(operator, name, asked, user=user)


def draft(operator: Operator, user: User, **values: Any) -> Mailing:
    what = values.pop("purpose", None) or purpose(operator)
    to = values.pop("segment", None) or segment(operator, user, f"Segment {Segment.objects.count()}")
    text = {"subject": "Nyt til {virksomhed}", "body": "Hej {navn}\n\nHilsen {kontor}", **values}
    return mailings.write(operator, mailings.Draft(purpose=what, segment=to, **text), user=user)
