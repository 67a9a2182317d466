# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations from CSV and Excel: every way a spreadsheet program writes them, and every way they can be wrong."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from brobygger.base import search
from brobygger.register.imports import bulk, organisations
from brobygger.register.imports.errors import BadFile
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Affiliation, Establishment, Organisation
from brobygger.register.search import KIND, scope_of
from brobygger.register.services_merge import merge
from tests.factories import EstablishmentFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
HEADER = "navn;cvr;adresse;postnr;branche;ansatte;e-mail\n"
ROW = "Ærø Bøgeskov Gård;99100001;Søvej 1;4320;107120;12;post@eksempel.invalid\n"


@pytest.fixture
def bring_in(operator, tmp_path):
    """A function that imports text, bytes or a file."""

    def run(content: Any, name: str = "firmaer.csv", **how: Any) -> Report:
        path = content if isinstance(content, Path) else tmp_path / name
        if not isinstance(content, Path):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return organisations.carry_out(Order(operator, path, path.name, **how), no_progress)

    return run


def tally(report: Report) -> tuple[int, ...]:
    counts = (report.created, report.changed, report.unchanged, report.skipped)
    assert report.read == sum(counts)
    return counts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_whatever_excel_saved_is_read(bring_in, encoding, separator):
    text = (HEADER + ROW).replace(";", separator).replace("\n", "\r\n")
    assert tally(bring_in(text.encode(encoding))) == (1, 0, 0, 0)
    firm = Organisation.objects.get()
    assert (firm.name, firm.street, firm.city, firm.industry) == (
        "Ærø Bøgeskov Gård",
        "Søvej 1",
        "Lejre",
        "107120",
    )
    assert (firm.employees, firm.email, firm.municipality_code, firm.source) == (
        12,
        "post@eksempel.invalid",
        "0350",
        "file",
    )
    assert firm.x is not None


def test_signs_that_only_windows_has_are_read(bring_in):
    bring_in("navn\nCafé »Prøve« – 5 €\n".encode("cp1252"))
    assert Organisation.objects.get().name == "Café »Prøve« – 5 €"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_one_line_in_the_old_way_of_writing_spoils_no_other(bring_in, encoding):
    odd = "Blåbær & Søn;99100002;;4320;;;\n".encode(encoding)
    bring_in(HEADER.encode() + ROW.encode() + odd + ROW.replace("99100001", "99100003").encode())
    names = Organisation.objects.order_by("cvr").values_list("name", flat=True)
    assert list(names) == ["Ærø Bøgeskov Gård", "Blåbær & Søn", "Ærø Bøgeskov Gård"]


def test_a_stray_byte_in_a_line_is_read_alone(bring_in):
    bring_in("navn\nÆrø Bøgeskov * Gård\n".encode().replace(b"*", b"\xe6"))
    assert Organisation.objects.get().name == "Ærø Bøgeskov æ Gård"


def test_signs_of_windows_that_happen_to_be_utf8_are_read_as_their_line_is(bring_in):
    bring_in("navn\n»SMÅ« huse\n".encode("cp1252"))
    assert Organisation.objects.get().name == "»SMÅ« huse"


def test_a_workbook_is_read_with_numbers_as_numbers(bring_in, tmp_path):
    book = Workbook()
    book.active.append(["Firmanavn", "CVR-nr.", "Post nr", "Antal ansatte", "Startet"])
    book.active.append(["Prøvefirma", 99100001, 4320.0, 12, __import__("datetime").datetime(2020, 2, 1)])
    book.active.append([None, None, None, None, None])
    book.active.append(["Uden nummer", None, "4330", None, None])
    book.save(tmp_path / "firmaer.xlsx")
    assert tally(bring_in(tmp_path / "firmaer.xlsx")) == (2, 0, 0, 0)
    firm = Organisation.objects.get(cvr="99100001")
    assert (firm.postal_code, firm.employees, str(firm.founded_on)) == ("4320", 12, "2020-02-01")


