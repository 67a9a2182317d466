# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Building cases from the municipality's own case system, as CSV or Excel.

A row is the case with its case number there. What it says is compared with what the last import said; a date that has changed
there is put right here as a correction, so that it can be seen. Bad rows are left out and told of. A dry run does all of it
and keeps nothing. Rows are taken some hundred at a time, worked out in memory and stored together (`in_memory`); what cannot be
goes through the services, one by one (`by_services`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base.errors import UserError
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import current
from brobygger.cases.building import changing, in_memory
from brobygger.cases.building.by_services import KEY, one_by_one
from brobygger.cases.building.facts import Facts
from brobygger.cases.building.in_memory import Written
from brobygger.cases.building.new import course
from brobygger.cases.building.rows import COLUMNS, Reader
from brobygger.cases.building.steps import bring_up_to_date
from brobygger.cases.definition import CaseType
from brobygger.cases.models import Case
from brobygger.cases.queries.lists import types_of
from brobygger.cases.services import opening
from brobygger.register.imports.columns import Row, Table
from brobygger.register.imports.errors import LeftOut
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Affiliation, Organisation

BATCH = 500
"""Rows that are looked up and stored together: a worker that dies loses no more."""


def offered(operator: Operator) -> bool:
    """Whether the office handles building cases at all."""
    return any(row.key == KEY for row in types_of(operator))


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns that must be there."""
    Table(path, COLUMNS, name).check()


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the building cases up to date with the file. Raises BadFile, NotAdopted."""
    total = sum(1 for _row in Table(order.path, COLUMNS, order.name).rows())
    table = Table(order.path, COLUMNS, order.name, order.report)
    definition = current(order.operator, opening.KIND, KEY)
    rows = _Rows(order, table.labels, definition)
    waiting = iter(table.rows())
    while batch := list(islice(waiting, BATCH)):
        rows.take(batch)
        order.report.read += len(batch)
        progress(order.report.read, total, _("Læser sager"))
    return order.report


class _TakenBack(Exception):
    """A dry run undoes what it did. `told`: what that was."""

    def __init__(self, told: list[str]) -> None:
        self.told = told


@dataclass
class _Line:
    """A row, and what came of it."""

    row: Row
    facts: Facts | LeftOut
    digest: str = ""
    written: Written | None = None
    """The case, where it could be worked out in memory."""


class _Rows:
    def __init__(self, order: Order, labels: dict[str, str], definition: Definition) -> None:
        self.order, self.report, self.labels, self.definition = order, order.report, labels, definition
        self.kind: CaseType = definition.content
        self.reader, self.changed = Reader(self.kind), changing.Reader(order.operator)
        self.tied: dict[int, set[int]] = {}
        self.together = in_memory.possible(self.kind)
        staff = User.objects.filter(
            memberships__operator=order.operator, memberships__role__in=sorted(STAFF), is_active=True
        )
        self.staff = {user.email.casefold(): user for user in staff}

    def take(self, rows: list[Row]) -> None:
        """Some rows: each created, changed, as it was, or left out with a reason, told of in their order."""
        lines = [self._read(row) for row in rows]
        good = [line.facts for line in lines if isinstance(line.facts, Facts)]
        self.cases = self._cases([facts.ref for facts in good])
        self.firms = self._firms([facts.cvr for facts in good if facts.cvr])
        self._work_out(lines)
        if not self.order.dry_run:
            self._store(lines)
        for line in lines:
            self._finish(line)

    def _read(self, row: Row) -> _Line:
        try:
            facts = self.reader.facts(row)
        except LeftOut as left:
            return _Line(row, left)
        return _Line(row, facts, facts.digest())

    def _cases(self, refs: list[str]) -> dict[str, Case]:
        rows = Case.objects.filter(operator=self.order.operator, type_key=KEY, external_ref__in=refs)
        return {case.external_ref: case for case in rows.only("pk", "external_ref", "source_digest")}

    def _firms(self, numbers: list[str]) -> dict[str | None, Organisation]:
        rows = Organisation.objects.filter(operator=self.order.operator, cvr__in=numbers)
        return {firm.cvr: firm for firm in rows}

    def _work_out(self, lines: list[_Line]) -> None:
        """The cases that are new or have changed, in memory."""
        new, changed = [], []
        for line in lines:
            if isinstance(line.facts, Facts):
                case = self.cases.get(line.facts.ref)
                if case is None:
                    new.append((line, line.facts))
                elif case.source_digest != line.digest:
                    changed.append((line, line.facts, case.pk))
        if self.together:
            for line, facts in new:
                line.written = self._new(facts)
        here = self.changed.read([pk for _line, _facts, pk in changed]) if changed else {}
        officers = {officer for _line, facts, _pk in changed if (officer := self._officer(facts))}
        partial = changing.partial(officers, here)
        for line, facts, pk in changed:
            if pk in here:
                line.written = self._up_to_date(here[pk], facts, partial.get(pk, ()))
        for line in lines:
            if line.written:
                line.written.case.source_digest = line.digest

    def _new(self, facts: Facts) -> Written | None:
        firm, officer = self._firm(facts), self._officer(facts)
        if self._partial(officer, firm):
            return None
        try:
            return course(self.order.operator, self.definition, facts, firm=firm, officer=officer)
        except UserError:
            return None  # the services say what is wrong, or find a way round

    def _up_to_date(self, case: Written, facts: Facts, partial: Collection[int]) -> Written | None:
        try:
            case.told = bring_up_to_date(changing.Memory(case, partial), facts, self._officer(facts))
        except UserError:
            return None
        return case

    def _partial(self, officer: User | None, firm: Organisation | None) -> bool:
        """The officer has a role in the firm: the services refuse that."""
        if officer is None or firm is None:
            return False
        if officer.pk not in self.tied:
            rows = Affiliation.objects.filter(person__user=officer, ended_on=None)
            self.tied[officer.pk] = set(rows.values_list("organisation_id", flat=True))
        return firm.pk in self.tied[officer.pk]

    def _store(self, lines: list[_Line]) -> None:
        """What cannot be stored, because somebody else was there meanwhile, goes through the services."""
        worked_out = [line.written for line in lines if line.written]
        new, changed = (
            [one for one in worked_out if not one.stored],
            [one for one in worked_out if one.stored],
        )
        lost = in_memory.store_changed(changed) if changed else set()
        try:
            if new:
                in_memory.store_new(self.order.operator, self.kind, new)
        except IntegrityError:  # somebody opened one of them just now
            lost |= set(new)
            self.cases |= self._cases([one.case.external_ref for one in new])
        for line in lines:
            if line.written in lost:
                line.written = None

    def _finish(self, line: _Line) -> None:
        """Tell what became of a row; one that was not stored with the others goes through the services now."""
        if isinstance(line.facts, LeftOut):
            self._tell(line, line.facts.column, line.facts.message, self.report.skip)
            return
        facts, case = line.facts, self.cases.get(line.facts.ref)
        if case and case.source_digest == line.digest:
            self.report.unchanged += 1
            return
        if facts.cvr and self._firm(facts) is None:
            self._tell(
                line, "cvr", _("Virksomheden er ikke i registret, så sagen står uden"), self.report.remark
            )
        if facts.officer and self._officer(facts) is None:
            self._tell(line, "officer", _("Sagsbehandleren er ikke en af kontorets"), self.report.remark)
        if line.written:
            self._count(facts, is_new=case is None, told=line.written.told)
        else:
            self._through_services(line.row, facts, case)

    def _tell(self, line: _Line, column: str, message: str, how: Callable[..., None]) -> None:
        label = self.labels.get(column, column)
        how(line.row.line, message, column=label, value=line.row.cells.get(column, ""))

    def _count(self, facts: Facts, *, is_new: bool, told: list[str]) -> None:
        if is_new:
            self.report.created += 1
        else:
            self.report.changed += 1
        self.report.differ(facts.called, "+" if is_new else "~", lambda: [facts.ref, *told])

    def _through_services(self, row: Row, facts: Facts, case: Case | None) -> None:
        firm, officer = self._firm(facts), self._officer(facts)
        try:
            with transaction.atomic():
                told = one_by_one(self.order.operator, facts, case=case, firm=firm, officer=officer)
                if self.order.dry_run:
                    raise _TakenBack(told)
        except _TakenBack as dry:
            self._count(facts, is_new=case is None, told=dry.told)
        except UserError as error:
            self.report.skip(row.line, str(error))
        else:
            self._count(facts, is_new=case is None, told=told)

    def _firm(self, facts: Facts) -> Organisation | None:
        return self.firms.get(facts.cvr) if facts.cvr else None

    def _officer(self, facts: Facts) -> User | None:
        return self.staff.get(facts.officer)
