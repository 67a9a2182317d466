# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""`brobygger import …` as it is called from outside: what it prints, and how it ends."""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path

import pytest
from django.core.management import call_command

from brobygger.market.models import Listing
from brobygger.register.models import ImportRun, Organisation
from tests.factories import OperatorFactory

CVR = Path(__file__).parents[1] / "register" / "data" / "cvr_scroll_page.json"
FIRST = json.dumps({"Vrvirksomhed": {"cvrNummer": 99100001}}).encode()
HALF = gzip.compress(FIRST + b"\n" + random.Random(1).randbytes(1_500_000).hex().encode(), mtime=0)[
    :1_000_000
]
"""A first document that can be read, and then a package that was cut."""


def command(*arguments: str) -> tuple[int, str, str]:
    """Exit status, what was printed, and what was said on stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_file", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_cvr_file_goes_in_and_the_counts_are_printed(operator):
    status, out, _ = command("cvr", str(CVR))
    assert status == 0
    assert "Oprettet: 3" in out
    assert operator.slug in out
    run = ImportRun.objects.get()
    assert (run.created, run.is_over, run.error) == (3, True, "")


def test_a_dry_run_tells_what_would_change_and_leaves_no_trace(operator):
    status, out, _ = command("cvr", str(CVR), "--dry-run")
    assert status == 0
    assert "Oprettet: 3" in out
    assert "Prøvebageriet Lejre ApS" in out
    assert not Organisation.objects.exists()
    assert not ImportRun.objects.exists()


def test_skipped_rows_are_told_and_the_status_is_still_0(operator, tmp_path):
    file = tmp_path / "firmaer.csv"
    file.write_text("navn;cvr\nGod;99100001\nDårlig;12\n")
    status, out, _ = command("organisations", str(file))
    assert status == 0
    assert "linje 3, cvr »12«: CVR-nummeret skal være på 8 cifre (sprunget over)" in out


def many_bad(folder: Path, count: int) -> str:
    file = folder / "firmaer.csv"
    file.write_text("navn;cvr\n" + "Dårlig;12\n" * count + "God;99100001\n")
    return str(file)


def test_a_dry_run_tells_of_every_bad_row_for_nothing_is_kept(operator, tmp_path):
    _, out, _ = command("organisations", many_bad(tmp_path, 30), "--dry-run")
    assert [f"linje {line}, cvr" in out for line in range(2, 33)] == [True] * 30 + [False]
    assert "til" not in out.split("linje 31")[1]


def test_a_real_run_tells_of_the_first_and_where_the_rest_is(operator, tmp_path):
    _, out, _ = command("organisations", many_bad(tmp_path, 30))
    assert "linje 21, cvr" in out
    assert "linje 22, cvr" not in out
    assert "… og 10 til. Se dem alle under Virksomheder, Import." in out


@pytest.mark.parametrize(
    ("how", "rest"),
    [
        ((), "… og 1.030 til. De første 1.000 står under Virksomheder, Import."),
        (("--dry-run",), "… og 50 til."),
    ],
)
def test_more_bad_rows_than_are_kept_are_counted_all_the_same(operator, tmp_path, how, rest):
    _, out, _ = command("organisations", many_bad(tmp_path, 1050), *how)
    assert out.rstrip().endswith(rest)


@pytest.mark.parametrize(
    ("kind", "name", "content", "line"),
    [
        ("organisations", "f.csv", b"navn;cvr\nA;\x00\n", 2),
        ("cvr", "c.json", b"{}", 1),
        ("cvr", "c.ndjson", b"{}\n{}\n", 1),
        ("cvr", "c.json.gz", gzip.compress(b'{"hits": []}' * 9, mtime=0)[:-9], 1),
        ("cvr", "c.ndjson.gz", HALF, 2),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_whole_path_and_the_line(
    operator, tmp_path, kind, name, content, line
):
    file = tmp_path / name
    file.write_bytes(content)
    status, _, err = command(kind, str(file))
    assert (status, len(err.strip().splitlines())) == (2, 1)
    assert err.startswith(f"{file}, linje {line}: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("cvr;by\n1;2\n", ["firmaer.csv", "linje 1", "navn"]),
        ("", ["firmaer.csv", "tom"]),
        (None, ["firmaer.csv", "kan ikke læses"]),
    ],
)
def test_a_bad_file_ends_with_status_2_and_one_line(operator, tmp_path, content, words):
    file = tmp_path / "firmaer.csv"
    if content is not None:
        file.write_text(content)
    status, out, err = command("organisations", str(file))
    assert (status, out, len(err.strip().splitlines())) == (2, "", 1)
    assert all(word in err for word in words)
    assert not ImportRun.objects.exists()


def test_listings_go_in_after_their_organisations(operator, tmp_path):
    firms, has = tmp_path / "f.csv", tmp_path / "h.csv"
    firms.write_text("navn;cvr;postnr\nPrøvebryg;99100001;4320\n")
    has.write_text("cvr;tekst\n99100001;Vi har 4 tons mask om ugen\n")
    assert command("organisations", str(firms))[0] == 0
    assert command("listings", str(has))[0] == 0
    assert Listing.objects.get().organisation.cvr == "99100001"


def test_the_office_may_be_named_and_one_nobody_knows_is_told(operator):
    other = OperatorFactory(slug="nabo")
    assert command("cvr", str(CVR), "--operator", "nabo")[0] == 0
    assert set(Organisation.objects.values_list("operator", flat=True)) == {other.pk}
    status, _, err = command("cvr", str(CVR), "--operator", "ukendt")
    assert status == 2
    assert "nabo" in err


@pytest.mark.django_db
def test_without_any_office_it_says_so(db):
    status, _, err = command("cvr", str(CVR))
    assert status == 2
    assert "intet kontor" in err
