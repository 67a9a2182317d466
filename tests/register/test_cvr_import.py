# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A CVR file brought into the register: what is stored, what changes, what stays the office's own."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from brobygger.base import search
from brobygger.register.cvr import files
from brobygger.register.cvr.store import Store
from brobygger.register.imports import bulk
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Establishment, Organisation, Person, Tag
from brobygger.register.search import KIND, scope_of
from brobygger.register.services import dissolve, update_organisation
from brobygger.register.services_merge import merge
from tests.factories import OperatorFactory, OrganisationFactory
from tests.register.cvr_documents import address, company, contact, ndjson, page, period, site

SHIPPED = Path(__file__).parent / "data" / "cvr_scroll_page.json"
pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(operator, tmp_path):
    """A function that imports documents (or a file) into the operator's register."""

    def run(*documents: Any, path: Path | None = None, **how: Any) -> Report:
        file = path or ndjson(tmp_path / "cvr.ndjson", *documents)
        return files.carry_out(Order(operator, file, file.name, **how), no_progress)

    return run


def tally(report: Report) -> tuple[int, ...]:
    """created, changed, unchanged, outside, skipped; they always add up to what was read."""
    counts = (report.created, report.changed, report.unchanged, report.outside, report.skipped)
    assert report.read == sum(counts)
    return counts


def test_the_services_own_answer_is_stored(bring_in, operator):
    assert tally(bring_in(path=SHIPPED)) == (3, 0, 0, 0, 0)
    bakery = Organisation.objects.get(operator=operator, cvr="99100001")
    assert (bakery.name, bakery.street, bakery.industry) == (
        "Prøvebageriet Lejre ApS",
        "Prøvestræde 4B",
        "107120",
    )
    assert (bakery.employees, bakery.employees_text, bakery.source) == (13, "10-19", "cvr")
    assert bakery.x is not None
    carpenter = Organisation.objects.get(cvr="99200006")
    assert carpenter.ad_protected
    assert carpenter.kind == Organisation.Kind.SOLE_TRADER
    assert (carpenter.email, carpenter.phone) == ("", "")
    factory = Organisation.objects.get(cvr="99300000")
    assert (factory.status, str(factory.dissolved_on)) == ("bankrupt", "2026-06-30")


def test_no_person_comes_in(bring_in):
    bring_in(path=SHIPPED)
    assert not Person.objects.exists()


def test_the_same_file_again_changes_nothing(bring_in):
    bring_in(company(), site())
    before = list(Organisation.objects.values()), list(Establishment.objects.values())
    assert tally(bring_in(company(), site())) == (0, 0, 2, 0, 0)
    assert (list(Organisation.objects.values()), list(Establishment.objects.values())) == before
    assert Organisation.history.count() == 1


def test_only_what_changed_is_changed_with_one_line_of_history(bring_in):
    bring_in(company(99100001), company(99100002))
    moved = company(99100001, beliggenhedsadresse=[address("Nyvej", 7, 4330, "Hvalsø")])
    assert tally(bring_in(moved, company(99100002))) == (0, 1, 1, 0, 0)
    firm = Organisation.objects.get(cvr="99100001")
    assert (firm.street, firm.postal_code, firm.city) == ("Nyvej 7", "4330", "Hvalsø")
    lines = list(firm.history.values_list("history_type", "history_change_reason"))
    assert lines == [("~", "CVR"), ("+", "CVR")]
    assert firm.version == 2


def test_the_firms_page_says_that_it_was_cvr_that_changed_it(bring_in, as_consultant):
    bring_in(company())
    bring_in(company(navne=[{"navn": "Nyt ApS", **period("2026-01-01")}]))
    page = as_consultant.get(Organisation.objects.get().get_absolute_url()).content.decode()
    assert "CVR ændrede" in page
    assert "CVR oprettede" in page
    assert "Systemet" not in page


def test_a_move_moves_the_point_on_the_map_and_a_change_of_name_does_not(bring_in):
    bring_in(company())
    Organisation.objects.update(latitude=55.7, longitude=11.9)  # placed exactly by hand
    bring_in(company(navne=[{"navn": "Andet ApS", **period("2026-01-01")}]))
    assert Organisation.objects.get().latitude == 55.7
    bring_in(company(beliggenhedsadresse=[address("Nyvej", 7, 4330, "Hvalsø")]))
    assert Organisation.objects.get().latitude != 55.7


