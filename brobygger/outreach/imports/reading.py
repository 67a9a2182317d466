# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a file as consents; those that prove nothing are reported with their line and left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.outreach.models import Consent
from brobygger.outreach.services.consents import EARLIEST
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, plain
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.report import Report

COLUMNS = (
    Column("purpose", "formål", ("samtykke til", "sagt ja til", "liste", "purpose", "list"), required=True),
    Column("given_on", "givet", ("dato", "samtykkedato", "dag", "date", "given on", "consent date"), required=True),
    Column("source", "hvordan", ("kilde", "hvorfra", "source", "how"), required=True),
    Column("name", "virksomhed", ("firma", "navn", "virksomhedsnavn", "firmanavn", "company", "organisation", "company name")),
    Column("cvr", "cvr", ("cvr-nummer", "cvr-nr", "cvrnr", "vat")),
    Column("postal_code", "postnr", ("postnummer", "postal code", "zip")),
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


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that may prove a consent, before its firm and purpose are found. `note` tells how the yes is known."""

    line: int
    purpose: str
    given_on: date
    source: str
    note: str
    name: str
    cvr: str
    postal_code: str
    email: str
    person: str


class Reader:
    """Reads row by row."""

    def __init__(self, labels: dict[str, str], report: Report) -> None:
        self.labels, self.report = labels, report
        self.today = timezone.localdate()

    def entries(self, rows: Iterator[Row]) -> Iterator[Entry]:
        """Those that can be used."""
        for row in rows:
            self.report.read += 1
            if (entry := self._entry(row)) is not None:
                yield entry

    def _entry(self, row: Row) -> Entry | None:
        if not (row.cells.get("name") or row.cells.get("cvr")):
            name = "name" if "name" in self.labels else "cvr" if "cvr" in self.labels else "purpose"
            return self._left_out(row, name, _("Virksomheden mangler: skriv CVR-nummer eller navn"))
        for column in ("purpose", "given_on", "source"):
            if not row.cells.get(column):
                return self._left_out(
                    row, column, _("Feltet er tomt. Uden det beviser rækken intet samtykke")
                )
        if row.cells.get("withdrawn"):
            return self._left_out(row, "withdrawn", _("Samtykket er trukket tilbage og tages ikke med"))
        found: dict[str, Any] = dict.fromkeys(("name", "cvr", "postal_code", "email", "person", "note"), "")
        for name, text in row.cells.items():
            if not text:
                continue
            try:
                found[name] = _READERS[name](text)
            except BadValue as error:
                return self._left_out(row, name, str(error))
        if not EARLIEST <= found["given_on"] <= self.today:
            return self._left_out(row, "given_on", _("Dagen skal ligge mellem år 2000 og i dag"))
        return self._of(row, found)

    def _of(self, row: Row, found: dict[str, Any]) -> Entry | None:
        """A source that is one of ours, else what stood there in its own words."""
        found.pop("withdrawn", None)
        said = found["source"]
        known = _SOURCES.get(plain(said))
        if known == Consent.Source.VERBAL and not found["note"]:
            return self._left_out(
                row, "source", _("Skriv under »nærmere«, hvem der sagde ja, og hvornår I talte sammen")
            )
        found["source"] = known or Consent.Source.IMPORT
        if known is None:
            found["note"] = f"{said}. {found['note']}" if found["note"] else said
        if len(found["note"]) > LONGEST_NOTE:
            return self._left_out(
                row, "note" if "note" in self.labels else "source", _("Der kan højst stå 200 tegn")
            )
        return Entry(line=row.line, **found)

    def _left_out(self, row: Row, name: str, message: str) -> Entry | None:
        """Nothing, and why in the report."""
        self.report.skip(row.line, message, column=self.labels.get(name, ""), value=row.cells.get(name, ""))
        return None


LONGEST_NOTE = 200


def _line(most: int) -> Callable[[str], str]:
    return lambda text: values.line(text, most)


_READERS: dict[str, Callable[[str], Any]] = {
    "purpose": _line(60),
    "given_on": values.day,
    "source": _line(LONGEST_NOTE),
    "name": _line(200),
    "cvr": lambda text: values.digits(text, 8, _("CVR-nummeret")),
    "postal_code": values.postal_code,
    "email": lambda text: values.email(text.strip().lower()),
    "person": _line(200),
    "note": _line(LONGEST_NOTE),
    "withdrawn": _line(LONGEST_NOTE),
}
