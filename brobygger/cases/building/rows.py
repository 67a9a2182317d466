# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A row of a file of building cases: what its columns are called, and what each must say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.cases.building.facts import Facts, Pause
from brobygger.cases.definition import CaseType
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, plain
from brobygger.register.imports.errors import BadValue, LeftOut

LONGEST_REF = 60
"""What the case's field holds: one that was cut short would not be known again."""
COLUMNS = (
    Column("ref", "sagsnummer", ("sagsnr", "sags-id", "sagsid", "journalnummer", "case number"), required=True),
    Column("received", "modtaget", ("modtaget dato", "ansøgningsdato", "oprettet", "received"), required=True),
    Column("subtype", "sagstype", ("type", "servicemålskategori", "kategori", "art"), required=True),
    Column("title", "titel", ("beskrivelse", "sag", "emne", "title")),
    Column("address", "adresse", ("byggeadresse", "ejendom", "address")),
    Column("cadastre", "matrikel", ("matrikelnummer", "matrikelnr")),
    Column("cvr", "cvr", ("cvr-nummer", "cvr-nr", "ansøger cvr")),
    Column("applicant", "ansøger", ("ansøgers navn", "bygherre", "applicant")),
    Column("officer", "sagsbehandler", ("sagsbehandlers e-mail", "sagsbehandler e-mail")),
    Column("complete", "fuldt oplyst", ("fuldt oplyst dato", "fyldestgørende", "complete")),
    Column("pauses", "venter", ("ventetid", "bero", "i bero", "venter på ansøger")),
    Column("decided", "afgjort", ("afgørelsesdato", "afgjort dato", "decided")),
    Column("outcome", "afgørelse", ("resultat", "udfald", "outcome")),
)  # fmt: skip
_OUTCOMES = {
    **dict.fromkeys(("tilladelse", "byggetilladelse", "bevilget", "godkendt", "granted"), "grant"),
    **dict.fromkeys(("afslag", "afvist", "refused"), "refuse"),
    **dict.fromkeys(
        ("trukket", "trukkettilbage", "henlagt", "annulleret", "bortfaldet", "withdrawn"), "withdraw"
    ),
}
_DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
_PAUSE = re.compile(rf"\s*({_DAY})\s*(?:/|til|–|—|\s-\s)\s*({_DAY})?\s*")


class Reader:
    """Reads the rows of one file, each case number once."""

    def __init__(self, kind: CaseType) -> None:
        self.kind = kind
        self.sorts = {plain(word): sort.key for sort in kind.subtypes for word in (sort.key, sort.name)}
        self.seen: dict[str, int] = {}

    def facts(self, row: Row) -> Facts:
        """What the row says. Raises LeftOut."""
        ref = row.cells["ref"].strip()
        if not ref:
            raise LeftOut("ref", _("Sagsnummeret mangler"))
        if len(ref) > LONGEST_REF:
            raise LeftOut("ref", _("Sagsnummeret kan højst være på %(most)s tegn") % {"most": LONGEST_REF})
        first = self.seen.setdefault(ref, row.line)
        if first != row.line:
            raise LeftOut("ref", _("Sagsnummeret står allerede i linje %(line)s") % {"line": first})
        received, complete, decided = (self._day(row, name) for name in ("received", "complete", "decided"))
        if received is None:
            raise LeftOut("received", _("Datoen mangler"))
        outcome = self._outcome(row, decided)
        if decided and complete is None and outcome != "withdraw":
            raise LeftOut("complete", _("En sag, der er afgjort, skal have en dato for fuldt oplyst"))
        _in_order(received, complete, decided)
        return Facts(
            ref=ref, received=received, complete=complete, decided=decided, outcome=outcome,
            subtype=self._subtype(row), pauses=self._pauses(row), address=self._text(row, "address", 300),
            cadastre=self._text(row, "cadastre", 300), title=self._text(row, "title", 200),
            applicant=self._text(row, "applicant", 200), cvr=self._value(row, "cvr", _cvr),
            officer=row.cells.get("officer", "").strip().casefold(),
        )  # fmt: skip

    def _value(self, row: Row, name: str, read: Callable[[str], Any]) -> Any:
        text = row.cells.get(name, "").strip()
        if not text:
            return None
        try:
            return read(text)
        except BadValue as error:
            raise LeftOut(name, str(error)) from error

    def _text(self, row: Row, name: str, most: int) -> str:
        return self._value(row, name, lambda text: values.line(text, most)) or ""

    def _day(self, row: Row, name: str) -> date | None:
        day: date | None = self._value(row, name, values.day)
        if day and day > timezone.localdate():
            raise LeftOut(name, _("Datoen er ikke kommet endnu"))
        return day

    def _outcome(self, row: Row, decided: date | None) -> str:
        word = plain(row.cells.get("outcome", ""))
        if not decided:
            return ""
        if word not in _OUTCOMES:
            raise LeftOut("outcome", _("Afgørelsen skal være tilladelse, afslag eller trukket tilbage"))
        return _OUTCOMES[word]

    def _subtype(self, row: Row) -> str:
        found = self.sorts.get(plain(row.cells["subtype"]))
        if found is None:
            names = ", ".join(sort.name for sort in self.kind.subtypes)
            raise LeftOut("subtype", _("Sagstypen kendes ikke. Den kan være: %(names)s") % {"names": names})
        return found

    def _pauses(self, row: Row) -> tuple[Pause, ...]:
        found = []
        for part in filter(str.strip, row.cells.get("pauses", "").split(";")):
            fits = _PAUSE.fullmatch(part)
            if not fits:
                raise LeftOut("pauses", _("Skriv ventetid som 2026-03-01/2026-03-10, adskilt af semikolon"))
            try:
                since, until = values.day(fits[1]), values.day(fits[2]) if fits[2] else None
            except BadValue as error:
                raise LeftOut("pauses", str(error)) from error
            if until and until < since or max(since, until or since) > timezone.localdate():
                raise LeftOut("pauses", _("Ventetiden slutter, før den begynder, eller ligger i fremtiden"))
            found.append(Pause(since, until))
        return tuple(sorted(set(found), key=lambda pause: (pause.since, pause.until or date.max)))


def _cvr(text: str) -> str:
    return values.digits(text, 8, _("CVR-nummeret"))


def _in_order(received: date, complete: date | None, decided: date | None) -> None:
    if complete and complete < received:
        raise LeftOut("complete", _("Datoen ligger før den dag, ansøgningen blev modtaget"))
    if decided and decided < (complete or received):
        raise LeftOut("decided", _("Afgørelsen ligger, før ansøgningen var fuldt oplyst"))