def test_what_the_office_wrote_stays(bring_in, operator):
    bring_in(company())
    firm = Organisation.objects.get()
    firm.description, firm.kind, firm.email = (
        "Kender vi godt",
        Organisation.Kind.SCHOOL,
        "rigtig@eksempel.invalid",
    )
    firm.save()
    firm.tags.add(Tag.objects.create(operator=operator, name="Fødevarer"))
    bring_in(company(navne=[{"navn": "Nyt ApS", **period("2026-01-01")}], telefonNummer=[contact("00000007")],
                     elektroniskPost=[contact("ny@eksempel.invalid")]))  # fmt: skip
    firm.refresh_from_db()
    assert (firm.name, firm.phone) == ("Nyt ApS", "00000007")
    assert (firm.description, firm.kind, firm.email) == (
        "Kender vi godt",
        "school",
        "rigtig@eksempel.invalid",
    )
    newest, before = firm.history.all()[:2]
    assert "tags" not in newest.diff_against(before).changed_fields


def test_contact_details_go_when_a_firm_becomes_protected_but_not_those_it_gave_the_office(bring_in):
    bring_in(company())
    Organisation.objects.update(email="aftalt@eksempel.invalid")
    bring_in(company(reklamebeskyttet=True))
    firm = Organisation.objects.get()
    assert firm.ad_protected
    assert (firm.email, firm.phone, firm.website) == ("aftalt@eksempel.invalid", "", "")


def test_what_a_protected_firm_took_back_is_in_its_history_neither_but_what_it_gave_the_office_is(
    bring_in, operator, as_consultant
):
    bring_in(company(elektroniskPost=[contact("foer@eksempel.invalid")]))
    bring_in(company())
    firm = Organisation.objects.get()
    told = (firm.email, firm.phone, firm.website)
    assert "" not in told
    update_organisation(firm, {"email": "aftalt@eksempel.invalid"}, expected=firm.version)
    bring_in(company(), company(99100002, reklamebeskyttet=True))
    assert "foer@eksempel.invalid" in as_consultant.get(firm.get_absolute_url()).content.decode()

    bring_in(company(reklamebeskyttet=True), dry_run=True)
    assert Organisation.history.filter(id=firm.pk, email="foer@eksempel.invalid").exists()
    bring_in(company(reklamebeskyttet=True))

    stored = str(list(Organisation.history.filter(id=firm.pk).values()))
    shown = as_consultant.get(firm.get_absolute_url()).content.decode()
    for value in ("foer@eksempel.invalid", *told):
        assert value not in stored
        assert value not in shown
    assert "aftalt@eksempel.invalid" in shown
    assert "reklamebeskyttet: fra nej til ja" in shown


def test_a_firm_entered_by_hand_is_found_by_its_number_and_filled_in(bring_in, operator):
    OrganisationFactory(
        operator=operator, cvr="99100001", name="Vores navn", email="", phone="12345678", source="manual"
    )
    assert tally(bring_in(company())) == (0, 1, 0, 0, 0)
    firm = Organisation.objects.get()
    assert (firm.name, firm.email, firm.phone) == (
        "Prøvefirma 99100001 ApS",
        "kontakt@eksempel.invalid",
        "12345678",
    )


def test_a_dissolved_firm_is_kept_and_marked_and_one_that_comes_back_is_active(bring_in):
    bring_in(company())
    bring_in(company(livsforloeb=[period("2016-03-01", "2026-01-31")]))
    assert Organisation.objects.get().status == "dissolved"
    bring_in(company(livsforloeb=[period("2016-03-01", "2026-01-31"), period("2026-03-01")]))
    firm = Organisation.objects.get()
    assert (firm.status, firm.dissolved_on) == ("active", None)


def test_places_of_work_hang_on_their_company_in_whatever_order_they_come(bring_in):
    assert tally(bring_in(site(1990000001), site(1990000002), company())) == (3, 0, 0, 0, 0)
    places = Establishment.objects.select_related("organisation").order_by("p_number")
    assert [(place.p_number, place.organisation.cvr, place.is_main) for place in places] == [
        ("1990000001", "99100001", True),
        ("1990000002", "99100001", False),
    ]


