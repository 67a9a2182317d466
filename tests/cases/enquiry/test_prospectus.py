# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A prospectus of an industry holds what everybody may see, computed on its day."""

import datetime as dt
from decimal import Decimal

import pytest

from brobygger.cases.enquiry.prospectus import Scope, compute
from tests.factories import (
    DeliveryFactory,
    ListingFactory,
    MatchFactory,
    OperatorFactory,
    OrganisationFactory,
)

TODAY = dt.date(2026, 11, 27)
FOOD = Scope(("10", "11"), ("0350",))


@pytest.fixture
def brewery(operator):
    return OrganisationFactory(
        operator=operator, name="Bryggeriet Humle", employees=40, founded_on=dt.date(2026, 2, 1)
    )


@pytest.fixture
def dairy(operator):
    return OrganisationFactory(operator=operator, name="Mejeriet Fløde", industry="105100", employees=60)


def figures(operator, scope=FOOD):
    return {figure.key: figure.value for figure in compute(operator, scope, TODAY).figures}


def test_firms_and_jobs_of_the_industry_and_its_share_of_all(operator, brewery, dairy):
    OrganisationFactory(operator=operator, industry="412000", employees=100)
    OrganisationFactory(operator=operator, industry="105100", employees=None)
    told = compute(operator, FOOD, TODAY)
    found = {figure.key: figure for figure in told.figures}
    assert (found["firms"].value, found["jobs"].value) == ("3", "100")
    assert "1 virksomheder uden tal" in found["jobs"].basis
    assert found["share"].value == "50,0"
    assert found["young"].value == "1"
    assert [(row["firms"], row["jobs"]) for row in told.groups] == [(2, 60), (1, 40)]
    assert told.as_of == "2026-11-27"
    assert told.area == ["Lejre"]


@pytest.mark.parametrize(
    ("prefix", "expected"), [("10", "1"), ("105", "1"), ("109", "0"), ("11", "1"), ("1", "2"), ("99", "0")]
)
def test_an_industry_is_the_beginning_of_its_code(operator, brewery, dairy, prefix, expected):
    assert figures(operator, Scope((prefix,), ("0350",)))["firms"] == expected


def test_what_is_closed_elsewhere_or_another_offices_is_not_counted(operator, brewery):
    OrganisationFactory(operator=operator, status="dissolved", employees=9)
    OrganisationFactory(operator=operator, municipality_code="0265", employees=9)
    OrganisationFactory(operator=OperatorFactory(), employees=9)
    OrganisationFactory(operator=operator, kind="association", employees=9)
    assert figures(operator)["jobs"] == "40"


def test_protected_firms_and_persons_are_counted_but_not_named(operator, brewery):
    OrganisationFactory(operator=operator, name="Skjult ApS", ad_protected=True, employees=10)
    OrganisationFactory(operator=operator, name="Per Persons Bageri", kind="sole_trader", employees=10)
    told = compute(operator, FOOD, TODAY)
    assert [row["name"] for row in told.firms] == ["Bryggeriet Humle"]
    assert {figure.key: figure.value for figure in told.figures}["jobs"] == "60"


def test_sites_skills_services_and_schools_of_the_area(operator, brewery):
    ListingFactory(
        organisation=brewery, kind="premises", resource_type="", text="Hal ved havnen", area_m2=800
    )
    ListingFactory(organisation=brewery, kind="land", resource_type="", text="Grund i Osted", area_m2=12000)
    ListingFactory(organisation=brewery, kind="competence", resource_type="", text="Bryggerlære")
    ListingFactory(organisation=brewery, kind="transport", resource_type="", text="Kølebil til leje")
    ListingFactory(organisation=brewery, kind="premises", side="need", text="Vi søger lokaler")
    OrganisationFactory(operator=operator, name="Slagteriskolen", kind="school")
    told = compute(operator, FOOD, TODAY)
    assert [row["text"] for row in told.sites] == ["Grund i Osted", "Hal ved havnen"]
    assert [row["text"] for row in told.skills] == ["Bryggerlære"]
    assert [row["text"] for row in told.services] == ["Kølebil til leje"]
    assert [row["name"] for row in told.schools] == ["Slagteriskolen"]
    assert figures(operator)["area"] == "12.800"


def texts(rows):
    return [row["text"] for row in rows]


