# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Suggestions by API: for the office only, page by page, with nothing unknown told as zero."""

from __future__ import annotations

import pytest

from brobygger.market.models import Suggestion
from brobygger.market.services import matching
from tests.factories import ListingFactory, OrganisationFactory, SuggestionFactory, firm_user, user_as

PATH = "/api/v1/forslag"


@pytest.fixture
def pair(operator):
    grain = ListingFactory(organisation=OrganisationFactory(operator=operator), resource_type="spent_grain")
    ListingFactory(
        organisation=OrganisationFactory(operator=operator),
        side="need",
        resource_type="cattle_feed",
        quantity=None,
    )
    matching.refresh_listing(grain)
    return Suggestion.objects.get(kind="pair")


def test_the_office_reads_its_suggestions_with_parts_and_reason(as_consultant, pair):
    SuggestionFactory()
    answer = as_consultant.get(PATH).json()
    assert [row["id"] for row in answer["items"]] == [str(pair.pk)]
    row = answer["items"][0]
    assert row["parts"]["quantity"] is None
    assert row["reason"] == pair.reason
    assert row["giver"] == pair.have.organisation.name
    assert row["taker"] == pair.need.organisation.name
    assert as_consultant.get(f"{PATH}/{pair.pk}").json()["id"] == str(pair.pk)


def test_page_by_page(as_consultant, operator):
    for _ in range(5):
        SuggestionFactory(operator=operator, have__organisation__operator=operator)
    first = as_consultant.get(PATH, {"limit": 3}).json()
    assert (len(first["items"]), first["next_offset"]) == (3, 3)
    rest = as_consultant.get(PATH, {"limit": 3, "offset": 3}).json()
    assert (len(rest["items"]), rest["next_offset"]) == (2, None)


def test_nonsense_is_refused_with_422(as_consultant, pair):
    for query in ({"state": "x"}, {"limit": 10**9}, {"offset": -1}, {"least_score": "nan?"}, {"order": "'"}):
        assert as_consultant.get(PATH, query).status_code == 422


@pytest.mark.parametrize("role", ["firm", "partner", "admin"])
def test_others_get_nothing(sign_in, operator, pair, role):
    browser = sign_in(user_as(role, operator))
    assert browser.get(PATH).json()["items"] == []
    assert browser.get(f"{PATH}/{pair.pk}").status_code == 404


def test_not_even_the_firm_whose_suggestion_it_is(sign_in, pair):
    browser = sign_in(firm_user(pair.have.organisation))
    assert browser.get(PATH).json()["items"] == []
    assert browser.get(f"{PATH}/{pair.pk}").status_code == 404


def test_nobody_signed_in_gets_401(client, pair):
    assert client.get(PATH).status_code == 401
