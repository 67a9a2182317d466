# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""New building cases with their whole course, worked out in memory and stored hundreds at a time.

The same gates are asked, and the same events written, as when each case goes through the services by itself; what this
cannot do, or finds something wrong with, is left to them (`building_facts.bring_up_to_date`), so that a row's fault has one
wording. A definition whose gates, hooks or bodies ask the database of the case cannot be worked out at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brobygger.accounts.models import Operator, User
from brobygger.base import search
from brobygger.blueprints.models import Definition
from brobygger.cases import building_words as words
from brobygger.cases import hooks, timeline
from brobygger.cases.building_facts import COMPLETE, DECISIONS, WAITS, Facts
from brobygger.cases.definition import CaseType, FieldKind, Move
from brobygger.cases.errors import NotReady, OutOfOrder
from brobygger.cases.gates import missing
from brobygger.cases.models import Case, CaseEvent, CaseParty
from brobygger.cases.rules import registry
from brobygger.cases.search import KIND
from brobygger.cases.services import moving, opening
from brobygger.cases.services.derive import moment, work_out
from brobygger.register.imports import rows
from brobygger.register.models import Organisation

K = CaseEvent.Kind
PER_STATEMENT = 500


def possible(kind: CaseType) -> bool:
    """Whether the gates that an import goes through ask for nothing but what stands in the case itself."""
    ways = [way for stage in kind.stages for way in stage.moves if way.key in {COMPLETE, *DECISIONS}]
    return (
        not hooks.follow(kind.key)
        and not any(role.body for role in kind.roles)
        and any(pause.key == WAITS for pause in kind.pauses)
        and all(_asks_the_case_alone(kind, way) for way in ways)
    )


def _asks_the_case_alone(kind: CaseType, way: Move) -> bool:
    files = any(kind.field(key).kind == FieldKind.FILE for key in way.needs_fields)
    told = all(registry.told_by_the_case(use.rule) for use in way.rules)
    return told and not (files or way.needs_documents or way.needs_parties)


@dataclass
class New:
    """A case that is not stored yet, and what happened in it. Events are numbered from 1 until they get their own keys."""

    case: Case
    events: list[CaseEvent] = field(default_factory=list)
    party: CaseParty | None = None
    told: list[str] = field(default_factory=list)

    def write(self, kind: str, at: datetime, **fields: Any) -> CaseEvent:
        """An event; where the case then stands is worked out when it is asked for."""
        event = CaseEvent(
            pk=len(self.events) + 1, case=self.case, kind=kind, at=at, for_applicant=True, **fields
        )
        self.events.append(event)
        self.case.version += 1
        return event

    def settle(self) -> None:
        """Set where the case stands now. Raises OutOfOrder."""
        self.case.__dict__["timeline"] = timeline.effective(self.events)
        work_out(self.case)


def course(
    operator: Operator, definition: Definition, facts: Facts, *, firm: Organisation | None, officer: User | None,
    digest: str,
) -> New:  # fmt: skip
    """A case with all that the row says of it. Raises UserError where a gate is closed or the dates do not fit."""
    at = moment(facts.received, not_before=None, reason="", user=None)
    case = opening.begun(
        operator, definition, at, title=facts.called, subtype=facts.subtype, organisation=firm, officer=officer,
        external_ref=facts.ref, values=facts.values(),
    )  # fmt: skip
    case.source_digest = digest
    new = New(case, party=opening.applicant_of(case, "" if firm else facts.applicant))
    new.write(K.OPENED, at)
    if facts.complete:
        _go(new, COMPLETE, facts.complete)
    for pause in facts.pauses:
        _wait(new, pause.since, pause.until or facts.decided)
    if facts.outcome and facts.decided:
        _go(new, facts.outcome, facts.decided)
    new.settle()
    return new


def _go(new: New, key: str, on: date) -> None:
    new.settle()
    case = new.case
    way = case.type.move(case.stage, key)
    if way is None:
        raise OutOfOrder(_("Sagen står ikke dér, hvor det kan ske."))
    at = moment(on, not_before=case.stage_at, reason=words.why(), user=None)
    if lacking := missing(case, way, None, at):
        raise NotReady(lacking)
    fields = moving.moved(case, way.to, name=way.key, reason=words.why())
    case.round += 1
    new.write(K.MOVED, at, **fields)
    new.told.append(words.moved(case.type.stage(way.to).name, on))


def _wait(new: New, since: date, until: date | None) -> None:
    at = moment(since, not_before=new.events[0].at, reason=words.why(), user=None)
    paused = new.write(K.PAUSED, at, name=WAITS, text=words.asked_for_more(), reason=words.why())
    new.told.append(words.waits(since))
    if until:
        at = moment(until, not_before=paused.at, reason=words.why(), user=None)
        new.write(K.RESUMED, at, name=WAITS, refers_to=paused, reason=words.why())
        new.told.append(words.answered(until))


@transaction.atomic
def store(operator: Operator, kind: CaseType, news: Sequence[New]) -> None:
    """Store cases that were worked out, their events in the order in which they were written. Raises IntegrityError where
    somebody else has opened one of them meanwhile: then none is stored."""
    cases = [new.case for new in news]
    _number(operator, kind, cases)
    for case, key in zip(cases, rows.reserve(Case, len(cases)), strict=True):
        case.pk = key
    Case.objects.bulk_create(cases, batch_size=PER_STATEMENT)
    CaseParty.objects.bulk_create([new.party for new in news if new.party], batch_size=PER_STATEMENT)
    events = [event for new in news for event in new.events]
    for event, key in zip(events, rows.reserve(CaseEvent, len(events)), strict=True):
        event.pk = key
    now = timezone.now()
    for event in events:
        event.recorded_at = now
        event.refers_to_id = event.refers_to.pk if event.refers_to else None
    CaseEvent.objects.bulk_create(events, batch_size=PER_STATEMENT)
    search.index(KIND, cases)


def _number(operator: Operator, kind: CaseType, cases: Sequence[Case]) -> None:
    years = [case.opened_on.year for case in cases]
    given = {
        year: iter(opening.next_numbers(operator, kind, year, count))
        for year, count in sorted(Counter(years).items())
    }
    for case, year in zip(cases, years, strict=True):
        case.number = next(given[year])
