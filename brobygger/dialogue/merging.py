# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What becomes of the dialogue's records when two organisations are laid together."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.dialogue import visit_letters
from brobygger.dialogue.errors import TimeTaken
from brobygger.dialogue.models import (
    Assessment,
    FollowUp,
    FunnelPlace,
    FunnelStep,
    HandOver,
    OutreachSettings,
    PlannedVisit,
    PortfolioFirm,
)
from brobygger.dialogue.queries import visits as queries
from brobygger.dialogue.services import appointments, visits
from brobygger.register import merging
from brobygger.register.models import Merge, Organisation


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
    """Where the kept firm has a visit that stands, or was visited in the same week, the other's gives way, and whoever was
    invited is told."""
    return _called_off(visit, kept) if gives_way(visit, kept) else {}


@merging.beforehand
def the_agreed_visit_stands(journal: merging.Journal, kept: Organisation, gone: Organisation) -> None:
    """The kept firm's own visit makes room where only the other's is agreed, or paid in its week."""
    if visit := own_that_gives_way(kept, gone):
        journal.change_one(visit, _called_off(visit, gone))


def _called_off(visit: PlannedVisit, other: Organisation) -> dict[str, Any]:
    note = _("Virksomheden er lagt sammen med %(name)s, som har et besøg i planen.") % {"name": other.name}
    visit.version += 1  # as the journal does: the calendar's entry follows the one that was sent
    visits.tell_that_it_is_off(visit)
    return {
        "state": PlannedVisit.State.SKIPPED,
        "skip_reason": PlannedVisit.Skip.OTHER,
        "skip_note": note[:300],
        **dict.fromkeys(("starts_at", "ends_at", "invited_at", "follow_up_id")),
    }


def gives_way(visit: PlannedVisit, kept: Organisation) -> bool:
    """Whether the kept firm's visits leave no room for it. What was paid was paid."""
    return visit.is_open and (queries.next_with(kept) is not None or queries.was_visited(kept, visit.week))


def own_that_gives_way(kept: Organisation, gone: Organisation) -> PlannedVisit | None:
    """The kept firm's open visit, where the other firm was visited in its week, or where the other's is further agreed and no
    visit was paid in that one's week."""
    mine, theirs = queries.next_with(kept), queries.next_with(gone)
    if mine is None or queries.was_visited(gone, mine.week):
        return mine
    if theirs is None or _agreed(theirs) <= _agreed(mine) or queries.was_visited(kept, theirs.week):
        return None
    return mine


def _agreed(visit: PlannedVisit) -> tuple[bool, bool]:
    """A time with the firm counts more than a place in the plan, which counts more than a proposal."""
    return visit.starts_at is not None, visit.state == PlannedVisit.State.ACCEPTED


@merging.afterwards
def nothing_to_remember(journal: merging.Journal, kept: Organisation) -> None:
    """The open follow-up of a visit that gave way goes with it."""
    for visit in PlannedVisit.objects.filter(pk__in=journal.touched.get(PlannedVisit, ()), follow_up=None):
        held = journal.before(visit).get("follow_up_id")
        for step in FollowUp.objects.open().filter(pk=held) if held else ():
            journal.remove(step)


@merging.when_undone
def told_anew(merge: Merge, found: merging.PutBack, user: User) -> None:
    """A visit that gave way is back. Whoever was told that it was off is told that it stands, where its time is ahead and still
    free; else it is back without a time, as they were told."""
    keys = merge.steps.filter(model=PlannedVisit._meta.label_lower, before__has_key="starts_at")
    rows = PlannedVisit.objects.filter(pk__in=[int(key) for key in keys.values_list("row", flat=True)])
    related = ("operator", "organisation", "consultant", "contact")
    for visit in rows.exclude(starts_at=None).select_related(*related).order_by("pk"):
        visit.version += 1
        if not still_possible(visit):
            visit.starts_at = visit.ends_at = visit.invited_at = None
            found.changed_since += 1
        elif visit.invited_at:
            visit_letters.invite(visit, message="", known=visit.starts_at)
            visit.invited_at = timezone.now()
        else:
            continue
        visit._history_user = user
        visit.save()


def still_possible(visit: PlannedVisit) -> bool:
    """Whether it can be paid at its time."""
    assert visit.starts_at
    assert visit.ends_at
    if visit.state != PlannedVisit.State.ACCEPTED or visit.starts_at <= timezone.now():
        return False
    try:
        appointments.must_be_free(visit.consultant, visit.starts_at, visit.ends_at, but=visit)
    except TimeTaken:
        return False
    return True


merging.combines(PortfolioFirm, "organisation", same=(), rule=one_who_knows_it_best)
merging.combines(FunnelPlace, "organisation", same=("funnel_key",), rule=the_latest_level)
merging.moves(PlannedVisit, "organisation", adjust=one_visit_at_a_time)
merging.holds_none(Assessment, "scores", "figures", "remarks", "results")
merging.holds_none(FunnelStep, "facts")
merging.holds_none(PlannedVisit, "why")
merging.holds_none(HandOver, "moved", "left")
merging.holds_none(OutreachSettings, "priority_industries")
