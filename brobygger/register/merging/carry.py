# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Moving everything from one organisation to another, relation by relation, in a fixed order."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from brobygger.register.merging import registry
from brobygger.register.merging.journal import Journal
from brobygger.register.merging.registry import COMBINE, DISCARD, KEEP, MOVE, MOVE_INSIDE, Declared
from brobygger.register.merging.relations import LIST, Relation, pointing_at, relations
from brobygger.register.models import Organisation


def carry(journal: Journal, kept: Organisation, gone: Organisation) -> None:
    """Everything of `gone` becomes `kept`'s. The caller has seen to it that nothing is undeclared."""
    for work in registry.work_beforehand():
        work(journal, kept, gone)
    for relation in sorted(relations(), key=str):
        declared = registry.of(relation)
        if declared is None or declared.what == KEEP:
            continue
        if declared.work is not None:
            declared.work(journal, kept, gone)
            continue
        {MOVE: _move, COMBINE: _combine, DISCARD: _discard, MOVE_INSIDE: _move_inside}[declared.what](
            journal, relation, declared, kept, gone
        )


def mend(journal: Journal, kept: Organisation) -> None:
    """What the rooms do when everything has moved and the kept organisation has its values."""
    for work in registry.work_afterwards():
        work(journal, kept)


def what_is_left(gone: Organisation) -> list[str]:
    """Names of the foreign keys that still point at it."""
    return [
        f"{model._meta.label}.{field.name}"
        for model, field in pointing_at(Organisation)
        if model._base_manager.filter(**{field.name: gone.pk}).exists()
    ]


def _rows(relation: Relation, gone_pk: int) -> Any:
    return relation.model._base_manager.filter(**{relation.attname: gone_pk}).order_by("pk")


def _move(
    journal: Journal, relation: Relation, declared: Declared, kept: Organisation, gone: Organisation
) -> None:
    if declared.adjust is not None:
        for row in _rows(relation, gone.pk):
            journal.change_one(row, {relation.attname: kept.pk, **declared.adjust(row, kept)})
        return
    keys = list(_rows(relation, gone.pk).values_list("pk", flat=True))
    journal.change(relation.model, keys, {relation.attname: gone.pk}, {relation.attname: kept.pk})


def _combine(
    journal: Journal, relation: Relation, declared: Declared, kept: Organisation, gone: Organisation
) -> None:
    if relation.kind == LIST:
        _join_lists(journal, relation, kept, gone)
        return
    among = declared.among or Q()
    there = {_thing(row, declared): row for row in _rows(relation, kept.pk).filter(among)}
    exclusive = set(_rows(relation, gone.pk).filter(among).values_list("pk", flat=True))
    for row in _rows(relation, gone.pk):
        mine = there.get(_thing(row, declared)) if row.pk in exclusive else None
        if mine is None:
            journal.change_one(row, {relation.attname: kept.pk})
            continue
        changes = declared.rule(mine, row) if declared.rule else {}
        journal.point_elsewhere(row, mine)
        journal.remove(row)
        journal.change_one(mine, changes)


def _thing(row: Any, declared: Declared) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in declared.same)


def _join_lists(journal: Journal, relation: Relation, kept: Organisation, gone: Organisation) -> None:
    """A talk with both firms is a talk with the one; a tag that both have is had once."""
    others = [
        field.attname
        for field in relation.model._meta.local_concrete_fields
        if field.is_relation and field.name != relation.field
    ]
    held = set(_rows(relation, kept.pk).values_list(*others))
    for row in _rows(relation, gone.pk):
        if tuple(getattr(row, name) for name in others) in held:
            journal.remove(row)
        else:
            journal.change_one(row, {relation.attname: kept.pk})
        _touch_owner(journal, relation, row)


def _touch_owner(journal: Journal, relation: Relation, row: Any) -> None:
    """The record whose list it is gets a line of history, where its history tells of the list."""
    for field in relation.model._meta.local_concrete_fields:
        owner: Any = field.related_model if field.is_relation else None
        if owner is None or owner is Organisation:
            continue
        name = getattr(owner._meta, "simple_history_manager_attribute", None)
        lists = getattr(owner, name).model._history_m2m_fields if name else ()
        if any(several.remote_field.through is relation.model for several in lists):
            journal.touched[owner].add(getattr(row, field.attname))


def _discard(
    journal: Journal, relation: Relation, declared: Declared, kept: Organisation, gone: Organisation
) -> None:
    for row in _rows(relation, gone.pk):
        journal.remove(row)


def _move_inside(
    journal: Journal, relation: Relation, declared: Declared, kept: Organisation, gone: Organisation
) -> None:
    found = Q()
    for key in declared.keys:
        found |= Q(**{f"{relation.field}__{key}": gone.pk})
    for row in relation.model._base_manager.filter(declared.among or Q()).filter(found).order_by("pk"):
        held = getattr(row, relation.field)
        moved = {key: kept.pk for key in declared.keys if held.get(key) == gone.pk}
        journal.change_one(row, {relation.attname: {**held, **moved}})
