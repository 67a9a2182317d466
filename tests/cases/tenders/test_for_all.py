# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What the market reads: members first below the threshold, and every answer to all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brobygger.accounts.models import Role
from brobygger.cases.errors import NotYours
from brobygger.cases.tenders import services
from brobygger.cases.tenders.errors import BadDeadline, MembersFirstNotAllowed, NotOpenForBids
from brobygger.cases.tenders.models import Question, Tender
from tests.cases.tenders import made
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

BELOW = {"value": 100_000, "threshold": 300_000}


def text_of(answer):
    return answer.content.decode()


def listed(browser):
    return "Mad i børnehaver" in text_of(browser.get(reverse("tenders:tenders")))


def test_members_see_it_first_and_then_everybody(operator, consultant, sign_in):
    story = made.published(operator, consultant, members_days=5, **BELOW)
    elsewhere = firm_user(OrganisationFactory(operator=OperatorFactory()))
    address = reverse("tenders:tender", args=[story.tender.token])
    member, outsider = sign_in(story.bidder), sign_in(elsewhere)
    assert listed(member)
    for browser in (outsider, Client()):
        assert not listed(browser)
        assert browser.get(address).status_code == 404
    with pytest.raises(NotOpenForBids):
        story.bid(user=elsewhere, organisation=OrganisationFactory())
    Tender.objects.filter(case=story.case).update(members_until=timezone.now() - timedelta(seconds=1))
    for browser in (outsider, Client()):
        assert listed(browser)
        assert "Mindre madspild" in text_of(browser.get(address))


@pytest.mark.parametrize("values", [{}, {"value": 300_000, "threshold": 300_000}, {"value": 1}])
def test_only_below_the_threshold_are_members_first(operator, consultant, values):
    story = made.drafted(operator, consultant, **values)
    with pytest.raises(MembersFirstNotAllowed):
        services.set_up(
            story.case, deadline=timezone.now() + made.IN_TWO_WEEKS, members_days=3, user=consultant
        )


def test_a_value_that_is_raised_afterwards_stops_the_publishing(operator, consultant):
    story = made.drafted(operator, consultant, **BELOW)
    services.set_up(story.case, deadline=timezone.now() + made.IN_TWO_WEEKS, members_days=3, user=consultant)
    made.fill(story, value=900_000)
    with pytest.raises(MembersFirstNotAllowed):
        story.go("publish")
    assert story.fresh().stage == "draft"


def test_the_deadline_lies_after_the_members_days(operator, consultant):
    story = made.drafted(operator, consultant, **BELOW)
    services.set_up(story.case, deadline=timezone.now() + timedelta(days=3), members_days=5, user=consultant)
    with pytest.raises(BadDeadline):
        story.go("publish")


def test_an_unpublished_one_and_the_offices_figures_are_nobodys(operator, consultant, sign_in):
    story = made.drafted(operator, consultant, **BELOW)
    services.set_up(story.case, deadline=timezone.now() + made.IN_TWO_WEEKS, members_days=0, user=consultant)
    address = reverse("tenders:tender", args=[story.tender.token])
    for browser in (sign_in(story.bidder), Client()):
        assert browser.get(address).status_code == 404
    story.go("publish")
    page = text_of(Client().get(address))
    assert "100.000" not in page
    assert "300.000" not in page


def test_a_question_is_answered_to_all_without_who_asked(operator, consultant, as_consultant, sign_in):
    story = made.published(operator, consultant)
    address = reverse("tenders:tender", args=[story.tender.token])
    sign_in(story.bidder).post(
        reverse("tenders:ask", args=[story.tender.token]),
        {"organisation": story.firm.pk, "text": "Hvor mange børn?"},
    )
    assert "Hvor mange børn?" not in text_of(Client().get(address))
    assert "Hvor mange børn?" in text_of(sign_in(story.bidder).get(address))
    question = Question.objects.get()
    as_consultant.post(
        reverse("tenders:answer", args=[story.case.pk, question.pk]), {"answer": "Tolv hundrede."}
    )
    page = text_of(Client().get(address))
    assert "Hvor mange børn?" in page
    assert "Tolv hundrede." in page
    assert "Tangkokken" not in page


def test_a_meeting_with_the_market_is_told_to_all(operator, consultant, as_consultant):
    story = made.published(operator, consultant)
    typed = {"at": "2027-01-15T10:00", "place": "Rådhuset", "told": "Vi talte om frugt."}
    as_consultant.post(reverse("tenders:meeting", args=[story.case.pk]), typed)
    page = text_of(Client().get(reverse("tenders:tender", args=[story.tender.token])))
    assert "Rådhuset" in page
    assert "Vi talte om frugt." in page


def test_the_office_sets_the_deadline_on_the_page(operator, consultant, as_consultant):
    story = made.drafted(operator, consultant)
    address = reverse("tenders:set_up", args=[story.case.pk])
    assert "i fremtiden" in text_of(
        as_consultant.post(address, {"deadline": "2020-01-01T12:00", "members_days": "0"})
    )
    as_consultant.post(address, {"deadline": "2099-01-01T12:00", "members_days": "0"})
    assert timezone.localtime(story.tender.deadline).hour == 12


def test_other_offices_and_partners_manage_nothing(operator, consultant, sign_in):
    story = made.published(operator, consultant)
    stranger = sign_in(user_as(Role.CONSULTANT))
    partner = sign_in(user_as(Role.PARTNER, operator))
    for name in ("manage", "set_up", "extend", "meeting", "choose"):
        address = reverse(f"tenders:{name}", args=[story.case.pk])
        assert stranger.get(address).status_code == 404
        assert partner.get(address).status_code == 403
    with pytest.raises(NotYours):
        services.extend(
            story.tender, deadline=timezone.now() + timedelta(days=90), reason="x", user=story.bidder
        )
