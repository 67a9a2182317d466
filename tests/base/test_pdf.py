# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A PDF of ours is for the archive and for a screen reader, and what was typed is never read as markup."""

import datetime as dt

import pytest

from brobygger.base import pdf

WHEN = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "trial.typ"
    path.write_text(
        "= #d.heading\n#facts(d.facts)\n#listed(d.headings, d.rows, numbers: (1,))\n#typed(d.text)\n", "utf-8"
    )
    return path


def written(template, **changes):
    values = {
        "heading": "Blåbærgrød på Ærø",
        "facts": [["Virksomheder", "12"]],
        "headings": ["Navn", "Antal"],
        "rows": [["Æblemost", "3"]],
        "text": "Første.\n\nAndet.",
        **changes,
    }
    return pdf.write(template, values, title="Prøven", author="Erhverv Prøvekommune", at=WHEN)


def test_it_says_that_it_is_for_archives_and_for_screen_readers(template):
    found = written(template)
    assert found.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in found
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in found
    assert b"<pdfuaid:part>1</pdfuaid:part>" in found
    assert "Prøven".encode() in found


def test_the_same_values_at_the_same_time_give_the_same_file(template):
    assert written(template) == written(template)


def test_what_was_typed_is_not_markup(template):
    """`#panic()` and an unfinished bracket would stop the writing if they were read."""
    assert written(template, heading='#panic("x") [ $ *', text='#read("/etc/passwd")\n\n= Nej').startswith(
        b"%PDF"
    )
