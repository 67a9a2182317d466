# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The reader of shipped tables says where a file is wrong."""

from pathlib import Path

import pytest

from brobygger.knowledge.tables import TableError, read_table, unique
from brobygger.knowledge.uses import CONVERSION_COLUMNS, USE_COLUMNS, load_conversions, load_uses


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def use_row(**cells: str) -> str:
    row = dict.fromkeys(USE_COLUMNS, "") | {
        "id": "X-1",
        "residue": "spent_grain",
        "text": "mask",
        "purpose": "foder",
        "status": "implemented",
        "source": "en kilde",
    }
    return ",".join((row | cells)[column] for column in USE_COLUMNS)


def test_a_missing_column_is_named_with_its_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "id,name\n1,x\n")
    with pytest.raises(TableError, match=r"a\.csv, linje 1, kolonne title: kolonnen mangler"):
        list(read_table(path, ("id", "title")))


def test_a_row_with_too_few_cells_is_named_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "id,name\n1,x\n2\n")
    with pytest.raises(TableError, match=r"a\.csv, linje 3: forventede 2 felter, fandt 1"):
        list(read_table(path, ("id",)))


def test_lines_are_counted_through_cells_that_hold_line_breaks(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'id,name\n1,"x\ny"\n2,z\n')
    assert [row.line for row in read_table(path, ("id",))] == [2, 4]


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,name\n1,Mølle\n".encode("latin-1"))
    with pytest.raises(TableError, match="UTF-8"):
        list(read_table(path, ("id",)))


def test_a_repeated_key_names_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "id\n1\n2\n1\n")
    with pytest.raises(TableError, match=r"linje 4, kolonne id: »1« står også i linje 2"):
        list(unique(read_table(path, ("id",)), "id"))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"year": "i fjor"}, r"linje 2, kolonne year: forventede et helt tal, fandt »i fjor«"),
        ({"yield": "meget"}, r"linje 2, kolonne yield: forventede et tal"),
        ({"giver_nace": "110"}, r"linje 2, kolonne giver_nace: forventede 4 cifre"),
        ({"status": "måske"}, r"linje 2, kolonne status: forventede failed eller implemented"),
        ({"source": ""}, r"linje 2, kolonne source: der skal stå noget her"),
    ],
)
def test_a_wrong_use_names_file_line_column_and_what_was_expected(
    tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    path = write(tmp_path, "uses.csv", f"{','.join(USE_COLUMNS)}\n{use_row(**cells)}\n")
    with pytest.raises(TableError, match=rf"uses\.csv, {message}"):
        load_uses(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("feed,mash,1.2,tørres,,en kilde", "forventede et tal fra 0 til 1"),
        ("feed,mash,0.5,tørres,,", "fortilfælde eller en kilde"),
        ("feed,feed,0.5,tørres,,en kilde", "fra én ressourcetype til en anden"),
    ],
)
def test_a_wrong_conversion_is_refused(tmp_path: Path, row: str, message: str) -> None:
    path = write(tmp_path, "conversions.csv", f"{','.join(CONVERSION_COLUMNS)}\n{row}\n")
    with pytest.raises(TableError, match=rf"conversions\.csv, linje 2.*{message}"):
        load_conversions(path)


def test_the_same_conversion_twice_is_refused(tmp_path: Path) -> None:
    row = "feed,mash,0.5,tørres,,en kilde"
    path = write(tmp_path, "conversions.csv", f"{','.join(CONVERSION_COLUMNS)}\n{row}\n{row}\n")
    with pytest.raises(TableError, match="linje 3.*samme regel står i linje 2"):
        load_conversions(path)
