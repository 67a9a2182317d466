# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Building cases come in from the municipality's own system: tried first, bad rows told of, only changes written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brobygger.accounts.models import Membership, Operator, Role, User
from brobygger.base.models import Letter
from brobygger.blueprints.queries import shipped_text
from brobygger.blueprints.services import adopt, adopt_shipped
from brobygger.cases.building import importing, in_memory
from brobygger.cases.models import Case, CaseEvent, CaseNumber
from brobygger.cases.services.correcting import take_back
from brobygger.cases.services.opening import open_case
from brobygger.cases.timeline import readings
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order
from brobygger.register.models import Affiliation, ImportRun
from tests.cases.building.made import HEADER, alone, bring, lived
from tests.factories import OperatorFactory, OrganisationFactory, PersonFactory, user_as

GOOD = [
    "2026-1;Industri- og lagerbygninger;Ny lagerhal;Industrivej 1;99200001;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;",
    "2026-2;Simple konstruktioner;Carport;Skovvej 2;;2026-02-01;2026-02-10;2026-02-15/2026-03-01;2026-04-01;Afslag;",
    "2026-3;Etagebyggeri, erhverv;Kontorhus;Torvet 3;;03-03-2026;;;;;",
]


@pytest.fixture(autouse=True)
def _type(operator: Operator) -> None:
    adopt_shipped(operator, "case_type", "building_case", user=None)


def case(ref: str) -> Case:
    return Case.objects.get(external_ref=ref)


def test_cases_come_in_with_their_whole_course(operator: Operator, tmp_path: Path) -> None:
    firm = OrganisationFactory(operator=operator, cvr="99200001", email="firma@example.invalid")
    report = bring(operator, tmp_path, GOOD)
    assert report.counts() | {"created": 3} == report.counts()
    assert report.skipped == 0, report.problems
    hall, carport, office = case("2026-1"), case("2026-2"), case("2026-3")
    assert (hall.organisation, hall.stage, hall.days_used, hall.goal_days) == (firm, "granted", 38, 50)
    assert hall.within_goal
    assert (carport.outcome, carport.days_used, carport.goal_days) == ("refused", 36, 40)
    assert (office.stage, office.clock_started_on, office.opened_on) == ("received", None, date(2026, 3, 3))
    assert not Letter.objects.exists(), "what another system decided was told there"


def test_a_dry_run_shows_all_of_it_and_keeps_nothing(operator: Operator, tmp_path: Path) -> None:
    report = bring(operator, tmp_path, GOOD, dry_run=True)
    assert report.created == 3
    assert {difference["name"] for difference in report.differences} == {
        "Ny lagerhal",
        "Carport",
        "Kontorhus",
    }
    assert not Case.objects.exists()
    assert not CaseNumber.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (";Simple konstruktioner;A;;;01-02-2026;;;;;", "sagsnummer", "mangler"),
        (f"{'x' * 61};Simple konstruktioner;A;;;01-02-2026;;;;;", "sagsnummer", "60 tegn"),
        ("x;Slotte;A;;;01-02-2026;;;;;", "sagstype", "kendes ikke"),
        ("x;Simple konstruktioner;A;;;;;;;;", "modtaget", "mangler"),
        ("x;Simple konstruktioner;A;;;01-02-2099;;;;;", "modtaget", "ikke kommet"),
        ("x;Simple konstruktioner;A;;;01-02-2026;31-02-2026;;;;", "fuldt oplyst", "dato"),
        ("x;Simple konstruktioner;A;;;01-02-2026;01-01-2026;;;;", "fuldt oplyst", "før"),
        ("x;Simple konstruktioner;A;;;01-02-2026;;;01-03-2026;Tilladelse;", "fuldt oplyst", "afgjort"),
        ("x;Simple konstruktioner;A;;;01-02-2026;02-02-2026;;01-03-2026;Måske;", "afgørelse", "tilladelse"),
        ("x;Simple konstruktioner;A;;;01-02-2026;02-02-2026;i går;;;", "venter", "2026-03-01/2026-03-10"),
        ("x;Simple konstruktioner;A;;;01-02-2026;02-02-2026;2026-03-10/2026-03-01;;;", "venter", "slutter"),
        ("x;Simple konstruktioner;A;;12;01-02-2026;;;;;", "cvr", "cifre"),
        (GOOD[0], "sagsnummer", "linje 2"),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason_and_the_rest_comes_in(
    operator: Operator, tmp_path: Path, row: str, column: str, words: str
) -> None:
    report = bring(operator, tmp_path, [GOOD[0], row, GOOD[1]])
    assert (report.created, report.skipped) == (2, 1)
    told = next(problem for problem in report.problems if problem["skipped"])
    assert (told["line"], told["column"]) == (3, column)
    assert words in told["message"]


