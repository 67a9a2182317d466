# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Consents from a file: each row a proof or left out, nothing twice, and no file undoes an unsubscription."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from brobygger.base.history import history_of
from brobygger.outreach import imports
from brobygger.outreach.models import Consent, MailAddress, Purpose
from brobygger.outreach.services import consents
from brobygger.register.imports import runs
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Affiliation, ImportRun
from tests.factories import PersonFactory, user_as
from tests.market.at_once import at_once
from tests.outreach import made

pytestmark = pytest.mark.django_db
HEADER = "virksomhed;cvr;e-mail;formål;dato;kilde;nærmere\n"
GOOD = ";99100001;bodil@example.invalid;Nyhedsbrev;3.2.2025;Blanket på messen;\n"


@pytest.fixture
def firm(operator):
    made.purpose(operator)
    return made.firm(operator, cvr="99100001", name="Øens Bryghus ApS", email="bryg@example.invalid")


@pytest.fixture
def bring_in(operator, consultant, tmp_path: Path):
    """A function that imports text or a file."""

    def run(content: Any, **how: Any) -> Report:
        path = content if isinstance(content, Path) else tmp_path / "samtykker.csv"
        if not isinstance(content, Path):
            path.write_text(content, encoding="utf-8")
        return imports.carry_out(Order(operator, path, path.name, by=consultant, **how), no_progress)

    return run


def tally(report: Report) -> tuple[int, ...]:
    counts = (report.created, report.changed, report.unchanged, report.skipped)
    assert report.read == sum(counts)
    return counts


def told(report: Report) -> list[tuple[int, str, str]]:
    return [(one["line"], one["column"], one["message"].split(".")[0]) for one in report.problems]


def test_a_row_becomes_a_consent_with_purpose_day_and_source(bring_in, firm, consultant) -> None:
    assert tally(bring_in(HEADER + GOOD)) == (1, 0, 0, 0)
    given = Consent.objects.get()
    assert (given.organisation, given.purpose.name, given.email) == (
        firm,
        "Nyhedsbrev",
        "bodil@example.invalid",
    )
    assert (given.given_on, given.source, given.source_note) == (
        date(2025, 2, 3),
        "import",
        "Blanket på messen",
    )
    assert given.noted_by == consultant
    assert given.stands
    assert given.token
    (line,) = history_of(given)
    assert line.who == consultant.name


@pytest.mark.parametrize(
    ("source", "note", "kept"),
    [
        ("Formular", "", ("form", "")),
        ("mundtligt", "Bodil på mødet 3. februar", ("verbal", "Bodil på mødet 3. februar")),
        ("Skriftligt", "", ("written", "")),
        ("Messe", "stand 12", ("import", "Messe. stand 12")),
    ],
)
def test_a_source_that_is_ours_is_kept_as_such_and_any_other_in_its_own_words(
    bring_in, firm, source: str, note: str, kept: tuple[str, str]
) -> None:
    bring_in(HEADER + f";99100001;b@example.invalid;nyhedsbrev;2025-02-03;{source};{note}\n")
    given = Consent.objects.get()
    assert (given.source, given.source_note) == kept


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (";99100001;b@example.invalid;;3.2.2025;Messe;", "formål"),
        (";99100001;b@example.invalid;Sladder;3.2.2025;Messe;", "formål"),
        (";99100001;b@example.invalid;Gammelt formål;3.2.2025;Messe;", "formål"),
        (";99100001;b@example.invalid;Nyhedsbrev;;Messe;", "dato"),
        (";99100001;b@example.invalid;Nyhedsbrev;31.2.2025;Messe;", "dato"),
        (";99100001;b@example.invalid;Nyhedsbrev;3.2.2999;Messe;", "dato"),
        (";99100001;b@example.invalid;Nyhedsbrev;3.2.1999;Messe;", "dato"),
        (";99100001;b@example.invalid;Nyhedsbrev;3.2.2025;;", "kilde"),
        (";99100001;b@example.invalid;Nyhedsbrev;3.2.2025;Mundtligt;", "kilde"),
        (f";99100001;b@example.invalid;Nyhedsbrev;3.2.2025;Messe;{'x' * 199}", "nærmere"),
        (";99100001;ikke en mail;Nyhedsbrev;3.2.2025;Messe;", "e-mail"),
        (";;b@example.invalid;Nyhedsbrev;3.2.2025;Messe;", "virksomhed"),
        (";9910;b@example.invalid;Nyhedsbrev;3.2.2025;Messe;", "cvr"),
        (";99100009;b@example.invalid;Nyhedsbrev;3.2.2025;Messe;", "cvr"),
        ("Ukendt;;b@example.invalid;Nyhedsbrev;3.2.2025;Messe;", "virksomhed"),
        ("Uden mail;;;Nyhedsbrev;3.2.2025;Messe;", "e-mail"),
    ],
)
def test_a_row_that_proves_nothing_is_told_of_and_the_rest_goes_in(
    bring_in, operator, firm, row: str, column: str
) -> None:
    Purpose.objects.create(operator=operator, name="Gammelt formål", description="-", active=False)
    made.firm(operator, name="Uden mail", email="", cvr=None)
    report = bring_in(HEADER + row + "\n" + GOOD)
    assert tally(report) == (1, 0, 0, 1)
    assert (report.problems[0]["line"], report.problems[0]["column"]) == (2, column)
    assert Consent.objects.get().email == "bodil@example.invalid"


