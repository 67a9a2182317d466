# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The public site: what everybody may see, and nothing else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from brobygger.accounts.models import Role
from brobygger.base import search
from brobygger.market.models import Listing
from tests import factories


@pytest.fixture
def shown(operator):
    organisation = factories.OrganisationFactory(
        operator=operator, name="Prøve Bryggeri ApS", street="Hemmelig Vej 7", email="direkte@example.invalid"
    )
    contact = factories.PersonFactory(operator=operator, name="Kontakt Hemmeligsen", phone="99999999")
    return factories.ListingFactory(organisation=organisation, contact=contact)


def test_the_front_says_what_it_is_for_this_municipality_and_shows_the_newest(client, shown):
    page = client.get("/").content.decode()
    assert "Virksomheder i Lejre har" in page
    assert shown.title in page
    assert "Virksomhedsguiden" in page


def test_everybody_can_search_and_open_an_open_listing(client, shown):
    search.reindex("listing")
    assert shown.title in client.get(reverse("portal:browse") + "?q=mask").content.decode()
    page = client.get(reverse("portal:open_listing", args=[shown.pk])).content.decode()
    assert "Prøve Bryggeri ApS" in page
    assert "4320 Lejre" in page
    assert f"mailto:{shown.operator.email}" in page
    assert f"/konto/login/?next={shown.get_absolute_url()}" in page


def test_contact_person_and_exact_address_are_not_public(client, shown):
    for url in ("/", reverse("portal:browse"), reverse("portal:open_listing", args=[shown.pk])):
        page = client.get(url).content.decode()
        for hidden in (
            "Hemmeligsen",
            "99999999",
            "Hemmelig Vej",
            "direkte@example.invalid",
            str(shown.latitude) + ",",
        ):
            assert hidden not in page, (url, hidden)


@pytest.mark.parametrize(
    "changes",
    [{"visibility": "members"}, {"visibility": "broker"}, {"status": "paused"}, {"status": "withdrawn"}],
)
def test_what_is_not_open_and_current_is_not_public(client, shown, changes):
    Listing.objects.filter(pk=shown.pk).update(**changes)
    search.reindex("listing")
    assert client.get(reverse("portal:open_listing", args=[shown.pk])).status_code == 404
    for url in ("/", reverse("portal:browse"), reverse("portal:browse") + "?q=mask"):
        assert shown.title not in client.get(url).content.decode()


def test_an_office_with_its_public_site_off_shows_nothing_to_strangers(client, shown, operator):
    operator.portal_open = False
    operator.save()
    assert client.get("/").headers["Location"] == reverse("account_login")
    assert client.get(reverse("portal:browse")).status_code == 404
    assert client.get(reverse("portal:open_listing", args=[shown.pk])).status_code == 404
    factories.OperatorFactory(name="Et åbent kontor")
    assert shown.title not in client.get("/").content.decode()
    assert shown.title not in client.get(reverse("portal:browse")).content.decode()
    assert client.get(reverse("portal:open_listing", args=[shown.pk])).status_code == 404
    assert not Listing.objects.visible_to(client.get("/").wsgi_request.user).exists()


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (Role.CONSULTANT, "market:today"), (Role.HEAD, "market:today"), (Role.FIRM, "portal:own"),
        (Role.PARTNER, "portal:own"), (Role.ADMIN, "accounts:office"),
    ],
)  # fmt: skip
def test_signed_in_people_are_sent_to_the_page_of_their_role(sign_in, operator, role, name):
    assert sign_in(factories.user_as(role, operator)).get("/").headers["Location"] == reverse(name)


@pytest.mark.parametrize("name", ["portal:accessibility", "portal:privacy"])
def test_accessibility_and_privacy_name_the_office_to_write_to(client, operator, name):
    assert f"mailto:{operator.email}" in client.get(reverse(name)).content.decode()


def test_privacy_tells_of_talks_bookings_consents_cases_and_referrals_too(client, operator):
    page = client.get(reverse("portal:privacy")).content.decode()
    told = ("noter om samtaler, sager og match", "Samtaler, du har booket", "henvist til en rådgiver")
    assert [words for words in told if words not in page] == []


def test_an_empty_public_site_says_so(client, operator):
    assert "ikke noget åbent endnu" in client.get("/").content.decode()
    assert "ikke noget åbent, der passer" in client.get(reverse("portal:browse")).content.decode()
