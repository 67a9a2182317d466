# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What every service stands on: the case under lock, an event written, and where the case then stands.

Nothing else writes the worked-out fields of a case.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.base import search
from brobygger.base.versions import claim
from brobygger.cases import clock as clocks
from brobygger.cases import hooks, rights, seats, timeline
from brobygger.cases.errors import CaseIsOver, Conflicted, NeedsReason, NotYours, OutOfOrder
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.search import KIND
from brobygger.cases.services import news, telling
from brobygger.cases.values import names_in, shown

NOON = time(12)


def locked(case: Case, expected: int | None = None) -> Case:
    """The case as it stands, for this transaction alone. With `expected` the version that the person opened is claimed.
    Raises EditedMeanwhile."""
    stored = (
        Case.objects.select_for_update(of=("self",)).select_related("definition", "operator").get(pk=case.pk)
    )
    if expected is not None:
        claim(stored, expected)
    return stored


def require_officer(user: User | None, case: Case) -> None:
    """Raises NotYours, Conflicted. None is the system itself (an import, the demo)."""
    if user is None:
        return
    if not user.is_staff_of(case.operator_id):
        raise NotYours
    if rights.has_conflict(user, case):
        raise Conflicted


def require_open(case: Case) -> None:
    """Raises CaseIsOver."""
    if not case.is_open:
        raise CaseIsOver


def moment(
    on: date | datetime | None, *, not_before: datetime | None, reason: str, user: User | None
) -> datetime:
    """When something happened: now, or an earlier day with a reason. On an earlier day the hour is not known: noon, or
    right after what it must follow on that day. Raises OutOfOrder, NeedsReason."""
    now = timezone.now()
    if on is None:
        return now
    if isinstance(on, datetime):
        at = on
    elif on == timezone.localdate(now):
        return now
    else:
        at = timezone.make_aware(datetime.combine(on, NOON))
        if not_before and timezone.localdate(not_before) == on:
            at = max(at, not_before)
    if at > now:
        raise OutOfOrder(_("Datoen er ikke kommet endnu."))
    if not_before and at < not_before:
        raise OutOfOrder(
            _("Det kan ikke være sket før den %(day)s.")
            % {"day": f"{timezone.localdate(not_before):%d.%m.%Y}"}
        )
    if timezone.localdate(at) != timezone.localdate(now) and user is not None and not reason.strip():
        raise NeedsReason
    return at


def written_on(case: Case, entry_key: UUID | None) -> CaseEvent | None:
    """What was already written on the same form: the button was pressed twice. Call with the case locked."""
    return case.events.filter(entry_key=entry_key).first() if entry_key else None


def record(
    case: Case, kind: str, *, user: User | None, at: datetime | None = None, **fields: Any
) -> CaseEvent:
    """Write an event, work out where the case stands, and run what follows. Call with the case locked."""
    event = CaseEvent.objects.create(case=case, kind=kind, by=user, at=at or timezone.now(), **fields)
    news.note(case, event, user)
    refresh(case)
    if kind in _FOUND_BY:
        search.index(KIND, [case])
    hooks.run(case, event, user)
    telling.tell(case, event, user)
    return event


_FOUND_BY = frozenset({CaseEvent.Kind.OPENED, CaseEvent.Kind.CHANGED, CaseEvent.Kind.PARTY})


def refresh(case: Case) -> None:
    """Work out and store where the case stands. Raises OutOfOrder when the dates do not fit each other."""
    forget(case)
    seats.fill(case)
    work_out(case)
    case.version += 1  # whoever has the page open acts on what they have not seen
    case.save()


def work_out(case: Case) -> None:
    """Set where the case stands from its timeline; nothing is stored. Raises OutOfOrder."""
    kind, events = case.type, case.timeline
    now = timeline.standing(kind, events)
    case.stage, case.stage_at, case.outcome = now.stage, now.stage_at, now.outcome
    case.opened_on, case.decided_on, case.closed_on = now.opened_on, now.decided_on, now.closed_on
    case.is_open, case.is_paused = now.closed_on is None, bool(now.open_pauses)
    _set_money_and_topic(case)
    _set_clocks(case, timeline.readings(kind, case.subtype, events))


def forget(case: Case) -> None:
    """The timeline is to be read again."""
    case.__dict__.pop("timeline", None)


def _set_money_and_topic(case: Case) -> None:
    kind = case.type
    amount = case.value(kind.amount_field) if kind.amount_field else None
    decided = case.granted
    case.amount = decided.amount if decided else Decimal(amount) if amount is not None else None
    topic = case.value(kind.topic_field) if kind.topic_field else None
    if topic is None:
        case.topic = ""
    else:
        field = kind.field(kind.topic_field)
        case.topic = shown(field, topic, names_in(kind, {field.key: topic}, case.operator))[:200]


def _set_clocks(case: Case, read: list[timeline.Reading]) -> None:
    dues = [(found.due, found.warn_on) for found in read if found.due]
    if case.is_open and (days := case.at_stage.due_days):
        last = timezone.localdate(case.stage_at) + timedelta(days=days)
        dues.append((last, last - timedelta(days=min(days // 4, 10))))
    nearest = min(dues, default=(None, None))
    case.due_on, case.warn_on = nearest if case.is_open else (None, None)
    if not read:
        return
    first = read[0]
    case.clock_state, case.goal_days = first.state, first.goal
    case.clock_started_on, case.clock_ended_on = first.course.started, first.course.ended
    case.days_used = first.used if first.state == clocks.State.ENDED else None