def test_an_unknown_purpose_is_told_with_the_offices_own(bring_in, firm) -> None:
    report = bring_in(HEADER + ";99100001;b@example.invalid;Sladder;3.2.2025;Messe;\n")
    assert report.problems[0]["message"] == "Formålet findes ikke. Kontorets formål er »Nyhedsbrev«"


def test_the_same_file_again_notes_nothing_twice(bring_in, firm) -> None:
    assert tally(bring_in(HEADER + GOOD + GOOD.replace("bodil", "BODIL"))) == (1, 0, 1, 0)
    assert tally(bring_in(HEADER + GOOD)) == (0, 0, 1, 0)
    assert Consent.objects.get().given_on == date(2025, 2, 3)


def test_no_file_undoes_an_unsubscription_but_a_later_yes_counts(
    bring_in, operator, firm, consultant
) -> None:
    other = made.firm(operator, cvr="99100002")
    consents.unsubscribe(made.consent(other, consultant).token)
    today = timezone.localdate()
    report = bring_in(HEADER + GOOD + GOOD.replace("3.2.2025", today.isoformat()))
    assert tally(report) == (0, 0, 0, 2)
    assert [one[:2] for one in told(report)] == [(2, "e-mail"), (3, "e-mail")]
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    Consent.objects.update(withdrawn_at=timezone.now() - timedelta(days=2))
    assert tally(bring_in(HEADER + GOOD)) == (0, 0, 0, 1)
    assert tally(bring_in(HEADER + GOOD.replace("3.2.2025", today.isoformat()))) == (1, 0, 0, 0)


def test_a_row_that_says_it_was_taken_back_is_left_out(bring_in, firm) -> None:
    header = "cvr;e-mail;formål;givet;hvordan;trukket tilbage\n"
    report = bring_in(header + "99100001;b@example.invalid;Nyhedsbrev;3.2.2025;Messe;4.5.2025\n")
    assert told(report) == [(2, "trukket tilbage", "Samtykket er trukket tilbage og tages ikke med")]
    assert not Consent.objects.exists()


def test_our_own_spreadsheet_is_read_back_and_changes_nothing(
    bring_in, operator, firm, consultant, as_consultant, tmp_path: Path
) -> None:
    made.consent(firm, consultant)
    consents.unsubscribe(made.consent(firm, consultant, "gaaet@example.invalid").token)
    sheet = as_consultant.get(reverse("outreach:export_consents"), {"vis": "alle"})
    path = tmp_path / "samtykker.xlsx"
    path.write_bytes(sheet.content)
    assert load_workbook(path).active.max_row == 3
    assert tally(bring_in(path)) == (0, 0, 1, 1)


def test_the_person_is_found_in_the_firm_and_the_address_follows(bring_in, operator, firm) -> None:
    person = PersonFactory(operator=operator, name="Bodil Prøve", email="Bodil@Example.invalid")
    Affiliation.objects.create(person=person, organisation=firm)
    header = "cvr;person;e-mail;formål;dato;kilde\n"
    rows = (
        "99100001;bodil prøve;;Nyhedsbrev;3.2.2025;Messe\n"
        "99100001;Ukendt Person;u@example.invalid;Nyhedsbrev;3.2.2025;Messe\n"
        "99100001;;;Nyhedsbrev;3.2.2025;Messe\n"
    )
    report = bring_in(header + rows)
    assert (tally(report), report.remarks) == ((3, 0, 0, 0), 1)
    found = dict(Consent.objects.values_list("email", "person_id"))
    assert found == {
        "bodil@example.invalid": person.pk,
        "u@example.invalid": None,
        "bryg@example.invalid": None,
    }


def test_a_dead_address_is_remarked_on(bring_in, operator, firm) -> None:
    MailAddress.objects.create(operator=operator, email="bodil@example.invalid", dead_at=timezone.now())
    report = bring_in(HEADER + GOOD)
    assert (report.created, report.remarks) == (1, 1)
    assert "kommer retur" in report.problems[0]["message"]


def test_a_neighbours_firm_purpose_and_consents_are_nobodys_here(bring_in, operator) -> None:
    neighbour = user_as("consultant")
    theirs = neighbour.memberships.get().operator
    firm = made.firm(theirs, cvr="99100001")
    consents.unsubscribe(made.consent(firm, neighbour).token)
    assert tally(bring_in(HEADER + GOOD)) == (0, 0, 0, 1)
    made.firm(operator, cvr="99100001")
    assert tally(bring_in(HEADER + GOOD)) == (0, 0, 0, 1)
    made.purpose(operator)
    assert tally(bring_in(HEADER + GOOD)) == (1, 0, 0, 0)


