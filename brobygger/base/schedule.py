# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is to be done by the clock. Rooms register a task and an hour; any worker starts it, and only one does.

::

    daily(refresh_everything, hour=3)
    often(fetch_calendars, minutes=30)
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from brobygger.base.models import ScheduledRun

_daily: dict[str, tuple[Any, int]] = {}
_often: dict[str, tuple[Any, int]] = {}
KEPT = timedelta(days=40)
"""So long it can be seen that something was queued."""


def daily(task: Any, *, hour: int) -> None:
    """Run the task once a day, at or after that hour (0-23, Copenhagen time)."""
    _daily[task.module_path] = (task, hour)


def often(task: Any, *, minutes: int) -> None:
    """Run the task every so many minutes of the day (a number that 1440 can be divided by)."""
    _often[task.module_path] = (task, minutes)


def enqueue_due(now: datetime) -> int:
    """Queue what is due and not yet queued. Returns how many."""
    today = sum(
        _claim(name, now.date()) and bool(task.enqueue())
        for name, (task, hour) in _daily.items()
        if now.hour >= hour
    )
    passed = now.hour * 60 + now.minute
    return today + sum(
        _claim(f"{name}#{passed // minutes}", now.date()) and bool(task.enqueue())
        for name, (task, minutes) in _often.items()
    )


def _claim(name: str, day: date) -> bool:
    """Whether this worker is the one that starts the task today."""
    if ScheduledRun.objects.filter(name=name, day=day).exists():
        return False
    try:
        with transaction.atomic():
            ScheduledRun.objects.create(name=name, day=day)
    except IntegrityError:
        return False
    ScheduledRun.objects.filter(name=name, day__lt=day - KEPT).delete()
    return True
