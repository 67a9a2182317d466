# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Bringing our case up to date with what another system says of it: only what differs is written, as corrections.

The steps are the same whoever writes: the services, case by case (`by_services`), or many cases in memory (`changing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.cases.building import words
from brobygger.cases.building.facts import COMPLETE, DECISIONS, WAITS, Facts
from brobygger.cases.errors import OutOfOrder
from brobygger.cases.models import Case, CaseEvent

PASSES = 4
"""Dates that change places are put right one after the other, as often as that."""


class Writer(Protocol):
    """Writes in one case, each time with the source as its reason. What cannot be written raises a UserError."""

    @property
    def case(self) -> Case:
        """The case as it stands now."""

    def attempt(self) -> AbstractContextManager[Any]:
        """What is written within it is undone where it raises."""

    def describe(self, title: str, subtype: str) -> None: ...
    def fill_in(self, values: Mapping[str, str]) -> None: ...
    def assign(self, officer: User) -> None: ...
    def move(self, way: str, on: date) -> None: ...
    def pause(self, since: date) -> CaseEvent: ...
    def resume(self, paused: CaseEvent, until: date) -> None: ...
    def redate(self, event: CaseEvent, on: date) -> None: ...
    def take_back(self, event: CaseEvent) -> None: ...


def bring_up_to_date(writer: Writer, facts: Facts, officer: User | None) -> list[str]:
    """Write what differs. What was done, in Danish. Raises UserError."""
    told: list[str] = []
    _describe(writer, facts, officer, told)
    steps: list[Callable[[], bool]] = [
        lambda: _undo_wrong_decision(writer, facts, told),
        lambda: _date(writer, "opened", "", facts.received, told),
        lambda: _step(writer, COMPLETE, facts.complete, told),
        lambda: _pauses(writer, facts, told),
        lambda: _step(writer, facts.outcome, facts.decided, told) if facts.outcome else True,
    ]
    for last in [False] * (PASSES - 1) + [True]:
        steps = [step for step in steps if not _done(writer, step, last)]
        if not steps:
            break
    return told


def _done(writer: Writer, step: Callable[[], bool], last: bool) -> bool:
    """Whether a step could be taken; one that waits for another is tried again, and told of when it never can."""
    try:
        with writer.attempt():
            return step()
    except OutOfOrder:
        if last:
            raise
        return False


def _describe(writer: Writer, facts: Facts, officer: User | None, told: list[str]) -> None:
    if (writer.case.title, writer.case.subtype) != (facts.called, facts.subtype):
        writer.describe(facts.called, facts.subtype)
        told.append(_("titel eller sagstype"))
    if not writer.case.is_open:
        return
    changed = {key: value for key, value in facts.values().items() if writer.case.value(key) != value}
    if changed:
        writer.fill_in(changed)
        told.append(_("oplysninger"))
    if officer and writer.case.officer_id != officer.pk:
        writer.assign(officer)
        told.append(_("sagsbehandler"))


def _undo_wrong_decision(writer: Writer, facts: Facts, told: list[str]) -> bool:
    """The decision is another one there, or there is none any more: ours is taken back, and so is a completeness that ceased."""
    wanted = DECISIONS.get(facts.outcome, "")
    if writer.case.outcome and (writer.case.outcome != wanted or _other_pauses(writer.case, facts)):
        _take_back_last(writer)
        told.append(_("afgørelsen er taget tilbage"))
    if writer.case.stage == COMPLETE and facts.complete is None:
        _take_back_last(writer)
        told.append(_("er ikke længere fuldt oplyst"))
    return True


def _other_pauses(case: Case, facts: Facts) -> bool:
    """Waiting that is not as we have it: it can only be put right in a case that is not decided."""
    ended = {row.refers_to_id: row.on for row in case.timeline if row.kind == "resumed"}
    held = {(row.on, ended.get(row.pk)) for row in _imported_pauses(case)}
    return held != {(pause.since, pause.until or facts.decided) for pause in facts.pauses}


def _imported_pauses(case: Case) -> list[CaseEvent]:
    return [row for row in case.timeline if row.kind == "paused" and row.name == WAITS and row.by_id is None]


def _take_back_last(writer: Writer) -> None:
    writer.take_back([row for row in writer.case.timeline if row.kind == CaseEvent.Kind.MOVED][-1])


def _step(writer: Writer, way: str, on: date | None, told: list[str]) -> bool:
    if on is None:
        return True
    now = writer.case
    if any(row.kind == "moved" and row.name == way for row in now.timeline):
        return _date(writer, "moved", way, on, told)
    if now.type.move(now.stage, way) is None:
        raise OutOfOrder(_("Sagen står ikke dér, hvor det kan ske."))
    writer.move(way, on)
    told.append(words.moved(writer.case.at_stage.name, on))
    return True


def _date(writer: Writer, kind: str, name: str, on: date, told: list[str]) -> bool:
    event = next(row for row in writer.case.timeline if row.kind == kind and name in ("", row.name))
    if event.on != on:
        writer.redate(event, on)
        told.append(_("dato rettet til %(day)s") % {"day": f"{on:%d.%m.%Y}"})
    return True


def _pauses(writer: Writer, facts: Facts, told: list[str]) -> bool:
    """Each pause that is told of, begun and ended as it is there; the others that came with an import are taken back."""
    wanted = [(pause.since, pause.until or facts.decided) for pause in facts.pauses]
    known, others = _known(writer.case, wanted)
    for row in others:
        writer.take_back(row)
        told.append(_("ventetid taget tilbage"))
    for number, (since, until) in enumerate(wanted):
        found = known.get(number)
        if found is None:
            if not writer.case.is_open:
                raise OutOfOrder(_("Sagen er afsluttet, så der kan ikke lægges ventetid ind."))
            found = writer.pause(since)
            told.append(words.waits(since))
        _end_pause(writer, found, until, told)
    return True


def _known(
    case: Case, wanted: Sequence[tuple[date, date | None]]
) -> tuple[dict[int, CaseEvent], list[CaseEvent]]:
    """Place among the wanted pauses → the event that began it here, and the events of none. A pause is known by the day it
    began, and among several of one day by the day it ended."""
    left = _imported_pauses(case)
    ended = {row.refers_to_id: row.on for row in case.timeline if row.kind == "resumed"}
    known: dict[int, CaseEvent] = {}
    for exactly in (True, False):
        for number, (since, until) in enumerate(wanted):
            fits = (row for row in left if row.on == since and (not exactly or ended.get(row.pk) == until))
            if number not in known and (found := next(fits, None)):
                known[number] = found
                left.remove(found)
    return known, left


def _end_pause(writer: Writer, paused: CaseEvent, until: date | None, told: list[str]) -> None:
    answers = (row for row in writer.case.timeline if row.kind == "resumed" and row.refers_to_id == paused.pk)
    ended = next(answers, None)
    if ended is None and until:
        writer.resume(paused, until)
        told.append(words.answered(until))
    elif ended is not None and until is None:
        writer.take_back(ended)
    elif ended is not None and until and ended.on != until:
        writer.redate(ended, until)
        told.append(words.answered(until))
