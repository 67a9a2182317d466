# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A concept loan at each of its gates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from brobygger.accounts.models import Operator, Role, User
from brobygger.blueprints import services as blueprints
from brobygger.cases.lending import services
from brobygger.cases.lending.models import Loan
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.services import contents, opening
from brobygger.cases.services.moving import move, vote
from brobygger.register.models import Organisation
from tests.factories import OrganisationFactory, firm_user, user_as


@dataclass
class Story:
    """Who takes part. `go` takes a way with the case as it stands."""

    case: Case
    operator: Operator
    officer: User
    firm: Organisation
    borrower: User
    bank: Organisation
    banker: User
    group: list[User]

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def go(self, key: str, user: User | None = None, **more: Any) -> Case:
        case = self.fresh()
        return move(case, key, user=user or self.officer, expected=case.version, **more)

    def vote(self, user: User, answer: str = "yes", **more: Any) -> Case:
        return vote(self.case, "decide", answer, user=user, round=self.fresh().round, **more)

    def fill(self, **values: Any) -> Case:
        case = self.fresh()
        return contents.fill_in(case, values, user=self.officer, expected=case.version)

    def tick(self, *keys: str) -> Case:
        case = self.fresh()
        return contents.tick(case, list(keys), user=self.officer, expected=case.version)


def started(operator: Operator, officer: User, **values: Any) -> Story:
    """A firm has applied, and there are a bank and a steering group of three."""
    blueprints.adopt_shipped(operator, "case_type", "concept_loan", user=None)
    firm = OrganisationFactory(operator=operator, name="Brint og Blæst ApS", email="brint@example.invalid")
    borrower = firm_user(firm)
    bank = OrganisationFactory(operator=operator, name="Prøvebanken", kind="bank")
    case = opening.open_case(
        operator,
        "concept_loan",
        title="Nyt lager",
        user=borrower,
        organisation=firm,
        values={"purpose": "Et varelager", "amount": 300_000, "jobs": 12, **values},
    )
    group = [user_as(Role.PARTNER, operator) for _ in range(3)]
    return Story(case, operator, officer, firm, borrower, bank, firm_user(bank), group)


def at_decision(operator: Operator, officer: User, **values: Any) -> Story:
    """As far as the second meeting."""
    story = started(operator, officer, **values)
    contents.add_party(story.case, "bank", user=officer, organisation=story.bank)
    story.go("choose_bank")
    story.go("recommend", story.banker)
    for member in story.group:
        contents.add_party(story.case, "group", user=officer, party_user=member)
    story.fill(first_meeting=timezone.localdate())
    story.tick("told", "talked", "advised")
    story.go("met")
    contents.add_party(story.case, "spar", user=officer, party_user=story.group[0])
    CaseDocument.objects.create(
        case=story.case, kind="plan", file=ContentFile(b"x", name="plan.pdf"), name="plan.pdf",
        content_type="application/pdf", size=1, sha256="0" * 64,
    )  # fmt: skip
    story.go("ready")
    story.fill(second_meeting=timezone.localdate())
    story.tick("presented")
    return story


def granted(operator: Operator, officer: User, **values: Any) -> Story:
    """Bank and steering group have said yes."""
    story = at_decision(operator, officer, **values)
    for voter in (story.banker, *story.group):
        if story.fresh().stage == "second_round":
            story.vote(voter)
    assert story.fresh().stage == "granted"
    return story


def agreed(story: Story, on: dt.date | None = None, **changes: Any) -> Loan:
    first: dict[str, Any] = {
        "principal": Decimal("300000.00"), "paid_out_on": on or timezone.localdate(), "percent": Decimal("2.75"),
        "per_year": 4, "day_count": "actual/365",
    }  # fmt: skip
    return services.agree(story.case, user=story.officer, **{**first, **changes})


def running(operator: Operator, officer: User, on: dt.date | None = None) -> tuple[Story, Loan]:
    """Paid out."""
    story = granted(operator, officer)
    loan = agreed(story, on)
    contents.add_party(story.case, "mentor", user=officer, party_user=story.group[1])
    story.go("pay_out")
    return story, Loan.objects.get(pk=loan.pk)