def test_the_same_file_again_changes_nothing(operator: Operator, tmp_path: Path) -> None:
    bring(operator, tmp_path, GOOD)
    events = CaseEvent.objects.count()
    report = bring(operator, tmp_path, GOOD)
    assert (report.unchanged, report.changed, report.created) == (3, 0, 0)
    assert CaseEvent.objects.count() == events


def test_only_what_changed_is_written_and_as_a_correction(operator: Operator, tmp_path: Path) -> None:
    bring(operator, tmp_path, GOOD)
    before = CaseEvent.objects.filter(case=case("2026-1")).count()
    changed = [
        GOOD[0].replace("20-03-2026", "25-03-2026"),
        GOOD[1],
        GOOD[2].replace(";;;;;", ";10-03-2026;;;;"),
    ]
    report = bring(operator, tmp_path, changed)
    assert (report.unchanged, report.changed) == (1, 2)
    assert case("2026-1").days_used == 43
    assert [e.kind for e in CaseEvent.objects.filter(case=case("2026-1")).order_by("pk")[before:]] == [
        "redated"
    ]
    assert case("2026-3").stage == "complete"


@pytest.mark.parametrize(
    ("pauses", "days"),
    [
        ("2026-02-15/2026-03-05", 32),
        ("2026-02-16/2026-03-01", 37),
        ("", 50),
        ('"2026-02-15/2026-03-01; 2026-03-10/2026-03-20"', 26),
        ("2026-03-25/", 43),
    ],
)
def test_other_waiting_in_a_decided_case_gives_other_days(operator, tmp_path, pauses: str, days: int) -> None:
    bring(operator, tmp_path, GOOD)
    row = GOOD[1].replace("2026-02-15/2026-03-01", pauses)
    report = bring(operator, tmp_path, [row])
    assert (report.changed, report.skipped) == (1, 0), report.problems
    assert (case("2026-2").outcome, case("2026-2").days_used) == ("refused", days)


@pytest.mark.parametrize("together", [True, False])
def test_waits_that_began_on_one_day_are_each_known_again(operator, tmp_path, monkeypatch, together) -> None:
    if not together:
        alone(monkeypatch)
    short, long = "2026-03-01/2026-03-05", "2026-03-01/2026-03-10"
    dates = '2026-9;Simple konstruktioner;Carport;Skovvej 2;;{};{};"{}";{};Afslag;'
    stood = ("2026-02-01", "2026-02-10", f"{short};{long}", "2026-04-01")
    later = ("2026-03-20", "2026-03-21", "", "2026-04-01")
    for said, days in (
        (stood, 50 - 9),
        ((*stood[:2], f"{long};{short}", stood[3]), 50 - 9),
        ((*stood[:2], short, stood[3]), 50 - 4),
        (stood, 50 - 9),
        (later, 11),
    ):
        report = bring(operator, tmp_path, [dates.format(*said)])
        assert (report.skipped, case("2026-9").days_used) == (0, days), report.problems
        assert bring(operator, tmp_path, [dates.format(*said)]).unchanged == 1


