# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Old talks from a spreadsheet: found firms, nothing twice, bad rows told of with their line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from brobygger.base import search
from brobygger.base.history import history_of
from brobygger.dialogue import imports
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services import interactions as services
from brobygger.register.imports import runs
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report
from brobygger.register.models import ImportRun
from brobygger.register.services_merge import merge
from tests.dialogue.made import note
from tests.factories import OrganisationFactory

HEADER = "dato;cvr;virksomhed;art;hvem;tekst;id\n"


@pytest.fixture
def firm(operator: Any) -> Any:
    return OrganisationFactory(operator=operator, cvr="99100001", name="Øens Bryghus ApS")


@pytest.fixture
def bring_in(operator, tmp_path: Path):
    """A function that imports text or a file."""

    def run(content: Any, **how: Any) -> Report:
        path = content if isinstance(content, Path) else tmp_path / "samtaler.csv"
        if not isinstance(content, Path):
            path.write_text(content, encoding="utf-8")
        return imports.carry_out(Order(operator, path, path.name, **how), no_progress)

    return run


def tally(report: Report) -> tuple[int, ...]:
    counts = (report.created, report.changed, report.unchanged, report.skipped)
    assert report.read == sum(counts)
    return counts


def test_a_row_becomes_a_talk_with_its_firm_day_kind_and_colleague(bring_in, firm, consultant) -> None:
    row = f"3.2.2021;99 10 00 01;;Besøg;{consultant.name};De bygger nyt;A-17\n"
    assert tally(bring_in(HEADER + row)) == (1, 0, 0, 0)
    talk = Interaction.objects.get()
    assert (talk.on, talk.kind, talk.by, talk.text) == (
        date(2021, 2, 3),
        "visit",
        consultant,
        "De bygger nyt",
    )
    assert list(talk.organisations.all()) == [firm]
    assert talk.private
    assert list(search.find("interaction", "bygger", scopes=[str(firm.operator_id)]).keys) == [talk.pk]


def test_the_same_file_again_brings_nothing_in_twice(bring_in, firm) -> None:
    rows = HEADER + "1.2.2021;99100001;;Møde;;Om kredit;\n1.2.2021;99100001;;Møde;;Om kredit;\n"
    assert tally(bring_in(rows)) == (1, 0, 1, 0)
    assert tally(bring_in(rows)) == (0, 0, 2, 0)
    assert Interaction.objects.count() == 1


def test_a_row_with_its_own_reference_is_known_by_it_also_when_the_text_is_mended(bring_in, firm) -> None:
    bring_in(HEADER + "1.2.2021;99100001;;;;Om kredit;A-17\n")
    assert tally(bring_in(HEADER + "1.2.2021;99100001;;;;Om kredit og lån;A-17\n")) == (0, 0, 0, 1)
    assert Interaction.objects.get().text == "Om kredit"
    assert tally(bring_in(HEADER + "1.2.2021;99100001;;;;Om kredit;A-18\n")) == (1, 0, 0, 0)


@pytest.mark.parametrize("lot", [1, 500])
def test_a_talk_that_says_something_else_by_now_is_told_and_left_as_it_is(
    bring_in, operator, firm, consultant, monkeypatch, lot: int
) -> None:
    monkeypatch.setattr("brobygger.register.imports.firm_rows.BATCH", lot)
    OrganisationFactory(operator=operator, cvr="99100002", name="Gården")
    rows = [f"1.2.2021;{cvr};;Møde;;Om kredit;A-17\n" for cvr in ("99100001", "99100002", "99100002")]
    bring_in(HEADER + "".join(rows))
    talk = Interaction.objects.get()
    corrected = note(firm, consultant, text="Om lån", kind="meeting", on=date(2021, 2, 2), by=None)
    services.correct(talk, corrected, user=consultant, expected=talk.version)
    for dry_run in (True, False):
        report = bring_in(HEADER + "".join(rows), dry_run=dry_run)
        assert tally(report) == (0, 0, 0, 3)
        assert [problem["line"] for problem in report.problems] == [2, 3, 4]
        assert report.problems[0]["message"] == (
            "Samtalen findes allerede, men dagen og teksten er ikke som i filen. Den er ikke ændret."
        )
    talk.refresh_from_db()
    assert (talk.text, talk.on) == ("Om lån", date(2021, 2, 2))