def test_a_place_of_work_that_changes_company_moves_and_is_told(bring_in, operator):
    bring_in(company(99100001), company(99100002), site(1990000001, 99100001))
    report = bring_in(site(1990000001, 99100002), dry_run=True)
    assert tally(report) == (0, 1, 0, 0, 0)
    assert (
        "Organisation: Prøvefirma 99100001 ApS → Prøvefirma 99100002 ApS" in report.differences[0]["details"]
    )
    assert Establishment.objects.get().organisation.cvr == "99100001"
    assert tally(bring_in(site(1990000001, 99100002))) == (0, 1, 0, 0, 0)
    assert Establishment.objects.get().organisation.cvr == "99100002"
    assert tally(bring_in(site(1990000001, 99100002))) == (0, 0, 1, 0, 0)
    found = search.find(KIND, "1990000001", scopes=[scope_of(operator.pk)]).keys
    assert [firm.cvr for firm in Organisation.objects.filter(pk__in=found)] == ["99100002"]


def test_a_firm_that_moves_abroad_leaves_its_address_here_also_where_the_town_is_all_that_is_told(bring_in):
    bring_in(company())
    town = {**address(city="Malmö"), "landekode": "SE", "kommune": None, "postnummer": None, "vejnavn": None, "husnummerFra": None}  # fmt: skip
    bring_in(company(beliggenhedsadresse=[town]))
    firm = Organisation.objects.get()
    assert (firm.address, firm.municipality_code, firm.x) == ("Malmö", "", None)


def test_half_a_sign_in_one_document_stops_no_other(bring_in):
    half = [{"navn": "Prøve \ud83d ApS", **period("2016-03-01")}]
    assert tally(bring_in(json.dumps(company(99100001, navne=half)), company(99100002))) == (2, 0, 0, 0, 0)
    assert Organisation.objects.get(cvr="99100001").name == "Prøve ApS"


def test_a_place_of_work_whose_company_nobody_knows_is_entered_and_the_rest_filled_in_later(bring_in):
    report = bring_in(site(1990000001, 99100001), site(1990000002, 99100001))
    assert tally(report) == (2, 0, 0, 0, 0)
    assert report.problems[0]["skipped"] is False
    assert Organisation.objects.get().name == "Prøvested 1990000001"
    bring_in(company(virksomhedsform=[{"virksomhedsformkode": 10, **period("2016-03-01")}]))
    firm = Organisation.objects.get()
    assert (firm.name, firm.kind, firm.establishments.count()) == (
        "Prøvefirma 99100001 ApS",
        "sole_trader",
        2,
    )


def test_only_our_municipalities_and_companies_elsewhere_with_a_place_of_work_here(bring_in):
    elsewhere = [address("Fjernvej", 1, 8000, "Aarhus C", 751)]
    documents = (
        company(99100001),
        company(99100002, beliggenhedsadresse=elsewhere),
        company(99100003, beliggenhedsadresse=elsewhere),
        site(1990000003, 99100003),
        site(1990000004, 99100003, beliggenhedsadresse=elsewhere),
    )
    for order in (documents, documents[::-1]):
        assert tally(bring_in(*order, own_only=True, dry_run=True)) == (3, 0, 0, 2, 0)
    assert tally(bring_in(*documents, own_only=True)) == (3, 0, 0, 2, 0)
    assert set(Organisation.objects.values_list("cvr", flat=True)) == {"99100001", "99100003"}
    assert tally(bring_in(*documents, own_only=True)) == (0, 0, 3, 2, 0)
    assert tally(bring_in(*documents)) == (2, 0, 3, 0, 0)


def test_a_firm_that_moved_away_is_still_kept_up_to_date(bring_in):
    bring_in(company())
    away = company(beliggenhedsadresse=[address("Fjernvej", 1, 8000, "Aarhus C", 751)])
    assert tally(bring_in(away, own_only=True)) == (0, 1, 0, 0, 0)


def test_own_municipalities_only_needs_that_there_are_some(bring_in, operator):
    operator.municipalities.all().delete()
    with pytest.raises(BadFile, match="ingen kommuner"):
        bring_in(company(), own_only=True)


