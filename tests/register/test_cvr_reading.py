# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""CVR documents are found in every form the distribution hands them out in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from brobygger.register.cvr import reading
from brobygger.register.cvr.reading import COMPANY, SITE, read_documents
from brobygger.register.imports.errors import BadFile
from tests.register.cvr_documents import company, hit, ndjson, page, site

SHIPPED = Path(__file__).parent / "data" / "cvr_scroll_page.json"


def numbers(path: Path) -> list[int]:
    return [document.body.get("cvrNummer") or document.body["pNummer"] for document in read_documents(path)]


def test_a_scroll_page_as_the_service_answers_it():
    assert numbers(SHIPPED) == [99100001, 99200006, 99300000]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(page(company(), site()), ensure_ascii=False, indent=2),
        json.dumps(page(company(), site()), ensure_ascii=False),
        json.dumps([company(), site()], indent=1),
        json.dumps([hit(company(), "1"), hit(site(), "2")]),
        json.dumps(page(company())) + "\n" + json.dumps(page(site())) + "\n",
        json.dumps(page(company()), indent=1) + "\n" + json.dumps(page(site()), indent=1),
        json.dumps(company()) + "\n\n" + json.dumps(site()),
        json.dumps(hit(company(), "1")) + "\r\n" + json.dumps(hit(site(), "2")) + "\r\n",
        '{"index": {}}\n' + json.dumps(company()) + '\n{"index": {}}\n' + json.dumps(site()),
        "\ufeff" + json.dumps(company()) + "\n" + json.dumps(site()),
    ],
    ids=["page", "page on one line", "list", "hits", "pages by line", "pages after each other", "sources", "hits by line", "bulk", "bom"],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_every_form_gives_the_same_documents(tmp_path, text, packed):
    path = tmp_path / "cvr.json"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert [(one.kind, one.fault) for one in read_documents(path)] == [(COMPANY, ""), (SITE, "")]
    assert numbers(path) == [99100001, 1990000001]


@pytest.mark.parametrize("block", [1, 7, 100, 5000])
def test_where_the_file_is_cut_into_pieces_does_not_matter(monkeypatch, tmp_path, block):
    monkeypatch.setattr(reading, "BLOCK", block)
    name = [{"navn": 'Anførsel " og } og \\ ApS', "periode": {"gyldigFra": None, "gyldigTil": None}}]
    path = tmp_path / "cvr.json"
    path.write_text(json.dumps([company(navne=name), site()], indent=1))
    first, second = read_documents(path)
    assert first.body["navne"][0]["navn"] == 'Anførsel " og } og \\ ApS'
    assert second.body["pNummer"] == 1990000001


def test_people_are_passed_by(tmp_path):
    path = ndjson(tmp_path / "x", company(), {"Vrdeltagerperson": {"navne": []}})
    assert numbers(path) == [99100001]


def test_a_broken_line_is_told_by_its_number_and_the_rest_is_read(tmp_path):
    path = ndjson(tmp_path / "x", company(), '{"Vrvirksomhed": {', "[1, 2]", '{"noget": 1}', site())
    faults = [(one.line, bool(one.fault)) for one in read_documents(path)]
    assert faults == [(1, False), (2, True), (3, True), (3, True), (4, True), (5, False)]


def test_a_file_that_was_cut_short_gives_what_is_whole_and_says_so(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(page(company(), company(99100002)), indent=1)[:-900])
    whole, cut = read_documents(path)
    assert (whole.fault, cut.line) == ("", 2)
    assert "klippet over" in cut.fault


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tom"),
        (b"   \n", "tom"),
        (b"\x89PNG\r\n\x1a\n....", "JSON"),
        (b"navn;cvr\nX;1", "JSON"),
        (b"{}", "ingen virksomheder"),
        (b'{"vat": 99100001}', "ingen virksomheder"),
        (b'{"Vrvirksomhed": {"cvr', "klippet over"),
        (b"\x1f\x8bnot really gzip", "beskadiget"),
    ],
)
def test_what_is_not_from_cvr_is_turned_away(tmp_path, content, said):
    path = tmp_path / "fil.json"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=said) as error:
        list(read_documents(path))
    assert str(error.value).startswith("fil.json")


def test_a_gzip_file_that_was_cut_short_is_told(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(json.dumps([company(99100000 + n) for n in range(50)]).encode())[:-20])
    with pytest.raises(BadFile, match="beskadiget eller klippet over"):
        list(read_documents(path))