def test_trying_first_stores_nothing_and_counts_the_same(bring_in, firm) -> None:
    rows = HEADER + GOOD + GOOD + ";99100001;x;Nyhedsbrev;3.2.2025;Messe;\n"
    tried = bring_in(rows, dry_run=True)
    assert not Consent.objects.exists()
    assert tally(bring_in(rows)) == tally(tried) == (1, 0, 1, 1)
    assert tried.differences[0]["details"][:2] == ["Nyhedsbrev: bodil@example.invalid", "03.02.2025"]


def test_an_interrupted_import_run_again_counts_what_it_stored_as_its_own(bring_in, firm) -> None:
    begun = timezone.now()
    bring_in(HEADER + GOOD)
    assert tally(bring_in(HEADER + GOOD, since=begun)) == (1, 0, 0, 0)
    assert Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_who_bring_in_the_same_file_at_once_note_each_consent_once(
    bring_in, firm, tmp_path: Path
) -> None:
    other = GOOD.replace("bodil", "anden")
    path = tmp_path / "den-samme.csv"
    path.write_text(HEADER + GOOD + other, encoding="utf-8")
    counts: list[int] = []
    faults, number = at_once(
        tmp_path, [lambda: counts.append(bring_in(path).created)] * 3, Consent.objects.count
    )
    assert (faults, number, sum(counts)) == ([], 2, 2)


def test_excel_is_read_with_its_dates(bring_in, firm, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["CVR-nummer", "Mail", "Purpose", "Consent date", "Source"])
    book.active.append([99100001, "b@example.invalid", "Nyhedsbrev", date(2024, 2, 29), "Messe"])
    path = tmp_path / "samtykker.xlsx"
    book.save(path)
    assert tally(bring_in(path)) == (1, 0, 0, 0)
    assert Consent.objects.get().given_on == date(2024, 2, 29)


def test_a_file_without_the_columns_that_prove_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for header in ("cvr;e-mail;formål;dato\n", "cvr;e-mail;formål;kilde\n", "cvr;e-mail;dato;kilde\n"):
        path.write_text(header, "utf-8")
        with pytest.raises(BadFile):
            imports.check(path, "x.csv")


def test_a_longer_file_asks_no_more_questions(bring_in, operator, firm) -> None:
    def asked(rows: int) -> int:
        row = ";99100001;n{0}-{1}@example.invalid;Nyhedsbrev;3.2.2025;Messe;\n"
        with CaptureQueriesContext(connection) as found:
            bring_in(HEADER + "".join(row.format(rows, number) for number in range(rows)))
        return len(found)

    assert asked(3) == asked(15)  # fewer than one statement may insert


def test_from_the_consents_page_to_the_report_in_the_browser(
    as_consultant, operator, consultant, firm
) -> None:
    new = f"{reverse('register:new_import')}?art=consents"
    for page in ("outreach:consents", "outreach:mailings"):
        assert new in as_consultant.get(reverse(page)).content.decode()
    shown = as_consultant.get(new)
    assert shown.context["form"]["kind"].value() == "consents"
    assert "Samtykker fra fil: de kolonner, vi kender" in shown.content.decode()
    upload = SimpleUploadedFile("samtykker.csv", (HEADER + GOOD + GOOD.replace("Nyhedsbrev", "")).encode())
    as_consultant.post(new, {"kind": "consents", "file": upload, "dry_run": "on"})
    trial = ImportRun.objects.get()
    runs.carry_out(trial, no_progress)
    report = as_consultant.get(trial.get_absolute_url()).content.decode()
    assert "Dette er en prøve. Intet er gemt." in report
    assert "Uden det beviser rækken intet samtykke" in report
    assert not Consent.objects.exists()
    as_consultant.post(reverse("register:import_now", args=[trial.pk]))
    real = ImportRun.objects.exclude(pk=trial.pk).get()
    runs.carry_out(real, no_progress)
    assert Consent.objects.get().noted_by == consultant
    assert str(real) == "Samtykker fra fil: samtykker.csv"


def test_a_consent_is_not_given_to_a_firm_whose_name_only_begins_like_that(bring_in, operator) -> None:
    made.purpose(operator)
    made.firm(operator, name="Grundejerforeningen Hvalsø Bakker, afdeling Nord", email="nord@example.invalid")
    row = "Grundejerforeningen Hvalsø Bakker, afdeling Syd;;;Nyhedsbrev;3.2.2025;Blanket på messen;\n"
    assert tally(bring_in(HEADER + row)) == (0, 0, 0, 1)
    assert not Consent.objects.exists()