def test_the_industrys_own_skills_come_first_then_those_that_speak_of_it_and_others_may_be_added(
    operator, brewery
):
    other = OrganisationFactory(operator=operator, industry="620100")
    for firm, text in (
        (brewery, "Bryggerlære"),
        (other, "Kurser i fødevaresikkerhed"),
        (other, "Webdesign og bogføring"),
    ):
        ListingFactory(organisation=firm, kind="competence", resource_type="", text=text)
    told = compute(operator, FOOD, TODAY)
    assert texts(told.skills) == ["Bryggerlære", "Kurser i fødevaresikkerhed"]
    assert texts(told.others["skills"]) == ["Webdesign og bogføring"]
    assert figures(operator)["skills"] == "2"
    wished = Scope(("10",), ("0350",), "Vi søger nogen, der laver webdesign")
    assert "Webdesign og bogføring" in texts(compute(operator, wished, TODAY).skills)


def test_places_are_of_the_right_kind_and_size_and_storage_counts_by_its_text(operator, brewery):
    for kind, text, area in (
        ("premises", "Lager med port, 540 m2", None),
        ("premises", "Lagerplads på 2.500 m² ved motorvejen", None),
        ("premises", "Skolekøkken om aftenen", 95),
        ("premises", "Lokale uden mål", None),
        ("land", "Plæne til frugttræer", 2400),
        ("land", "Byggemodnet erhvervsgrund", 12000),
    ):
        ListingFactory(
            organisation=brewery, kind=kind, resource_type="", text=text, area_m2=area, quantity=None, unit=""
        )
    told = compute(operator, Scope(("10",), ("0350",), "", Decimal(4000)), TODAY)
    assert texts(told.sites) == ["Byggemodnet erhvervsgrund", "Lagerplads på 2.500 m² ved motorvejen"]
    assert {figure.key: figure.value for figure in told.figures}["area"] == "14.500"
    assert len(told.others["sites"]) == 4
    any_size = compute(operator, Scope(("10",), ("0350",)), TODAY)
    assert "Plæne til frugttræer" not in texts(any_size.sites)
    assert "Lager med port, 540 m2" in texts(any_size.sites)
    assert "Plæne til frugttræer" in texts(compute(operator, Scope(("01",), ("0350",)), TODAY).sites)


def test_the_listings_of_protected_firms_and_persons_are_nowhere_in_it(operator, brewery):
    shy = OrganisationFactory(operator=operator, name="Skjult ApS", ad_protected=True)
    person = OrganisationFactory(operator=operator, name="Per Persons Bageri", kind="sole_trader")
    for firm in (shy, person):
        for kind in ("competence", "premises", "transport"):
            ListingFactory(organisation=firm, kind=kind, resource_type="", text=f"Tilbud fra {firm.name}")
    told = str(compute(operator, FOOD, TODAY).as_json())
    assert "Skjult" not in told
    assert "Persons" not in told


def test_a_listing_that_is_not_open_to_all_leaves_no_trace(operator, brewery, dairy):
    """Neither confidential nor members' ones: nor in counts, nor in exchanges that rest on them."""
    before = compute(operator, FOOD, TODAY)
    for visibility in ("broker", "members"):
        for kind in ("premises", "competence", "transport", "land"):
            ListingFactory(organisation=brewery, kind=kind, visibility=visibility, area_m2=500)
        secret = ListingFactory(organisation=brewery, visibility=visibility)
        match = MatchFactory(have=secret, taker=dairy, stage="running", have_shown=True)
        DeliveryFactory(agreement__match=match, on=TODAY)
        need = ListingFactory(organisation=dairy, side="need", visibility=visibility)
        MatchFactory(have=ListingFactory(organisation=brewery), need=need, taker=dairy, stage="running")
    ListingFactory(organisation=brewery, kind="land", status="withdrawn")
    assert compute(operator, FOOD, TODAY) == before


def test_exchanges_that_run_are_told_by_kind_without_names(operator, brewery, dairy):
    match = MatchFactory(have=ListingFactory(organisation=brewery), taker=dairy, stage="running")
    MatchFactory(have=ListingFactory(organisation=brewery), taker=dairy, stage="dialogue")
    DeliveryFactory(agreement__match=match, on=TODAY - dt.timedelta(30))
    DeliveryFactory(agreement__match=match, on=TODAY - dt.timedelta(400))
    told = compute(operator, FOOD, TODAY)
    assert [row["count"] for row in told.exchanges] == [1]
    assert "Humle" not in str(told.exchanges)
    assert {figure.key: figure.value for figure in told.figures}["tonnes"] == "4"


def test_the_number_of_questions_does_not_grow(operator, django_assert_max_num_queries):
    for number in range(30):
        firm = OrganisationFactory(operator=operator, employees=number)
        ListingFactory(organisation=firm, kind="premises", area_m2=10)
    with django_assert_max_num_queries(26):
        compute(operator, FOOD, TODAY)
