# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a file as talks; those that cannot be used are reported with their line and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.forms import clean_text
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services.interactions import EARLIEST, LONGEST
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, plain
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.report import Report

COLUMNS = (
    Column("on", "dato", ("dag", "mødedato", "besøgsdato", "date", "interaction date"), required=True),
    Column("text", "tekst", ("notat", "noter", "beskrivelse", "emne", "note", "notes", "text", "subject", "summary"), required=True),
    Column("name", "virksomhed", ("firma", "navn", "virksomhedsnavn", "firmanavn", "company", "organisation", "company name")),
    Column("cvr", "cvr", ("cvr-nummer", "cvr-nr", "cvrnr", "vat")),
    Column("postal_code", "postnr", ("postnummer", "postal code", "zip")),
    Column("kind", "art", ("type", "kanal", "slags", "kind", "channel")),
    Column("clock", "klokken", ("kl", "tidspunkt", "time")),
    Column("by", "hvem", ("konsulent", "medarbejder", "kontaktet af", "adviser", "user", "by")),
    Column("participants", "deltagere", ("andre deltagere", "kontaktperson", "participants", "contact")),
    Column("minutes", "referat", ("opsamling", "minutes")),
    Column("private", "kun for kontoret", ("fortrolig", "intern", "private")),
    Column("reference", "id", ("nummer", "reference", "sagsnummer", "external id")),
)  # fmt: skip
_KINDS = {
    **{plain(str(label)): value for value, label in Interaction.Kind.choices},
    **{plain(value): value for value in Interaction.Kind.values},
    **dict.fromkeys(map(plain, ("telefon", "telefonopkald", "tlf", "samtale", "phone", "telephone")), Interaction.Kind.CALL),
    **dict.fromkeys(map(plain, ("virksomhedsbesøg", "besøg hos virksomheden", "company visit")), Interaction.Kind.VISIT),
    **dict.fromkeys(map(plain, ("mail", "email", "e-mail")), Interaction.Kind.MAIL),
    **dict.fromkeys(map(plain, ("teams", "videomøde", "onlinemøde", "face to face")), Interaction.Kind.MEETING),
}  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})(?::\d{2})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be used, before its firm is found."""

    line: int
    on: date
    text: str
    name: str
    cvr: str
    postal_code: str
    kind: str
    clock: time | None
    by: str
    participants: str
    minutes: str
    private: bool
    reference: str


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
        found: dict[str, Any] = dict.fromkeys(
            ("name", "cvr", "postal_code", "by", "participants", "minutes", "reference"), ""
        )
        found |= {"kind": Interaction.Kind.NOTE, "clock": None, "private": True}
        if not (row.cells.get("name") or row.cells.get("cvr")):
            name = "name" if "name" in self.labels else "cvr" if "cvr" in self.labels else "on"
            self._left_out(row, name, _("Virksomheden mangler: skriv CVR-nummer eller navn"))
            return None
        for column in ("on", "text"):
            if not row.cells.get(column):
                self._left_out(row, column, _("Feltet er tomt"))
                return None
        for name, text in row.cells.items():
            if not text:
                continue
            try:
                found[name] = _READERS[name](text)
            except BadValue as error:
                self._left_out(row, name, str(error))
                return None
        if not EARLIEST <= found["on"] <= self.today:
            self._left_out(row, "on", _("Dagen skal ligge mellem 1990 og i dag"))
            return None
        return Entry(line=row.line, **found)

    def _left_out(self, row: Row, name: str, message: str) -> None:
        self.report.skip(row.line, message, column=self.labels.get(name, ""), value=row.cells.get(name, ""))


def _kind(text: str) -> str:
    found = _KINDS.get(plain(text))
    if found is None:
        labels = ", ".join(str(label) for label in Interaction.Kind.labels)
        raise BadValue(_("Arten kendes ikke. Den kan være %(labels)s") % {"labels": labels})
    return str(found)


def _clock(text: str) -> time:
    match = _CLOCK.search(text)
    try:
        if match:
            return time(int(match[1]), int(match[2]))
    except ValueError:
        pass
    raise BadValue(_("Der skal stå et klokkeslæt, for eksempel 14.30"))


def _long(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        cleaned = clean_text(text)
        if len(cleaned) > most:
            raise BadValue(
                _("Teksten er på %(length)s tegn; der kan være højst %(most)s")
                % {"length": len(cleaned), "most": most}
            )
        return cleaned

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    "on": values.day,
    "text": _long(LONGEST["text"]),
    "name": lambda text: values.line(text, 200),
    "cvr": lambda text: values.digits(text, 8, _("CVR-nummeret")),
    "postal_code": values.postal_code,
    "kind": _kind,
    "clock": _clock,
    "by": lambda text: values.line(text, 254),
    "participants": _long(LONGEST["participants"] - 200),
    "minutes": _long(LONGEST["minutes"]),
    "private": values.yes_or_no,
    "reference": lambda text: values.line(text, 200),
}
