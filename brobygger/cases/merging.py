# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of cases when two organisations are laid together."""

from __future__ import annotations

from brobygger.blueprints.models import Definition
from brobygger.cases.definition import FieldKind
from brobygger.cases.models import Case, CaseDocument, CaseEvent
from brobygger.register import merging
from brobygger.register.models import Organisation


@merging.by_hand(Case, "values")
def chosen_in_a_field(journal: merging.Journal, kept: Organisation, gone: Organisation) -> None:
    """A case's fields may name organisations; which do is said by its definition."""
    used = Case.objects.filter(operator_id=gone.operator_id).order_by().values("definition_id").distinct()
    for definition in Definition.objects.filter(pk__in=used).order_by("pk"):
        keys = [field.key for field in definition.content.filled_in if field.kind == FieldKind.ORGANISATION]
        for key in keys:
            for case in Case.objects.filter(definition=definition, **{f"values__{key}": gone.pk}).order_by(
                "pk"
            ):
                journal.change_one(case, {"values": {**case.values, key: kept.pk}})


merging.keeps(CaseEvent, "data", "a case's events tell what was, and are never changed")
merging.holds_none(Case, "checks")
merging.holds_none(CaseDocument, "seen_by")
merging.holds_none("enquiry.ProspectusVersion", "body")