def test_headings_may_be_english_in_any_order_with_columns_we_do_not_know(bring_in):
    bring_in("Zip Code,Ignored,COMPANY NAME,Vat\n4320,x,Prøvefirma,DK 99 10 00 01\n")
    assert Organisation.objects.get().cvr == "99100001"


def test_a_line_that_tells_the_separator_is_understood(bring_in):
    assert tally(bring_in("sep=;\nnavn;postnr\nPrøve;4320\n")) == (1, 0, 0, 0)


def test_a_missing_column_is_named_with_what_it_may_be_called(bring_in):
    with pytest.raises(BadFile) as error:
        bring_in("cvr;by\n99100001;Lejre\n")
    assert (error.value.line, error.value.column) == (1, "navn")
    for word in ("firmaer.csv", "linje 1", "virksomhed", "cvr, by"):
        assert word in str(error.value)


def test_a_column_that_stands_there_twice_is_told(bring_in):
    with pytest.raises(BadFile, match="to gange"):
        bring_in("navn;virksomhed\na;b\n")


def _zip(path: Path, **parts: bytes) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tom"),
        (b"\n\n  \n", "tom"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "gamle Excel"),
        (b"navn;cvr\x00\x00;\x01\x02", "ikke tekst"),
        (b"PK\x03\x04 broken", "beskadiget"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_turned_away(bring_in, content, said):
    with pytest.raises(BadFile, match=said):
        bring_in(content)


def test_a_package_that_is_no_workbook_is_turned_away(bring_in, tmp_path):
    with pytest.raises(BadFile, match="anden slags pakke"):
        bring_in(_zip(tmp_path / "z", noget_xml=b"x"), "firmaer.xlsx")


def test_a_workbook_made_to_fill_the_disk_is_turned_away_unopened(bring_in, tmp_path):
    bomb = _zip(tmp_path / "z", xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"0" * 30_000_000)
    with pytest.raises(BadFile, match="fylder for meget"):
        bring_in(bomb, "firmaer.xlsx")


def test_a_workbook_that_tells_its_own_size_wrongly_is_read_whole(bring_in, tmp_path):
    """As many systems write it: `<dimension ref="A1">`, whatever there is."""
    book = Workbook()
    for row in (["navn", "cvr"], ["Prøve Et", 99100001], ["Prøve To", 99100002]):
        book.active.append(row)
    book.save(tmp_path / "right.xlsx")
    path = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(tmp_path / "right.xlsx") as right, zipfile.ZipFile(path, "w") as wrong:
        for name in right.namelist():
            wrong.writestr(name, right.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
    assert tally(bring_in(path)) == (2, 0, 0, 0)


def test_a_workbook_whose_rows_have_no_end_is_turned_away(bring_in, tmp_path):
    book = Workbook()
    for row in (["navn"], ["Prøve"]):
        book.active.append(row)
    book.save(tmp_path / "right.xlsx")
    path = tmp_path / "endless.xlsx"
    with zipfile.ZipFile(tmp_path / "right.xlsx") as right, zipfile.ZipFile(path, "w") as endless:
        for name in right.namelist():
            text = right.read(name).replace(b'<row r="2"', b'<row r="999999999999"').replace(b'r="A2"', b'r="A999999999999"')  # fmt: skip
            endless.writestr(name, text)
    with pytest.raises(BadFile, match="beskadiget"):
        organisations.check(path, path.name)


def test_a_broken_workbook_is_told(bring_in, tmp_path):
    with pytest.raises(BadFile, match="beskadiget"):
        bring_in(_zip(tmp_path / "z", xl__workbook_xml=b"not xml"), "firmaer.xlsx")


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


def test_empty_lines_above_the_header_are_passed_by(bring_in):
    assert tally(bring_in("\n\nnavn,cvr\nPrøve,99100001\nPrøve To,12\n")) == (1, 0, 0, 1)
    assert tally(bring_in("\nsep=,\nnavn,cvr\nPrøve,99100001\n")) == (0, 0, 1, 0)


def test_signs_that_no_database_takes_are_left_out_of_tags_too(bring_in):
    rows = "".join(f"Prøve {number};a\n" for number in range(8000))
    bring_in("navn;mærkater\n" + rows + "Den sidste;kl\x00ima\n")
    assert [tag.name for tag in Organisation.objects.get(name="Den sidste").tags.all()] == ["klima"]


def test_a_value_with_line_breaks_does_not_shift_the_line_numbers(bring_in):
    report = bring_in('navn;beskrivelse;cvr\nA;"to\nlinjer";99100001\nB;;12\n')
    assert report.problems[0]["line"] == 4


FORTY = [
    f"Prøvefirma {number};{99100000 + number};Prøvevej {number};4320;;{number};\n" for number in range(2, 42)
]
"""Line 2 to 41, each with its number in it."""


def forty(**changed: str) -> str:
    """The file, with other lines in the place of some: `line3="…"`."""
    rows = list(FORTY)
    for line, text in changed.items():
        rows[int(line.removeprefix("line")) - 2] = text
    return HEADER + "".join(rows)


@pytest.mark.parametrize(
    "changed",
    [
        {"line3": '"Smed og søn;99100003;;4320;;3;\n'},
        {"line3": '"Smed og søn;99100003;;4320;;3;\n', "line20": '"Jensen; Ole";99100020;;4320;;20;\n'},
        {"line3": '"Smed og søn;99100003;;4320;;3;\n', "line20": 'Skærm 15";99100020;;4320;;20;\n'},
        {"line3": '"Smed og søn;"99100003";"";"4320";"";"3";""\n'},
        {"line41": '"Smed og søn;99100041;;4320;;3;\n'},
        {"line41": '"Smed og søn;99100041;;4320;;3;'},
    ],
)
def test_a_quote_that_is_not_closed_costs_its_own_row_only(bring_in, changed):
    report = bring_in(forty(**changed))
    assert tally(report) == (39, 0, 0, 1)
    [told] = report.problems
    assert (told["line"], told["skipped"]) == (int(next(iter(changed)).removeprefix("line")), True)
    assert "anførselstegn" in told["message"]
    assert told["value"].startswith('"Smed og søn;')
    assert Organisation.objects.get(cvr="99100004").street == "Prøvevej 4"


def test_two_quotes_that_are_not_closed_cost_a_row_each(bring_in):
    report = bring_in(forty(line3='"Smed;99100003;;4320;;3;\n', line9='"Bager;99100009;;4320;;3;\n'))
    assert tally(report) == (38, 0, 0, 2)
    assert [told["line"] for told in report.problems] == [3, 9]


def test_a_quote_inside_a_name_is_part_of_it(bring_in):
    report = bring_in(
        forty(line3='Smed "Ole" Jensen;99100003;;4320;;3;\n', line4='"Bager" og søn;99100004;;4320;;3;\n')
    )
    assert tally(report) == (40, 0, 0, 0)
    assert Organisation.objects.get(cvr="99100003").name == 'Smed "Ole" Jensen'


def test_a_text_of_many_lines_is_one_value_also_with_commas_in_it(bring_in):
    report = bring_in('cvr,navn\n99100001,"Et, to\ntre, fire\nfem, seks\nsyv"\n99100002,B\n')
    assert tally(report) == (2, 0, 0, 0)
    assert Organisation.objects.get(cvr="99100001").name == "Et, to tre, fire fem, seks syv"


def test_a_header_whose_quote_is_not_closed_is_told_by_line(bring_in):
    with pytest.raises(BadFile, match="linje 1: .*anførselstegn"):
        bring_in('"navn;cvr\nPrøve;99100001\n')


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
