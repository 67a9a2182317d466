# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations from CSV and Excel: what becomes of each row, and what is told of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brobygger.base import search
from brobygger.register.imports import bulk, organisations
from brobygger.register.imports.organisation_store import REASON
from brobygger.register.models import Affiliation, Establishment, Organisation
from brobygger.register.search import KIND, scope_of
from brobygger.register.services_merge import merge
from tests.factories import EstablishmentFactory, OrganisationFactory
from tests.register.importing import HEADER, ROW, tally

pytestmark = pytest.mark.django_db


def test_one_bad_row_in_ten_thousand_is_told_by_line_and_the_rest_goes_in(bring_in):
    rows = [f"Prøvefirma {number};{99100000 + number};;4320;;;\n" for number in range(10_000)]
    rows[6_998] = "Prøvefirma;1234;;4320;;;\n"
    report = bring_in(HEADER + "".join(rows))
    assert tally(report) == (9_999, 0, 0, 1)
    assert report.problems == [
        {
            "line": 7000,
            "column": "cvr",
            "value": "1234",
            "message": "CVR-nummeret skal være på 8 cifre",
            "skipped": True,
        }
    ]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("Prøve;9910000;;;;;", "cvr"),
        (";99100001;;;;;", "navn"),
        ("Prøve;;;99999;;;", "postnr"),
        ("Prøve;;;0000;;;", "postnr"),
        ("Prøve;;;;;mange;", "ansatte"),
        ("Prøve;;;;;-3;", "ansatte"),
        ("Prøve;;;;;1e99;", "ansatte"),
        ("Prøve;;;;;;ikke en mail", "e-mail"),
        ("x" * 201 + ";;;;;;", "navn"),
    ],
)
def test_each_kind_of_wrong_value_is_told_with_its_column(bring_in, cells, column):
    report = bring_in(HEADER + cells + "\n" + ROW)
    assert tally(report) == (1, 0, 0, 1)
    assert (report.problems[0]["line"], report.problems[0]["column"]) == (2, column)


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#I/T", "#VÆRDI!", "#NAVN?", "#DIV/0!"])
def test_a_formula_that_failed_is_told_and_not_taken_for_text(bring_in, shown):
    report = bring_in(f"navn;telefon;mærkater\nPrøve Et;{shown};\n{shown};;\nPrøve To;;#klima\n")
    assert tally(report) == (1, 0, 0, 2)
    assert [(one["line"], one["column"], one["value"]) for one in report.problems] == [
        (2, "telefon", shown),
        (3, "navn", shown),
    ]


def test_a_start_after_the_end_is_told_and_the_rest_of_the_row_goes_in(bring_in, operator):
    OrganisationFactory(operator=operator, cvr="99100001", status="dissolved", founded_on=date(2001, 1, 1), dissolved_on=date(2010, 1, 1))  # fmt: skip
    report = bring_in("navn;cvr;startdato;telefon\nPrøve;99100001;1.1.2020;12345678\nPrøve To;99100002;;\n")
    assert tally(report) == (1, 1, 0, 0)
    assert [(one["line"], one["column"]) for one in report.problems] == [(2, "startdato")]
    firm = Organisation.objects.get(cvr="99100001")
    assert (firm.founded_on, firm.phone) == (date(2001, 1, 1), "12345678")


def test_a_start_that_cannot_be_meant_is_told_as_on_the_form(bring_in):
    report = bring_in("navn;startdato\nPrøve;31.12.9999\nPrøve To;1.1.0001\n")
    assert tally(report) == (0, 0, 0, 2)
    assert "årstallet" in report.problems[0]["message"]


def test_signs_that_no_database_takes_are_left_out_of_tags_too(bring_in):
    rows = "".join(f"Prøve {number};a\n" for number in range(8000))
    bring_in("navn;mærkater\n" + rows + "Den sidste;kl\x00ima\n")
    assert [tag.name for tag in Organisation.objects.get(name="Den sidste").tags.all()] == ["klima"]


def test_an_industry_nobody_knows_is_told_and_the_row_goes_in_without(bring_in):
    report = bring_in(
        "navn;branche\nPrøve;hundelufteri på månen\nBager;Fremstilling af friske bageriprodukter\n"
    )
    assert tally(report) == (2, 0, 0, 0)
    assert (report.problems[0]["line"], report.problems[0]["skipped"]) == (2, False)