def test_a_trial_tells_the_same_and_stores_nothing(bring_in):
    bring_in(company(99100001))
    documents = (company(99100001, reklamebeskyttet=True), company(99100002), site(1990000001, 99100002), site(1990000002, 99100009))  # fmt: skip
    tried = bring_in(*documents, dry_run=True)
    assert Organisation.objects.count() == 1
    assert not Establishment.objects.exists()
    assert not Organisation.objects.get().ad_protected
    done = bring_in(*documents)
    assert tally(tried) == tally(done) == (3, 1, 0, 0, 0)
    assert tried.differences == done.differences
    assert "Reklamebeskyttet: nej → ja" in tried.differences[0]["details"]


def test_a_bad_document_is_told_and_the_others_go_in(bring_in):
    report = bring_in(company(), '{"Vrvirksomhed": ', company(cvrNummer=12), company(99100003))
    assert tally(report) == (2, 0, 0, 0, 2)
    assert [(one["line"], one["value"]) for one in report.problems] == [(2, ""), (3, "12")]


def test_what_was_read_before_a_damaged_file_ends_is_stored_and_counted(operator, tmp_path):
    path = tmp_path / "x.gz"
    whole = "\n".join(json.dumps(company(99100000 + number)) for number in range(3000))
    path.write_bytes(gzip.compress(whole.encode())[:-2000])
    order = Order(operator, path, path.name)
    with pytest.raises(BadFile, match="beskadiget"):
        files.carry_out(order, no_progress)
    assert 0 < order.report.created == Organisation.objects.count() < 3000


def test_an_industry_code_nobody_knows_is_left_open_and_told(bring_in):
    report = bring_in(company(hovedbranche=[{"branchekode": "987654", **period("2025-01-01")}]))
    assert Organisation.objects.get().industry == ""
    assert report.problems[0]["value"] == "987654"
    assert tally(report) == (1, 0, 0, 0, 0)


def test_the_same_company_twice_in_a_file_is_stored_once(bring_in):
    newer = company(navne=[{"navn": "Nyere ApS", **period("2026-01-01")}])
    assert tally(bring_in(company(), newer, newer)) == (1, 1, 1, 0, 0)
    assert Organisation.objects.get().name == "Nyere ApS"


def test_what_was_brought_in_is_found_by_name_and_by_p_number(bring_in, operator):
    bring_in(company(), site(1990000001))
    for words in ("prøvefirma", "1990000001", "99100001"):
        assert search.find(KIND, words, scopes=[scope_of(operator.pk)]).keys


def test_a_place_of_work_that_cvr_says_is_closed_is_found_by_its_number_alone_from_then_on(
    bring_in, operator
):
    bring_in(company(), site(navne=[{**period("2016-04-01"), "navn": "Butikken på Torvet"}]))
    firm, scopes = Organisation.objects.get(), [scope_of(operator.pk)]
    assert search.find(KIND, "butikken torvet", scopes=scopes).keys == [firm.pk]
    closed = [period("2016-04-01", "2026-06-30")]
    bring_in(site(navne=[{**period("2016-04-01"), "navn": "Butikken på Torvet"}], livsforloeb=closed))
    assert Establishment.objects.get().ended_on == date(2026, 6, 30)
    assert search.find(KIND, "1990000001", scopes=scopes).keys == [firm.pk]
    assert search.find(KIND, "butikken torvet", scopes=scopes).keys == []


def test_two_offices_have_each_their_own(bring_in, operator, tmp_path):
    bring_in(company())
    other = OperatorFactory()
    path = ndjson(tmp_path / "x.ndjson", company())
    files.carry_out(Order(other, path, "x"), no_progress)
    assert Organisation.objects.filter(cvr="99100001").count() == 2


