# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm in the barrier programme."""

from __future__ import annotations

from typing import Any

from brobygger.accounts.models import Operator, User
from brobygger.blueprints import services as blueprints
from brobygger.cases.barriers.models import PotentialCustomer
from brobygger.cases.models import Case
from brobygger.cases.services import contents, opening
from brobygger.cases.services.moving import move
from brobygger.dialogue.services import assessments
from brobygger.dialogue.services.assessments import Answers
from brobygger.market.models import Listing
from brobygger.register.models import Organisation
from tests.cases.made import day, fresh
from tests.factories import ListingFactory, OrganisationFactory, SuggestionFactory

ANSWERS = {"certification": 4, "language": 3}


def entered(operator: Operator, firm: Organisation | None = None, **values: Any) -> Case:
    """Open, with what the firm can deliver."""
    blueprints.adopt_shipped(operator, "case_type", "barrier_programme", user=None)
    firm = firm or OrganisationFactory(operator=operator, email="lille@example.invalid")
    wanted = {"sells": "Certificeret svejsning", **values}
    return opening.open_case(
        operator, "barrier_programme", title="Ind i offshore", user=None, organisation=firm, values=wanted
    )


def analysed(case: Case, user: User) -> Any:
    """The dialogue's own analysis of the firm."""
    tool = blueprints.adopt_shipped(case.operator, "instrument", "barriereanalyse", user=None)
    assert case.organisation
    return assessments.assess(case.organisation, tool, Answers(on=day(), scores=ANSWERS), user=user)


def needing(case: Case, *, score: float = 0.8, **need: Any) -> Organisation:
    """Somebody who lacks what the firm has. Returns the organisation."""
    have = ListingFactory(organisation=case.organisation)
    other = need.pop("organisation", None) or OrganisationFactory(operator=case.operator)
    wanted = ListingFactory(organisation=other, side=Listing.Side.NEED, text="Vi søger svejsning", **need)
    SuggestionFactory(have=have, need=wanted, score=score, reason="De søger svejsning, og I svejser.")
    return other


def listed(case: Case, *, number: int = 5, **values: Any) -> list[PotentialCustomer]:
    """So many on the list, put there by the office."""
    from brobygger.cases.barriers import services

    firms = OrganisationFactory.create_batch(number, operator=case.operator)
    return [services.add(case, firm, reason="Kender dem", user=None) for firm in firms]


def handed_over(case: Case, officer: User) -> Case:
    """In contact with the customers: the firm sees its list."""
    analysed(case, officer)
    move(fresh(case), "analysed", user=officer, expected=fresh(case).version)
    contents.tick(fresh(case), ["corrected"], user=officer, expected=fresh(case).version)
    return move(fresh(case), "share", user=officer, expected=fresh(case).version)