def test_a_cvr_number_that_stands_twice_in_the_file_goes_in_once(bring_in):
    report = bring_in(HEADER + ROW + ROW.replace("Ærø", "Anden"))
    assert tally(report) == (1, 0, 0, 1)
    assert "linje 2" in report.problems[0]["message"]


def test_several_places_of_work_of_one_firm_stand_in_a_row_each(bring_in):
    text = "navn;cvr;p-nummer;adresse;postnr\nPrøve;99100001;1990000001;Avej 1;4320\nPrøve Hvalsø;99100001;1990000002;Bvej 2;4330\n"
    report = bring_in(text)
    assert report.skipped == 0
    firm = Organisation.objects.get()
    assert (firm.name, firm.street) == ("Prøve", "Avej 1")
    assert list(firm.establishments.order_by("p_number").values_list("p_number", "street")) == [
        ("1990000001", "Avej 1"),
        ("1990000002", "Bvej 2"),
    ]
    again = bring_in(text)
    assert tally(again) == (0, 0, 2, 0)
    assert Establishment.objects.count() == 2


def test_a_row_with_a_p_number_alone_is_about_the_place_and_its_firm(bring_in, operator):
    firm = OrganisationFactory(operator=operator, cvr="99100001", name="Firmaet", street="")
    EstablishmentFactory(organisation=firm, operator=operator, p_number="1990000001", name="Stedet")
    text = "p-nummer;navn;telefon\n1990000001;Stedet ved havnen;12345678\n"
    assert tally(bring_in(text)) == (0, 1, 0, 0)
    firm = Organisation.objects.get()
    assert (firm.name, firm.phone, firm.establishments.get().name) == (
        "Firmaet",
        "12345678",
        "Stedet ved havnen",
    )
    assert tally(bring_in(text)) == (0, 0, 1, 0)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_p_number_that_belongs_to_another_firm_is_told_and_stays_there(bring_in, operator, dry_run):
    firm = OrganisationFactory(operator=operator, cvr="99100001")
    EstablishmentFactory(organisation=firm, operator=operator, p_number="1990000001", name="Stedet")
    report = bring_in("p-nummer;navn;cvr\n1990000001;Et andet;99100002\n", dry_run=dry_run)
    assert tally(report) == (1, 0, 0, 0)
    assert [(one["line"], one["column"], one["value"]) for one in report.problems] == [(2, "p-nummer", "1990000001")]  # fmt: skip
    assert (firm.establishments.get().name, Establishment.objects.count()) == ("Stedet", 1)


def test_our_own_export_brought_in_again_changes_nothing(bring_in, operator, as_consultant, tmp_path):
    OrganisationFactory(operator=operator, cvr="99100001", employees=10, employees_text="10-19", founded_on=date(2016, 3, 1))  # fmt: skip
    path = tmp_path / "eksport.xlsx"
    path.write_bytes(as_consultant.get("/virksomheder/eksport/").content)
    assert tally(bring_in(path)) == (0, 0, 1, 0)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_register_that_was_exported_comes_in_elsewhere_as_it_was(
    bring_in, operator, as_consultant, tmp_path, language
):
    """Above all that a firm asks for no advertising, and that it is no more."""
    facts = {
        "99100001": {"ad_protected": True, "founded_on": date(2016, 3, 1), "street": "Søvej 1"},
        "99100002": {"status": "dissolved", "founded_on": date(2001, 1, 1), "dissolved_on": date(2010, 1, 1)},
        "99100003": {"status": "bankrupt", "dissolved_on": date(2020, 1, 1)},
        "99100004": {},
    }
    for cvr, values in facts.items():
        OrganisationFactory(operator=operator, cvr=cvr, **values)
    as_consultant.post("/sprog/", {"language": language, "next": "/"})
    path = tmp_path / "eksport.xlsx"
    path.write_bytes(as_consultant.get("/virksomheder/eksport/", {"status": "alle"}).content)
    assert tally(bring_in(path)) == (0, 0, 4, 0)
    Organisation.objects.all().delete()
    report = bring_in(path)
    assert (tally(report), report.problems) == ((4, 0, 0, 0), [])
    for cvr, values in facts.items():
        firm = Organisation.objects.get(cvr=cvr)
        assert {name: getattr(firm, name) for name in values} == values
    assert Organisation.objects.get(cvr="99100004").is_active


