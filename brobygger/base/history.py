# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""A record's history in plain Danish: who changed what, from what to what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from brobygger.base.danish import number

MOST = 50
WHAT = {"+": "oprettede", "~": "ændrede", "-": "slettede"}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of history."""

    when: datetime
    who: str
    what: str
    details: list[str]


def history_of(record: Any, most: int = MOST) -> list[Change]:
    """The newest changes first. One query for the history, none per row beyond foreign keys that really changed."""
    versions = list(record.history.select_related("history_user")[: most + 1])
    changes = []
    for newer, older in zip(versions, [*versions[1:], None], strict=False):
        details = _differences(newer, older) if newer.history_type == "~" and older else []
        if newer.history_type == "~" and older and not details:
            continue
        who = str(newer.history_user) if newer.history_user else _("Systemet")
        changes.append(Change(newer.history_date, who, _(WHAT[newer.history_type]), details))
    return changes[:most]


def _differences(newer: Any, older: Any) -> list[str]:
    lines = []
    delta = newer.diff_against(older, foreign_keys_are_objs=False)
    for change in delta.changes:
        field = newer.instance_type._meta.get_field(change.field)
        label = str(field.verbose_name)
        if isinstance(field, models.ManyToManyField):
            lines.append(_("%(field)s er ændret") % {"field": label})
            continue
        lines.append(
            _("%(field)s: fra %(old)s til %(new)s")
            % {"field": label, "old": _shown(field, change.old), "new": _shown(field, change.new)}
        )
    return lines


def _shown(field: Any, value: Any) -> str:
    if value is None or value == "":
        return _("(tom)")
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ForeignKey):
        related = field.related_model._default_manager.filter(pk=value).first()
        return f"»{related}«" if related else _("(slettet)")
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal | int | float):
        return number(value)
    text = str(value)
    return f"»{text if len(text) <= 120 else text[:119] + '…'}«"
