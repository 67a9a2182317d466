# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What another system says of a building case, and bringing our case up to date with it: only what changed is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brobygger.accounts.models import User
from brobygger.cases import building_words as words
from brobygger.cases.errors import OutOfOrder
from brobygger.cases.models import Case, CaseEvent
from brobygger.cases.services import contents, opening, waiting
from brobygger.cases.services.correcting import redate, take_back
from brobygger.cases.services.moving import move

COMPLETE = "complete"
DECISIONS = {"grant": "granted", "refuse": "refused", "withdraw": "withdrawn"}
"""Way → stage."""
WAITS = "applicant"
PASSES = 4
"""Dates that change places are put right one after the other, as often as that."""


@dataclass(frozen=True, slots=True)
class Pause:
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A row that can be used."""

    ref: str
    received: date
    complete: date | None
    decided: date | None
    outcome: str
    """`grant`, `refuse`, `withdraw` or empty."""
    subtype: str
    pauses: tuple[Pause, ...] = ()
    address: str = ""
    cadastre: str = ""
    title: str = ""
    applicant: str = ""
    cvr: str | None = None
    officer: str = ""

    @property
    def called(self) -> str:
        return self.title or self.address or self.ref

    def values(self) -> dict[str, str]:
        """What goes into the definition's fields; empty cells empty nothing."""
        found = {"address": self.address, "cadastre": self.cadastre}
        return {key: value for key, value in found.items() if value}

    def plain(self) -> Any:
        """As JSON can hold it, for comparing with the last import."""
        found = asdict(self)
        found["pauses"] = [[str(pause.since), str(pause.until)] for pause in self.pauses]
        return {key: str(value) if isinstance(value, date) else value for key, value in found.items()}

    def digest(self) -> str:
        """The same for rows that say the same."""
        return hashlib.sha256(json.dumps(self.plain(), sort_keys=True).encode()).hexdigest()


def bring_up_to_date(case: Case, facts: Facts, officer: User | None) -> list[str]:
    """Write what differs, as corrections with the source as their reason. What was done, in Danish. Raises UserError."""
    told: list[str] = []
    _describe(case, facts, officer, told)
    steps: list[Callable[[], bool]] = [
        lambda: _undo_wrong_decision(case, facts, told),
        lambda: _date(case, "opened", "", facts.received, told),
        lambda: _step(case, COMPLETE, facts.complete, told),
        lambda: _pauses(case, facts, told),
        lambda: _step(case, facts.outcome, facts.decided, told) if facts.outcome else True,
    ]
    for last in [False] * (PASSES - 1) + [True]:
        steps = [step for step in steps if not _done(step, last)]
        if not steps:
            break
    return told


def _done(step: Callable[[], bool], last: bool) -> bool:
    """Whether a step could be taken; one that waits for another is tried again, and told of when it never can."""
    try:
        with transaction.atomic():
            return step()
    except OutOfOrder:
        if last:
            raise
        return False


def _fresh(case: Case) -> Case:
    return Case.objects.select_related("definition").get(pk=case.pk)


def _describe(case: Case, facts: Facts, officer: User | None, told: list[str]) -> None:
    now = _fresh(case)
    if (now.title, now.subtype) != (facts.called, facts.subtype):
        opening.describe(
            now, title=facts.called, subtype=facts.subtype, kle=now.kle, external_ref=now.external_ref, user=None,
            expected=now.version,
        )  # fmt: skip
        told.append(_("titel eller sagstype"))
    now = _fresh(case)
    if now.is_open:
        changed = {key: value for key, value in facts.values().items() if now.value(key) != value}
        if changed:
            contents.fill_in(now, changed, user=None, expected=None)
            told.append(_("oplysninger"))
        now = _fresh(case)
        if officer and now.officer_id != officer.pk:
            opening.assign(now, officer, user=None, expected=now.version)
            told.append(_("sagsbehandler"))


