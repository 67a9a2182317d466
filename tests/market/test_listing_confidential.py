# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A confidential listing is matched without being shown: tried as somebody who wants to find out would try."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from brobygger.accounts.models import Role
from brobygger.market.services import listings as services
from tests import factories

SECRET = "Zebrastribet rotationstørrer sælges i stilhed"


@pytest.fixture
def secret(operator, consultant):
    return services.create_listing(
        organisation=factories.OrganisationFactory(operator=operator, name="Det Tavse Firma ApS"),
        by=consultant, side="have", kind="equipment", text=SECRET, visibility="broker",
    )  # fmt: skip


@pytest.fixture
def strangers(operator, sign_in, secret):
    """Everybody who must not learn of it."""
    return {
        "nobody": Client(),
        "another firm of the office": sign_in(
            factories.firm_user(factories.OrganisationFactory(operator=operator))
        ),
        "a partner of the office": sign_in(factories.user_as(Role.PARTNER, operator)),
        "the office's administrator": sign_in(factories.user_as(Role.ADMIN, operator)),
        "a neighbouring consultant": sign_in(factories.user_as(Role.CONSULTANT)),
        "a neighbouring head": sign_in(factories.user_as(Role.HEAD)),
    }


PAGES = (
    "/", "/aabne/", "/aabne/?q=zebrastribet", "/har-og-mangler/", "/har-og-mangler/?q=zebrastribet",
    "/har-og-mangler/?q=zebrastribe", "/har-og-mangler/?status=alle", "/har-og-mangler/?synlig=broker&status=alle",
    "/har-og-mangler/?kontor=andre", "/har-og-mangler/?kontor=andre&q=rotationstørrer", "/min-side/",
    "/har-og-mangler/?q=tavse", "/api/v1/har-og-mangler", "/api/v1/har-og-mangler?visibility=broker&status=alle",
    "/api/v1/har-og-mangler?others=true&q=zebrastribet",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_it_is_in_no_page_for_a_stranger(strangers, address):
    for who, browser in strangers.items():
        body = browser.get(address, follow=True).content.decode()
        assert "Zebrastribet rotationstørrer" not in body, who
        assert "Tavse" not in body, who


def test_it_is_drawn_and_counted_for_no_stranger(strangers, secret):
    for who, browser in strangers.items():
        for page in (
            "/har-og-mangler/?status=alle",
            "/har-og-mangler/?synlig=broker",
            f"/har-og-mangler/?virksomhed={secret.organisation_id}",
        ):
            answer = browser.get(page)
            if answer.status_code == 200:
                assert answer.context["page"].paginator.count == 0, who
                assert answer.context["points"] == {"points": []}, who


def test_every_address_of_it_is_not_found_for_a_stranger_as_if_it_did_not_exist(strangers, secret):
    names = (
        "listing", "change_listing", "pause_listing", "resume_listing", "fulfil_listing", "withdraw_listing",
        "agree_to_be_shown", "show_interest",
    )  # fmt: skip
    for who, browser in strangers.items():
        expected = {302} if who == "nobody" else {404}
        for name in names:
            url = reverse(f"market:{name}", args=[secret.pk])
            assert browser.post(url, {"message": "Hej"}).status_code in expected, (who, name)
        assert browser.get(reverse("market:listing", args=[secret.pk])).status_code in expected, who
        assert browser.get(reverse("portal:open_listing", args=[secret.pk])).status_code == 404, who
        assert browser.get(f"/api/v1/har-og-mangler/{secret.pk}").status_code in {401, 404}, who


def test_it_is_in_no_workbook_of_a_stranger(strangers):
    for who, browser in strangers.items():
        answer = browser.get(reverse("market:export_listings") + "?status=alle&synlig=broker")
        if who == "nobody":
            assert answer.status_code == 302
        else:
            sheet = load_workbook(io.BytesIO(answer.content)).active
            assert sheet.max_row == 1, who


def test_a_misspelt_word_is_not_mended_into_one_of_its_words(strangers):
    for who, browser in strangers.items():
        body = browser.get("/har-og-mangler/?q=zebrastribett", follow=True).content.decode()
        assert "Vi søgte på" not in body, who


def test_office_and_owner_see_find_and_export_it(as_consultant, as_head, sign_in, secret):
    owner = sign_in(factories.firm_user(secret.organisation))
    for browser in (as_consultant, as_head, owner):
        assert SECRET in browser.get("/har-og-mangler/").content.decode()
        assert SECRET in browser.get("/har-og-mangler/?q=zebrastribet").content.decode()
        assert browser.get(secret.get_absolute_url()).status_code == 200
        sheet = load_workbook(io.BytesIO(browser.get(reverse("market:export_listings")).content)).active
        assert sheet["D2"].value == SECRET
        assert browser.get("/api/v1/har-og-mangler").json()["items"][0]["text"] == SECRET


def test_when_an_open_listing_becomes_confidential_it_leaves_the_shared_search_at_once(
    sign_in, operator, consultant
):
    found = services.create_listing(
        organisation=factories.OrganisationFactory(operator=operator),
        by=consultant,
        side="have",
        kind="equipment",
        text=SECRET,
    )
    browser = sign_in(factories.user_as(Role.FIRM, operator))
    assert SECRET in browser.get("/har-og-mangler/?q=zebrastribet").content.decode()
    services.change_listing(found, by=consultant, expected_version=found.version, visibility="broker")
    assert SECRET not in browser.get("/har-og-mangler/?q=zebrastribet").content.decode()


def test_a_listing_for_members_is_for_the_office_s_own_people_only(strangers, operator, consultant):
    found = services.create_listing(
        organisation=factories.OrganisationFactory(operator=operator), by=consultant, side="have", kind="equipment",
        text="Kun for medlemmer", visibility="members",
    )  # fmt: skip
    seen = {
        who for who, browser in strangers.items() if browser.get(found.get_absolute_url()).status_code == 200
    }
    assert seen == {"another firm of the office", "a partner of the office", "the office's administrator"}
