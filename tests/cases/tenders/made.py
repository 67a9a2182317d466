# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A challenge at each of its gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints import services as blueprints
from brobygger.cases.models import Case
from brobygger.cases.services import contents, opening
from brobygger.cases.services.moving import move
from brobygger.cases.tenders import opening as bids
from brobygger.cases.tenders import services
from brobygger.cases.tenders.models import Bid, Tender
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, firm_user, user_as

IN_TWO_WEEKS = timedelta(days=14)
SECRET = "Vi gør det med kvaltinorsk tang"


@dataclass
class Story:
    case: Case
    operator: Operator
    officer: User
    colleague: User
    firm: Organisation
    bidder: User

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    @property
    def tender(self) -> Tender:
        return Tender.objects.get(case=self.case)

    def go(self, key: str, **more: Any) -> Case:
        return move(self.fresh(), key, user=self.officer, expected=self.fresh().version, **more)

    def bid(self, **changes: Any) -> Bid:
        first: dict[str, Any] = {"price": Decimal("123456.78"), "text": SECRET, "file": None}
        who = {"organisation": self.firm, "user": self.bidder}
        return services.submit(self.tender, **{**who, **first, **changes})

    def pass_deadline(self) -> None:
        """Everything lies an hour further back."""
        past = timezone.now() - timedelta(hours=1)
        Tender.objects.filter(case=self.case).update(deadline=past)

    def open(self) -> None:
        self.pass_deadline()
        bids.begin(self.tender, user=self.officer)
        bids.confirm(self.tender, user=self.colleague)


def drafted(operator: Operator, officer: User, **values: Any) -> Story:
    blueprints.adopt_shipped(operator, "case_type", "challenge", user=None)
    told = {"department": "Skole og dagtilbud", "challenge": "Mindre madspild", "criteria": "Pris 50 %"}
    case = opening.open_case(
        operator,
        "challenge",
        title="Mad i børnehaver",
        user=officer,
        officer=officer,
        values={**told, **values},
    )
    firm = OrganisationFactory(operator=operator, name="Tangkokken ApS")
    return Story(case, operator, officer, user_as(Role.HEAD, operator), firm, firm_user(firm))


def published(operator: Operator, officer: User, *, members_days: int = 0, **values: Any) -> Story:
    story = drafted(operator, officer, **values)
    services.set_up(
        story.case, deadline=timezone.now() + IN_TWO_WEEKS, members_days=members_days, user=officer
    )
    story.go("publish")
    return story


def fill(story: Story, **values: Any) -> None:
    case = story.fresh()
    contents.fill_in(case, values, user=story.officer, expected=case.version)
