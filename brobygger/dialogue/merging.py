# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the dialogue's records when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brobygger.dialogue.models import (
    Assessment,
    FunnelPlace,
    FunnelStep,
    HandOver,
    OutreachSettings,
    PlannedVisit,
    PortfolioFirm,
)
from brobygger.register import merging
from brobygger.register.models import Organisation


def one_who_knows_it_best(mine: PortfolioFirm, other: PortfolioFirm) -> dict[str, Any]:
    """Its own key account stays; without one, the other's."""
    return {
        "key_account_id": mine.key_account_id or other.key_account_id,
        "why": mine.why or other.why,
        "added_at": min(mine.added_at, other.added_at),
    }


def the_latest_level(mine: FunnelPlace, other: FunnelPlace) -> dict[str, Any]:
    """Where the firm was put last."""
    if other.since <= mine.since:
        return {}
    return {"funnel_id": other.funnel_id, "level": other.level, "since": other.since}


def one_visit_at_a_time(visit: PlannedVisit, kept: Organisation) -> dict[str, Any]:
    """Where the kept firm has an open visit, or one in the same week, the other's gives way."""
    if visit.state == PlannedVisit.State.SKIPPED:
        return {}
    standing = PlannedVisit.objects.filter(organisation=kept).exclude(state=PlannedVisit.State.SKIPPED)
    same_week = standing.filter(week=visit.week).exists()
    both_open = visit.is_open and standing.filter(state__in=PlannedVisit.OPEN).exists()
    if not (same_week or both_open):
        return {}
    note = _("Virksomheden er lagt sammen med %(name)s, som har et besøg i planen.") % {"name": kept.name}
    return {
        "state": PlannedVisit.State.SKIPPED,
        "skip_reason": PlannedVisit.Skip.OTHER,
        "skip_note": note[:300],
    }


merging.combines(PortfolioFirm, "organisation", same=(), rule=one_who_knows_it_best)
merging.combines(FunnelPlace, "organisation", same=("funnel_key",), rule=the_latest_level)
merging.moves(PlannedVisit, "organisation", adjust=one_visit_at_a_time)
merging.holds_none(Assessment, "scores", "figures", "remarks", "results")
merging.holds_none(FunnelStep, "facts")
merging.holds_none(PlannedVisit, "why")
merging.holds_none(HandOver, "moved", "left")
merging.holds_none(OutreachSettings, "priority_industries")
