# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Opening a case, and what is said about it as a whole: its officer, its numbers in other systems, its sort."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base.forms import clean_text
from brobygger.blueprints.models import Definition
from brobygger.blueprints.queries import current
from brobygger.cases import rights
from brobygger.cases.definition import CaseType
from brobygger.cases.definition.case_type import KLE
from brobygger.cases.definition.gates import APPLICANT
from brobygger.cases.errors import BadKle, BadValues, NotADraft, NotYours
from brobygger.cases.fixed import fixed
from brobygger.cases.models import Case, CaseEvent, CaseNumber, CaseParty
from brobygger.cases.services import letters
from brobygger.cases.services.derive import locked, moment, record, require_officer
from brobygger.cases.services.removing import remove_case
from brobygger.cases.values import cleaned
from brobygger.register.models import Organisation
from brobygger.register.rights import acts_for_key

KIND = "case_type"


def open_case(
    operator: Operator,
    type_key: str,
    *,
    title: str,
    user: User | None,
    organisation: Organisation | None = None,
    applicant_name: str = "",
    officer: User | None = None,
    subtype: str = "",
    values: Mapping[str, Any] | None = None,
    on: date | datetime | None = None,
    reason: str = "",
    external_ref: str = "",
    kle: str = "",
    entry_key: uuid.UUID | None = None,
    invented: bool = False,
) -> Case:
    """Open a case after the office's current definition of the type. `on`: the day it was received, if not today.

    The office opens any; somebody who acts for a firm opens one for it where the definition lets applicants.
    Raises NotAdopted, NotYours, BadValues, BadKle, OutOfOrder, NeedsReason.
    """
    if first := _opened_on(operator, entry_key):
        return first
    try:
        return _open(
            operator, type_key, title=title, user=user, organisation=organisation, applicant_name=applicant_name,
            officer=officer, subtype=subtype, values=values, on=on, reason=reason, external_ref=external_ref, kle=kle,
            entry_key=entry_key, invented=invented,
        )  # fmt: skip
    except IntegrityError:
        if first := _opened_on(operator, entry_key):
            return first
        raise


def _opened_on(operator: Operator, entry_key: uuid.UUID | None) -> Case | None:
    """The case that was opened on the same form: the button was pressed twice."""
    return Case.objects.filter(entry_key=entry_key, operator=operator).first() if entry_key else None


@transaction.atomic
def _open(
    operator: Operator, type_key: str, *, title: str, user: User | None, organisation: Organisation | None,
    applicant_name: str, officer: User | None, subtype: str, values: Mapping[str, Any] | None,
    on: date | datetime | None, reason: str, external_ref: str, kle: str, entry_key: uuid.UUID | None, invented: bool,
) -> Case:  # fmt: skip
    definition = current(operator, KIND, type_key)
    kind: CaseType = definition.content
    _may_open(operator, kind, organisation, user)
    at = moment(on, not_before=None, reason=reason, user=user)
    case = begun(
        operator, definition, at, title=title, subtype=subtype, organisation=organisation, officer=officer, kle=kle,
        external_ref=external_ref, values=values or {},
    )  # fmt: skip
    case.entry_key, case.invented = entry_key, invented
    (case.number,) = next_numbers(operator, kind, case.opened_on.year, 1)
    case.save()
    if party := applicant_of(case, applicant_name):
        party.save()
    if officer and rights.has_conflict(officer, case):
        raise BadValues({"officer": _("Sagsbehandleren er inhabil i sagen. Vælg en anden.")})
    record(case, CaseEvent.Kind.OPENED, user=user, at=at, reason=reason, for_applicant=True)
    if kind.opened_letter and user is not None:  # what another system received was told there
        letters.send(case, kind.opened_letter, user=user)
    return case


def begun(
    operator: Operator, definition: Definition, at: datetime, *, title: str, subtype: str, organisation: Organisation | None,
    officer: User | None, external_ref: str, values: Mapping[str, Any], kle: str = "",
) -> Case:  # fmt: skip
    """A case in its first stage, without a number and not stored. Raises BadValues, BadKle."""
    kind: CaseType = definition.content
    title = " ".join(clean_text(title).split())
    _check(kind, title, subtype, kle, organisation, operator, officer)
    return Case(
        operator=operator, definition=definition, type_key=kind.key, title=title, subtype=subtype,
        organisation=organisation, officer=officer, kle=kle or kind.kle, external_ref=external_ref.strip()[:60],
        values=cleaned(kind, values, operator), stage=kind.first.key, stage_at=at, opened_on=timezone.localdate(at),
    )  # fmt: skip


def applicant_of(case: Case, name: str) -> CaseParty | None:
    """The case's applicant as its party, not stored; None where nobody is known."""
    if not (case.organisation or name):
        return None
    return CaseParty(
        case=case, role=APPLICANT, organisation=case.organisation, name=name[:200], interested=True
    )


def _may_open(
    operator: Operator, kind: CaseType, organisation: Organisation | None, user: User | None
) -> None:
    if user is None or user.is_staff_of(operator.pk):
        return
    acts = organisation and acts_for_key(user, organisation.pk)
    if not (acts and kind.applicant_may_open):
        raise NotYours