def test_what_the_row_says_nothing_of_is_no_difference(bring_in, firm, consultant) -> None:
    row = HEADER + "1.2.2021;99100001;;;;Om kredit;A-17\n"
    bring_in(row)
    talk = Interaction.objects.get()
    fuller = note(firm, consultant, text="Om kredit", kind="meeting", on=talk.on, minutes="Alt i alt")
    services.correct(talk, fuller, user=consultant, expected=talk.version)
    assert tally(bring_in(row)) == (0, 0, 1, 0)


def test_a_number_that_several_talks_have_loses_none_of_them(bring_in, firm) -> None:
    rows = "".join(f"{day}.2.2021;99100001;;;;Om kredit {day};Sag 7\n" for day in (1, 2, 3))
    assert tally(bring_in(HEADER + rows)) == (3, 0, 0, 0)
    assert tally(bring_in(HEADER + rows)) == (0, 0, 3, 0)
    assert Interaction.objects.count() == 3


@pytest.mark.parametrize("lot", [1, 500])
def test_a_talk_that_stands_on_a_row_for_each_of_its_firms_is_one_talk_with_them_all(
    bring_in, operator, firm, monkeypatch, lot: int
) -> None:
    monkeypatch.setattr("brobygger.register.imports.firm_rows.BATCH", lot)
    other = OrganisationFactory(operator=operator, cvr="99100002", name="Gården")
    rows = "".join(
        f"1.2.2021;{cvr};;Møde;;Om fælles indkøb;A-17\n" for cvr in ("99100001", "99100002", "99100002")
    )
    assert tally(bring_in(HEADER + rows, dry_run=True)) == (1, 1, 1, 0)
    assert not Interaction.objects.exists()
    assert tally(bring_in(HEADER + rows)) == (1, 1, 1, 0)
    talk = Interaction.objects.get()
    assert set(talk.organisations.all()) == {firm, other}
    assert history_of(talk)[0].details == history_of(talk)[-1].details
    assert talk.history.count() == 1
    assert {row.organisation for row in talk.history.get().organisations.all()} == {firm, other}
    talk.organisations.remove(other)
    assert tally(bring_in(HEADER + rows)) == (0, 0, 3, 0)
    assert set(talk.organisations.all()) == {firm}, "what somebody took off stays off"


def test_a_firm_without_number_is_found_by_its_name_when_only_one_has_it(bring_in, operator, firm) -> None:
    for code in ("4320", "9000"):
        OrganisationFactory(operator=operator, name="Bageren", cvr=None, postal_code=code)
    header = "dato;virksomhed;postnr;tekst\n"
    rows = "1.2.2021;øens bryghus aps;;A\n1.2.2021;Bageren;;B\n1.2.2021;Bageren;9000;C\n1.2.2021;Ukendt;;D\n"
    report = bring_in(header + rows)
    assert tally(report) == (2, 0, 0, 2)
    assert [(problem["line"], problem["message"].split(".")[0]) for problem in report.problems] == [
        (3, "Flere virksomheder hedder det"),
        (5, "Virksomheden findes ikke i registret"),
    ]


def test_a_neighbours_firm_is_not_found(bring_in) -> None:
    OrganisationFactory(cvr="99100001")
    assert tally(bring_in(HEADER + "1.2.2021;99100001;;;;X;\n")) == (0, 0, 0, 1)


