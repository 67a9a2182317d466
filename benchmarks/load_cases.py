# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Invented building cases, a portfolio and its last assessments for the measured region."""

from __future__ import annotations

import random
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from benchmarks.batches import batches
from benchmarks.invented_cases import WHAT, rows, written
from brobygger.accounts.models import Operator, User
from brobygger.blueprints.services import adopt_shipped
from brobygger.cases.building import importing
from brobygger.cases.definition.gates import APPLICANT
from brobygger.cases.models import Case, CaseParty
from brobygger.cases.services import opening
from brobygger.dialogue.models import Assessment
from brobygger.dialogue.services import portfolio
from brobygger.register.imports.importers import Order, no_progress
from brobygger.register.models import Organisation

PORTFOLIO = 1_000


def fill(office: Operator, consultant: User, count: int) -> None:
    """So many cases from a file, one in twenty of them open; a portfolio of `PORTFOLIO` firms, half of them assessed."""
    adopt_shipped(office, opening.KIND, "building_case", user=None)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "sager.csv", rows(count, random.Random(5)))
        importing.carry_out(Order(office, path, path.name), no_progress)
    firms = list(Organisation.objects.filter(operator=office).order_by("pk").values_list("pk", flat=True))
    keys = list(Case.objects.filter(operator=office).order_by("pk").values_list("pk", flat=True))
    chance = random.Random(6)
    Case.objects.filter(pk__in=keys[: len(keys) // 2]).update(officer=consultant)
    _applied_for_by(firms, keys[::2], chance)
    tool, _funnel = (
        adopt_shipped(office, kind, key, user=None)
        for kind, key in (("instrument", "virksomhedsprofil"), ("funnel", "virksomhedstragt"))
    )
    portfolio.add_many(office, firms[:PORTFOLIO], user=consultant)
    today = timezone.localdate()
    Assessment.objects.bulk_create(
        Assessment(
            operator=office, organisation_id=key, instrument=tool, instrument_key=tool.key, by=consultant,
            on=today - timedelta(days=chance.randrange(900)), scores={"product": 4},
            results={"growth_potential": chance.uniform(1, 5), "will": chance.uniform(1, 5)}, main_result=chance.random(),
        )
        for key in firms[: PORTFOLIO // 2]
    )  # fmt: skip


def _applied_for_by(firms: list[int], keys: list[int], chance: random.Random) -> None:
    """Half of those who build are firms in the register, the others only names."""
    for some in batches(keys):
        chosen = {key: chance.choice(firms) for key in some}
        cases = [Case(pk=key, organisation_id=firm) for key, firm in chosen.items()]
        Case.objects.bulk_update(cases, ["organisation"])
        parties = list(CaseParty.objects.filter(case__in=list(chosen), role=APPLICANT))
        for party in parties:
            party.organisation_id = chosen[party.case_id]
        CaseParty.objects.bulk_update(parties, ["organisation"])


def facts(office: Operator) -> dict[str, Any]:
    """Cases to open, and what to search them by: numbers, and what is built."""
    keys = list(Case.objects.filter(operator=office).order_by("pk").values_list("pk", flat=True)[:5000])
    numbers = list(Case.objects.filter(pk__in=keys[:50]).order_by("pk").values_list("number", flat=True))
    asked = [*numbers, *WHAT]
    return {"cases": random.Random(7).sample(keys, min(60, len(keys))), "case_words": asked}
