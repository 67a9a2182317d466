# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The order of what happened, and what a case is because of it. Pure: events in, state out, no writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.cases import clock as clocks
from brobygger.cases.definition import CaseType, Clock, Days, Stage
from brobygger.cases.definition.case_type import OPENED
from brobygger.cases.definition.gates import Ending
from brobygger.cases.errors import OutOfOrder

if TYPE_CHECKING:
    from brobygger.cases.models import CaseEvent


def effective(written: Iterable[CaseEvent]) -> list[CaseEvent]:
    """Events in the order in which they happened. What was taken back is left out, a corrected date is the one that counts.

    `written`: in the order in which they were written down. Corrections themselves stay in the list.
    """
    rows = list(written)
    gone = {row.refers_to_id for row in rows if row.kind == "voided"}
    moved_to = {row.refers_to_id: row for row in rows if row.kind == "redated" and row.pk not in gone}
    kept = []
    for row in rows:
        if row.pk in gone or (row.kind == "resumed" and row.refers_to_id in gone):
            continue
        if new := moved_to.get(row.pk):
            row.at = datetime.fromisoformat(new.data["at"])
        kept.append(row)
    return sorted(kept, key=lambda row: (row.at, row.pk or 0))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands because of what happened."""

    stage: str
    stage_at: datetime
    outcome: str
    opened_on: date
    decided_on: date | None
    closed_on: date | None
    open_pauses: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """A decision on money: its day, and kroner."""

    on: date
    amount: Decimal


def standing(kind: CaseType, events: list[CaseEvent]) -> Standing:
    """Replay. Raises OutOfOrder when the events do not follow from each other in this order."""
    opened = next((row for row in events if row.kind == "opened"), None)
    if (
        opened is None
        or events[0].pk != opened.pk
        and any(row.at < opened.at for row in events if row.kind in _ORDERED)
    ):
        raise OutOfOrder(_("Intet kan ske, før sagen er modtaget."))
    stage, stage_at = kind.first, opened.at
    outcome, decided_on, closed_on = "", None, None
    for row in events:
        if row.kind != "moved":
            continue
        if row.data.get("from") != stage.key:
            raise OutOfOrder(_("Datoerne ville vende rækkefølgen af sagens trin om."))
        stage, stage_at = kind.stage(row.data["to"]), row.at
        if stage.ends:
            decided_on = decided_on if outcome == stage.ends else row.on
            outcome = str(stage.ends)
        closed_on = row.on if not stage.moves else None
    ended = {row.refers_to_id for row in events if row.kind == "resumed"}
    waiting = tuple(row for row in events if row.kind == "paused" and row.pk not in ended)
    return Standing(stage.key, stage_at, outcome, opened.on, decided_on, closed_on, waiting)


_ORDERED = frozenset({"moved", "marked", "paused", "resumed"})


def grants(outcome: str, from_: Stage, to: Stage) -> bool:
    """Whether a move decides on the case's amount: it is granted for the first time, or anew."""
    return to.ends == Ending.GRANTED and (outcome != Ending.GRANTED or from_.decides_anew)


def granted(kind: CaseType, events: list[CaseEvent], values: Mapping[str, Any]) -> Granted | None:
    """What stands granted: the amount is fixed by the latest decision's event, whatever the case's fields say by now.
    None where nothing is granted, or the case was refused or withdrawn since."""
    found, outcome, stage = None, "", kind.first
    for row in events:
        if row.kind != "moved":
            continue
        from_, stage = stage, kind.stage(row.data["to"])
        if grants(outcome, from_, stage):
            amount = row.data.get("amount", _as_it_stood(kind.amount_field, row, events, values))
            found = Granted(row.on, Decimal(amount)) if amount is not None else None
        elif stage.ends in (Ending.REFUSED, Ending.WITHDRAWN):
            found = None
        outcome = str(stage.ends) if stage.ends else outcome
    return found


def _as_it_stood(field: str, decision: CaseEvent, events: list[CaseEvent], values: Mapping[str, Any]) -> Any:
    """A value when a decision was written that does not tell it itself: before the first change that was written later."""
    later = [
        row
        for row in events
        if row.kind == "changed" and row.pk > decision.pk and field in row.data.get("values", {})
    ]
    first = min(later, key=lambda row: row.pk, default=None)
    return first.data["values"][field][0] if first else values.get(field)


def course(kind: CaseType, clock: Clock, events: list[CaseEvent]) -> clocks.Course:
    """What a clock of the type is computed from. The first start counts, and the last end after which the case did not go
    back; pauses that end before they begin are no pauses."""
    started = next((row.on for row in events if _is_one_of(row, clock.starts)), None)
    if started is None:
        return clocks.Course(None)
    ended = next((row.on for row in events if row.on >= started and _is_one_of(row, clock.ends)), None)
    ends = {row.refers_to_id: row for row in events if row.kind == "resumed"}
    pauses = []
    for row in events:
        if row.kind == "paused" and row.name in clock.pauses:
            answer = ends.get(row.pk)
            until = answer.on if answer else ended
            if until is None or until > row.on:
                pauses.append(clocks.Pause(row.on, until, kind.pause(row.name).name, row))
    return clocks.Course(started, ended, tuple(pauses))


def _is_one_of(row: CaseEvent, happenings: tuple[str, ...]) -> bool:
    """A happening is named by the way taken, the mark, the stage entered, or `opened`."""
    if row.kind == "opened":
        return OPENED in happenings
    if row.kind == "moved":
        return row.name in happenings or row.data.get("to") in happenings
    return row.kind == "marked" and row.name in happenings


def counting(clock: Clock) -> clocks.Counts:
    """Which days a clock counts."""
    return clocks.working_days(clock.closed_days) if clock.days == Days.WORKING else clocks.every_day


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock as it stands today."""

    clock: Clock
    course: clocks.Course
    state: clocks.State
    goal: int | None
    used: int
    due: date | None
    spans: list[clocks.Span]

    @property
    def left(self) -> int | None:
        """Days left of the goal; negative when it is broken."""
        return None if self.goal is None else self.goal - self.used

    @property
    def warn_on(self) -> date | None:
        return self.due - timedelta(days=self.clock.warn_days) if self.due else None


def readings(
    kind: CaseType, subtype: str, events: list[CaseEvent], today: date | None = None
) -> list[Reading]:
    """Every clock of the type."""
    day = today or timezone.localdate()
    found = []
    for clock in kind.clocks:
        at, counts, goal = course(kind, clock, events), counting(clock), kind.goal_days(clock, subtype)
        found.append(
            Reading(
                clock, at, clocks.state(at), goal, clocks.used(at, day, counts), clocks.due(at, goal, counts),
                clocks.spans(at, day, counts),
            )
        )  # fmt: skip
    return found
