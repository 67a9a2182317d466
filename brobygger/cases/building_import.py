# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Building cases from the municipality's own case system, as CSV or Excel.

A row is the case with its case number there. What it says is compared with what the last import said; a date that has changed
there is put right here as a correction, so that it can be seen. Bad rows are left out and told of. A dry run does all of it
and takes it back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, User
from brobygger.base.errors import UserError
from brobygger.blueprints.queries import current
from brobygger.cases.building_facts import Facts, Pause, bring_up_to_date
from brobygger.cases.definition import CaseType
from brobygger.cases.models import Case
from brobygger.cases.services import opening
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, Table, plain
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Organisation

KEY = "building_case"
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


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns that must be there."""
    next(Table(path, COLUMNS, name).rows(), None)


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the building cases up to date with the file. Raises BadFile, NotAdopted."""
    table = Table(order.path, COLUMNS, order.name)
    definition = current(order.operator, opening.KIND, KEY)
    rows = _Rows(order, order.report, table.labels, definition.content)
    for row in table.rows():
        order.report.read += 1
        rows.take(row)
        progress(order.report.read, None, _("Læser sager"))
    return order.report


class _Left(Exception):
    """A row that is left out: which column, and why."""

    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message


class _TakenBack(Exception):
    """A dry run undoes what it did."""


@dataclass
class _Rows:
    order: Order
    report: Report
    labels: dict[str, str]
    kind: CaseType
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        staff = User.objects.filter(
            memberships__operator=self.order.operator, memberships__role__in=sorted(STAFF), is_active=True
        )
        self.staff = {user.email.casefold(): user for user in staff}
        self.sorts = {plain(word): sort.key for sort in self.kind.subtypes for word in (sort.key, sort.name)}

    def take(self, row: Row) -> None:
        """One row: created, changed, as it was, or left out with a reason."""
        try:
            facts = self._facts(row)
            with transaction.atomic():
                self._enter(row, facts)
                if self.order.dry_run:
                    raise _TakenBack
        except _TakenBack:
            pass
        except _Left as left:
            label = self.labels.get(left.column, left.column)
            self.report.skip(row.line, left.message, column=label, value=row.cells.get(left.column, ""))
        except UserError as error:
            self.report.skip(row.line, str(error))

    def _facts(self, row: Row) -> Facts:
        ref = row.cells["ref"].strip()
        if not ref:
            raise _Left("ref", _("Sagsnummeret mangler"))
        first = self.seen.setdefault(ref, row.line)
        if first != row.line:
            raise _Left("ref", _("Sagsnummeret står allerede i linje %(line)s") % {"line": first})
        received, complete, decided = (self._day(row, name) for name in ("received", "complete", "decided"))
        if received is None:
            raise _Left("received", _("Datoen mangler"))
        outcome = self._outcome(row, decided)
        if decided and complete is None and outcome != "withdraw":
            raise _Left("complete", _("En sag, der er afgjort, skal have en dato for fuldt oplyst"))
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
            raise _Left(name, str(error)) from error

    def _text(self, row: Row, name: str, most: int) -> str:
        return self._value(row, name, lambda text: values.line(text, most)) or ""

    def _day(self, row: Row, name: str) -> date | None:
        day: date | None = self._value(row, name, values.day)
        if day and day > timezone.localdate():
            raise _Left(name, _("Datoen er ikke kommet endnu"))
        return day

    def _outcome(self, row: Row, decided: date | None) -> str:
        word = plain(row.cells.get("outcome", ""))
        if not decided:
            return ""
        if word not in _OUTCOMES:
            raise _Left("outcome", _("Afgørelsen skal være tilladelse, afslag eller trukket tilbage"))
        return _OUTCOMES[word]

    def _subtype(self, row: Row) -> str:
        found = self.sorts.get(plain(row.cells["subtype"]))
        if found is None:
            names = ", ".join(sort.name for sort in self.kind.subtypes)
            raise _Left("subtype", _("Sagstypen kendes ikke. Den kan være: %(names)s") % {"names": names})
        return found

    def _pauses(self, row: Row) -> tuple[Pause, ...]:
        found = []
        for part in filter(str.strip, row.cells.get("pauses", "").split(";")):
            fits = _PAUSE.fullmatch(part)
            if not fits:
                raise _Left("pauses", _("Skriv ventetid som 2026-03-01/2026-03-10, adskilt af semikolon"))
            try:
                since, until = values.day(fits[1]), values.day(fits[2]) if fits[2] else None
            except BadValue as error:
                raise _Left("pauses", str(error)) from error
            if until and until < since or max(since, until or since) > timezone.localdate():
                raise _Left("pauses", _("Ventetiden slutter, før den begynder, eller ligger i fremtiden"))
            found.append(Pause(since, until))
        return tuple(sorted(set(found), key=lambda pause: pause.since))

    def _enter(self, row: Row, facts: Facts) -> None:
        case = Case.objects.filter(operator=self.order.operator, type_key=KEY, external_ref=facts.ref).first()
        digest = hashlib.sha256(json.dumps(facts.plain(), sort_keys=True).encode()).hexdigest()
        if case and case.source_digest == digest:
            self.report.unchanged += 1
            return
        firm = self._firm(row, facts)
        officer = self._officer(row, facts)
        new = case is None
        if case is None:
            case = opening.open_case(
                self.order.operator, KEY, title=facts.called, user=None, organisation=firm,
                applicant_name="" if firm else facts.applicant, subtype=facts.subtype, on=facts.received,
                external_ref=facts.ref, officer=officer, values=facts.values(),
            )  # fmt: skip
        told = bring_up_to_date(case, facts, officer)
        Case.objects.filter(pk=case.pk).update(source_digest=digest)
        if new:
            self.report.created += 1
        else:
            self.report.changed += 1
        self.report.differ(facts.called, "+" if new else "~", lambda: [facts.ref, *told])

    def _firm(self, row: Row, facts: Facts) -> Organisation | None:
        if not facts.cvr:
            return None
        found = Organisation.objects.filter(operator=self.order.operator, cvr=facts.cvr).first()
        if found is None:
            label = self.labels.get("cvr", "cvr")
            self.report.remark(
                row.line,
                _("Virksomheden er ikke i registret, så sagen står uden"),
                column=label,
                value=facts.cvr,
            )
        return found

    def _officer(self, row: Row, facts: Facts) -> User | None:
        found = self.staff.get(facts.officer)
        if facts.officer and found is None:
            label = self.labels.get("officer", "")
            self.report.remark(
                row.line, _("Sagsbehandleren er ikke en af kontorets"), column=label, value=facts.officer
            )
        return found


def _cvr(text: str) -> str:
    return values.digits(text, 8, _("CVR-nummeret"))


def _in_order(received: date, complete: date | None, decided: date | None) -> None:
    if complete and complete < received:
        raise _Left("complete", _("Datoen ligger før den dag, ansøgningen blev modtaget"))
    if decided and decided < (complete or received):
        raise _Left("decided", _("Afgørelsen ligger, før ansøgningen var fuldt oplyst"))
