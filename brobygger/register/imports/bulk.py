# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Thousands of records stored at once, as if each had been saved by itself: history, version, search index.

Called within a transaction, so that a worker that dies leaves either the whole batch or nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from brobygger.accounts.models import User
from brobygger.base.danish import sort_key
from brobygger.register import search
from brobygger.register.imports import rows
from brobygger.register.models import Establishment, Organisation, Tag
from brobygger.register.signals import moved_or_renamed

BATCH = 2000
_ROWS_PER_STATEMENT = 250
Record = TypeVar("Record", Organisation, Establishment)


def create(records: Sequence[Record], *, reason: str, by: User | None = None) -> None:
    """Store new records, each with the first line of its history."""
    if not records:
        return
    model: Any = type(records[0])
    _prepare(records)
    fields = model._meta.concrete_fields
    for record, key in zip(records, rows.reserve(model, len(records)), strict=True):
        record.pk = key
    rows.write(model, fields, ([field.pre_save(record, True) for field in fields] for record in records))
    for record in records:
        record._state.adding = False
    _remember(model, records, "+", reason, by)


def update(records: Sequence[Record], names: Iterable[str], *, reason: str, by: User | None = None) -> None:
    """Store the named fields of changed records, each with one line of history and its next version."""
    if not records:
        return
    model: Any = type(records[0])
    _prepare(records)
    for record in records:
        record.version += 1
    extra = {"version"} | ({"sort_name", "changed_at"} if model is Organisation else set())
    before = _followed(model, records)
    model._default_manager.bulk_update(records, sorted(set(names) | extra), batch_size=_ROWS_PER_STATEMENT)
    _remember(model, records, "~", reason, by)
    _tell(model, records, before)


def add_tags(tagged: Iterable[tuple[Organisation, Tag]], *, reason: str, by: User | None = None) -> None:
    """Give stored organisations tags that they have not, each with one line of history."""
    through: Any = Organisation.tags.through
    tagged = list(tagged)
    pairs = dict.fromkeys((organisation.pk, tag.pk) for organisation, tag in tagged)
    through.objects.bulk_create([through(organisation_id=one, tag_id=tag) for one, tag in pairs])
    records = {organisation.pk: organisation for organisation, _tag in tagged}
    if records:
        _remember(Organisation, list(records.values()), "~", reason, by)


_FOLLOWED = {
    Organisation: ("postal_code", "name", "city", "latitude", "longitude"),
    Establishment: ("postal_code", "latitude", "longitude"),
}
"""What other rooms' records follow, the postal code first."""


def _followed(model: Any, records: Sequence[Any]) -> dict[int, tuple[Any, ...]]:
    """What is stored of it now."""
    stored = model._default_manager.filter(pk__in=[record.pk for record in records]).order_by()
    return {pk: tuple(values) for pk, *values in stored.values_list("pk", *_FOLLOWED[model])}


def _tell(model: Any, records: Sequence[Any], before: Mapping[int, tuple[Any, ...]]) -> None:
    """Tell the other rooms which of them moved or were renamed."""
    moved = [
        record.pk
        for record in records
        if before[record.pk] != tuple(getattr(record, name) for name in _FOLLOWED[model])
    ]
    if moved:
        left = {pk: before[pk][0] for pk in moved} if model is Organisation else {}
        places = moved if model is Establishment else ()
        moved_or_renamed.send(model, organisations=left, establishments=places, in_bulk=True)


def index(organisation_ids: Iterable[int]) -> None:
    """Make the organisations found by what is stored of them now."""
    search.index(sorted(set(organisation_ids)))


def touched_since(
    model: type[models.Model], keys: Iterable[Any], since: datetime, reason: str
) -> dict[Any, str]:
    """Primary key → `+` or `~`: what an earlier attempt of the same import already did to these records."""
    history: Any = model.history.model  # type: ignore[attr-defined]
    found: dict[Any, str] = {}
    told = history.objects.filter(id__in=list(keys), history_date__gte=since, history_change_reason=reason)
    for key, what in told.order_by("history_date", "history_id").values_list("id", "history_type"):
        found.setdefault(key, what)
    return found


def _prepare(records: Sequence[Any]) -> None:
    now = timezone.now()
    for record in records:
        if isinstance(record, Organisation):
            record.sort_name = sort_key(record.name)
            record.changed_at = now


def _remember(model: Any, records: Sequence[Any], what: str, reason: str, by: User | None) -> None:
    history = model.history.model
    tracked = [history._meta.get_field(field.name) for field in history.tracked_fields]
    event = [history._meta.get_field(name) for name in _EVENT]
    happened = (timezone.now(), what, reason, by.pk if by else None)
    keys = rows.reserve(history, len(records))
    values = attrgetter(*(field.attname for field in tracked))
    rows.write(
        history,
        [*event, *tracked],
        ((key, *happened, *values(record)) for key, record in zip(keys, records, strict=True)),
    )
    if what == "~" and model is Organisation:
        _remember_tags(history, records, keys)


_EVENT = ("history_id", "history_date", "history_type", "history_change_reason", "history_user")


def _remember_tags(history: Any, records: Sequence[Any], keys: Sequence[int]) -> None:
    """The tags as they stand, so that the history does not say that they were taken off."""
    pairs = Organisation.tags.through.objects.filter(organisation_id__in=[record.pk for record in records])
    through: Any = history._meta.get_field("historicalorganisation_tags").related_model
    by_organisation = {record.pk: key for record, key in zip(records, keys, strict=True)}
    through.objects.bulk_create(
        through(
            id=pk, history_id=by_organisation[organisation_id], organisation_id=organisation_id, tag_id=tag_id
        )
        for pk, organisation_id, tag_id in pairs.values_list("pk", "organisation_id", "tag_id")
    )
