# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is taken from a CVR document, and what is not."""

from __future__ import annotations

from datetime import date

import pytest

from brobygger.register.cvr.shape import Company, UnknownIndustry, company_of, site_of
from brobygger.register.imports.errors import BadValue
from brobygger.register.models import Organisation
from tests.register.cvr_documents import address, company, contact, period, site

TODAY = date(2026, 11, 22)


def read(**changes) -> Company:
    return company_of(company(**changes)["Vrvirksomhed"], TODAY, UnknownIndustry())


def test_what_holds_now_is_chosen_among_all_that_ever_was():
    found = read(
        navne=[
            {"navn": "Nyt Navn ApS", **period("2021-06-01")},
            {"navn": "Gammelt Navn ApS", **period("2016-03-01", "2021-05-31")},
            {"navn": "Fremtidigt Navn ApS", **period("2031-01-01")},
        ],
        beliggenhedsadresse=[
            {**address("Gammelvej", 9), **period("2016-03-01", "2021-05-31")},
            {
                **address("Nyvej", 4),
                "bogstavFra": "B",
                "etage": "2",
                "sidedoer": "tv",
                **period("2021-06-01"),
            },
        ],
    )
    assert (found.name, found.street) == ("Nyt Navn ApS", "Nyvej 4B, 2. tv")
    assert (found.postal_code, found.city, found.municipality_code) == ("4320", "Lejre", "0350")


def test_a_dissolved_firm_keeps_what_it_was_last():
    found = read(
        navne=[{"navn": "Først", **period("1998-01-01", "2005-01-01")}, {"navn": "Sidst", **period("2005-01-02", "2026-06-30")}],
        livsforloeb=[period("1998-01-01", "2026-06-30")],
    )  # fmt: skip
    assert found.name == "Sidst"
    assert (found.status, found.dissolved_on) == (Organisation.Status.DISSOLVED, date(2026, 6, 30))


@pytest.mark.parametrize("word", ["UNDER KONKURS", "OPLØST EFTER KONKURS"])
def test_bankruptcy_is_marked_while_it_lasts_and_after(word):
    assert read(virksomhedsstatus=[{"status": word, **period("2025-11-12")}]).status == "bankrupt"


def test_the_newest_count_of_employees_is_used():
    found = read(
        aarsbeskaeftigelse=[{"aar": 2024, "antalAnsatte": 99, "intervalKodeAntalAnsatte": "ANTAL_50_99"}],
        erstMaanedsbeskaeftigelse=[
            {"aar": 2026, "maaned": 8, "antalAnsatte": 13, "intervalKodeAntalAnsatte": "ANTAL_10_19"},
            {"aar": 2026, "maaned": 7, "antalAnsatte": 7, "intervalKodeAntalAnsatte": "ANTAL_5_9"},
        ],
    )
    assert (found.employees, found.employees_text) == (13, "10-19")


def test_an_interval_alone_gives_its_lower_bound():
    found = read(
        erstMaanedsbeskaeftigelse=[
            {"aar": 2026, "maaned": 8, "antalAnsatte": None, "intervalKodeAntalAnsatte": "ANTAL_1000_999999"}
        ]
    )
    assert (found.employees, found.employees_text) == (1000, "1000+")


def test_secret_contact_details_are_never_taken():
    found = read(
        telefonNummer=[contact("00000009", secret=True)],
        elektroniskPost=[contact("hemmelig@eksempel.invalid", secret=True)],
        hjemmeside=[contact("www.eksempel.invalid")],
    )
    assert (found.phone, found.email, found.website) == ("", "", "www.eksempel.invalid")


def test_a_firm_protected_against_advertising_gives_no_contact_details():
    found = read(reklamebeskyttet=True)
    assert found.ad_protected
    assert (found.email, found.phone, found.website) == ("", "", "")


def test_no_owner_and_no_care_of_name_is_taken():
    assert "Ejersen" not in repr(read())
    assert "Prøve Person" not in repr(read())


def test_an_older_industry_code_is_followed_only_where_that_is_certain():
    def industry(code: str, begin: str, end: str | None) -> tuple[str, str]:
        unknown = UnknownIndustry()
        body = company(hovedbranche=[{"branchekode": code, **period(begin, end)}])["Vrvirksomhed"]
        return company_of(body, TODAY, unknown).industry, unknown.code

    assert industry("110500", "2025-01-01", None) == ("110500", "")
    assert industry("110500", "2008-01-01", "2024-12-31") == ("110500", "")
    assert industry("999998", "2008-01-01", None) == ("", "999998")


def test_an_address_abroad_has_no_danish_postal_code():
    found = read(
        beliggenhedsadresse=[{**address(code=20095, city="Hamburg"), "landekode": "DE", "kommune": None}]
    )
    assert (found.postal_code, found.municipality_code, found.city) == ("", "", "Hamburg")


@pytest.mark.parametrize(
    "changes",
    [{"cvrNummer": None}, {"cvrNummer": 123}, {"cvrNummer": "abc"}, {"navne": []}, {"navne": None}, {"fejlRegistreret": True}],
)  # fmt: skip
def test_a_document_without_number_or_name_is_refused(changes):
    with pytest.raises(BadValue):
        read(**changes)


@pytest.mark.parametrize("value", [None, [], "tekst", 5, [None], [{}], [{"periode": None}]])
def test_a_field_of_an_unexpected_kind_is_as_if_it_were_empty(value):
    for name in ("beliggenhedsadresse", "telefonNummer", "hovedbranche", "livsforloeb", "virksomhedsform", "erstMaanedsbeskaeftigelse"):  # fmt: skip
        assert read(**{name: value}).name


def test_codes_are_digits_or_nothing():
    found = read(
        beliggenhedsadresse=[{**address(code=555), "kommune": {"kommuneKode": "\x00101"}}],
        virksomhedsform=[{"virksomhedsformkode": "8\x000", **period("2016-03-01")}],
    )
    assert (found.postal_code, found.municipality_code, found.form_code) == ("0555", "", "80")


def test_a_place_of_work_that_was_registered_by_mistake_is_refused():
    with pytest.raises(BadValue, match="ved en fejl"):
        site_of(site(fejlRegistreret=True)["VrproduktionsEnhed"], TODAY, UnknownIndustry())


def test_control_signs_and_endless_text_are_cut():
    found = read(navne=[{"navn": "A\x00B\n" + "x" * 500, **period("2016-03-01")}])
    assert found.name.startswith("AB x")
    assert len(found.name) == 200


def test_a_place_of_work_knows_its_company():
    body = site(virksomhedsrelation=[{"cvrNummer": 99100001, **period("2016-01-01", "2020-01-01")}, {"cvrNummer": 99100002, **period("2020-01-02")}])  # fmt: skip
    assert site_of(body["VrproduktionsEnhed"], TODAY, UnknownIndustry()).cvr == "99100002"
