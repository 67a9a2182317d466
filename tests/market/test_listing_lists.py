# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The list: filters, search, order, distance, pages, workbook, API, an organisation's page."""

from __future__ import annotations

import io
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Role
from brobygger.base import search
from brobygger.market.models import Listing
from brobygger.market.queries.listings import listings_of
from brobygger.register.models.people import Affiliation
from brobygger.register.places import find_place
from tests import factories

LIST = reverse("market:listings")


@pytest.fixture
def make(operator):
    def listing(text: str, **fields: object):
        fields.setdefault("organisation", factories.OrganisationFactory(operator=operator))
        return factories.ListingFactory(text=text, **fields)

    return listing


def titles(answer) -> list[str]:
    return [listing.text for listing in answer.context["page"].object_list]


def test_the_newest_comes_first_and_other_orders_can_be_chosen(as_consultant, make):
    make("Ældst")
    make("Nyest")
    assert titles(as_consultant.get(LIST)) == ["Nyest", "Ældst"]
    assert titles(as_consultant.get(f"{LIST}?orden=aeldste")) == ["Ældst", "Nyest"]


@pytest.mark.parametrize("role", Role.values)
def test_the_list_shows_exactly_what_the_rule_of_visibility_allows(operator, make, role):
    user = factories.user_as(role, operator)
    for visibility, status in itertools.product(Listing.Visibility.values, Listing.Status.values):
        make(f"{visibility} {status}", visibility=visibility, status=status)
        factories.ListingFactory(text=f"Naboens {visibility} {status}", visibility=visibility, status=status)
    own = make("egen", visibility="broker", status="paused").organisation
    person = factories.PersonFactory(operator=operator, user=user)
    Affiliation.objects.create(person=person, organisation=own, may_act=True)
    allowed = Listing.objects.visible_to(user)
    assert set(listings_of(user, operator)) == set(allowed.filter(operator=operator))
    assert set(listings_of(user, operator, others=True)) == set(allowed.exclude(operator=operator))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("retning=need", {"Foder søges"}),
        ("slags=premises", {"Køkken"}),
        ("gren=food_residue", {"Mask"}),
        ("kommune=0265", {"Roskilde"}),
        ("status=paused", {"Pause"}),
        ("synlig=members", {"Køkken"}),
        ("naer=4320&inden=5", {"Mask", "Foder søges", "Køkken"}),
        ("naer=Aarhus&inden=10", set()),
    ],
)
def test_filters_narrow_the_list(as_consultant, make, operator, query, found):
    make("Mask", resource_type="spent_grain")
    make("Foder søges", side="need", kind="material", resource_type="cattle_feed")
    make("Køkken", kind="premises", resource_type="production_kitchen", visibility="members")
    make("Pause", status="paused")
    away = factories.OrganisationFactory(operator=operator, municipality_code="0265", x=720000.0, y=6170000.0)
    make("Roskilde", organisation=away, resource_type="laptops")
    assert set(titles(as_consultant.get(f"{LIST}?{query}"))) == found


def test_the_nearest_comes_first_when_asked(as_consultant, make, operator):
    far = factories.OrganisationFactory(operator=operator, x=760000.0)
    make("Nær")
    make("Fjern", organisation=far)
    assert titles(as_consultant.get(f"{LIST}?naer=4320&orden=naermest")) == ["Nær", "Fjern"]


