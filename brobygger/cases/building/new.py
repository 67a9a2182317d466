# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A new building case with its whole course, worked out in memory."""

from __future__ import annotations

from datetime import date

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.cases.building import words
from brobygger.cases.building.facts import COMPLETE, WAITS, Facts
from brobygger.cases.building.in_memory import K, Written
from brobygger.cases.services import opening
from brobygger.cases.services.derive import moment
from brobygger.register.models import Organisation


def course(
    operator: Operator,
    definition: Definition,
    facts: Facts,
    *,
    firm: Organisation | None,
    officer: User | None,
) -> Written:
    """A case with all that the row says of it. Raises UserError where a gate is closed or the dates do not fit."""
    at = moment(facts.received, not_before=None, reason="", user=None)
    case = opening.begun(
        operator, definition, at, title=facts.called, subtype=facts.subtype, organisation=firm, officer=officer,
        external_ref=facts.ref, values=facts.values(),
    )  # fmt: skip
    new = Written(case, party=opening.applicant_of(case, "" if firm else facts.applicant))
    new.write(K.OPENED, at, for_applicant=True)
    if facts.complete:
        _go(new, COMPLETE, facts.complete)
    for pause in facts.pauses:
        _wait(new, pause.since, pause.until or facts.decided)
    if facts.outcome and facts.decided:
        _go(new, facts.outcome, facts.decided)
    new.settle()
    return new


def _go(new: Written, key: str, on: date) -> None:
    new.settle()
    new.move(key, on)
    to = new.events[-1].data["to"]
    new.told.append(words.moved(new.case.type.stage(to).name, on))


def _wait(new: Written, since: date, until: date | None) -> None:
    at = moment(since, not_before=new.events[0].at, reason=words.why(), user=None)
    paused = new.write(
        K.PAUSED, at, name=WAITS, text=words.asked_for_more(), reason=words.why(), for_applicant=True
    )
    new.told.append(words.waits(since))
    if until:
        at = moment(until, not_before=paused.at, reason=words.why(), user=None)
        new.write(K.RESUMED, at, name=WAITS, refers_to=paused, reason=words.why(), for_applicant=True)
        new.told.append(words.answered(until))
