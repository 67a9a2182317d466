# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Putting back what a merge changed, as far as nobody has changed it since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F

from brobygger.accounts.models import User
from brobygger.base.models import Versioned
from brobygger.register.merging import registry
from brobygger.register.merging.journal import from_plain, write_history
from brobygger.register.models import Merge, MergeStep


@dataclass
class PutBack:
    """What was put back, and what had been changed or deleted since and is left as it is."""

    back: int = 0
    changed_since: int = 0
    deleted_since: int = 0
    touched: dict[type[models.Model], set[Any]] = field(default_factory=lambda: defaultdict(set))


def put_back(merge: Merge, user: User) -> PutBack:
    """Undo every step, the last first. The caller holds the transaction and has made sure that it can be done."""
    found = PutBack()
    made: dict[type[models.Model], set[Any]] = defaultdict(set)
    for step in merge.steps.order_by("-pk").iterator(chunk_size=500):
        model = apps.get_model(step.model)
        key = model._meta.pk.to_python(step.row)
        if step.removed:
            if _make_again(model, step):
                found.back += 1
                made[model].add(key)
            else:
                found.deleted_since += 1
        elif _restore(model, key, step, found):
            found.touched[model].add(key)
    write_history(made, user, new=True)
    write_history({model: keys - made[model] for model, keys in found.touched.items()}, user)
    for model, keys in made.items():
        found.touched[model] |= keys
    return found


def look_through(merge: Merge, found: PutBack, user: User) -> None:
    """What the rooms do when everything is put back."""
    for work in registry.work_when_undone():
        work(merge, found, user)


def _restore(model: type[models.Model], key: Any, step: MergeStep, found: PutBack) -> bool:
    """Put the columns of a record back that still hold what the merge wrote; whether there were any."""
    row = model._base_manager.filter(pk=key).first()
    if row is None:
        found.deleted_since += 1
        return False
    values = {}
    for name, before in step.before.items():
        column: Any = model._meta.get_field(name)
        if getattr(row, name) == from_plain(column, step.after[name]):
            values[name] = from_plain(column, before)
    if len(values) < len(step.before):
        found.changed_since += 1
    if not values:
        return False
    values = {name: value for name, value in values.items() if _still_there(model, name, value)}
    bump = {"version": F("version") + 1} if issubclass(model, Versioned) else {}
    rows: Any = model._base_manager.filter(pk=key)
    rows.update(**values, **bump)
    found.back += 1
    return True


def _make_again(model: type[models.Model], step: MergeStep) -> bool:
    """Enter a record again as it was. Not when what it belonged to is gone: a person who was erased stays erased."""
    values = {}
    for name, stored in step.before.items():
        column: Any = model._meta.get_field(name)
        value = from_plain(column, stored)
        if not _still_there(model, name, value):
            if not column.null:
                return False
            value = None
        values[name] = value
    row: Any = model(**values)
    if issubclass(model, Versioned):
        row.version += 1
    row.save_base(raw=True, force_insert=True)
    return True


def _still_there(model: type[models.Model], name: str, value: Any) -> bool:
    column: Any = model._meta.get_field(name)
    if value is None or not isinstance(column, models.ForeignKey):
        return True
    return bool(column.related_model._base_manager.filter(**{column.target_field.attname: value}).exists())
