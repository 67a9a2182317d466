# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What is done by the clock is done once, whoever asks."""

from __future__ import annotations

from datetime import datetime

import pytest

from brobygger.base import schedule

pytestmark = pytest.mark.django_db


class Task:
    module_path = "prøve.opgave"

    def __init__(self) -> None:
        self.times = 0

    def enqueue(self) -> bool:
        self.times += 1
        return True


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_daily", {})
    monkeypatch.setattr(schedule, "_often", {})


def test_a_frequent_task_is_queued_once_in_each_stretch_of_the_day(alone: None) -> None:
    task = Task()
    schedule.often(task, minutes=30)
    for hour, minute in ((8, 0), (8, 1), (8, 29), (8, 30), (8, 31), (9, 5)):
        schedule.enqueue_due(datetime(2026, 3, 4, hour, minute))
    assert task.times == 3
    schedule.enqueue_due(datetime(2026, 3, 5, 8, 0))
    assert task.times == 4


def test_a_daily_task_waits_for_its_hour(alone: None) -> None:
    task = Task()
    schedule.daily(task, hour=8)
    schedule.enqueue_due(datetime(2026, 3, 4, 7, 59))
    assert task.times == 0
    schedule.enqueue_due(datetime(2026, 3, 4, 8, 0))
    schedule.enqueue_due(datetime(2026, 3, 4, 23, 0))
    assert task.times == 1
