# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations from CSV and Excel: every way a spreadsheet program writes a file, and every way it can be wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from brobygger.register.imports import organisations
from brobygger.register.imports.errors import BadFile
from brobygger.register.models import Organisation
from tests.register.importing import HEADER, ROW, tally

pytestmark = pytest.mark.django_db


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


def test_empty_lines_above_the_header_are_passed_by(bring_in):
    assert tally(bring_in("\n\nnavn,cvr\nPrøve,99100001\nPrøve To,12\n")) == (1, 0, 0, 1)
    assert tally(bring_in("\nsep=,\nnavn,cvr\nPrøve,99100001\n")) == (0, 0, 1, 0)


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
