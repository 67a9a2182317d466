# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What a gate asks for and is not there."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base.danish import kroner
from brobygger.cases.definition import FieldKind, Move
from brobygger.cases.definition.gates import Ending
from brobygger.cases.models import Case, CaseDocument
from brobygger.cases.rules import registry
from brobygger.cases.timeline import grants


def missing(case: Case, way: Move, user: User | None, at: datetime) -> list[str]:
    """Each thing that stands in the way, in Danish. Empty: the gate is open."""
    found = [
        *_fields(case, way),
        *_documents(case, way),
        *_checks(case, way),
        *_parties(case, way),
        *_paid(case, way),
    ]
    asked = registry.Asked(case, way, user, at)
    told = (registry.ask(use.rule, use.parameters, asked) for use in way.rules)
    return [*found, *(what for what in told if what)]


def _fields(case: Case, way: Move) -> list[str]:
    fields = [case.type.field(key) for key in way.needs_fields]
    typed = [field for field in fields if field.kind != FieldKind.FILE and case.value(field.key) is None]
    return [_("»%(field)s« mangler.") % {"field": field.label} for field in typed]


def _documents(case: Case, way: Move) -> list[str]:
    files = [key for key in way.needs_fields if case.type.field(key).kind == FieldKind.FILE]
    wanted = [*way.needs_documents, *files]
    if not wanted:
        return []
    there = set(
        CaseDocument.objects.current()
        .filter(case=case, kind__in=wanted)
        .exclude(state__in=[CaseDocument.State.QUARANTINE, CaseDocument.State.INFECTED])
        .values_list("kind", flat=True)
    )
    sorts = [sort for sort in case.type.document_types if sort.key in wanted and sort.key not in there]
    return [_("Dokumentet »%(name)s« mangler.") % {"name": sort.name} for sort in sorts]


def _checks(case: Case, way: Move) -> list[str]:
    texts = {check.key: check.text for check in case.at_stage.checks}
    return [
        _("»%(check)s« er ikke markeret.") % {"check": texts[key]}
        for key in way.needs_checks
        if key not in case.checks
    ]


def _paid(case: Case, way: Move) -> list[str]:
    """A granted case is neither refused nor granted less than what is paid."""
    if case.granted is None:
        return []
    to = case.type.stage(way.to)
    if to.ends in (Ending.REFUSED, Ending.WITHDRAWN):
        least = Decimal(0)
    elif grants(case.outcome, case.at_stage, to):
        least = Decimal(case.value(case.type.amount_field) or 0)
    else:
        return []
    if case.paid <= least:
        return []
    return [_("Der er allerede udbetalt %(paid)s") % {"paid": kroner(case.paid)}]


def _parties(case: Case, way: Move) -> list[str]:
    if not way.needs_parties:
        return []
    there = set(case.parties.filter(ended_at=None).values_list("role", flat=True))
    if case.officer_id:
        there.add("officer")
    return [
        _("Der er ikke valgt nogen som »%(role)s«.")
        % {"role": _("sagsbehandler") if key == "officer" else case.type.role(key).name}
        for key in way.needs_parties
        if key not in there
    ]
