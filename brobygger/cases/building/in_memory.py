# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Building cases with their events in memory: where each stands is worked out there, and hundreds are stored at a time.

The same gates are asked, and the same events written, as when each case goes through the services by itself; what this
cannot do, or finds something wrong with, is left to them (`by_services`), so that a row's fault has one wording. A definition
whose gates, hooks or bodies ask the database of the case cannot be worked out at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from brobygger.accounts.models import Operator
from brobygger.base import search
from brobygger.cases import hooks, timeline
from brobygger.cases.building import words
from brobygger.cases.building.facts import COMPLETE, DECISIONS, WAITS
from brobygger.cases.definition import CaseType, FieldKind, Move
from brobygger.cases.errors import NoSuchWay, NotReady
from brobygger.cases.gates import missing
from brobygger.cases.models import Case, CaseEvent, CaseParty
from brobygger.cases.rules import registry
from brobygger.cases.search import KIND
from brobygger.cases.services import moving, opening
from brobygger.cases.services.derive import moment, work_out
from brobygger.register.imports import rows

K = CaseEvent.Kind
PER_STATEMENT = 500
CHANGED = (
    "version", "title", "subtype", "officer", "values", "stage", "stage_at", "round", "is_open", "is_paused", "outcome",
    "opened_on", "decided_on", "closed_on", "topic", "amount", "clock_state", "clock_started_on", "clock_ended_on",
    "goal_days", "days_used", "due_on", "warn_on", "source_digest",
)  # fmt: skip
"""What of a case that is here an import may change."""


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


@dataclass(eq=False)
class Written:
    """A case, and what happened in it in the order in which it was written down. What is not stored yet is numbered onwards
    until it gets its own keys."""

    case: Case
    events: list[CaseEvent] = field(default_factory=list)
    party: CaseParty | None = None
    """The applicant of a case that is not stored yet."""
    told: list[str] = field(default_factory=list)
    """What was done, in Danish."""

    def __post_init__(self) -> None:
        self.stored = len(self.events)
        self.opened_version = self.case.version
        self.at = {event.pk: event.at for event in self.events}

    @property
    def new(self) -> list[CaseEvent]:
        """The events that are not stored yet."""
        return self.events[self.stored :]

    def write(self, kind: str, at: datetime | None = None, **fields: Any) -> CaseEvent:
        """An event; where the case then stands is worked out by `settle`."""
        number = self.events[-1].pk + 1 if self.events else 1
        event = CaseEvent(pk=number, case=self.case, kind=kind, at=at or timezone.now(), **fields)
        self.events.append(event)
        self.at[event.pk] = event.at
        self.case.version += 1
        return event

    def settle(self) -> None:
        """Set where the case stands now. Raises OutOfOrder."""
        self.as_written()
        self.case.__dict__["timeline"] = timeline.effective(self.events)
        work_out(self.case)

    def as_written(self) -> None:
        """Each event with the moment that it was written with: a timeline has the corrected ones."""
        for event in self.events:
            event.at = self.at[event.pk]

    def move(self, key: str, on: date) -> None:
        """Go through a gate. Raises NoSuchWay, OutOfOrder, NotReady."""
        case = self.case
        way = case.type.move(case.stage, key)
        if way is None:
            raise NoSuchWay
        at = moment(on, not_before=case.stage_at, reason=words.why(), user=None)
        if lacking := missing(case, way, None, at):
            raise NotReady(lacking)
        fields = moving.moved(case, way.to, name=way.key, reason=words.why())
        case.round += 1
        self.write(K.MOVED, at, for_applicant=True, **fields)


@transaction.atomic
def store_new(operator: Operator, kind: CaseType, written: Sequence[Written]) -> None:
    """Store cases that are new. Raises IntegrityError where somebody else has opened one of them meanwhile: then none is
    stored."""
    cases = [one.case for one in written]
    _number(operator, kind, cases)
    for case, key in zip(cases, rows.reserve(Case, len(cases)), strict=True):
        case.pk = key
    Case.objects.bulk_create(cases, batch_size=PER_STATEMENT)
    CaseParty.objects.bulk_create([one.party for one in written if one.party], batch_size=PER_STATEMENT)
    _store_events(written)
    search.index(KIND, cases)


@transaction.atomic
def store_changed(written: Collection[Written]) -> set[Written]:
    """Store what is new in cases that are here. Returns those that somebody else has written in meanwhile: they are left as
    they are."""
    here = Case.objects.select_for_update().filter(pk__in=[one.case.pk for one in written]).order_by("pk")
    versions = dict(here.values_list("pk", "version"))
    kept = [one for one in written if versions.get(one.case.pk) == one.opened_version]
    _store_events(kept)
    fields: list[Any] = [Case._meta.get_field(name) for name in CHANGED]
    rows.update(
        Case, fields, ([one.case.pk, *(f.value_from_object(one.case) for f in fields)] for one in kept)
    )
    search.index(KIND, [one.case for one in kept if any(event.kind == K.CHANGED for event in one.new)])
    return set(written) - set(kept)


def _store_events(written: Sequence[Written]) -> None:
    """The new ones, in the order in which they were written."""
    events = [event for one in written for event in one.new]
    for one in written:
        one.as_written()
    for event, key in zip(events, rows.reserve(CaseEvent, len(events)), strict=True):
        event.pk = key
    now = timezone.now()
    for event in events:
        event.recorded_at = now
        event.refers_to_id = event.refers_to.pk if event.refers_to else None
    CaseEvent.objects.bulk_create(events, batch_size=PER_STATEMENT)


def _number(operator: Operator, kind: CaseType, cases: Sequence[Case]) -> None:
    years = [case.opened_on.year for case in cases]
    given = {
        year: iter(opening.next_numbers(operator, kind, year, count))
        for year, count in sorted(Counter(years).items())
    }
    for case, year in zip(cases, years, strict=True):
        case.number = next(given[year])