def test_a_decision_that_was_changed_there_is_changed_here(operator: Operator, tmp_path: Path) -> None:
    bring(operator, tmp_path, GOOD)
    bring(
        operator,
        tmp_path,
        [GOOD[0].replace("Tilladelse", "Afslag"), GOOD[1].replace("2026-04-01;Afslag", ";")],
    )
    assert case("2026-1").outcome == "refused"
    assert (case("2026-2").is_open, case("2026-2").stage) == (True, "complete")


def test_dates_that_all_move_are_put_right_in_whatever_order_is_possible(
    operator: Operator, tmp_path: Path
) -> None:
    bring(operator, tmp_path, GOOD[:1])
    later = GOOD[0].replace("01-02-2026;10-02-2026;;20-03-2026", "01-04-2026;10-04-2026;;20-05-2026")
    assert bring(operator, tmp_path, [later]).skipped == 0
    found = case("2026-1")
    assert (found.opened_on, found.clock_started_on, found.decided_on, found.days_used) == (
        date(2026, 4, 1), date(2026, 4, 10), date(2026, 5, 20), 40,
    )  # fmt: skip


def test_what_the_office_wrote_itself_stays(operator: Operator, consultant: User, tmp_path: Path) -> None:
    from brobygger.cases.services import waiting

    bring(operator, tmp_path, [GOOD[2].replace(";;;;;", ";10-03-2026;;;;")])
    found = case("2026-3")
    waiting.pause(found, "hearing", user=consultant, on=date(2026, 3, 12), reason="Nabohøring")
    bring(
        operator,
        tmp_path,
        [GOOD[2].replace("Kontorhus", "Kontorhus i to plan").replace(";;;;;", ";10-03-2026;;;;")],
    )
    found = case("2026-3")
    assert (found.title, found.is_paused) == ("Kontorhus i to plan", True)
    assert readings(found.type, found.subtype, found.timeline)[0].used == 2
    paused = found.events.get(kind="paused")
    take_back(found, paused, reason="Fejl", user=consultant, expected=found.version)


