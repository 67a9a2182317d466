# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Tenders as lists read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from brobygger.accounts.models import Operator, User
from brobygger.base.prepared import prepared
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.tenders.case_words import AWARDED, DROPPED, PUBLISHED
from brobygger.cases.tenders.models import Bid, Question, Tender
from brobygger.register.models import Organisation


def open_to(user: Any) -> QuerySet[Tender]:
    """What somebody (or nobody signed in) is shown and can still bid on, the nearest deadline first."""
    rows = Tender.objects.visible_to(user).filter(deadline__gte=timezone.now(), case__stage=PUBLISHED)
    return rows.select_related("case__operator").order_by("deadline", "pk")


def open_to_firm(user: Any) -> QuerySet[Tender]:
    """The same, with `has_bid`: whether a firm that the person acts for has a bid standing."""
    own = Organisation.objects.acted_for_by(user).order_by().values("pk")
    mine = Bid.objects.filter(tender=OuterRef("pk"), organisation__in=own, withdrawn_at=None)
    return open_to(user).annotate(has_bid=Exists(mine))


def bid_on_by(user: Any) -> QuerySet[Tender]:
    """Tenders that are over for bidders, where a firm that the person acts for has a bid standing; the newest deadline first."""
    own = Organisation.objects.acted_for_by(user).order_by().values("pk")
    mine = Bid.objects.filter(tender=OuterRef("pk"), organisation__in=own, withdrawn_at=None)
    won = Tender.objects.filter(pk=OuterRef("pk"), winner__organisation__in=own)
    rows = Tender.objects.visible_to(user).filter(Exists(mine))
    rows = rows.exclude(deadline__gte=timezone.now(), case__stage=PUBLISHED)
    return (
        rows.annotate(is_won=Exists(won))
        .select_related("case__operator", "winner__organisation")
        .defer("winner__data")
        .order_by("-deadline", "pk")
    )


@dataclass(frozen=True, slots=True)
class State:
    """How far a published tender is, as everybody reads it. `why`: the reason of a cancellation. `winner`: whom it went to."""

    key: str
    why: str = ""
    winner: str = ""


def state_of(tender: Tender) -> State:
    """`open`, `over` (the deadline has passed), `awarded` or `cancelled`; `closed` where it was taken back to be written anew."""
    stage = tender.case.stage
    if stage == DROPPED:
        moved = CaseEvent.objects.filter(case_id=tender.case_id, kind=CaseEvent.Kind.MOVED, data__to=DROPPED)
        last = moved.order_by("-pk").first()
        return State("cancelled", why=last.reason if last else "")
    if stage == AWARDED and tender.winner:
        return State("awarded", winner=tender.winner.organisation.name)
    if tender.takes_bids(timezone.now()):
        return State("open" if stage == PUBLISHED else "closed")
    return State("over")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the office in its tenders."""

    questions: list[Question]
    to_open: list[Tender]

    def __bool__(self) -> bool:
        return bool(self.questions or self.to_open)


def waiting_for(user: User, operator: Operator, now: datetime, *, mine: bool, most: int) -> Waiting:
    """Questions that nobody has answered, and tenders whose deadline has passed with the bids still sealed; with `mine` the
    person's own and nobody's. Whether there are any bids is not looked at."""
    return Waiting(
        list(_unanswered(user, operator.pk, mine=mine, most=most)),
        list(_to_open(user, operator.pk, now, mine=mine, most=most)),
    )


def _handled(user: Any, operator: Any, mine: bool) -> QuerySet[Case]:
    rows = Case.objects.open().filter(operator=operator).without_conflict(user)
    return rows.filter(Q(officer=user) | Q(officer=None)) if mine else rows


@prepared
def _unanswered(user: Any, operator: Any, *, mine: bool, most: int) -> QuerySet[Question]:
    handled = _handled(user, operator, mine).filter(pk=OuterRef("tender__case_id"))
    rows = Question.objects.filter(Exists(handled), answer="", closed_at=None)
    return rows.select_related("tender__case").order_by("tender__deadline", "pk")[:most]


@prepared
def _to_open(user: Any, operator: Any, now: Any, *, mine: bool, most: int) -> QuerySet[Tender]:
    handled = _handled(user, operator, mine).filter(stage=PUBLISHED, pk=OuterRef("case_id"))
    rows = Tender.objects.filter(
        Exists(handled), published_at__isnull=False, opened_at=None, deadline__lt=now
    )
    return rows.select_related("case", "first_opener").order_by("deadline", "pk")[:most]
