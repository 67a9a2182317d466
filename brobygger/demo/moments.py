# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""When the demo's story happened. The services write what happens now; `then` moves it to the moment of the story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from brobygger.cases.clock import working_days
from brobygger.cases.models import CaseEvent

_WRITES = re.compile(r'\s*(?:INSERT (?:OR IGNORE )?INTO|UPDATE) "(\w+)"')
_IS_WORKDAY = working_days(closed=("12-24", "12-31"))
DAYS = {
    "boards.Meeting": ("minutes_approved_on",), "cases.CaseDuty": ("done_on",),
    "dialogue.ActionPlan": ("made_on", "closed_on"), "dialogue.FunnelPlace": ("since",), "dialogue.Interaction": ("on",),
    "guidance.Offer": ("first_on",), "guidance.Referral": ("sent_on", "consent_on", "answered_on"),
    "lending.LoanReport": ("on",), "outreach.Feedback": ("on",),
}  # fmt: skip
"""Model → the days that its services read off the clock. Other days are given to the services by the demo itself."""


def day(ago: int) -> date:
    """The day so many days ago, or the working day before it. Days to come (below 0) are as they are."""
    found = timezone.localdate() - timedelta(days=ago)
    while ago > 0 and not _IS_WORKDAY(found):
        found -= timedelta(days=1)
    return found


def moment(ago: int) -> datetime:
    """A moment of that day's afternoon; now where it is today. What is moved from a day without work comes later that day."""
    if ago <= 0:
        return timezone.now()
    on = day(ago)
    moved = (timezone.localdate() - on).days - ago
    return timezone.make_aware(datetime.combine(on, time(12 + moved, on.toordinal() * 7 % 50)))


WHY = "Opdigtet til demonstration"
"""The reason that the services ask for on an earlier day. It goes with the rest: nothing was written afterwards."""


@contextmanager
def then(ago: int) -> Iterator[None]:
    """What is written inside was written so many days ago: each moment, and each of `DAYS`, that is now becomes then. A record
    that is held from inside is to be read again before the next is written with it."""
    _first()
    began, written = timezone.now(), set[str]()

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := _WRITES.match(sql):
            written.add(found[1])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield
    if ago > 0:
        events = list(CaseEvent.objects.filter(recorded_at__gte=began).values_list("pk", flat=True))
        for table in sorted(written & set(_models())):
            _move(_models()[table], began, ago)
        CaseEvent.objects.filter(pk__in=events).update(at=F("recorded_at"))
        CaseEvent.objects.filter(pk__in=events, reason=WHY).update(reason="")


@cache
def _first() -> datetime:
    """When the demo began to write: what is written later comes later in the story's day too."""
    return timezone.now()


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def _move(model: type[models.Model], began: datetime, ago: int) -> None:
    now, back = timezone.now(), _first() - moment(ago)
    rows = model._base_manager.all()
    for field in model._meta.concrete_fields:
        if isinstance(field, models.DateTimeField):
            inside = {f"{field.name}__gte": began, f"{field.name}__lte": now}
            rows.filter(**inside).update(**{field.name: F(field.name) - back})
    for name in DAYS.get(model._meta.label.replace(".Historical", "."), ()):
        rows.filter(**{name: timezone.localdate(now)}).update(**{name: day(ago)})
