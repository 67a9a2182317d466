# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Links, hidden fields and ids name the millionth record by its plain number; figures keep their dots."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from brobygger.accounts.models import Invitation, Role
from brobygger.market.models import Listing, Match
from brobygger.plan.models import Goal, Initiative, Plan, Track
from brobygger.register.models import Affiliation, Permit, Tag
from tests import factories

FIRST = 1_234_501
"""Every record made here has a number from this one on, so `1.234.5` anywhere is a number that was dotted."""


@pytest.fixture
def office(operator, head):
    """One of everything, each with an id beyond a million. Gives the firm's user and the pages to look at."""
    made = factories.OrganisationFactory(pk=FIRST, operator=operator, employees=12_500)
    made.tags.add(Tag.objects.create(pk=FIRST + 1, operator=operator, name="stor"))
    place = factories.EstablishmentFactory(pk=FIRST + 2, organisation=made)
    permit = Permit.objects.create(pk=FIRST + 3, organisation=made, kind=Permit.Kind.FEED)
    person = factories.PersonFactory(pk=FIRST + 4, operator=operator)
    affiliation = Affiliation.objects.create(pk=FIRST + 5, person=person, organisation=made)
    user = factories.firm_user(made)
    have = factories.ListingFactory(organisation=made, establishment=place, quantity=Decimal("1234.5"))
    suggestion = factories.SuggestionFactory(have=have)
    match = factories.MatchFactory(have=have, stage=Match.Stage.RUNNING)
    agreement = factories.AgreementFactory(match=match, agreed_on=date(2026, 3, 1))
    delivery = factories.DeliveryFactory(agreement=agreement)
    plan = Plan.objects.create(pk=FIRST + 11, operator=operator, name="Plan", year_from=2026, year_to=2029)
    track = Track.objects.create(pk=FIRST + 12, plan=plan, number=1, name="Spor")
    initiative = Initiative.objects.create(pk=FIRST + 13, track=track, number=1, name="Indsats")
    goal = Goal.objects.create(
        pk=FIRST + 14, initiative=initiative, name="Mål", indicator="market.tonnes", target=Decimal(25_000),
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    Invitation.objects.create(
        pk=FIRST + 15, operator=operator, email="ny@example.invalid", name="Ny", role=Role.FIRM
    )
    pages = [
        made.get_absolute_url(), have.get_absolute_url(), suggestion.get_absolute_url(), match.get_absolute_url(),
        reverse("portal:own"), reverse("market:today"), reverse("plan:plan"), reverse("accounts:office"),
        reverse("register:organisations"), reverse("market:listings"), reverse("market:suggestions"),
        reverse("market:matches"), reverse("plan:goal", args=[goal.pk]), reverse("plan:change_goal", args=[goal.pk]),
        reverse("register:edit", args=[made.pk]), reverse("register:edit_place", args=[made.pk, place.pk]),
        reverse("register:edit_permit", args=[made.pk, permit.pk]),
        reverse("register:edit_person", args=[made.pk, affiliation.pk]),
        reverse("market:change_listing", args=[have.pk]), reverse("market:report_delivery", args=[match.pk]),
        reverse("market:change_agreement", args=[agreement.pk]),
        reverse("market:correct_delivery", args=[delivery.pk]),
    ]  # fmt: skip
    return user, pages


def test_no_page_writes_a_record_s_number_with_dots(office, as_consultant, as_head, sign_in):
    user, pages = office
    opened = set()
    for browser in (as_consultant, as_head, sign_in(user)):
        for address in pages:
            answer = browser.get(address)
            if answer.status_code == 200:
                opened.add(address)
                assert "1.234.5" not in answer.content.decode(), address
    assert opened == set(pages), "a page that nobody could open proves nothing"


def test_figures_keep_their_dots(office, as_head):
    _user, pages = office
    assert "12.500" in as_head.get(pages[0]).content.decode()
    assert "25.000" in as_head.get(reverse("plan:plan")).content.decode()
    assert 'value="12.500"' in as_head.get(reverse("register:edit", args=[FIRST])).content.decode()
    listing = reverse("market:change_listing", args=[Listing.objects.get(quantity="1234.5").pk])
    assert 'value="1.234,5"' in as_head.get(listing).content.decode()
