# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm's own page: its listings, and what waits for it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brobygger.accounts.models import Role
from brobygger.market.models import Match
from tests import factories

OWN = reverse("portal:own")


@pytest.fixture
def organisation(operator):
    return factories.OrganisationFactory(operator=operator, name="Prøve Bryggeri ApS")


@pytest.fixture
def firm(sign_in, organisation):
    return sign_in(factories.firm_user(organisation))


def need_of(operator, **fields: object):
    organisation = factories.OrganisationFactory(operator=operator, name="Prøvegården I/S")
    return factories.ListingFactory(organisation=organisation, side="need", text="Foder søges", **fields)


def test_a_firm_sees_its_own_listings_with_state_also_the_confidential_ones(firm, organisation):
    factories.ListingFactory(
        organisation=organisation, text="Fortroligt salg", visibility="broker", status="paused"
    )
    page = firm.get(OWN).content.decode()
    assert "Fortroligt salg" in page
    assert "På pause" in page


def test_suggestions_and_counts_are_only_of_what_the_firm_may_see(firm, organisation, operator):
    have = factories.ListingFactory(organisation=organisation, operator=operator)
    factories.SuggestionFactory(have=have, need=need_of(operator), reason="Mask er foder.")
    factories.SuggestionFactory(
        have=have, need=need_of(operator, visibility="broker"), reason="Hemmelig aftager."
    )
    answer = firm.get(OWN)
    page = answer.content.decode()
    assert "Mask er foder." in page
    assert "Hemmelig aftager." not in page
    assert answer.context["page"].organisations[0].listings[0].suggestions == 1


def test_matches_wait_once_introduced_and_deliveries_can_be_reported_while_they_run(
    firm, organisation, operator
):
    have = factories.ListingFactory(organisation=organisation, operator=operator)
    taker = factories.OrganisationFactory(operator=operator, name="Modtageren ApS")
    factories.MatchFactory(have=have, taker=taker, stage=Match.Stage.CHOSEN)
    introduced = factories.MatchFactory(have=have, taker=taker, stage=Match.Stage.INTRODUCED)
    running = factories.MatchFactory(have=have, taker=taker, stage=Match.Stage.RUNNING)
    answer = firm.get(OWN)
    assert answer.context["page"].introduced == [introduced]
    assert answer.context["page"].running == [running]
    assert reverse("market:report_delivery", args=[running.pk]) in answer.content.decode()


def test_a_person_without_an_organisation_is_told_whom_to_write_to(sign_in, operator):
    page = sign_in(factories.user_as(Role.PARTNER, operator)).get(OWN).content.decode()
    assert f"mailto:{operator.email}" in page


def test_the_page_is_for_firms_and_partners(as_consultant):
    assert as_consultant.get(OWN).status_code == 403


def test_the_number_of_queries_does_not_grow(firm, organisation, operator):
    def queries() -> int:
        firm.get(OWN)
        with CaptureQueriesContext(connection) as seen:
            firm.get(OWN)
        return len(seen)

    def fill(number: int) -> None:
        for _ in range(number):
            have = factories.ListingFactory(organisation=organisation, operator=operator)
            factories.SuggestionFactory(have=have, need=need_of(operator))
            factories.MatchFactory(have=have, stage=Match.Stage.INTRODUCED)

    fill(2)
    few = queries()
    fill(5)
    assert queries() == few