@pytest.mark.parametrize("per_page", [1, 2, 3, 4, 25])
def test_pages_of_the_nearest_follow_each_other_to_the_last(
    as_consultant, make, operator, settings, per_page
):
    """Some lie within a third of the distance, some beyond: no page loses or repeats any."""
    settings.PAGE_SIZE = per_page
    place = find_place("4320")
    names = [f"{metres} meter væk" for metres in (100, 900, 3000, 4000, 9000, 9900)]
    for name in reversed(names):
        x = place.x + float(name.split()[0])
        make(name, organisation=factories.OrganisationFactory(operator=operator, x=x, y=place.y))
    make(
        "For langt",
        organisation=factories.OrganisationFactory(operator=operator, x=place.x + 10_100.0, y=place.y),
    )
    asked = f"{LIST}?naer=4320&inden=10&orden=naermest"
    pages = -(-len(names) // per_page)
    found = [
        name for side in range(1, pages + 1) for name in titles(as_consultant.get(f"{asked}&side={side}"))
    ]
    assert found == names


def test_search_forgives_inflection_and_compounds_and_orders_by_what_fits(as_consultant, make):
    make("Vi har kartoffelskræller")
    make("Gamle vinduer")
    search.reindex("listing")
    assert titles(as_consultant.get(f"{LIST}?q=kartofler")) == ["Vi har kartoffelskræller"]
    assert titles(as_consultant.get(f"{LIST}?q=vindue")) == ["Gamle vinduer"]


def test_a_word_that_very_many_have_shows_the_newest_and_says_so(as_consultant, make, monkeypatch):
    monkeypatch.setattr("brobygger.base.search.finding.MOST_RANKED", 2)
    monkeypatch.setattr("brobygger.base.search.narrowed.MOST_MET", 2)
    for number in range(3):
        search.index("listing", [make(f"Mask nummer {number}")])
    answer = as_consultant.get(LIST, {"q": "mask"})
    assert titles(answer) == ["Mask nummer 2", "Mask nummer 1"]
    assert "Mindst 2" in answer.content.decode()
    everything = as_consultant.get(LIST, {"q": "mask", "orden": "aeldste"})
    assert titles(everything) == ["Mask nummer 0", "Mask nummer 1"]
    assert "Mindst 2" in everything.content.decode()


def test_a_firm_finds_its_own_confidential_one_however_many_have_the_word(
    sign_in, operator, make, monkeypatch
):
    monkeypatch.setattr("brobygger.base.search.finding.MOST_RANKED", 2)
    brewery = factories.OrganisationFactory(operator=operator)
    make("Mask i hemmelighed", organisation=brewery, visibility=Listing.Visibility.BROKER)
    for number in range(3):
        search.index("listing", [make(f"Mask nummer {number}")])
    answer = sign_in(factories.firm_user(brewery)).get(LIST, {"q": "mask"})
    assert sorted(titles(answer)) == [
        "Mask i hemmelighed",
        "Mask nummer 0",
        "Mask nummer 1",
        "Mask nummer 2",
    ]


def test_a_misspelt_word_is_mended_and_said(as_consultant, make):
    make("Gamle vinduer")
    search.reindex("listing")
    page = as_consultant.get(f"{LIST}?q=vinduør")
    assert titles(page) == ["Gamle vinduer"]
    assert "Vi søgte på »vinduer«" in page.content.decode()


def test_open_listings_of_other_offices_are_a_list_of_their_own(as_consultant, make):
    make("Vores")
    factories.ListingFactory(text="Naboens")
    factories.ListingFactory(text="Naboens egen", visibility="members")
    assert titles(as_consultant.get(LIST)) == ["Vores"]
    assert titles(as_consultant.get(f"{LIST}?kontor=andre")) == ["Naboens"]


def test_an_empty_list_says_what_to_do(as_consultant):
    assert "Begynd med én sætning" in as_consultant.get(LIST).content.decode()
    assert "Ryd søgning og filtre" in as_consultant.get(f"{LIST}?q=intet").content.decode()


def queries_of(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.FIRM])
@pytest.mark.parametrize(
    "url", [LIST, f"{LIST}?q=mask", reverse("market:export_listings"), "/api/v1/har-og-mangler"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(sign_in, operator, make, role, url):
    browser = sign_in(factories.user_as(role, operator))
    for number in range(3):
        make(f"Mask {number}")
    search.reindex("listing")
    few = queries_of(browser, url)
    for number in range(9):
        make(f"Mask {number}")
    search.reindex("listing")
    assert queries_of(browser, url) == few


def test_the_list_has_pages_and_the_map_shows_the_page(as_consultant, make, operator):
    organisation = factories.OrganisationFactory(operator=operator)
    for number in range(30):
        make(f"Nummer {number}", organisation=organisation)
    first, second = as_consultant.get(LIST), as_consultant.get(f"{LIST}?side=2")
    assert (len(titles(first)), len(titles(second))) == (25, 5)
    assert len(second.context["points"]["points"]) == 5


def test_the_workbook_has_the_filtered_rows_never_a_formula_and_is_noted_in_the_audit_trail(
    as_consultant, make
):
    make('=HYPERLINK("http://x")', quantity="2.5")
    make("Foder", side="need")
    answer = as_consultant.get(f"{reverse('market:export_listings')}?retning=have")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2))
    assert len(rows) == 1
    assert rows[0][3].data_type == "s"
    assert rows[0][3].value == '=HYPERLINK("http://x")'
    assert rows[0][4].value == 2.5
    entry = AuditEntry.objects.get(action="export")
    assert (entry.about, entry.detail) == ("Har og mangler", {"asked": "retning=have", "rows": 1})


def test_the_api_lists_in_pages_and_gives_one(as_consultant, make):
    for number in range(3):
        made = make(f"Nummer {number}")
    page = as_consultant.get("/api/v1/har-og-mangler?limit=2").json()
    assert [item["text"] for item in page["items"]] == ["Nummer 2", "Nummer 1"]
    assert page["next_offset"] == 2
    rest = as_consultant.get("/api/v1/har-og-mangler?limit=2&offset=2").json()
    assert (len(rest["items"]), rest["next_offset"]) == (1, None)
    one = as_consultant.get(f"/api/v1/har-og-mangler/{made.pk}").json()
    assert (one["resource_type"], one["organisation"]) == ("spent_grain", made.organisation.name)
    assert as_consultant.get("/api/v1/har-og-mangler?limit=100000").status_code == 422


def test_an_organisation_s_page_shows_what_it_has_and_needs(as_consultant, make):
    made = make("Vi har mask på fad")
    page = as_consultant.get(made.organisation.get_absolute_url()).content.decode()
    assert "Vi har mask på fad" in page
    assert f"virksomhed={made.organisation_id}" in page
