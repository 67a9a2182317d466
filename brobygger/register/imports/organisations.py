# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Organisations from a CSV or Excel file.

A row is the organisation with its CVR number; else the one with its P-number; else the one with its name and postal code;
else a new one. Empty cells empty nothing. Several rows with one CVR number and different P-numbers are one organisation with several places of work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.base.forms import clean_text
from brobygger.register.forms import check_date, tags_in
from brobygger.register.imports import values
from brobygger.register.imports.columns import Column, Row, Table, plain
from brobygger.register.imports.errors import BadValue
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.organisation_store import Entry, OrganisationStore
from brobygger.register.imports.report import Report
from brobygger.register.models import Organisation, Tag

CHUNK = 500
COLUMNS = (
    Column("name", "navn", ("name", "virksomhed", "virksomhedsnavn", "firma", "firmanavn", "organisation", "company", "company name"), required=True),
    Column("cvr", "cvr", ("cvr-nummer", "cvr-nr", "cvrnr", "cvr number", "vat", "vat number")),
    Column("p_number", "p-nummer", ("p-nr", "pnr", "produktionsenhed", "p number")),
    Column("street", "adresse", ("vej", "vej og nummer", "gade", "gadenavn", "street", "address", "street and number")),
    Column("postal_code", "postnr", ("postnummer", "post nr", "postal code", "zip", "zip code", "zipcode", "postcode")),
    Column("city", "by", ("bynavn", "postdistrikt", "city", "town")),
    Column("industry", "branche", ("branchekode", "db25", "hovedbranche", "industry", "industry code", "nace")),
    Column("employees", "ansatte", ("antal ansatte", "medarbejdere", "antal medarbejdere", "employees")),
    Column("email", "e-mail", ("email", "mail", "e-mailadresse", "mailadresse")),
    Column("phone", "telefon", ("tlf", "telefonnummer", "mobil", "phone", "telephone")),
    Column("website", "hjemmeside", ("web", "www", "webside", "website", "url")),
    Column("description", "beskrivelse", ("om virksomheden", "om", "noter", "description")),
    Column("kind", "art", ("type", "slags", "kind")),
    Column("founded_on", "startdato", ("startet", "stiftet", "stiftelsesdato", "founded", "started", "start date")),
    Column("dissolved_on", "ophørt", ("ophørsdato", "ophørt den", "slutdato", "dissolved", "closed down", "end date")),
    Column("status", "status", ("virksomhedsstatus",)),
    Column("ad_protected", "reklamebeskyttet", ("reklamebeskyttelse", "protected from advertising")),
    Column("contact_name", "kontaktperson", ("kontakt", "kontaktnavn", "contact", "contact person", "contact name")),
    Column("contact_title", "stilling", ("kontaktpersons stilling", "titel", "title")),
    Column("contact_email", "kontakt e-mail", ("kontaktpersons e-mail", "kontaktmail", "contact email")),
    Column("contact_phone", "kontakt telefon", ("kontaktpersons telefon", "contact phone")),
    Column("tags", "mærkater", ("mærkat", "tags", "tag", "emneord", "segment")),
)  # fmt: skip
_KINDS = {
    **{plain(str(label)): value for value, label in Organisation.Kind.choices},
    **{plain(value): value for value in Organisation.Kind.values},
    "skole": Organisation.Kind.SCHOOL,
    "bank": Organisation.Kind.BANK,
    "offentlig": Organisation.Kind.PUBLIC,
    "firma": Organisation.Kind.FIRM,
}
_CEASED = {
    "ophørt": Organisation.Status.DISSOLVED, "opløst": Organisation.Status.DISSOLVED, "tvangsopløst": Organisation.Status.DISSOLVED,
    "slettet": Organisation.Status.DISSOLVED, "closed": Organisation.Status.DISSOLVED, "dissolved": Organisation.Status.DISSOLVED,
    "konkurs": Organisation.Status.BANKRUPT, "underkonkurs": Organisation.Status.BANKRUPT, "bankrupt": Organisation.Status.BANKRUPT,
}  # fmt: skip
"""What a status begins with that says that the firm is no more. Of any other, the firm is as the register has it."""


def _ceased(text: str) -> str:
    """The status of a firm that is no more; empty for any other."""
    status = plain(text)
    if "efterkonkurs" in status:
        return Organisation.Status.BANKRUPT
    return next((found for word, found in _CEASED.items() if status.startswith(word)), "")


def _kind(text: str) -> str:
    found = _KINDS.get(plain(text))
    if found is None:
        labels = ", ".join(str(label) for label in Organisation.Kind.labels)
        raise BadValue(_("Arten kendes ikke. Den kan være %(labels)s") % {"labels": labels})
    return found


_READERS: dict[str, Callable[[str], Any]] = {
    "name": lambda text: values.line(text, 200),
    "cvr": lambda text: values.digits(text, 8, _("CVR-nummeret")),
    "p_number": lambda text: values.digits(text, 10, _("P-nummeret")),
    "street": lambda text: values.line(text, 160),
    "postal_code": values.postal_code,
    "city": lambda text: values.line(text, 60),
    "email": values.email,
    "phone": lambda text: values.line(text, 20),
    "website": lambda text: values.line(text, 200),
    "description": lambda text: _description(text),
    "kind": _kind,
    "founded_on": lambda text: _founded(text),
    "dissolved_on": lambda text: _dissolved(text),
    "status": _ceased,
    "ad_protected": values.yes_or_no,
    "contact_name": lambda text: values.line(text, 120),
    "contact_title": lambda text: values.line(text, 80),
    "contact_email": values.email,
    "contact_phone": lambda text: values.line(text, 20),
}
_CONTACT = ("contact_name", "contact_title", "contact_email", "contact_phone")


