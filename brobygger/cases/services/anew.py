# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Votes begin again when what they were about, or those who decide, are others."""

from __future__ import annotations

from collections.abc import Iterable

from brobygger.cases.models import Case, Vote


def begins_anew(case: Case, roles: Iterable[str]) -> bool:
    """Something has changed for these roles: where one of them decides here, what was voted in this round does not count.
    Whether anything was. Call with the case locked."""
    deciding = {ballot.of for way in case.at_stage.moves for ballot in way.ballots}
    if deciding.isdisjoint(roles) or not Vote.objects.filter(case=case, round=case.round).exists():
        return False
    case.round += 1
    return True
