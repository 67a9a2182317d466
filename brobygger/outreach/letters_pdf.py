# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Letters as PDF for the printer, and one by one for Digital Post.

As every PDF of ours (`base.pdf`) it can be archived (PDF/A-2a) and read aloud (PDF/UA-1), and every word of a letter is set
as it stands.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils import formats, timezone

from brobygger.accounts.models import Operator
from brobygger.base import pdf
from brobygger.outreach.models import Welcome

TEMPLATE = Path(__file__).parent / "typeset" / "letters.typ"
COLUMNS = ("cvr", "titel", "fil")
"""Of the list in the archive for Digital Post."""


def merged(operator: Operator, title: str, letters: Sequence[Welcome], signatures: Sequence[str]) -> bytes:
    """All the letters in one file, each beginning on a page of its own."""
    return _compiled(operator, title, [_as_data(letter, signatures) for letter in letters])


def digital_post(
    operator: Operator, letters: Iterable[Welcome], signatures: Sequence[str]
) -> Iterator[bytes]:
    """A zip for the municipality's own system for sending many letters, piece by piece: `digital-post.csv` (UTF-8 with
    BOM, semicolons: CVR number, title, name of the file) and a PDF for each firm that has a CVR number."""
    out = _Pieces()
    rows = io.StringIO()
    table = csv.writer(rows, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in letters:
            cvr = letter.organisation.cvr
            if not cvr:
                continue
            name = f"{cvr}.pdf"
            archive.writestr(name, _compiled(operator, letter.subject, [_as_data(letter, signatures)]))
            table.writerow([cvr, letter.subject, name])
            yield out.taken()
        archive.writestr("digital-post.csv", rows.getvalue().encode("utf-8-sig"))
    yield out.taken()


class _Pieces(io.RawIOBase):
    """A file that is only written to and handed on as it grows."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._held += piece
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        piece = bytes(self._held)
        self._held.clear()
        return piece


def _as_data(letter: Welcome, signatures: Sequence[str]) -> dict[str, Any]:
    day = formats.date_format(timezone.localdate(letter.at), "DATE_FORMAT")
    return {
        "address": letter.address,
        "date": str(day),
        "subject": letter.subject,
        "paragraphs": [part.strip() for part in letter.body.split("\n\n") if part.strip()],
        "signatures": list(signatures),
    }


def _compiled(operator: Operator, title: str, letters: list[dict[str, Any]]) -> bytes:
    sender = [part for part in (operator.name, operator.phone, operator.email) if part]
    return pdf.write(TEMPLATE, {"sender": sender, "letters": letters}, title=title, author=operator.name)