def test_a_file_without_its_columns_is_told_of_as_a_whole(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("sagsnummer;navn\n1;2\n", "utf-8")
    with pytest.raises(BadFile, match="modtaget"):
        importing.check(file, "x.csv")


# Together and one by one --------------------------------------------------------------------------------

COURSES = [
    "A-1;Industri- og lagerbygninger;Lagerhal;Vej 1;99200001;01-02-2026;10-02-2026;;20-03-2026;Tilladelse;k@example.invalid",
    "A-2;Simple konstruktioner;Carport;Vej 2;;01-02-2026;10-02-2026;2026-02-15/2026-03-01;01-04-2026;Afslag;",
    "A-3;Etagebyggeri, erhverv;Kontor;Vej 3;;03-03-2026;;;;;ukendt@example.invalid",
    "A-4;Industri- og lagerbygninger;;Vej 4;;01-02-2026;10-02-2026;2026-03-25/;;;",
    'A-5;Industri- og lagerbygninger;Hal;Vej 5;;01-02-2026;01-02-2026;"2026-02-15/2026-03-01; 2026-03-01/2026-03-20";20-03-2026;Tilladelse;',
    "A-6;Lovliggørelse;Skur;Vej 6;;01-02-2026;;;05-02-2026;Trukket tilbage;",
    "A-7;Industri- og lagerbygninger;Hal;Vej 7;;01-12-2025;01-12-2025;;01-12-2025;Tilladelse;",
    "A-8;Industri- og lagerbygninger;Hal;Vej 8;;01-02-2026;10-02-2026;2026-01-15/2026-03-01;01-04-2026;Afslag;",
    "A-9;Industri- og lagerbygninger;Hal;Vej 9;99200009;01-02-2026;10-02-2026;2026-03-15/;01-04-2026;Afslag;",
    "A-10;Industri- og lagerbygninger;Hal;Vej 10;;01-02-2026;10-02-2026;2026-05-01/2026-05-03;01-04-2026;Afslag;",
]  # fmt: skip


def test_cases_that_are_stored_together_stand_as_if_each_had_gone_through_the_services(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = OperatorFactory()
    for office in (operator, other):
        OrganisationFactory(operator=office, cvr="99200001")
    adopt_shipped(other, "case_type", "building_case", user=None)
    officer = user_as(Role.CONSULTANT, operator, email="k@example.invalid")
    Membership.objects.create(user=officer, operator=other, role=Role.CONSULTANT)
    together = bring(operator, tmp_path, COURSES)
    alone(monkeypatch)
    one_by_one = bring(other, tmp_path, COURSES)
    assert lived(operator) == lived(other)
    assert together.counts() == one_by_one.counts()
    assert together.problems == one_by_one.problems
    assert sorted(together.differences, key=str) == sorted(one_by_one.differences, key=str)
    assert together.created == 9, together.problems
    assert [case.number for case in Case.objects.filter(operator=operator).order_by("pk")][:2] == [
        "BYG-2026-0001", "BYG-2026-0002",
    ]  # fmt: skip


def test_what_is_opened_together_is_numbered_after_what_is_there(operator: Operator, tmp_path: Path) -> None:
    bring(operator, tmp_path, GOOD[:1])
    bring(operator, tmp_path, GOOD)
    assert sorted(Case.objects.values_list("number", flat=True)) == [
        "BYG-2026-0001", "BYG-2026-0002", "BYG-2026-0003",
    ]  # fmt: skip
    assert CaseNumber.objects.get().last == 3


def rows_of(count: int, start: int = 0) -> list[str]:
    return [
        f"B-{n};Industri- og lagerbygninger;Hal {n};Vej {n};;01-02-2026;10-02-2026;2026-02-15/2026-03-01;20-03-2026;Tilladelse;"
        for n in range(start, start + count)
    ]


def test_many_new_cases_ask_hardly_more_than_a_few(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 50)
    with CaptureQueriesContext(connection) as few:
        bring(operator, tmp_path, rows_of(5))
    with CaptureQueriesContext(connection) as many:
        bring(operator, tmp_path, rows_of(50, start=5))
    assert len(many) <= len(few) + 2  # SQLite takes 999 values at a time
    with CaptureQueriesContext(connection) as again:
        report = bring(operator, tmp_path, rows_of(50, start=5))
    assert (report.unchanged, len(again) < 15) == (50, True)


def test_progress_tells_how_many_there_are(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    file = tmp_path / "byggesager.csv"
    file.write_text("\n".join([HEADER, *GOOD]), "utf-8")
    told: list[tuple[int, int | None]] = []
    importing.carry_out(Order(operator, file, file.name), lambda done, total, _m: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]


def test_a_gate_that_the_office_has_set_up_is_asked_also_of_imported_cases(
    operator: Operator, tmp_path: Path
) -> None:
    text = shipped_text("case_type", "building_case").replace(
        "key: complete, to: complete, name: Fuldt oplyst, ",
        "key: complete, to: complete, name: Fuldt oplyst, needs_fields: [cadastre], ",
    )
    adopt(operator, "case_type", text, user=None)
    report = bring(operator, tmp_path, GOOD)
    assert (report.created, report.skipped) == (1, 2)
    faults = [problem for problem in report.problems if problem["skipped"]]
    assert [(fault["line"], fault["message"]) for fault in faults] == [
        (2, "»Matrikelnummer« mangler."),
        (3, "»Matrikelnummer« mangler."),
    ]
    assert not CaseEvent.objects.filter(kind="moved").exists()


@pytest.mark.parametrize("asks", ["needs_documents: [drawings]", "needs_parties: [consultant]",
                                  "rules: [{rule: something_is_paid}]"])  # fmt: skip
def test_gates_that_ask_the_database_are_left_to_the_services(
    operator: Operator, tmp_path: Path, asks: str
) -> None:
    text = shipped_text("case_type", "building_case").replace(
        "name: Fuldt oplyst, letter", f"name: Fuldt oplyst, {asks}, letter"
    )
    kind = adopt(operator, "case_type", text, user=None).content
    assert not in_memory.possible(kind)
    report = bring(operator, tmp_path, GOOD)
    assert (report.created, report.skipped) == (1, 2)


def test_a_case_that_somebody_opens_meanwhile_is_brought_up_to_date(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = in_memory.store_new

    def late(office: Operator, kind: Any, news: Any) -> None:
        monkeypatch.setattr(in_memory, "store_new", stored)
        open_case(
            office, "building_case", title="Samme sag", user=None, subtype="simple", external_ref="2026-2"
        )
        stored(office, kind, news)

    monkeypatch.setattr(in_memory, "store_new", late)
    report = bring(operator, tmp_path, GOOD)
    assert (report.created, report.changed, report.skipped) == (2, 1, 0), report.problems
    assert (case("2026-2").title, case("2026-2").outcome) == ("Carport", "refused")


def test_a_row_that_fails_among_many_takes_none_of_them_along(operator: Operator, tmp_path: Path) -> None:
    report = bring(operator, tmp_path, [*GOOD[:2], COURSES[7], GOOD[2]])
    assert (report.created, report.skipped) == (3, 1)
    (told,) = [problem for problem in report.problems if problem["skipped"]]
    assert told["line"] == 4
    assert CaseEvent.objects.filter(case__external_ref="A-8").count() == 0


def test_an_officer_of_the_firm_itself_is_not_given_its_case(operator: Operator, tmp_path: Path) -> None:
    firm = OrganisationFactory(operator=operator, cvr="99200001")
    officer = user_as(Role.CONSULTANT, operator, email="k@example.invalid")
    Affiliation.objects.create(person=PersonFactory(operator=operator, user=officer), organisation=firm)
    report = bring(operator, tmp_path, [*COURSES[:1], GOOD[1]])
    assert (report.created, report.skipped) == (1, 1)
    assert "inhabil" in report.problems[0]["message"]


# On the pages --------------------------------------------------------------------------------------------


def test_it_is_found_among_the_imports_of_an_office_that_has_building_cases(
    as_consultant: Client, as_head: Client, operator: Operator
) -> None:
    link = f'href="{reverse("register:new_import")}?art=building_cases"'
    for client in (as_consultant, as_head):
        page = client.get(reverse("register:imports")).content.decode()
        assert link in page
        assert "Byggesager fra fil" in page
    page = as_consultant.get(f"{reverse('register:new_import')}?art=building_cases").content.decode()
    assert 'value="building_cases" ' in page
    assert "fuldt oplyst" in page


def test_it_is_not_offered_where_there_are_none(sign_in: Any) -> None:
    elsewhere = sign_in(user_as(Role.CONSULTANT, OperatorFactory()))
    assert "building_cases" not in elsewhere.get(reverse("register:imports")).content.decode()
    new = reverse("register:new_import")
    assert "building_cases" not in elsewhere.get(new).content.decode()
    sent = {"kind": "building_cases", "file": SimpleUploadedFile("sager.csv", HEADER.encode())}
    assert "gyldig valgmulighed" in elsewhere.post(new, sent).content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_is_received_where_other_imports_are(
    as_consultant: Client, operator: Operator, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("sager.csv", "\n".join([HEADER, *GOOD]).encode())
    sent = {"kind": "building_cases", "file": file, "dry_run": "on"}
    run_page = as_consultant.post(reverse("register:new_import"), sent)
    run = ImportRun.objects.get(kind="building_cases", operator=operator, dry_run=True)
    assert run_page["Location"] == reverse("job", args=[run.job_id])
    assert str(run).startswith("Byggesager fra fil")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FIRM, Role.PARTNER])
def test_only_the_office_brings_them_in(sign_in: Any, operator: Operator, role: str) -> None:
    client = sign_in(user_as(role, operator))
    assert client.get(reverse("register:imports")).status_code == 403
    assert client.get(f"{reverse('register:new_import')}?art=building_cases").status_code == 403
    assert client.get(reverse("cases:import_building")).status_code == 403
