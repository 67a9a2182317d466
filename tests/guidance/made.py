# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented schemes, grants, partners and referrals for the tests of guidance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import yaml
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.blueprints.services import adopt
from brobygger.guidance.blueprints import KIND
from brobygger.guidance.models import Aid, Partner
from brobygger.guidance.services.aid import Granted, register_aid
from brobygger.guidance.services.partners import add_partner
from brobygger.guidance.services.referrals import Consent, Wish
from brobygger.register.models import Organisation


def day(plus: int = 0) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=plus)


def scheme(operator: Operator, key: str = "pulje", **values: Any) -> Definition:
    """A scheme that the office has taken into use."""
    content = {
        "key": key, "title": "Prøvepuljen", "provider": "Prøvefonden", "help": "grant", "purposes": ["climate"],
        "source": "Opdigtet", **values,
    }  # fmt: skip
    return adopt(operator, KIND, yaml.safe_dump(content, allow_unicode=True), user=None)


def granted(**values: Any) -> Granted:
    """A grant of today in euro."""
    return Granted(**{"granted_on": day(), "grantor": "Prøvefonden", "amount_eur": Decimal(1000), **values})


def aid(organisation: Organisation, user: User, origin: str = "", **values: Any) -> Aid:
    """A grant that was registered."""
    return register_aid(organisation, granted(**values), user=user, origin=origin)


def partner(operator: Operator, user: User, **values: Any) -> Partner:
    """A partner of the office."""
    wanted = {
        "name": f"Prøvebanken {Partner.objects.count()}",
        "kind": "bank",
        "email": "bank@example.invalid",
    }
    return add_partner(operator, wanted | values, user=user)


def consent(**values: Any) -> Consent:
    """A yes of today."""
    return Consent(**{"by": "Bodil Prøve", "on": day(), "how": "spoken", **values})


def wish(**values: Any) -> Wish:
    """What a consultant writes; the firm and the receiver are to be given."""
    return Wish(**{"about": "De vil låne til en ny kedel", "consent": consent(), **values})
