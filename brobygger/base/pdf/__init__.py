# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""PDF of our pages: PDF/A-2a for archives and PDF/UA-1 for everybody, Danish, with the fonts that typst brings.

A room writes a typst file that begins where `page.typ` (this folder) ends, and reads its values from `d`::

    = #d.title
    #facts(d.facts)                        // ((label, value), …)

    written = pdf.write(Path(__file__).parent / "prospectus.typ", {"title": …, "facts": […]}, title=…, author=…)

Values are set as they stand: nothing that a person typed is read as markup.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
CONTENT_TYPE = "application/pdf"
_PAGE = Path(__file__).parent / "page.typ"


def write(
    template: Path,
    values: dict[str, Any],
    *,
    title: str,
    author: str,
    at: dt.datetime | None = None,
    language: str = "da",
) -> bytes:
    """The template filled in, as a tagged PDF/A-2a that is PDF/UA-1 too. `at` (default now) is when it was made.

    Values are what JSON can hold; dates and decimals are written out by the caller, in Danish.
    """
    made = at or timezone.now()
    frame = {"title": title, "author": author, "language": language}
    data = json.dumps({**values, "frame": frame}, ensure_ascii=False)
    written: bytes = typst.compile(
        (_source(_PAGE) + _source(template)).encode(),
        sys_inputs={"data": data},
        pdf_standards=[*STANDARDS],
        ignore_system_fonts=True,
        timestamp=int(made.timestamp()),
    )
    return written


@lru_cache(maxsize=32)
def _source(path: Path) -> str:
    return path.read_text("utf-8")