def test_a_file_makes_no_firm_active_again_and_takes_no_protection_from_it(bring_in, operator):
    OrganisationFactory(operator=operator, cvr="99100001", status="bankrupt", ad_protected=True)
    assert tally(bring_in("navn;cvr;status;reklamebeskyttet\nPrøve;99100001;Aktiv;nej\n")) == (0, 1, 0, 0)
    firm = Organisation.objects.get()
    assert (firm.status, firm.ad_protected) == ("bankrupt", True)


def test_an_end_that_cannot_be_meant_is_told(bring_in, operator):
    OrganisationFactory(operator=operator, cvr="99100001", name="Prøve", founded_on=date(2020, 1, 1))
    report = bring_in(
        "navn;cvr;startdato;ophørt;telefon\nPrøve;99100001;;1.1.2010;12345678\nPrøve To;99100002;1.1.2020;1.1.2010;\n"
        "Prøve Tre;99100003;;31.12.2999;\n"
    )
    assert tally(report) == (1, 1, 0, 1)
    assert [(one["line"], one["column"], one["skipped"]) for one in report.problems] == [
        (3, "startdato", False), (4, "ophørt", True), (2, "ophørt", False),
    ]  # fmt: skip
    firm = Organisation.objects.get(cvr="99100001")
    assert (firm.dissolved_on, firm.founded_on, firm.phone) == (None, date(2020, 1, 1), "12345678")
    assert firm.is_active
    other = Organisation.objects.get(cvr="99100002")
    assert (other.dissolved_on, other.status) == (date(2010, 1, 1), "dissolved")


def test_a_firm_in_the_register_is_found_by_cvr_number_and_only_what_stands_there_changes(bring_in, operator):
    OrganisationFactory(operator=operator, cvr="99100001", name="Gammelt", phone="12345678", employees=3)
    report = bring_in("navn;cvr;telefon;ansatte\nNyt navn;99100001;;5\n")
    assert tally(report) == (0, 1, 0, 0)
    firm = Organisation.objects.get()
    assert (firm.name, firm.phone, firm.employees, firm.version) == ("Nyt navn", "12345678", 5, 2)
    assert list(firm.history.values_list("history_type", "history_change_reason"))[0] == ("~", "Import")


def test_a_firm_without_number_is_found_by_name_and_postal_code(bring_in, operator):
    OrganisationFactory(operator=operator, cvr=None, name="Prøve Gård", postal_code="4320")
    OrganisationFactory(operator=operator, cvr=None, name="Prøve Gård", postal_code="4330")
    report = bring_in("navn;postnr;ansatte;cvr\nprøve gård;4330;7;99100001\n")
    assert tally(report) == (0, 1, 0, 0)
    assert Organisation.objects.get(cvr="99100001").postal_code == "4330"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Grundejerforeningen Hvalsø Bakker, afdeling Nord",
            "Grundejerforeningen Hvalsø Bakker, afdeling Syd",
        ),
        ("株式会社", "有限会社"),
    ],
)
def test_firms_with_names_that_begin_alike_are_two(bring_in, one, other):
    text = f"navn;postnr;telefon\n{one};4330;11111111\n{other};4330;22222222\n"
    assert tally(bring_in(text)) == (2, 0, 0, 0)
    assert tally(bring_in(text)) == (0, 0, 2, 0)
    assert set(Organisation.objects.values_list("name", "phone")) == {(one, "11111111"), (other, "22222222")}


def test_the_same_file_again_changes_nothing_and_a_trial_nothing_at_all(bring_in):
    assert tally(bring_in(HEADER + ROW, dry_run=True)) == (1, 0, 0, 0)
    assert not Organisation.objects.exists()
    bring_in(HEADER + ROW)
    assert tally(bring_in(HEADER + ROW)) == (0, 0, 1, 0)
    tried = bring_in(HEADER + ROW.replace(";12;", ";13;"), dry_run=True)
    assert tried.differences == [{"name": "Ærø Bøgeskov Gård", "what": "~", "details": ["Ansatte: 12 → 13"]}]
    assert Organisation.objects.get().employees == 12