def _check(
    kind: CaseType, title: str, subtype: str, kle: str, organisation: Organisation | None, operator: Operator,
    officer: User | None,
) -> None:  # fmt: skip
    faults = {}
    if not title:
        faults["title"] = _("Skriv, hvad sagen handler om.")
    elif len(title) > 200:
        faults["title"] = _("Skriv det kortere. Der er plads til %(most)s tegn.") % {"most": 200}
    if kind.subtypes and kind.subtype(subtype) is None:
        faults["subtype"] = _("Vælg, hvilken slags sag det er.")
    if organisation and organisation.operator_id != operator.pk:
        faults["organisation"] = _("Virksomheden hører til et andet erhvervskontor.")
    if officer and not officer.is_staff_of(operator.pk):
        faults["officer"] = _("Vælg en af kontorets egne.")
    if faults:
        raise BadValues(faults)
    if not re.match(KLE, kle):
        raise BadKle


def next_numbers(operator: Operator, kind: CaseType, year: int, count: int) -> list[str]:
    """The year's next numbers: each given once. Call within a transaction."""
    CaseNumber.objects.get_or_create(operator=operator, prefix=kind.prefix, year=year)
    rows = CaseNumber.objects.filter(operator=operator, prefix=kind.prefix, year=year)
    rows.update(last=F("last") + count)  # the row stays locked until the transaction ends
    last = rows.values_list("last", flat=True).get()
    return [f"{kind.prefix}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]


def is_draft(case: Case) -> bool:
    """The applicant has begun the case themselves, and the office has done nothing with it. One question."""
    if not case.is_open or case.stage != case.type.first.key:
        return False
    written = list(case.events.select_related("by").order_by("pk"))
    begun_by = written[0].by if written else None
    return begun_by is not None and not any(
        row.by is not None and row.by.is_staff_of(case.operator_id) for row in written
    )


@transaction.atomic
def discard(case: Case, *, user: User) -> None:
    """The applicant deletes a case that they have only begun. That they did stays in the audit trail.
    Raises NotYours, NotADraft."""
    stored = locked(case)
    if not rights.is_applicant(user, stored):
        raise NotYours
    if not is_draft(stored):
        raise NotADraft
    remove_case(stored, user=user, action="case_draft_deleted")


@transaction.atomic
def assign(case: Case, officer: User | None, *, user: User | None, expected: int) -> Case:
    """Give the case to one of the office's people, or to nobody. Raises NotYours, Conflicted, BadValues, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    if officer and not officer.is_staff_of(stored.operator_id):
        raise BadValues({"officer": _("Vælg en af kontorets egne.")})
    if officer:
        require_officer(officer, stored)  # somebody partial is not given the case either
    if stored.officer_id != (officer.pk if officer else None):
        stored.officer = officer
        record(stored, CaseEvent.Kind.ASSIGNED, user=user, text=str(officer or ""))
    return stored


@transaction.atomic
def describe(
    case: Case, *, title: str, subtype: str, kle: str, external_ref: str, user: User | None, expected: int
) -> Case:
    """Correct the title, the sort and the journal numbers. A new sort may bring another service goal, for the whole course.
    Raises NotYours, Conflicted, BadValues, BadKle, EditedMeanwhile."""
    stored = locked(case, expected)
    require_officer(user, stored)
    changed = described(stored, title=title, subtype=subtype, kle=kle, external_ref=external_ref)
    if stored.external_ref and "external_ref" in changed:
        others = Case.objects.filter(operator=stored.operator_id, type_key=stored.type_key).exclude(
            pk=stored.pk
        )
        if others.filter(external_ref=stored.external_ref).exists():
            raise BadValues({"external_ref": _("En anden sag har det journalnummer.")})
    if changed:
        record(stored, CaseEvent.Kind.CHANGED, user=user, name="case", data={"case": changed})
    return stored


def described(case: Case, *, title: str, subtype: str, kle: str, external_ref: str) -> dict[str, list[Any]]:
    """Set what is said about a case as a whole; nothing is stored. What changed: [before, after].
    Raises BadValues, BadKle."""
    title = " ".join(clean_text(title).split())
    _check(case.type, title, subtype, kle, None, case.operator, None)
    wanted = {"title": title, "subtype": subtype, "kle": kle, "external_ref": external_ref.strip()[:60]}
    changed = {name: [getattr(case, name), new] for name, new in wanted.items() if getattr(case, name) != new}
    if "title" in changed and (why := fixed(case).get("title")):
        raise BadValues({"title": why})
    for name, new in wanted.items():
        setattr(case, name, new)
    return changed


def newest_definition(case: Case) -> Definition | None:
    """A newer version of the definition, where the office has adopted one. The case keeps its own."""
    return (
        Definition.objects.current()
        .filter(operator=case.operator_id, kind=KIND, key=case.type_key)
        .exclude(pk=case.definition_id)
        .first()
    )