def test_a_worker_that_dies_half_way_has_done_half_and_the_next_does_the_rest_and_counts_right(
    bring_in, operator, tmp_path, monkeypatch
):
    monkeypatch.setattr(bulk, "BATCH", 10)
    documents = [company(99100000 + number) for number in range(30)] + [
        site(1990000000 + n, 99100000 + n) for n in range(30)
    ]
    bring_in(*documents[:5])
    from django.utils import timezone

    began = timezone.now()
    lots = []
    real = bulk.index

    def dies(ids):
        lots.append(1)
        if len(lots) == 3:
            raise KeyboardInterrupt
        real(ids)

    monkeypatch.setattr(bulk, "index", dies)
    with pytest.raises(KeyboardInterrupt):
        bring_in(*documents)
    assert Organisation.objects.count() == 20  # two lots; of the third nothing
    monkeypatch.setattr(bulk, "index", real)
    assert tally(bring_in(*documents, since=began)) == (55, 0, 5, 0, 0)
    assert (Organisation.objects.count(), Establishment.objects.count()) == (30, 30)
    assert Organisation.history.count() == 30


def test_places_of_work_are_found_also_when_a_worker_died_before_they_were_in_the_index(
    bring_in, operator, monkeypatch
):
    from django.utils import timezone

    documents = [company(99100001), company(99100002), site(1990000001, 99100001), site(1990000002, 99100002)]
    bring_in(*documents[:2])
    began = timezone.now()

    def dies(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Store, "_index_owners", dies)
        with pytest.raises(KeyboardInterrupt):
            bring_in(*documents)
    scopes = [scope_of(operator.pk)]
    assert Establishment.objects.count() == 2
    assert search.find(KIND, "1990000001", scopes=scopes).keys == []

    assert tally(bring_in(*documents, since=began)) == (2, 0, 2, 0, 0)

    first = Organisation.objects.get(cvr="99100001")
    assert search.find(KIND, "1990000001", scopes=scopes).keys == [first.pk]


def test_rows_written_in_bulk_are_as_if_each_had_been_saved(operator):
    values = {
        "operator": operator, "name": "Ærø Prøvemølle", "cvr": "99100001", "kind": Organisation.Kind.PUBLIC,
        "postal_code": "4320", "employees": 12, "latitude": 55.6, "founded_on": date(2001, 2, 3), "ad_protected": True,
    }  # fmt: skip
    saved = Organisation.objects.create(**values | {"cvr": "99100002"})
    made = Organisation(**values)
    bulk.create([made, Organisation(operator=operator, name="Uden nummer", cvr=None)], reason="prøve")
    later = Organisation.objects.create(operator=operator, name="Den næste")
    assert len({saved.pk, made.pk, later.pk}) == 3, "the next key is free"
    stored = Organisation.objects.get(pk=made.pk)
    own = {"id", "cvr", "created_at", "changed_at"}
    for field in Organisation._meta.concrete_fields:
        if field.name not in own:
            assert getattr(stored, field.attname) == getattr(saved, field.attname), field.name
    assert type(stored.kind) is str
    line, saved_line = stored.history.get(), saved.history.get()
    assert (line.history_type, line.history_change_reason, line.name) == ("+", "prøve", "Ærø Prøvemølle")
    assert line.founded_on == saved_line.founded_on
    assert abs(line.history_date - saved_line.history_date) < timedelta(minutes=1)
    made.name = "Et andet navn"
    made.save()
    assert made.history.count() == 2


def test_the_number_of_queries_follows_the_batches_not_the_rows(bring_in, django_assert_max_num_queries):
    documents = [company(99100000 + number) for number in range(200)]
    with django_assert_max_num_queries(40):
        bring_in(*documents)
    with django_assert_max_num_queries(10):
        bring_in(*documents)


def test_a_page_file_gives_the_same_as_lines(bring_in, tmp_path):
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page(company(), site()), indent=1), encoding="utf-8")
    assert tally(bring_in(path=path)) == (2, 0, 0, 0, 0)


def test_a_company_that_was_laid_into_another_is_not_made_again(bring_in, operator, consultant):
    """The kept one keeps its own number; the other's is given up, and its places of work come to the kept one."""
    bring_in(company(99100001), company(99200006))
    kept, gone = (Organisation.objects.get(cvr=cvr) for cvr in ("99100001", "99200006"))
    gone = dissolve(gone, on=date(2025, 1, 1), expected=gone.version)
    merge(kept, gone, chosen={}, expected=(kept.version, gone.version), user=consultant)
    assert tally(bring_in(company(99200006), site(cvr=99200006))) == (1, 0, 1, 0, 0)
    assert Organisation.objects.get(operator=operator) == kept
    assert Establishment.objects.get().organisation == kept
