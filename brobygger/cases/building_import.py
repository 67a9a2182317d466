# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Building cases from the municipality's own case system, as CSV or Excel.

A row is the case with its case number there. What it says is compared with what the last import said; a date that has changed
there is put right here as a correction, so that it can be seen. Bad rows are left out and told of. A dry run does all of it
and takes it back. Rows are taken some hundred at a time: new cases are worked out and stored together (`building_bulk`),
what changed in a case that is here goes through the services.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import STAFF, Operator, User
from brobygger.base.errors import UserError
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import current
from brobygger.cases import building_bulk
from brobygger.cases.building_facts import Facts, bring_up_to_date
from brobygger.cases.building_rows import COLUMNS, Reader
from brobygger.cases.definition import CaseType
from brobygger.cases.models import Case
from brobygger.cases.services import opening
from brobygger.register.imports.columns import Row, Table
from brobygger.register.imports.errors import LeftOut
from brobygger.register.imports.importers import Order, Progress
from brobygger.register.imports.report import Report
from brobygger.register.models import Affiliation, Organisation

KEY = "building_case"
BATCH = 500
"""Rows that are looked up and stored together: a worker that dies loses no more."""


def check(path: Path, name: str) -> None:
    """Raises BadFile when the file is no table, or lacks the columns that must be there."""
    next(Table(path, COLUMNS, name).rows(), None)


def carry_out(order: Order, progress: Progress) -> Report:
    """Bring the building cases up to date with the file. Raises BadFile, NotAdopted."""
    total = sum(1 for _row in Table(order.path, COLUMNS, order.name).rows())
    table = Table(order.path, COLUMNS, order.name)
    definition = current(order.operator, opening.KIND, KEY)
    rows = _Rows(order, order.report, table.labels, definition)
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
class _Rows:
    order: Order
    report: Report
    labels: dict[str, str]
    definition: Definition

    def __post_init__(self) -> None:
        self.kind: CaseType = self.definition.content
        self.reader = Reader(self.kind)
        self.tied: dict[int, set[int]] = {}
        self.in_bulk = building_bulk.possible(self.kind)
        staff = User.objects.filter(
            memberships__operator=self.order.operator, memberships__role__in=sorted(STAFF), is_active=True
        )
        self.staff = {user.email.casefold(): user for user in staff}

    def take(self, rows: list[Row]) -> None:
        """Some rows: each created, changed, as it was, or left out with a reason."""
        read = [(row, self._read(row)) for row in rows]
        good = [facts for _row, facts in read if isinstance(facts, Facts)]
        self.cases = self._cases([facts.ref for facts in good])
        self.firms = self._firms([facts.cvr for facts in good if facts.cvr])
        new: list[tuple[Row, Facts, building_bulk.New]] = []
        for row, facts in read:
            if isinstance(facts, LeftOut):
                self._leave(row, facts)
            elif (case := self._work_out(row, facts)) is not None:
                new.append((row, facts, case))
        self._store(new)

    def _read(self, row: Row) -> Facts | LeftOut:
        try:
            return self.reader.facts(row)
        except LeftOut as left:
            return left

    def _leave(self, row: Row, left: LeftOut) -> None:
        label = self.labels.get(left.column, left.column)
        self.report.skip(row.line, left.message, column=label, value=row.cells.get(left.column, ""))

    def _cases(self, refs: list[str]) -> dict[str, Case]:
        rows = Case.objects.filter(operator=self.order.operator, type_key=KEY, external_ref__in=refs)
        return {case.external_ref: case for case in rows.only("pk", "external_ref", "source_digest")}

    def _firms(self, numbers: list[str]) -> dict[str | None, Organisation]:
        rows = Organisation.objects.filter(operator=self.order.operator, cvr__in=numbers)
        return {firm.cvr: firm for firm in rows}

    def _work_out(self, row: Row, facts: Facts) -> building_bulk.New | None:
        """A new case that can wait and be stored with others; None where the row is done with."""
        case, digest = self.cases.get(facts.ref), facts.digest()
        if case and case.source_digest == digest:
            self.report.unchanged += 1
            return None
        firm, officer = self._firm(row, facts), self._officer(row, facts)
        if case is None and self.in_bulk and not self._partial(officer, firm):
            try:
                return building_bulk.course(
                    self.order.operator, self.definition, facts, firm=firm, officer=officer, digest=digest
                )
            except UserError:
                pass  # the services say what is wrong, or find a way round
        self._enter(row, facts, case, firm, officer)
        return None

    def _partial(self, officer: User | None, firm: Organisation | None) -> bool:
        """The officer has a role in the firm: the services refuse that."""
        if officer is None or firm is None:
            return False
        if officer.pk not in self.tied:
            rows = Affiliation.objects.filter(person__user=officer, ended_on=None)
            self.tied[officer.pk] = set(rows.values_list("organisation_id", flat=True))
        return firm.pk in self.tied[officer.pk]

    def _store(self, new: list[tuple[Row, Facts, building_bulk.New]]) -> None:
        if new and not self.order.dry_run:
            try:
                building_bulk.store(self.order.operator, self.kind, [case for _row, _facts, case in new])
            except IntegrityError:  # somebody opened one of them just now
                here = self._cases([facts.ref for _row, facts, _case in new])
                for row, facts, case in new:
                    self._enter(row, facts, here.get(facts.ref), case.case.organisation, case.case.officer)
                return
        for _row, facts, case in new:
            self._count(facts, is_new=True, told=case.told)

    def _count(self, facts: Facts, *, is_new: bool, told: list[str]) -> None:
        if is_new:
            self.report.created += 1
        else:
            self.report.changed += 1
        self.report.differ(facts.called, "+" if is_new else "~", lambda: [facts.ref, *told])

    def _enter(
        self, row: Row, facts: Facts, case: Case | None, firm: Organisation | None, officer: User | None
    ) -> None:
        """One row through the services."""
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

    def _firm(self, row: Row, facts: Facts) -> Organisation | None:
        if not facts.cvr:
            return None
        found = self.firms.get(facts.cvr)
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


def one_by_one(
    operator: Operator, facts: Facts, *, case: Case | None, firm: Organisation | None, officer: User | None
) -> list[str]:
    """Bring a row's case up to date through the services, and open it first where it is new. What was done, in Danish.
    Call within a transaction. Raises UserError."""
    if case is None:
        case = opening.open_case(
            operator, KEY, title=facts.called, user=None, organisation=firm,
            applicant_name="" if firm else facts.applicant, subtype=facts.subtype, on=facts.received,
            external_ref=facts.ref, officer=officer, values=facts.values(),
        )  # fmt: skip
    told = bring_up_to_date(case, facts, officer)
    Case.objects.filter(pk=case.pk).update(source_digest=facts.digest())
    return told
