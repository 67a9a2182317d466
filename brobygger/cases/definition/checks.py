# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Whether the parts of a case type fit each other: a gate that nobody can pass is found when it is adopted, not later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brobygger.base import merge_fields
from brobygger.cases import sources
from brobygger.cases.definition.gates import Move, Stage

if TYPE_CHECKING:
    from brobygger.cases.definition.case_type import CaseType

STANDARD_MERGE_FIELDS = (
    "sag", "nummer", "ansøger", "status", "forklaring", "frist", "link", "kontor", "konsulent", "begrundelse", "spørgsmål",
)  # fmt: skip
"""What every letter can tell, beside the fields of its type."""


def first_fault(kind: CaseType, *, written: bool = True) -> str | None:
    """The first thing that does not fit, in Danish; None when all does. `written`: somebody wants to take it into use; a
    case that runs on it already is not stopped by a letter that nothing sends."""
    return next(_faults(kind), None) or (next(_unsent(kind), None) if written else None)


def _faults(kind: CaseType) -> Iterator[str]:
    yield from _twice(kind)
    keys = {stage.key for stage in kind.stages}
    for stage in kind.stages:
        yield from _of_stage(kind, stage, keys)
    reached = _reached(kind)
    for stage in kind.stages:
        if stage.key not in reached:
            yield _("Ingen vej fører til »%(key)s«.") % {"key": stage.key}
    if not any(stage.ends for stage in kind.stages):
        yield _("Mindst ét trin skal slutte sagen (»ends«).")
    for named, there, what in _names(kind):
        if named not in there:
            yield _("%(what)s »%(key)s« findes ikke i sagstypen.") % {"what": what, "key": named}
    for field in kind.fields:
        if field.choices_from and field.choices_from not in sources.known():
            yield _("Listen »%(key)s« findes ikke.") % {"key": field.choices_from}
    lists = {field.key: field.choices_from for field in kind.fields}
    for role in kind.roles:
        if role.proposed_by in lists and lists[role.proposed_by] not in sources.of_parties():
            yield _("»%(key)s« vælger ikke fra en liste over nogen, der kan være part.") % {
                "key": role.proposed_by
            }
    known = [*STANDARD_MERGE_FIELDS, *(field.key for field in kind.fields)]
    for letter in kind.letters:
        for text in (letter.subject, letter.body):
            try:
                merge_fields.check(text, known)
            except merge_fields.BadTemplate as error:
                yield str(error)


def _unsent(kind: CaseType) -> Iterator[str]:
    ways = [move for stage in kind.stages for move in stage.moves]
    sent = {kind.opened_letter, *(key for move in ways for key in (move.letter, move.letter_otherwise))}
    for letter in kind.letters:
        if letter.key not in sent:
            yield _(
                "Brevet »%(key)s« bliver aldrig sendt. Nævn det ved en vej (letter), eller som opened_letter."
            ) % {"key": letter.key}


def _twice(kind: CaseType) -> Iterator[str]:
    groups: dict[str, Iterable[str]] = {
        "stages": (part.key for part in kind.stages),
        "fields": (*(part.key for part in kind.fields), *(part.key for part in kind.documents)),
        "parties": (part.key for part in kind.parties),
        "subtypes": (part.key for part in kind.subtypes),
        "clocks": (part.key for part in kind.clocks),
        "pauses": (part.key for part in kind.pauses),
        "letters": (part.key for part in kind.letters),
        "checks": (check.key for stage in kind.stages for check in stage.checks),
    }
    for group, found in groups.items():
        seen: set[str] = set()
        for key in found:
            if key in seen:
                yield _("»%(key)s« står to gange i »%(group)s«.") % {"key": key, "group": group}
            seen.add(key)


def _of_stage(kind: CaseType, stage: Stage, keys: set[str]) -> Iterator[str]:
    if len({move.key for move in stage.moves}) < len(stage.moves):
        yield _("Trinet »%(key)s« har to veje med samme nøgle.") % {"key": stage.key}
    if not stage.moves and stage.ends is None:
        yield _("Trinet »%(key)s« har ingen vej videre og slutter ikke sagen.") % {"key": stage.key}
    for move in stage.moves:
        for target in filter(None, (move.to, move.otherwise)):
            if target not in keys:
                yield _("Vejen »%(move)s« fører til »%(key)s«, som ikke findes.") % {
                    "move": move.key,
                    "key": target,
                }
        for who in (*move.by, *(ballot.of for ballot in move.ballots)):
            if who not in kind.who:
                yield _("»%(key)s« er hverken sagsbehandler eller part i sagstypen.") % {"key": who}
        yield from _rules_of(move)


def _rules_of(move: Move) -> Iterator[str]:
    from brobygger.cases.rules import registry

    for use in move.rules:
        if fault := registry.fault_of(use.rule, use.parameters):
            yield fault


def _reached(kind: CaseType) -> set[str]:
    reached, waiting = {kind.first.key}, [kind.first.key]
    known = {stage.key: stage for stage in kind.stages}
    while waiting:
        stage = known.get(waiting.pop())
        for move in stage.moves if stage else ():
            for target in (move.to, move.otherwise):
                if target and target not in reached:
                    reached.add(target)
                    waiting.append(target)
    return reached


def _names(kind: CaseType) -> Iterator[tuple[str, frozenset[str] | set[str], str]]:
    fields = {field.key for field in kind.fields}
    documents = {sort.key for sort in kind.document_types}
    letters = {letter.key for letter in kind.letters}
    moves = {move.key for stage in kind.stages for move in stage.moves}
    happenings = moves | {mark.key for mark in kind.marks} | {"opened"} | {s.key for s in kind.stages}
    pauses = {pause.key for pause in kind.pauses}
    for name in filter(
        None, (kind.topic_field, kind.amount_field, *(role.proposed_by for role in kind.roles))
    ):
        yield name, fields, _("Feltet")
    for clock in kind.clocks:
        yield from ((name, happenings, _("Hændelsen")) for name in (*clock.starts, *clock.ends))
        yield from ((name, pauses, _("Pausen")) for name in clock.pauses)
    readers = [*(field.seen_by for field in kind.fields), *(sort.seen_by for sort in kind.document_types)]
    readers += [sort.by_parties for sort in kind.document_types]
    readers += [role.remarks_seen_by for role in kind.roles]
    yield from ((who, kind.who, _("Parten")) for seen_by in readers for who in seen_by)
    if kind.opened_letter:
        yield kind.opened_letter, letters, _("Brevet")
    for stage in kind.stages:
        yield from ((name, fields, _("Feltet")) for name in stage.applicant_edits)
        checks = {check.key for check in stage.checks}
        for move in stage.moves:
            yield from ((name, fields, _("Feltet")) for name in move.needs_fields)
            yield from ((name, documents, _("Dokumentet")) for name in move.needs_documents)
            yield from ((name, checks, _("Tjekpunktet")) for name in move.needs_checks)
            yield from ((name, kind.who, _("Parten")) for name in move.needs_parties)
            yield from ((n, letters, _("Brevet")) for n in (move.letter, move.letter_otherwise) if n)