def _description(text: str) -> str:
    if len(text) > 5000:
        raise BadValue(_("Teksten er på %(length)s tegn; der kan være højst 5.000") % {"length": len(text)})
    return clean_text(text)


def _founded(text: str) -> date | None:
    try:
        return check_date(values.day(text))
    except ValidationError as error:
        raise BadValue(error.message) from error


def _dissolved(text: str) -> date:
    found = values.day(text)
    if found > timezone.localdate():
        raise BadValue(_("Datoen ligger i fremtiden"))
    return found


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the column with the name."""
    Table(path, COLUMNS, name).check()


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the register up to date with the file, some hundred rows at a time. Raises BadFile."""
    table = Table(order.path, COLUMNS, order.name, order.report)
    report = order.report
    store = OrganisationStore(order, report, table.labels)
    reader = _Reader(table.labels, report)
    entries = reader.entries(table.rows())
    while chunk := list(islice(entries, CHUNK)):
        store.take(chunk)
        progress(report.read, None, _("Læser rækker"))
    return report


@dataclass
class _Reader:
    """Rows as entries; those that cannot be used are reported and left out."""

    labels: dict[str, str]
    report: Report
    seen: dict[str, int] = field(default_factory=dict)
    """CVR number or P-number → the line it stood on."""

    def entries(self, rows: Iterator[Row]) -> Iterator[Entry]:
        for row in rows:
            self.report.read += 1
            entry = self._entry(row)
            if entry is not None:
                yield entry

    def _entry(self, row: Row) -> Entry | None:
        found: dict[str, Any] = {}
        if not row.cells.get("name"):
            self._left_out(row, "name", _("Navnet mangler"))
            return None
        for name, text in row.cells.items():
            if not text or name in ("tags", "industry", "employees"):
                continue
            try:
                found[name] = _READERS[name](text)
            except BadValue as error:
                self._left_out(row, name, str(error))
                return None
        try:
            if row.cells.get("employees"):
                found["employees"], found["employees_text"] = values.employees(row.cells["employees"])
        except BadValue as error:
            self._left_out(row, "employees", str(error))
            return None
        if self._repeats(row, found):
            return None
        self._read_industry(row, found)
        self._read_end(row, found)
        contact = {name.removeprefix("contact_"): found.pop(name) for name in _CONTACT if name in found}
        p_number = found.pop("p_number", "")
        return Entry(row.line, found, p_number, contact if "name" in contact else {}, self._tags(row))

    def _left_out(self, row: Row, name: str, message: str) -> None:
        self.report.skip(row.line, message, column=self.labels[name], value=row.cells.get(name, ""))

    def _repeats(self, row: Row, found: dict[str, Any]) -> bool:
        """Whether the row tells again of a firm (or place of work) that stood further up."""
        for name in ("p_number", "cvr"):
            number = found.get(name)
            if number is None:
                continue
            first = self.seen.setdefault(f"{name} {number}", row.line)
            if first != row.line and not (name == "cvr" and "p_number" in found):
                self._left_out(row, name, _("Nummeret står allerede i linje %(line)s") % {"line": first})
                return True
        if "cvr" not in found and "p_number" not in found:
            key = f"{plain(found['name'])} {found.get('postal_code', '')}"
            first = self.seen.setdefault(key, row.line)
            if first != row.line:
                self._left_out(
                    row, "name", _("Virksomheden står allerede i linje %(line)s") % {"line": first}
                )
                return True
        return False

    def _read_end(self, row: Row, found: dict[str, Any]) -> None:
        """A file says that a firm is no more, or asks for no advertising; never that it is there again, or no longer asks."""
        for name in ("status", "ad_protected"):
            if not found.get(name):
                found.pop(name, None)
        started, ended = found.get("founded_on"), found.get("dissolved_on")
        if started and ended and started > ended:
            message = _("Virksomheden er ophørt før det, så datoen er ikke sat")
            self.report.remark(
                row.line, message, column=self.labels["founded_on"], value=found.pop("founded_on")
            )

    def _tags(self, row: Row) -> list[str]:
        names = tags_in(clean_text(row.cells.get("tags", "")))
        kept = [name for name in names if len(name) <= Tag.LONGEST]
        if left_out := [*(name for name in names if name not in kept), *kept[Tag.MOST :]]:
            message = _(
                "Et mærkat kan have højst %(longest)s tegn, og en række højst %(most)s mærkater. Resten er ikke sat"
            )
            told = {"longest": Tag.LONGEST, "most": Tag.MOST}
            value = ", ".join(left_out)[:200]
            self.report.remark(row.line, message % told, column=self.labels["tags"], value=value)
        return kept[: Tag.MOST]

    def _read_industry(self, row: Row, found: dict[str, Any]) -> None:
        text = row.cells.get("industry", "")
        if not text:
            return
        code = values.industry(text)
        if code is None:
            message = _("Branchen kendes ikke i DB25, så den er ikke sat")
            self.report.remark(row.line, message, column=self.labels["industry"], value=text)
        else:
            found["industry"] = code