def _undo_wrong_decision(case: Case, facts: Facts, told: list[str]) -> bool:
    """The decision is another one there, or there is none any more: ours is taken back, and so is a completeness that ceased."""
    now = _fresh(case)
    wanted = DECISIONS.get(facts.outcome, "")
    if now.outcome and (now.outcome != wanted or _other_pauses(now, facts)):
        _take_back_last(now)
        told.append(_("afgørelsen er taget tilbage"))
    now = _fresh(case)
    if now.stage == COMPLETE and facts.complete is None:
        _take_back_last(now)
        told.append(_("er ikke længere fuldt oplyst"))
    return True


def _other_pauses(case: Case, facts: Facts) -> bool:
    """Waiting that is not as we have it: it can only be put right in a case that is not decided."""
    ended = {row.refers_to_id: row.on for row in case.timeline if row.kind == "resumed"}
    held = {(row.on, ended.get(row.pk)) for row in _imported_pauses(case)}
    return held != {(pause.since, pause.until or facts.decided) for pause in facts.pauses}


def _imported_pauses(case: Case) -> list[CaseEvent]:
    return [row for row in case.timeline if row.kind == "paused" and row.name == WAITS and row.by_id is None]


def _take_back_last(case: Case) -> None:
    moved = [row for row in case.timeline if row.kind == CaseEvent.Kind.MOVED][-1]
    take_back(case, moved, reason=words.why(), user=None, expected=case.version)


def _step(case: Case, way: str, on: date | None, told: list[str]) -> bool:
    if on is None:
        return True
    now = _fresh(case)
    if any(row.kind == "moved" and row.name == way for row in now.timeline):
        return _date(case, "moved", way, on, told)
    if now.type.move(now.stage, way) is None:
        raise OutOfOrder(_("Sagen står ikke dér, hvor det kan ske."))
    move(now, way, user=None, expected=now.version, on=on, reason=words.why())
    told.append(words.moved(_fresh(case).at_stage.name, on))
    return True


def _date(case: Case, kind: str, name: str, on: date, told: list[str]) -> bool:
    now = _fresh(case)
    event = next(row for row in now.timeline if row.kind == kind and name in ("", row.name))
    if event.on != on:
        redate(now, event, on, reason=words.why(), user=None, expected=now.version)
        told.append(_("dato rettet til %(day)s") % {"day": f"{on:%d.%m.%Y}"})
    return True


def _pauses(case: Case, facts: Facts, told: list[str]) -> bool:
    """Pauses are known by the day they began."""
    wanted = {pause.since: pause for pause in facts.pauses}
    now = _fresh(case)
    held = {
        row.on: row
        for row in now.timeline
        if row.kind == "paused" and row.name == WAITS and row.by_id is None
    }
    for since, row in held.items():
        if since not in wanted:
            now = _fresh(case)
            take_back(now, row, reason=words.why(), user=None, expected=now.version)
            told.append(_("ventetid taget tilbage"))
    for since, pause in wanted.items():
        found = held.get(since)
        if found is None:
            now = _fresh(case)
            if not now.is_open:
                raise OutOfOrder(_("Sagen er afsluttet, så der kan ikke lægges ventetid ind."))
            found = waiting.pause(
                now, WAITS, user=None, text=words.asked_for_more(), on=since, reason=words.why(), tell=False
            )
            told.append(words.waits(since))
        _end_pause(case, found, pause.until or facts.decided, told)
    return True


def _end_pause(case: Case, paused: CaseEvent, until: date | None, told: list[str]) -> None:
    now = _fresh(case)
    ended = next(
        (row for row in now.timeline if row.kind == "resumed" and row.refers_to_id == paused.pk), None
    )
    if ended is None and until:
        waiting.resume(now, paused, user=None, on=until, reason=words.why())
        told.append(words.answered(until))
    elif ended is not None and until is None:
        take_back(now, ended, reason=words.why(), user=None, expected=now.version)
    elif ended is not None and until and ended.on != until:
        redate(now, ended, until, reason=words.why(), user=None, expected=now.version)
        told.append(words.answered(until))