def test_tags_and_a_contact_person_come_along_once(bring_in):
    text = "navn;mærkater;kontaktperson;kontakt e-mail\nPrøve;Fødevarer, Klima;Prøve Person;person@eksempel.invalid\n"
    for expected in ((1, 0, 0, 0), (0, 0, 1, 0)):
        assert tally(bring_in(text)) == expected
    firm = Organisation.objects.get()
    assert {tag.name for tag in firm.tags.all()} == {"Fødevarer", "Klima"}
    assert Affiliation.objects.get(organisation=firm).person.email == "person@eksempel.invalid"


def test_tags_of_many_firms_take_no_more_questions_and_stand_in_each_ones_history(
    bring_in, django_assert_max_num_queries
):
    def file(first: int, last: int) -> str:
        rows = (
            (n, place, tags)
            for n in range(first, last)
            for place, tags in ((0, "Klima"), (500, "klima, Havn"))
        )
        return "navn;cvr;p-nummer;mærkater\n" + "".join(
            f"Prøve;{99100000 + n};{1990000000 + n + place};{tags}\n" for n, place, tags in rows
        )

    with CaptureQueriesContext(connection) as for_few:
        bring_in(file(0, 3))
    with django_assert_max_num_queries(len(for_few)):
        bring_in(file(3, 60))
    for firm in Organisation.objects.all():
        last = firm.history.order_by("-history_id")[0]
        assert last.history_change_reason == REASON
        assert {held.tag.name for held in last.tags.all()} == {"Klima", "Havn"}


def test_tags_that_are_too_long_or_too_many_are_told(bring_in):
    many = ",".join(f"nr {number}" for number in range(32))
    report = bring_in(f"navn;mærkater\nPrøve;klima,{'x' * 61}\nPrøve To;{many}\n")
    assert tally(report) == (2, 0, 0, 0)
    assert [(one["line"], one["value"], one["skipped"]) for one in report.problems] == [
        (2, "x" * 61, False), (3, "nr 30, nr 31", False),
    ]  # fmt: skip
    assert Organisation.objects.get(name="Prøve").tags.get().name == "klima"
    assert Organisation.objects.get(name="Prøve To").tags.count() == 30


def test_what_came_in_is_found_by_searching(bring_in, operator):
    bring_in(HEADER + ROW)
    assert search.find(KIND, "bøgeskov", scopes=[scope_of(operator.pk)]).keys


def test_an_interrupted_import_counts_right_when_it_is_done_again(bring_in, monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(organisations, "CHUNK", 2)
    text = "navn;cvr\n" + "".join(f"Prøve {n};{99100000 + n}\n" for n in range(6))
    began = timezone.now()
    real, lots = bulk.index, []

    def dies(ids):
        lots.append(1)
        if len(lots) == 2:
            raise KeyboardInterrupt
        real(ids)

    monkeypatch.setattr(bulk, "index", dies)
    with pytest.raises(KeyboardInterrupt):
        bring_in(text)
    assert Organisation.objects.count() == 2
    monkeypatch.setattr(bulk, "index", real)
    assert tally(bring_in(text, since=began)) == (6, 0, 0, 0)


def test_html_and_control_signs_are_text_like_any_other(bring_in):
    bring_in("navn;beskrivelse\n<script>alert(1)</script>\x07;😀\n")
    firm = Organisation.objects.get()
    assert (firm.name, firm.description) == ("<script>alert(1)</script>", "😀")


def test_a_row_under_a_number_that_was_given_up_finds_the_kept_firm_and_changes_nothing(
    bring_in, operator, consultant
):
    kept = OrganisationFactory(operator=operator, cvr="99100002", name="Den beholdte")
    gone = OrganisationFactory(operator=operator, cvr="99100001", status="dissolved")
    merge(kept, gone, chosen={}, expected=(kept.version, gone.version), user=consultant)
    assert tally(bring_in(HEADER + ROW)) == (0, 0, 1, 0)
    assert [(firm.name, firm.cvr) for firm in Organisation.objects.all()] == [("Den beholdte", "99100002")]
