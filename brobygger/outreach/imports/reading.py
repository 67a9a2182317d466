# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a file as consents; those that prove nothing are reported with their line and left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from brobygger.outreach.models import Consent
from brobygger.outreach.services.consents import EARLIEST
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, plain
from brobygger.register.imports.errors import LeftOut
from brobygger.register.imports.firm_rows import FIRM_CELLS, FIRM_COLUMNS, FirmReader, FirmRow

LONGEST_NOTE = 200
COLUMNS = (
    Column("purpose", "formål", ("samtykke til", "sagt ja til", "liste", "purpose", "list"), required=True),
    Column("given_on", "givet", ("dato", "samtykkedato", "dag", "date", "given on", "consent date"), required=True),
    Column("source", "hvordan", ("kilde", "hvorfra", "source", "how"), required=True),
    *FIRM_COLUMNS,
    Column("email", "e-mail", ("mail", "mailadresse", "e-mailadresse", "email address")),
    Column("person", "person", ("kontaktperson", "hvem", "contact", "contact person")),
    Column("note", "nærmere", ("bemærkning", "note", "remark")),
    Column("withdrawn", "trukket tilbage", ("afmeldt", "frameldt", "unsubscribed", "withdrawn")),
)  # fmt: skip
_SOURCES = {
    **{plain(str(label)): value for value, label in Consent.Source.choices},
    **{plain(value): value for value in Consent.Source.values},
    **dict.fromkeys(map(plain, ("mundtligt", "telefon", "verbalt", "spoken")), Consent.Source.VERBAL),
    **dict.fromkeys(map(plain, ("skriftligt", "mail", "brev")), Consent.Source.WRITTEN),
    **dict.fromkeys(map(plain, ("blanket", "tilmeldingsformular")), Consent.Source.FORM),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(FirmRow):
    """A row that may prove a consent, before its firm and purpose are found. `note` tells how the yes is known."""

    purpose: str
    given_on: date
    source: str
    note: str = ""
    email: str = ""
    person: str = ""


def _line(most: int) -> Callable[[str], str]:
    return lambda text: values.line(text, most)


_CELLS: dict[str, Callable[[str], Any]] = {
    **FIRM_CELLS,
    "purpose": _line(60),
    "given_on": values.day,
    "source": _line(LONGEST_NOTE),
    "email": lambda text: values.email(text.strip().lower()),
    "person": _line(200),
    "note": _line(LONGEST_NOTE),
}


class Reader(FirmReader[Entry]):
    """Reads row by row."""

    columns, cells = COLUMNS, _CELLS

    def entry(self, row: Row) -> Entry:
        """The consent that the row may prove. Raises LeftOut."""
        self.check(row, _("Feltet er tomt. Uden det beviser rækken intet samtykke"))
        if row.cells.get("withdrawn"):
            raise LeftOut("withdrawn", _("Samtykket er trukket tilbage og tages ikke med"))
        found = self.values(row)
        self.check_day("given_on", found["given_on"], EARLIEST, _("Dagen skal ligge mellem år 2000 og i dag"))
        return Entry(line=row.line, **(found | self._source(found["source"], found.get("note", ""))))

    def _source(self, said: str, note: str) -> dict[str, str]:
        """A source that is one of ours, else what stood there in its own words. Raises LeftOut."""
        known = _SOURCES.get(plain(said))
        if known == Consent.Source.VERBAL and not note:
            raise LeftOut("source", _("Skriv under »nærmere«, hvem der sagde ja, og hvornår I talte sammen"))
        if known is None:
            note = f"{said}. {note}" if note else said
        if len(note) > LONGEST_NOTE:
            raise LeftOut("note" if "note" in self.labels else "source", _("Der kan højst stå 200 tegn"))
        return {"source": known or Consent.Source.IMPORT, "note": note}
