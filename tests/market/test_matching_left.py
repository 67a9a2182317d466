# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What agreements take is no longer offered or sought, and what is organic is weighed and told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from brobygger.accounts.models import Operator, User
from brobygger.market.models import Listing, Match, Suggestion
from brobygger.market.services import agreements, matches, matching
from brobygger.market.services.matching.left import left_of
from tests.factories import ListingFactory, OrganisationFactory
from tests.market.line import Line, make_line, terms, today

WEEKLY = {"unit": "t", "period": "week"}


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    """Four tonnes of mash a week, and a farm that needs ten of feed."""
    return make_line(operator, consultant, have={"quantity": 4, **WEEKLY}, need={"quantity": 10, **WEEKLY})


def listing(operator: Operator, side: str, quantity: float, **fields: object) -> Listing:
    kind = {
        "resource_type": "spent_grain" if side == "have" else "cattle_feed",
        "quantity": Decimal(str(quantity)),
    }
    organisation = OrganisationFactory(operator=operator, x=690000.0, y=6170000.0)
    return ListingFactory(organisation=organisation, side=side, **WEEKLY | kind | fields)


def suggested(have: Listing, need: Listing) -> Suggestion | None:
    return Suggestion.objects.filter(have=have, need=need, state=Suggestion.State.NEW).first()


def test_of_a_need_that_is_covered_in_part_the_share_is_of_the_rest(line: Line) -> None:
    line.agreed(quantity=4, **WEEKLY)
    other = listing(line.operator, "have", 3)
    matching.refresh_listing(other)
    found = suggested(other, line.match.need)
    assert found is not None
    assert found.parts["quantity"] == 0.5
    assert "det dækker 50 % af resten af behovet" in found.reason
    assert found.tonnes_year == 156


def test_enough_is_enough_for_the_rest(line: Line) -> None:
    line.agreed(quantity=4, **WEEKLY)
    other = listing(line.operator, "have", 7)
    matching.refresh_all(line.operator)
    found = suggested(other, line.match.need)
    assert found is not None
    assert "der er nok til resten af behovet" in found.reason


def test_of_what_is_had_only_what_is_left_is_offered(line: Line) -> None:
    line.agreed(quantity=3, **WEEKLY)
    other = listing(line.operator, "need", 2)
    matching.refresh_listing(line.match.have)
    found = suggested(line.match.have, other)
    assert found is not None
    assert found.parts["quantity"] == 0.5
    assert "det, der er tilbage, dækker 50 % af behovet" in found.reason
    assert found.tonnes_year == 52


def test_what_is_agreed_in_another_unit_and_rhythm_is_reckoned_in_the_listings_own(line: Line) -> None:
    line.agreed(quantity=52000, unit="kg", period="year")
    left = left_of([line.match.have, line.match.need])
    assert left == {line.match.have_id: 3, line.match.need_id: 9}


@pytest.mark.parametrize(
    "fields", [{"quantity": None, "unit": ""}, {"quantity": 4, "unit": "palle"}, {"ends_on": today}]
)
def test_what_nobody_can_reckon_and_what_is_over_takes_nothing(line: Line, fields: dict) -> None:
    if "ends_on" in fields:
        fields = {"ends_on": today(1), "quantity": 4, **WEEKLY}
    line.agreed(**fields)
    assert left_of([line.match.have]) == {}


def test_where_all_is_agreed_nobody_else_is_proposed_and_the_page_says_why(
    line: Line, as_consultant, django_capture_on_commit_callbacks
) -> None:
    other = listing(line.operator, "need", 2)
    matching.refresh_listing(other)
    assert suggested(line.match.have, other)
    line.at_stage(Match.Stage.DIALOGUE)
    with django_capture_on_commit_callbacks(execute=True):
        agreements.record_agreement(
            line.match, terms(quantity=Decimal(4)), line.consultant, line.match.version
        )
    assert suggested(line.match.have, other) is None
    page = as_consultant.get(line.match.have.get_absolute_url()).content.decode()
    assert "Aftalerne dækker det hele, så der foreslås ikke flere" in page
    line.match.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        matches.fall_through(line.match, "price", "", line.consultant, line.match.version)
    assert suggested(line.match.have, other), "it is free again"


def test_the_page_says_how_much_is_not_agreed_yet_to_those_who_may_change_it(
    line: Line, as_consultant
) -> None:
    line.agreed(quantity=3, **WEEKLY)
    address = line.match.have.get_absolute_url()
    assert "Ikke aftalt endnu</dt><dd>1 ton om ugen" in as_consultant.get(address).content.decode()
    assert "Ikke aftalt endnu" not in Client().get(address).content.decode()


@pytest.mark.parametrize(
    ("words", "conditions", "told"),
    [
        ("Vi har mask", 0.5, "om det er økologisk, er ikke oplyst"),
        ("Vi har økologisk mask", 1.0, "det er økologisk, som ønsket"),
        ("Vi har mask, ikke økologisk", 0.0, "det er ikke økologisk, og det ønskes"),
    ],
)
def test_a_wish_for_organic_is_weighed_and_told(
    operator: Operator, words: str, conditions: float, told: str
) -> None:
    have = listing(operator, "have", 4, text=words)
    need = listing(operator, "need", 4, text="Vi søger foder, gerne økologisk")
    matching.refresh_listing(need)
    found = suggested(have, need)
    assert found is not None
    assert found.parts["conditions"] == conditions
    assert told in found.reason


def test_of_premises_organic_says_nothing(operator: Operator) -> None:
    place = {"kind": "land", "resource_type": "lawn"}
    have = listing(operator, "have", 4, text="Græsplæne", **place)
    need = listing(operator, "need", 4, text="Vi søger en græsplæne til en økologisk frugtlund", **place)
    matching.refresh_listing(need)
    found = suggested(have, need)
    assert found is not None
    assert "økologisk" not in found.reason
