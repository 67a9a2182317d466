# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Rows of a file as talks; those that cannot be used are reported with their line and left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from brobygger.base.forms import clean_text
from brobygger.dialogue.models import Interaction
from brobygger.dialogue.services.interactions import EARLIEST, LONGEST
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, plain
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.firm_rows import FIRM_CELLS, FIRM_COLUMNS, FirmReader, FirmRow

COLUMNS = (
    Column("on", "dato", ("dag", "mødedato", "besøgsdato", "date", "interaction date"), required=True),
    Column("text", "tekst", ("notat", "noter", "beskrivelse", "emne", "note", "notes", "text", "subject", "summary"), required=True),
    *FIRM_COLUMNS,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(FirmRow):
    """A row that can be used, before its firm is found. Private unless the file says that it is not."""

    on: date
    text: str
    kind: str = Interaction.Kind.NOTE
    clock: time | None = None
    by: str = ""
    participants: str = ""
    minutes: str = ""
    private: bool = True
    reference: str = ""


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


_CELLS: dict[str, Callable[[str], Any]] = {
    **FIRM_CELLS,
    "on": values.day,
    "text": _long(LONGEST["text"]),
    "kind": _kind,
    "clock": _clock,
    "by": lambda text: values.line(text, 254),
    "participants": _long(LONGEST["participants"] - 200),
    "minutes": _long(LONGEST["minutes"]),
    "private": values.yes_or_no,
    "reference": lambda text: values.line(text, 200),
}


class Reader(FirmReader[Entry]):
    """Reads row by row."""

    columns, cells = COLUMNS, _CELLS

    def entry(self, row: Row) -> Entry:
        """The talk that the row tells of. Raises LeftOut."""
        self.check(row, _("Feltet er tomt"))
        entry = Entry(line=row.line, **self.values(row))
        self.check_day("on", entry.on, EARLIEST, _("Dagen skal ligge mellem 1990 og i dag"))
        return entry
