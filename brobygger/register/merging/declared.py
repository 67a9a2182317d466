# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the register's own records, and of those of the rooms below it."""

from __future__ import annotations

from typing import Any

from brobygger.accounts.models import AuditEntry, Invitation
from brobygger.base.models import Job, Letter, SearchDocument
from brobygger.blueprints.models import Definition
from brobygger.register.merging import registry
from brobygger.register.models import (
    Affiliation,
    Establishment,
    ImportedKeys,
    ImportRun,
    Merge,
    MergeStep,
    Organisation,
    PossibleDuplicate,
)


def one_role(mine: Affiliation, other: Affiliation) -> dict[str, Any]:
    """A person's two roles become one: what either lets the person do, from the first day to the last."""
    still = mine.ended_on is None or other.ended_on is None
    starts = [role.started_on for role in (mine, other) if role.started_on]
    ends = [role.ended_on for role in (mine, other) if role.ended_on]
    current = [role for role in (mine, other) if role.ended_on is None] or [mine, other]
    return {
        "title": next((role.title for role in current if role.title), mine.title),
        "is_contact": any(role.is_contact for role in current),
        "may_act": any(role.may_act for role in current),
        "started_on": min(starts) if starts else None,
        "ended_on": None if still else max(ends),
    }


def one_main_place(place: Establishment, kept: Organisation) -> dict[str, Any]:
    """The kept organisation's main address stays the main one."""
    has_one = Establishment.objects.filter(organisation=kept, is_main=True).exists()
    return {"is_main": False} if place.is_main and has_one else {}


registry.combines(Affiliation, "organisation", same=("person",), rule=one_role)
registry.moves(Establishment, "organisation", adjust=one_main_place)
registry.moves(Invitation, "organisation_id")
registry.discards(PossibleDuplicate, "first", "proposed again by the nightly job")
registry.discards(PossibleDuplicate, "second", "proposed again by the nightly job")
registry.keeps(Merge, "kept_pk", "tells which one was kept that day")
registry.keeps(Merge, "gone_pk", "tells which one went")
registry.keeps(MergeStep, "before", "what stood there, to undo an earlier merge by")
registry.keeps(MergeStep, "after", "what was written, to undo an earlier merge by")
registry.keeps(SearchDocument, "object_id", "the search index is brought up to date by itself")
registry.keeps(AuditEntry, "detail", "the audit trail tells what was")
registry.holds_none(Merge, "moved")
registry.holds_none(PossibleDuplicate, "reasons")
registry.holds_none(ImportRun, "problems", "differences")
registry.keeps(
    ImportedKeys,
    "keys",
    "what an import made; one that was laid together since holds it from being taken back",
)
registry.holds_none(Job, "result")
registry.holds_none(Letter, "to", "headers", "attachments")
registry.holds_none(Definition, "body")
registry.holds_none("plan.Goal", "parameters")
