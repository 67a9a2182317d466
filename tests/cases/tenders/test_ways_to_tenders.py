# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A firm finds what it can bid on where it looks: in its menu, on its own page, and on the public front."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from brobygger.accounts.models import Role
from tests.cases.tenders import made
from tests.factories import OperatorFactory, OrganisationFactory, firm_user, user_as

OWN, FRONT, ALL = "portal:own", "portal:front", "tenders:tenders"


def page(client: Client, name: str) -> str:
    answer = client.get(reverse(name), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_menu_leads_there_for_firms_and_for_nobody_else(operator, sign_in, as_consultant) -> None:
    firm = sign_in(firm_user(OrganisationFactory(operator=operator)))
    assert f'href="{reverse(ALL)}"' in page(firm, OWN)
    assert f'href="{reverse(ALL)}" aria-current="page"' in page(firm, ALL)
    for other in (sign_in(user_as(Role.PARTNER, operator)), as_consultant):
        assert f'href="{reverse(ALL)}"' not in page(other, FRONT)


def test_the_own_page_shows_what_can_be_bid_on_and_what_was(operator, consultant, sign_in) -> None:
    story = made.published(operator, consultant)
    bidder = sign_in(story.bidder)
    shown = page(bidder, OWN)
    assert "Opgaver, I kan byde på" in shown
    assert story.tender.get_absolute_url() in shown
    assert "I har budt" not in shown
    story.bid()
    assert "I har budt" in page(bidder, OWN)
    assert "I har budt" not in page(sign_in(firm_user(OrganisationFactory(operator=operator))), OWN)
    assert "Opgaver, I kan byde på" not in page(sign_in(user_as(Role.PARTNER, operator)), OWN)
    story.pass_deadline()
    assert "Opgaver, I kan byde på" not in page(bidder, OWN)


def test_what_members_see_first_stands_on_no_strangers_page(operator, consultant, sign_in) -> None:
    story = made.published(operator, consultant, members_days=5, value=1, threshold=2)
    stranger = sign_in(firm_user(OrganisationFactory(operator=OperatorFactory())))
    assert story.tender.get_absolute_url() in page(sign_in(story.bidder), OWN)
    assert story.tender.get_absolute_url() not in page(stranger, OWN)
    assert reverse(ALL) not in page(Client(), FRONT)


def test_the_public_front_leads_there_while_there_is_any(operator, consultant) -> None:
    assert reverse(ALL) not in page(Client(), FRONT)
    made.published(operator, consultant)
    assert reverse(ALL) in page(Client(), FRONT)


def test_a_visitor_is_led_through_sign_in_to_the_task_and_whoever_asks_sends_a_question(
    operator, consultant, client, sign_in
) -> None:
    story = made.published(operator, consultant)
    address = story.tender.get_absolute_url()
    assert f'href="/konto/login/?next={address}"' in client.get(address).content.decode()
    ask = reverse("tenders:ask", args=[story.tender.token])
    assert "Send spørgsmålet</button>" in sign_in(story.bidder).get(ask).content.decode()
