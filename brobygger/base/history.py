# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A record's history in plain Danish: who changed what, from what to what, and when."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from simple_history.manager import HistoryManager

from brobygger.base.danish import number
from brobygger.base.prepared import prepared

MOST = 50
WHAT = {"+": "oprettede", "~": "ændrede", "-": "slettede"}


def share_manager_classes() -> None:
    """django-simple-history makes a new class at each look at a record's history, so at each save. One will do."""
    manager: Any = HistoryManager
    manager.from_queryset = classmethod(cache(manager.from_queryset.__func__))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of history."""

    when: datetime
    who: str
    what: str
    details: list[str]
    fields: dict[str, tuple[Any, Any]] = dataclasses.field(default_factory=dict)
    """What changed: field → (before, after), in the order of `details`."""
    reason: str = ""


Related = dict[tuple[type[models.Model], Any], models.Model]
"""(model, primary key) → a record that a foreign key pointed at."""


def history_of(record: Any, most: int = MOST) -> list[Change]:
    """The newest changes first. One query for the history, one for each set of several records (tags), and one for each
    model that foreign keys which changed point at, however many changes there are.
    """
    versions = _versions(record.pk, model=type(record), most=most + 1)
    return _told(versions, [*versions[1:], None])[:most]


def history_under(model: type[models.Model], most: int = MOST, **owner: Any) -> list[Change]:
    """The newest changes first of all records of one owner, each named, those that are gone among them."""
    rows: Any = model
    found = list(rows.history.filter(**owner).select_related("history_user")[: most + 1])
    key = model._meta.pk.attname
    before: list[Any] = []
    for place, version in enumerate(found):
        later = found[place + 1 :]
        before.append(next((one for one in later if getattr(one, key) == getattr(version, key)), None))
    return _told(found, before, named=True)[:most]


def _told(versions: list[Any], before: list[Any], *, named: bool = False) -> list[Change]:
    """What each version changed from the one before it."""
    if not versions:
        return []
    sets = _members(versions)
    pairs = [
        (newer, older, _delta(newer, older, sets) if newer.history_type == "~" and older else [])
        for newer, older in zip(versions, before, strict=True)
    ]
    related = _related(field_change for _, _, delta in pairs for field_change in delta)
    changes = []
    for newer, older, delta in pairs:
        if newer.history_type == "~" and older and not delta:
            continue
        reason = newer.history_change_reason or ""
        who = str(newer.history_user or reason or _("Systemet"))  # »CVR ændrede«
        details = [_line(*change, related) for change in delta]
        fields = {one.name: (old, new) for one, old, new in delta}
        what = _(WHAT[newer.history_type]) + (f" »{_as_it_was(newer)}«" if named else "")
        changes.append(Change(newer.history_date, who, what, details, fields, reason))
    return changes


def _as_it_was(version: Any) -> models.Model:
    """The record of a version, for its name: `version.instance` asks the database for each what history leaves out."""
    kept = {field.attname: getattr(version, field.attname) for field in version.tracked_fields}
    record: models.Model = version.instance_type(**kept)
    return record


@prepared
def _versions(key: Any, *, model: Any, most: int) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model.history.filter(**{model._meta.pk.attname: key})
    return rows.select_related("history_user")[:most]


def _members(versions: list[Any]) -> dict[tuple[str, Any], set[Any]]:
    """(field, version) → keys of the records in a set of several, as they were in that version."""
    found: dict[tuple[str, Any], set[Any]] = {}
    for field in versions[0]._history_m2m_fields:
        other = f"{field.m2m_reverse_field_name()}_id"
        rows = getattr(versions[0], field.name).model.objects.filter(history_id__in=[v.pk for v in versions])
        for version, key in rows.values_list("history_id", other):
            found.setdefault((field.name, version), set()).add(key)
    return found


def _delta(newer: Any, older: Any, sets: dict[tuple[str, Any], set[Any]]) -> list[tuple[Any, Any, Any]]:
    """(field, value before, value after) of what changed, by the field's name. A set of several has no values."""
    several = {field.name for field in newer._history_m2m_fields}
    plain = newer.diff_against(older, excluded_fields=several, foreign_keys_are_objs=False)
    changed = {change.field: (change.old, change.new) for change in plain.changes}
    for name in several:
        if sets.get((name, newer.pk)) != sets.get((name, older.pk)):
            changed[name] = (None, None)
    return [(newer.instance_type._meta.get_field(name), *changed[name]) for name in sorted(changed)]


def _related(changes: Iterable[tuple[Any, Any, Any]]) -> Related:
    """The records that foreign keys went from and to."""
    keys: dict[type[models.Model], set[Any]] = {}
    for field, old, new in changes:
        if isinstance(field, models.ForeignKey):
            keys.setdefault(field.related_model, set()).update(key for key in (old, new) if key is not None)
    return {
        (model, record.pk): record
        for model, wanted in keys.items()
        for record in model._default_manager.filter(pk__in=wanted)
    }


def _line(field: Any, old: Any, new: Any, related: Related) -> str:
    label = str(field.verbose_name)
    if isinstance(field, models.ManyToManyField):
        return _("%(field)s er ændret") % {"field": label}
    return _("%(field)s: fra %(old)s til %(new)s") % {
        "field": label,
        "old": _shown(field, old, related),
        "new": _shown(field, new, related),
    }


def _shown(field: Any, value: Any, related: Related) -> str:
    if value is None or value == "":
        return _("(tom)")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ForeignKey):
        record = related.get((field.related_model, value))
        return f"»{record}«" if record else _("(slettet)")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(field, models.PositiveSmallIntegerField):
        return str(value)  # years among them, which have no thousands
    if isinstance(value, Decimal | int | float):
        return number(value)
    text = str(value)
    return f"»{text if len(text) <= 120 else text[:119] + '…'}«"
