# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Building cases that are here and have changed, brought up to date in memory, hundreds at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from brobygger.accounts.models import Operator, User
from brobygger.blueprints.models import Definition
from brobygger.cases.building import in_memory, words
from brobygger.cases.building.facts import WAITS
from brobygger.cases.building.in_memory import K, Written
from brobygger.cases.definition import CaseType
from brobygger.cases.errors import BadValues, Conflicted
from brobygger.cases.models import Case, CaseEvent, CaseParty, Vote
from brobygger.cases.services import contents, correcting, opening, waiting
from brobygger.cases.services.derive import require_open


class Memory:
    """Writes in one case; see `steps.Writer`. `partial`: people who have an interest in it."""

    def __init__(self, written: Written, partial: Collection[int] = ()) -> None:
        self.written, self.partial = written, partial

    @property
    def case(self) -> Case:
        return self.written.case

    @contextmanager
    def attempt(self) -> Iterator[None]:
        one, stood, count = self.written, dict(self.case.__dict__), len(self.written.events)
        try:
            yield
        except BaseException:
            del one.events[count:]
            one.case.__dict__.clear()
            one.case.__dict__.update(stood)
            one.settle()
            raise

    def describe(self, title: str, subtype: str) -> None:
        changed = opening.described(
            self.case, title=title, subtype=subtype, kle=self.case.kle, external_ref=self.case.external_ref
        )
        if changed:
            self._write(K.CHANGED, name="case", data={"case": changed})

    def fill_in(self, values: Mapping[str, str]) -> None:
        require_open(self.case)
        kept, changed = contents.filled_in(self.case, values)
        if changed:
            self.case.values = {**self.case.values, **kept}
            self._write(K.CHANGED, data={"values": changed})

    def assign(self, officer: User) -> None:
        if not officer.is_staff_of(self.case.operator_id):
            raise BadValues({})
        if officer.pk in self.partial:
            raise Conflicted
        self.case.officer = officer
        self._write(K.ASSIGNED, text=str(officer))

    def move(self, way: str, on: date) -> None:
        self.written.move(way, on)
        self.written.settle()

    def pause(self, since: date) -> CaseEvent:
        fields = waiting.paused(
            self.case, WAITS, user=None, text=words.asked_for_more(), on=since, reason=words.why()
        )
        return self._write(K.PAUSED, **fields)

    def resume(self, paused: CaseEvent, until: date) -> None:
        found = waiting.still_waiting(self.case, paused)
        self._write(K.RESUMED, **waiting.resumed(found, user=None, text="", on=until, reason=words.why()))

    def redate(self, event: CaseEvent, on: date) -> None:
        if fields := correcting.redated(self.case, event, on, reason=words.why()):
            self._write(K.REDATED, **fields)

    def take_back(self, event: CaseEvent) -> None:
        self._write(K.VOIDED, **correcting.taken_back(self.case, event, reason=words.why()))

    def _write(self, kind: str, **fields: Any) -> CaseEvent:
        event = self.written.write(kind, **fields)
        self.written.settle()
        return event


class Reader:
    """Reads cases with their events, as many as asked for in a few questions."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        self.definitions: dict[int, Definition] = {}

    def read(self, pks: Collection[int]) -> dict[int, Written]:
        """Of those cases the ones that can be brought up to date in memory."""
        cases = {case.pk: case for case in Case.objects.filter(pk__in=pks)}
        self._read_definitions({case.definition_id for case in cases.values()} - self.definitions.keys())
        events: dict[int, list[CaseEvent]] = {pk: [] for pk in cases}
        for event in CaseEvent.objects.filter(case_id__in=cases).order_by("pk"):
            events[event.case_id].append(event)
        voted = set(Vote.objects.filter(case_id__in=cases).values_list("case_id", flat=True))
        found = {}
        for pk, case in cases.items():
            case.operator, case.definition = self.operator, self.definitions[case.definition_id]
            if pk not in voted and events[pk] and _possible(case.type):
                found[pk] = Written(case, events[pk])
        return found

    def _read_definitions(self, pks: Collection[int]) -> None:
        self.definitions |= {row.pk: row for row in Definition.objects.filter(pk__in=pks)}


def _possible(kind: CaseType) -> bool:
    """What was paid is asked for in the database."""
    return not kind.amount_field and in_memory.possible(kind)


def partial(officers: Collection[User], pks: Collection[int]) -> dict[int, set[int]]:
    """Case → those of the officers who have an interest in it. A question for each officer."""
    found: dict[int, set[int]] = {}
    for officer in officers:
        rows = CaseParty.objects.interests_of(officer).filter(case_id__in=pks)
        for pk in rows.values_list("case_id", flat=True):
            found.setdefault(pk, set()).add(officer.pk)
    return found
