# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Files of building cases, and all that stands of what they brought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.cases.building import importing, in_memory
from brobygger.cases.models import Case
from brobygger.cases.services.correcting import DATED
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.imports.report import Report

HEADER = "sagsnummer;sagstype;titel;adresse;cvr;modtaget;fuldt oplyst;venter;afgjort;afgørelse;sagsbehandler"


def bring(operator: Operator, tmp_path: Path, rows: list[str], **order: Any) -> Report:
    file = tmp_path / "byggesager.csv"
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    return importing.carry_out(Order(operator, file, file.name, **order), no_progress)


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on each case goes through the services by itself."""
    monkeypatch.setattr(in_memory, "possible", lambda kind: False)


def lived(operator: Operator) -> list[Any]:
    """Everything that stands of an office's cases: the case itself, its events in order, its parties, and what finds it."""
    derived = [field.name for field in Case._meta.fields if field.name not in {
        "id", "operator", "organisation", "definition", "version", "created_at", "number"}]  # fmt: skip
    told = []
    for case in Case.objects.filter(operator=operator).order_by("external_ref"):
        events = list(case.events.order_by("pk"))
        place = {event.pk: number for number, event in enumerate(events)}
        told.append((
            {name: getattr(case, name) for name in derived},
            [(e.kind, e.name, e.at if e.kind in DATED else e.on, e.by_id, e.text, e.reason, e.data, e.for_applicant, place.get(e.refers_to_id))
             for e in events],
            [(p.role, p.organisation_id and p.organisation.cvr, p.name, p.interested) for p in case.parties.all()],
            case.external_ref in {
                Case.objects.get(pk=pk).external_ref
                for pk in search.find("case", case.external_ref, scopes=[str(operator.pk)]).keys
            },
        ))  # fmt: skip
    return told
