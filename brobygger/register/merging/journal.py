# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Every write of a merge goes through a journal, which keeps what stood there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F

from brobygger.accounts.models import User
from brobygger.base.models import Versioned
from brobygger.register.merging.relations import pointing_at
from brobygger.register.models import Merge, MergeStep

REASON = "Lagt sammen"
BATCH = 500


class StillPointedAt(Exception):
    """Something points at a record that was to be taken away."""


def plain(value: Any) -> Any:
    """A column's value as JSON, without loss. Raises TypeError on what cannot be kept so."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    raise TypeError(f"{type(value).__name__} cannot be kept in a journal")


def from_plain(field: Any, value: Any) -> Any:
    """The value of a column again."""
    if isinstance(field, models.DurationField) and value is not None:
        return timedelta(seconds=float(value))
    return value if isinstance(field, models.JSONField) else field.to_python(value)


def columns_of(record: models.Model) -> dict[str, Any]:
    """Every column of a record as JSON."""
    return {field.attname: plain(getattr(record, field.attname)) for field in record._meta.concrete_fields}


class Journal:
    """The writes of one merge."""

    def __init__(self, merge: Merge, gone_pk: int, user: User | None) -> None:
        self.merge, self.gone_pk, self.user = merge, gone_pk, user
        self.steps: list[MergeStep] = []
        self.touched: dict[type[models.Model], set[Any]] = defaultdict(set)
        """Records that were changed, by model."""

    def change(
        self,
        model: type[models.Model],
        keys: Iterable[Any],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """Set columns (by attname) of several records that all hold the same `before`."""
        wanted = list(keys)
        was = {name: plain(value) for name, value in before.items()}
        now = {name: plain(value) for name, value in after.items()}
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            rows: Any = model._base_manager.filter(pk__in=batch)
            bump = {"version": F("version") + 1} if issubclass(model, Versioned) else {}
            rows.update(**after, **bump)
            self.steps += [
                MergeStep(merge=self.merge, model=model._meta.label_lower, row=str(pk), before=was, after=now)
                for pk in batch
            ]
            self.touched[model].update(batch)

    def change_one(self, record: models.Model, changes: Mapping[str, Any]) -> None:
        """Set columns of one record, those that differ."""
        before = {
            name: getattr(record, name) for name, value in changes.items() if getattr(record, name) != value
        }
        if before:
            self.change(type(record), [record.pk], before, {name: changes[name] for name in before})
            for name in before:
                setattr(record, name, changes[name])

    def before(self, record: models.Model) -> dict[str, Any]:
        """Column → what stood there before this merge, of those it has changed in a record."""
        label, key = record._meta.label_lower, str(record.pk)
        found: dict[str, Any] = {}
        for step in self.steps:
            if (step.model, step.row) == (label, key):
                found = {**step.before, **found}
        return found

    def remove(self, record: Any) -> None:
        """Take a record away. Raises StillPointedAt rather than take anything else with it."""
        for other, field in pointing_at(type(record)):
            if other._base_manager.filter(**{field.name: record.pk}).exists():
                raise StillPointedAt(f"{other._meta.label}.{field.name}")
        self.steps.append(
            MergeStep(
                merge=self.merge,
                model=record._meta.label_lower,
                row=str(record.pk),
                removed=True,
                before=columns_of(record),
            )
        )
        self.touched[type(record)].discard(record.pk)
        if record._meta.auto_created:
            type(record)._base_manager.filter(pk=record.pk).delete()
        else:
            record.delete()

    def point_elsewhere(self, old: models.Model, new: models.Model) -> None:
        """Whatever points at `old` points at `new` instead; what can only point at one is let go of where it may be empty."""
        for other, field in pointing_at(type(old)):
            keys = list(other._base_manager.filter(**{field.name: old.pk}).values_list("pk", flat=True))
            if not keys:
                continue
            if other._meta.auto_created:
                self._join_list(other, field, old, new)
                continue
            target: Any = new.pk
            if field.unique and other._base_manager.filter(**{field.name: new.pk}).exists():
                if not field.null:
                    raise StillPointedAt(f"{other._meta.label}.{field.name}")
                target = None
            self.change(other, keys, {field.attname: old.pk}, {field.attname: target})

    def _join_list(self, through: Any, field: Any, old: models.Model, new: models.Model) -> None:
        """Members of a list of the one become members of the other's, each once."""
        others = [f.attname for f in through._meta.local_concrete_fields if f.is_relation and f is not field]
        held = set(through._base_manager.filter(**{field.name: new.pk}).values_list(*others))
        for row in through._base_manager.filter(**{field.name: old.pk}).order_by("pk"):
            if tuple(getattr(row, name) for name in others) in held:
                self.remove(row)
            else:
                self.change_one(row, {field.attname: new.pk})

    def write(self) -> None:
        """Store the steps, and a line of history for each record that keeps one."""
        MergeStep.objects.bulk_create(self.steps, batch_size=BATCH)
        write_history(self.touched, self.user)


def write_history(
    touched: Mapping[type[models.Model], Iterable[Any]], user: User | None, *, new: bool = False
) -> None:
    """A line of history for each of these records that keeps one."""
    for model, keys in touched.items():
        name = getattr(model._meta, "simple_history_manager_attribute", None)
        if name is None:
            continue
        history: Any = getattr(model, name)
        wanted = sorted(keys, key=str)
        for start in range(0, len(wanted), BATCH):
            rows: Sequence[Any] = list(model._base_manager.filter(pk__in=wanted[start : start + BATCH]))
            if history.model._history_m2m_fields:
                for row in rows:  # lists of several are only kept with a save of its own
                    row._change_reason, row._history_user = REASON, user
                    row.save()
            else:
                history.bulk_history_create(
                    rows, batch_size=BATCH, update=not new, default_user=user, default_change_reason=REASON
                )
