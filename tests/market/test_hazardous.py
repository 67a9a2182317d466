# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Hazardous waste: the permit is asked for at each step of a match, not only when it is suggested."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.market.models import Delivery, Introduction, Match, Suggestion
from brobygger.market.services import agreements, deliveries
from brobygger.market.services.letters import GIVER, TAKER, introduce
from brobygger.market.services.matches import choose
from brobygger.market.services.matching import refresh_listing
from brobygger.market.services.matching.permits import NeedsPermit
from brobygger.register import services as register
from brobygger.register.models import Organisation, Permit
from tests.factories import ListingFactory, OrganisationFactory, SuggestionFactory
from tests.market.line import Line, make_line, report, terms

Stage = Match.Stage


@pytest.fixture
def line(operator: Operator, consultant: User) -> Line:
    """What the giver has turned out to be hazardous after the two were chosen."""
    made = make_line(operator, consultant)
    have = made.match.have
    have.hazardous, have.waste_code = True, "130205"
    have.save()
    made.match = made.fresh()
    return made


def permit(taker: Organisation, **fields: object) -> Permit:
    return register.add_permit(taker, {"kind": Permit.Kind.HAZARDOUS_WASTE, "waste_codes": "130205"} | fields)


def introduced(line: Line) -> object:
    match = line.fresh()
    return introduce(
        match,
        subject="Hej",
        body="Hej",
        sides=[GIVER, TAKER],
        user=line.consultant,
        version=match.version,
    )


def test_nobody_chooses_a_receiver_whose_permit_is_gone(operator: Operator, consultant: User) -> None:
    suggestion = SuggestionFactory(
        have=ListingFactory(organisation__operator=operator, hazardous=True, waste_code="130205"),
        need=ListingFactory(organisation__operator=operator, side="need"),
    )
    with pytest.raises(NeedsPermit, match="ingen tilladelse, der dækker affaldskode 130205"):
        choose(suggestion, consultant)
    suggestion.refresh_from_db()
    assert suggestion.state == Suggestion.State.NEW
    permit(suggestion.need.organisation)
    assert choose(suggestion, consultant).stage == Stage.CHOSEN


def test_the_page_says_what_is_missing(as_consultant: Client, operator: Operator) -> None:
    suggestion = SuggestionFactory(
        have=ListingFactory(organisation__operator=operator, hazardous=True),
        need=ListingFactory(organisation__operator=operator, side="need"),
    )
    told = as_consultant.post(f"/forslag/{suggestion.pk}/vaelg/", follow=True).content.decode()
    assert "er farligt affald uden affaldskode" in told
    assert not Match.objects.exists()


def test_no_letter_brings_hazardous_waste_to_one_without_a_permit(line: Line) -> None:
    with pytest.raises(NeedsPermit):
        introduced(line)
    assert not Introduction.objects.exists()
    permit(line.match.taker)
    introduced(line)
    assert line.fresh().stage == Stage.INTRODUCED


def test_nothing_is_agreed_without_a_permit(line: Line) -> None:
    line.at_stage(Stage.DIALOGUE)
    with pytest.raises(NeedsPermit):
        agreements.record_agreement(line.match, terms(), line.consultant, line.match.version)
    permit(line.match.taker)
    match = line.fresh()
    agreements.record_agreement(match, terms(), line.consultant, match.version)


def test_a_delivery_needs_the_permit_that_held_on_its_day(line: Line) -> None:
    today = timezone.localdate()
    agreement = line.agreed()
    permit(line.match.taker, valid_until=today - timedelta(days=7))
    with pytest.raises(NeedsPermit):
        deliveries.report_delivery(agreement, report(), line.brewer())
    deliveries.report_delivery(agreement, report(on=today - timedelta(days=7)), line.brewer())
    assert Delivery.objects.count() == 1


def test_suggestions_follow_a_permit(operator: Operator, django_capture_on_commit_callbacks) -> None:
    oil = ListingFactory(
        organisation__operator=operator, resource_type="spent_grain", hazardous=True, waste_code="130205"
    )
    farm = OrganisationFactory(operator=operator)
    ListingFactory(organisation=farm, side="need", resource_type="spent_grain")
    refresh_listing(oil)
    assert not Suggestion.objects.filter(kind="pair").exists()
    with django_capture_on_commit_callbacks(execute=True):
        held = permit(farm)
    assert Suggestion.objects.get(kind="pair").state == Suggestion.State.NEW
    with django_capture_on_commit_callbacks(execute=True):
        register.edit_permit(held, {"waste_codes": "080111"}, expected=held.version)
    assert Suggestion.objects.get(kind="pair").state == Suggestion.State.STALE
    with django_capture_on_commit_callbacks(execute=True):
        held = permit(farm)
    assert Suggestion.objects.get(kind="pair").state == Suggestion.State.NEW
    with django_capture_on_commit_callbacks(execute=True):
        register.remove_permit(held)
    assert Suggestion.objects.get(kind="pair").state == Suggestion.State.STALE
