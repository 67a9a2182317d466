# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Votes begin again when what they were about, or those who decide, are others."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from brobygger.cases.models import Case, CaseEvent, Vote
from brobygger.cases.models.parts import RECUSED


def begins_anew(case: Case, roles: Iterable[str]) -> bool:
    """Something has changed for these roles: where one of them decides here, what was voted in this round does not count.
    Whether anything was. Call with the case locked."""
    deciding = {ballot.of for way in case.at_stage.moves for ballot in way.ballots}
    if deciding.isdisjoint(roles) or not Vote.objects.filter(case=case, round=case.round).exists():
        return False
    case.round += 1
    return True


def why_anew(event: CaseEvent | None) -> str:
    """Why a vote began again with this event, where it did."""
    if event is None or event.name == RECUSED:  # why somebody stepped out is for the office
        return ""
    if event.kind == CaseEvent.Kind.FAILED:
        return _("Den forrige afstemning gav et nej, og der stemmes igen.")
    told: dict[str, str] = {
        CaseEvent.Kind.CHANGED: event.text,
        CaseEvent.Kind.PARTY: event.reason,
        CaseEvent.Kind.DOCUMENT: event.data.get("anew", ""),
    }
    return told.get(event.kind, "")


def last_anew(case: Case) -> str:
    """Why votes began again last since the case came to where it is; empty where they did not."""
    for event in reversed(case.timeline):
        if event.kind in (CaseEvent.Kind.MOVED, CaseEvent.Kind.OPENED):
            return ""
        if why := why_anew(event):
            return why
    return ""
