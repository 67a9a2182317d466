# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is to be done by the clock. Rooms register a task and an hour; any worker starts it, and only one does.

::

    daily(refresh_everything, hour=3)
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from brobygger.base.models import ScheduledRun

_daily: dict[str, tuple[Any, int]] = {}


def daily(task: Any, *, hour: int) -> None:
    """Run the task once a day, at or after that hour (0-23, Copenhagen time)."""
    _daily[task.module_path] = (task, hour)


def enqueue_due(now: datetime) -> int:
    """Queue what is due today and not yet queued. Returns how many."""
    return sum(
        _claim(name, now.date()) and bool(task.enqueue())
        for name, (task, hour) in _daily.items()
        if now.hour >= hour
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
    return True