def test_a_number_that_was_given_up_in_a_merge_finds_the_kept_firm(
    bring_in, operator, firm, consultant
) -> None:
    gone = OrganisationFactory(operator=operator, cvr="99100002", status="dissolved")
    merge(firm, gone, chosen={}, expected=(firm.version, gone.version), user=consultant)
    assert tally(bring_in(HEADER + "1.2.2021;99100002;;;;X;\n")) == (1, 0, 0, 0)
    assert list(Interaction.objects.get().organisations.all()) == [firm]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("31.2.2021;99100001;;;;X;", "dato"),
        ("1.2.2999;99100001;;;;X;", "dato"),
        (";99100001;;;;X;", "dato"),
        ("1.2.2021;99100001;;;;;", "tekst"),
        ("1.2.2021;9910;;;;X;", "cvr"),
        ("1.2.2021;;;;;X;", "virksomhed"),
        ("1.2.2021;99100001;;Fakkeltog;;X;", "art"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_of_and_the_rest_goes_in(
    bring_in, firm, row: str, column: str
) -> None:
    report = bring_in(HEADER + row + "\n1.2.2021;99100001;;;;God række;\n")
    assert tally(report) == (1, 0, 0, 1)
    assert (report.problems[0]["line"], report.problems[0]["column"]) == (2, column)


def test_somebody_who_has_left_is_named_among_those_who_took_part(bring_in, firm) -> None:
    report = bring_in(HEADER + "1.2.2021;99100001;;;Gammel Kollega;X;\n")
    assert (report.created, report.remarks) == (1, 1)
    assert "Gammel Kollega" in Interaction.objects.get().participants


def test_trying_first_stores_nothing_and_counts_the_same(bring_in, firm) -> None:
    rows = HEADER + "1.2.2021;99100001;;;;A;\n1.2.2021;99100001;;;;A;\nx;99100001;;;;B;\n"
    tried = tally(bring_in(rows, dry_run=True))
    assert not Interaction.objects.exists()
    assert tally(bring_in(rows)) == tried == (1, 0, 1, 1)


def test_excel_is_read_with_its_dates(bring_in, firm, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Dato", "CVR", "Notat"])
    book.active.append([date(2020, 2, 29), 99100001, "Skuddag"])
    book.save(tmp_path / "samtaler.xlsx")
    assert tally(bring_in(tmp_path / "samtaler.xlsx")) == (1, 0, 0, 0)
    assert Interaction.objects.get().on == date(2020, 2, 29)


def test_a_file_without_days_or_texts_is_refused_by_the_missing_column(operator, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("cvr;virksomhed\n99100001;X\n")
    with pytest.raises(BadFile, match="dato"):
        imports.check(file, file.name)


def test_the_history_of_an_imported_talk_tells_only_what_was_changed(bring_in, firm, consultant) -> None:
    bring_in(HEADER + "1.2.2021;99100001;;;;Om kredit;\n", by=consultant)
    talk = Interaction.objects.get()
    corrected = note(firm, consultant, text="Om lån", kind="note", on=talk.on, by=None)
    services.correct(talk, corrected, user=consultant, expected=talk.version)
    newest = history_of(talk)[0]
    assert newest.details == ["tekst: fra »Om kredit« til »Om lån«"]


def test_the_questions_do_not_grow_with_the_rows_of_a_lot(bring_in, operator) -> None:
    for number in range(12):
        OrganisationFactory(operator=operator, cvr=f"9910{number:04}")
    rows = [f"1.2.2021;9910{number % 12:04};;;;Samtale {number};\n" for number in range(24)]
    bring_in(HEADER + rows[0])
    with CaptureQueriesContext(connection) as few:
        bring_in(HEADER + rows[1])
    with CaptureQueriesContext(connection) as many:
        bring_in(HEADER + "".join(rows[2:]))
    assert len(many) - len(few) < 15  # the words of each text are looked up; nothing else is asked row by row


def test_it_is_brought_in_from_the_page_with_a_report(
    as_consultant, firm, operator, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = as_consultant.get(reverse("register:new_import")).content.decode()
    assert "Samtaler fra fil" in page
    file = SimpleUploadedFile("samtaler.csv", (HEADER + "1.2.2021;99100001;;;;Om kredit;\n").encode())
    as_consultant.post(reverse("register:new_import"), {"kind": "interactions", "file": file})
    run = ImportRun.objects.get()
    runs.carry_out(run, no_progress)
    html = as_consultant.get(run.get_absolute_url()).content.decode()
    assert "Samtaler fra fil" in html
    assert Interaction.objects.count() == 1
